import { randomBytes } from "node:crypto";
import { formatOffer, offerTypedData } from "@pqmesh/contracts/protocol/market-statements";
import type { Command } from "commander";
import { bytesToBigInt } from "viem";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { openNetwork, openWallet, withNetwork, type NetworkOptions } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { durationText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { listingArgument, readListing } from "../listing-state.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, usageError } from "../output.ts";
import { operatorOption } from "../own-nodes.ts";
import { type PasswordOptions, withPassword } from "../password.ts";
import { isoTime } from "../iso-time.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const HOUR_SECONDS = 3_600n;
const MAX_HOURS = 8_760;
/** Bytes of a nonce that nobody chose. */
const NONCE_BYTES = 8;

/** Adds `pqmesh listing offer …`. */
export function addListingOfferCommands(listing: Command): void {
  const offer = withExample(
    listing.command("offer").description("offers to one client, for P2P listings"),
    "listing offer sign 4 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --wallet owner.json --out offer.json",
  );

  withExample(
    withPassword(withNetwork(offer.command("sign"))),
    "listing offer sign 4 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --wallet owner.json --out offer.json",
    "listing offer sign 4 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --units 2 --hours 72 --wallet owner.json --out offer.json",
  )
    .description("sign an offer of a P2P listing to one client and write it to a file; nothing is sent")
    .argument("<listingId>", "number of the listing (listing list)")
    .argument("<client>", "wallet that can take it")
    .requiredOption("--wallet <file>", "keystore of the operator's owner or hot wallet")
    .requiredOption("--out <file>", "file for the client; never overwritten")
    .option("--units <count>", "units of the lease", "1")
    .option("--hours <count>", "hours in which it can be taken", "24")
    .option("--nonce <number>", "number that the operator uses once; default: a random one")
    .action(signOffer);

  withExample(withWallet(offer.command("withdraw")), "listing offer withdraw 7 --wallet owner.json --yes")
    .description("withdraw an offer before it is taken")
    .argument("<nonce>", "number of the offer, which its file names")
    .option("--operator <identityId>", "identity of the operator; default: the wallet's own")
    .action(withdrawOffer);
}

interface SignOptions extends NetworkOptions, PasswordOptions {
  wallet: string;
  out: string;
  units: string;
  hours: string;
  nonce?: string;
}

async function signOffer(
  listingText: string,
  clientText: string,
  options: SignOptions,
  command: Command,
): Promise<void> {
  const listingId = listingArgument(listingText);
  const client = addressArgument("client", clientText);
  const units = naturalArgument("--units", options.units, { least: 1 });
  const hours = naturalArgument("--hours", options.hours, { least: 1, most: MAX_HOURS });
  const nonce =
    options.nonce === undefined ? bytesToBigInt(randomBytes(NONCE_BYTES)) : nonceArgument("--nonce", options.nonce);
  const session = await openNetwork(options);
  const account = await openWallet(options.wallet, options);
  const listing = await readListing(session, listingId);
  const listings = contractOf(session, "NodeListings");
  const read = { ...listings, functionName: "isOfferUsed", args: [listing.identityId, nonce] } as const;
  const [isUsed, buyer, now] = await Promise.all([
    session.client.readContract(read),
    session.client.readContract({ ...listings, functionName: "buyerOf", args: [listingId, account.address] }),
    chainTime(session),
  ]);
  if (buyer !== OWN) throw new CliError(`wallet ${account.address} does not act for identity ${listing.identityId}`);
  if (isUsed) throw new CliError(`offer ${nonce} was taken or withdrawn before; choose another --nonce`);
  if (units > listing.units) {
    throw new CliError(`--units is ${units}, listing ${listingId} has ${listing.units}`);
  }
  const expiresAt = now + BigInt(hours) * HOUR_SECONDS;
  const offer = { listingId, version: listing.version, client, units, expiresAt, nonce };
  const domain = { chainId: session.network.chainId, contract: listings.address };
  const signature = await account.signTypedData(offerTypedData(domain, offer));
  writeNewFile(options.out, formatOffer({ ...domain, offer, signer: account.address, signature }));
  const rows = [
    `${options.out}: offer ${nonce} of ${units} units of listing ${listingId}, version ${listing.version}, to ${client}.`,
    `It can be taken until ${isoTime(expiresAt)} (${durationText(expiresAt - now)}): lease open ${listingId} --offer ${options.out}.`,
    `Until then listing offer withdraw ${nonce} takes it back.`,
  ];
  print(command, { file: options.out, ...domain, offer, signer: account.address }, rows.join("\n"));
}

async function withdrawOffer(
  nonceText: string,
  options: WalletOptions & { operator?: string },
  command: Command,
): Promise<void> {
  const nonce = nonceArgument("nonce", nonceText);
  const session = await openWalletSession(options);
  const identityId = await operatorOption(session, { named: options.operator, wallet: session.account.address });
  await runCall(
    session,
    {
      ...{ contract: "NodeListings", abi: ABIS.NodeListings, functionName: "withdrawOffer", args: [identityId, nonce] },
      sentence: `Withdraw offer ${nonce} of identity ${identityId}.`,
      after: () => ["It cannot be taken any more. A lease that was opened with it goes on."],
    },
    { options, command },
  );
}

/** As `INodeListings.Buyer` counts. */
const OWN = 3;

function nonceArgument(name: string, text: string): bigint {
  if (/^[0-9]{1,77}$/.test(text)) return BigInt(text);
  throw usageError(`${name} must be a whole number of at most 77 digits`);
}
