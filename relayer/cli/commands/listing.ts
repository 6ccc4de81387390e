import { type AssetKind, ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import type { Command } from "commander";
import { addressArgument, naturalArgument, percentArgument } from "../arguments.ts";
import { ABIS } from "../contracts.ts";
import { percentText } from "../figures.ts";
import { withExample } from "../help.ts";
import { listingArgument, type ListingView, readDescription, readListing, specsText } from "../listing-state.ts";
import { DEFAULT_TERMS, descriptionOf, termsOf, type TermsOptions, withTerms } from "../listing-terms.ts";
import { usageError } from "../output.ts";
import { operatorOption } from "../own-nodes.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { tokenFigure, tokenOption, tokenText } from "../tokens.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";
import { addListingCapacityCommands } from "./listing-capacity.ts";
import { addListingOfferCommands } from "./listing-offer.ts";
import { addListingReadCommands } from "./listing-show.ts";

const LISTINGS = { contract: "NodeListings", abi: ABIS.NodeListings } as const;
const UNITS = { least: 1, most: 0xffff };
const LISTING_ARGUMENT = ["<listingId>", "number of the listing (listing list)"] as const;

/** Adds `pqmesh listing …`. */
export function addListingCommands(program: Command): void {
  const listing = withExample(
    program.command("listing").description("what operators offer for rent on the Node Marketplace"),
    "listing show 4",
  );
  addVersionCommands(listing);
  addSupplyCommands(listing);
  addListingReadCommands(listing);
  addMemberCommands(listing);
  addListingOfferCommands(listing);
  addListingCapacityCommands(listing);
}

function addVersionCommands(listing: Command): void {
  const create = withWallet(listing.command("create"))
    .description("offer a share of a node's resource, cut into equal units; owner or hot wallet sends")
    .argument("<nodeIndex>", "index of the node")
    .requiredOption("--kind <kind>", `resource: ${ASSET_KINDS.join(", ")}`)
    .requiredOption("--units <count>", "equal units that the share is cut into")
    .requiredOption(
      "--share <share>",
      "share of the resource that all units are together, at most what the node attests",
    )
    .option("--privacy <level>", `who may lease: ${PRIVACY_LEVELS.join(", ")}`, "FullPublic")
    .option("--token <address>", "token of rent and bond; default: the stablecoin of network.json")
    .action(createListing);
  withExample(
    withTerms(create, { isFirst: true }),
    'listing create 3 --kind CPU --units 4 --share "50 %" --price 0.02 --specs cpu.json --wallet owner.json --dry-run',
    'listing create 3 --kind CPU --units 4 --share "50 %" --price 0.02 --bond-epochs 60 --jurisdiction DE --wallet owner.json --yes',
  );

  const publish = withWallet(listing.command("publish"))
    .description("publish a new version with other terms; leases that are open keep theirs")
    .argument(...LISTING_ARGUMENT)
    .option("--token <address>", "token of rent and bond; default: as now")
    .action(publishVersion);
  withExample(withTerms(publish, { isFirst: false }), "listing publish 4 --price 0.03 --wallet owner.json --yes");
}

function addSupplyCommands(listing: Command): void {
  withExample(withWallet(listing.command("resize")), 'listing resize 4 8 "80 %" --wallet owner.json --yes')
    .description("change units and share of a listing, not below what is sold")
    .argument(...LISTING_ARGUMENT)
    .argument("<units>", "units from now on")
    .argument("<share>", "share of the resource that all units are together")
    .action(resize);

  withExample(withWallet(listing.command("privacy")), "listing privacy 4 P2P --wallet owner.json --yes")
    .description("change who may open leases from now on")
    .argument(...LISTING_ARGUMENT)
    .argument("<level>", PRIVACY_LEVELS.join(", "))
    .action(setPrivacy);

  withExample(withWallet(listing.command("pause")), "listing pause 4 --wallet owner.json --yes")
    .description("take no new leases; those that are open go on")
    .argument(...LISTING_ARGUMENT)
    .action((id: string, options: WalletOptions, command: Command) => setPaused(id, true, { options, command }));

  withExample(withWallet(listing.command("resume")), "listing resume 4 --wallet owner.json --yes")
    .description("take leases again after a pause")
    .argument(...LISTING_ARGUMENT)
    .action((id: string, options: WalletOptions, command: Command) => setPaused(id, false, { options, command }));

  withExample(withWallet(listing.command("retire")), "listing retire 4 --wallet owner.json --dry-run")
    .description("take no new leases for good; its share is free again once no lease holds units")
    .argument(...LISTING_ARGUMENT)
    .action(retire);
}

function addMemberCommands(listing: Command): void {
  const members = withExample(
    listing.command("members").description("wallets of an operator's private network"),
    "listing members add 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --wallet owner.json --yes",
  );
  for (const [name, isMember] of [["add", true] as const, ["remove", false] as const]) {
    const description = isMember
      ? "admit wallets to the operator's PrivateNetwork listings"
      : "admit wallets no longer; leases that are open go on";
    withExample(
      withWallet(members.command(name)),
      `listing members ${name} 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --wallet owner.json --yes`,
    )
      .description(description)
      .argument("<wallets...>", "addresses")
      .option("--operator <identityId>", "identity of the operator; default: the wallet's own")
      .action((wallets: string[], options: WalletOptions & { operator?: string }, command: Command) =>
        setMembers(wallets, isMember, { options, command }),
      );
  }
}

interface CreateOptions extends WalletOptions, TermsOptions {
  kind: string;
  units: string;
  share: string;
  privacy: string;
  token?: string;
}

async function createListing(nodeText: string, options: CreateOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const kind = nameArgument<AssetKind>("--kind", options.kind, ASSET_KINDS);
  const privacy = nameArgument<PrivacyLevel>("--privacy", options.privacy, PRIVACY_LEVELS);
  const units = naturalArgument("--units", options.units, UNITS);
  const shareBp = percentArgument("--share", options.share);
  const description = descriptionOf(options, kind);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const token = await tokenOption(session, options.token);
  const terms = termsOf(options, { token, before: DEFAULT_TERMS });
  const supply = {
    ...{ nodeIndex, units, shareBp },
    ...{ kind: ASSET_KINDS.indexOf(kind), privacy: PRIVACY_LEVELS.indexOf(privacy) },
  };
  const price = tokenText(terms.price, token);
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "createListing", args: [supply, terms, description] },
      sentence: `Offer ${percentText(shareBp)} of the ${kind} of node ${nodeIndex} in ${units} units at ${price} an epoch.`,
      after: (id) => [
        `Listing ${String(id)} is ${privacy}: ${specsText(kind, description.specs)}.`,
        "Leases pin this version: what you publish later holds for new leases alone.",
      ],
      preview: () => ({
        risks: terms.bondEpochs > 0 ? [`A breach costs ${terms.bondEpochs} epochs of its rent out of your bond.`] : [],
        figures: { price: tokenFigure(terms.price, token), terms, supply, description },
      }),
    },
    { options, command },
  );
}

interface PublishOptions extends WalletOptions, TermsOptions {
  token?: string;
}

async function publishVersion(listingText: string, options: PublishOptions, command: Command): Promise<void> {
  const { session, listing } = await openListing(listingText, options);
  const { listingId, version, kind } = listing;
  const token = options.token === undefined ? listing.token : await tokenOption(session, options.token);
  if (token.address !== listing.token.address && options.price === undefined) {
    throw usageError("another token needs another price: give --price with --token");
  }
  const terms = termsOf(options, { token, before: listing.terms });
  const description = descriptionOf(options, kind, await readDescription(session, listing));
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "publishVersion", args: [listingId, terms, description] },
      sentence: `Publish version ${version + 1} of listing ${listingId} at ${tokenText(terms.price, token)} for a unit and epoch.`,
      after: () => [
        `New leases are of version ${version + 1}; those that are open keep theirs and cannot be extended.`,
      ],
      preview: () => ({ figures: { price: tokenFigure(terms.price, token), terms, description } }),
    },
    { options, command },
  );
}

async function resize(
  listingText: string,
  unitsText: string,
  ...[share, options, command]: [string, WalletOptions, Command]
): Promise<void> {
  const units = naturalArgument("units", unitsText, UNITS);
  const shareBp = percentArgument("share", share);
  const { session, listing } = await openListing(listingText, options);
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "resize", args: [listing.listingId, units, shareBp] },
      sentence: `Offer ${units} units of listing ${listing.listingId}, together ${percentText(shareBp)} of the ${listing.kind}.`,
      after: () => [`${units - listing.soldUnits} units are free, ${listing.soldUnits} are leased.`],
    },
    { options, command },
  );
}

async function setPrivacy(listingText: string, level: string, options: WalletOptions, command: Command): Promise<void> {
  const privacy = nameArgument<PrivacyLevel>("level", level, PRIVACY_LEVELS);
  const { session, listing } = await openListing(listingText, options);
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "setPrivacy", args: [listing.listingId, PRIVACY_LEVELS.indexOf(privacy)] },
      sentence: `Make listing ${listing.listingId} ${privacy}; it is ${listing.privacy} now.`,
      after: () => ["Leases that are open go on."],
    },
    { options, command },
  );
}

async function setPaused(
  listingText: string,
  isPaused: boolean,
  { options, command }: { options: WalletOptions; command: Command },
): Promise<void> {
  const { session, listing } = await openListing(listingText, options);
  const { listingId } = listing;
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "setPaused", args: [listingId, isPaused] },
      sentence: isPaused ? `Take no new leases of listing ${listingId}.` : `Take leases of listing ${listingId} again.`,
      after: () => [
        isPaused
          ? `Leases that are open go on, but cannot be extended; listing resume ${listingId} ends the pause.`
          : "Leases of the newest version can be opened and extended.",
      ],
    },
    { options, command },
  );
}

async function retire(listingText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, listing } = await openListing(listingText, options);
  const { listingId, soldUnits } = listing;
  const share = "its share of the resource is free again";
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "retire", args: [listingId] },
      sentence: `Take no new leases of listing ${listingId} for good.`,
      after: () => [
        soldUnits === 0 ? `It is over, and ${share}.` : `When the ${soldUnits} leased units are given back, ${share}.`,
      ],
    },
    { options, command },
  );
}

async function setMembers(
  walletTexts: readonly string[],
  isMember: boolean,
  { options, command }: { options: WalletOptions & { operator?: string }; command: Command },
): Promise<void> {
  const wallets = walletTexts.map((text) => addressArgument("wallet", text));
  const session = await openWalletSession(options);
  const identityId = await operatorOption(session, { named: options.operator, wallet: session.account.address });
  const [verb, after] = isMember ? ["Admit", "may lease"] : ["Admit no longer", "may not open leases of"];
  await runCall(
    session,
    {
      ...{ ...LISTINGS, functionName: "setMembers", args: [identityId, wallets, isMember] },
      sentence: `${verb} ${wallets.join(", ")} to the private network of identity ${identityId}.`,
      after: () => [`They ${after} its PrivateNetwork listings; leases that are open go on.`],
    },
    { options, command },
  );
}

async function openListing(
  listingText: string,
  options: WalletOptions,
): Promise<{ session: WalletSession; listing: ListingView }> {
  const listingId = listingArgument(listingText);
  const session = await openWalletSession(options);
  return { session, listing: await readListing(session, listingId) };
}

/** Reads one of a few names, in any case. @throws CliError naming them. */
function nameArgument<Name extends string>(field: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw usageError(`${field} is "${text.length > 40 ? "…" : text}", it must be one of ${names.join(", ")}`);
}
