import { NO_OFFER } from "@pqmesh/contracts/protocol/no-offer";
import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { ADMISSIONS, type Buyer, BUYERS, isAdmitted, PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { type Address, zeroHash } from "viem";

import { CatalogProblem } from "../catalog-problem.ts";
import type { BodyOf } from "./actions.ts";
import type { MarketChain } from "./market-chain.ts";
import type { Plan } from "./transaction-builder.ts";

type Body = BodyOf<"open-lease">;

interface Listing {
  readonly nodeIndex: number;
  readonly version: number;
  readonly units: number;
  readonly soldUnits: number;
  readonly kind: number;
  readonly privacy: number;
  readonly isPaused: boolean;
  readonly isRetired: boolean;
}

interface Terms {
  readonly token: Address;
  readonly price: bigint;
  readonly minEpochs: number;
  readonly maxEpochs: number;
}

interface TokenRule {
  readonly isAllowed: boolean;
  readonly janitorFee: bigint;
  readonly minDeposit: bigint;
}

const KIND_BITS = 16n;

/** Opening a lease: everything that the contract will look at is looked at first, so that each refusal has a sentence. */
export async function planLease(body: Body, chain: MarketChain): Promise<Plan> {
  const listing = await chain.read<Listing>("NodeListings", "listingOf", [body.listing]);
  await requireAdmitted(body, listing, chain);
  requireOffered(body, listing);
  const [terms, capacity] = await Promise.all([
    chain.read<Terms>("NodeListings", "termsOf", [body.listing, listing.version]),
    chain.read<{ offered: bigint; attested: bigint }>("NodeListings", "capacityOf", [listing.nodeIndex]),
  ]);
  requireAttested(listing, capacity);
  const rule = await chain.read<TokenRule>("LeaseEscrow", "tokenRuleOf", [terms.token]);
  const deposit = depositFor(body, terms, rule);
  await requireDeliveryKey(body, chain);
  const { units, epochs, maxPrice = terms.price, deliveryKey = "0x", permit } = body;
  const request = { listingId: body.listing, version: listing.version, units, epochs, deposit, maxPrice, deliveryKey };
  const [paid, price, fee] = await Promise.all(
    [deposit, terms.price, rule.janitorFee].map((amount) => chain.amountText(terms.token, amount)),
  );
  return {
    ...{ contract: "LeaseEscrow", functionName: "open", args: [request, body.offer ?? NO_OFFER, permit ?? "0x"] },
    sentence:
      `Leases ${units} of listing ${body.listing} for ${epochs} epochs at ${price} for each unit and epoch. ` +
      `Pays ${paid} in, of which ${fee} is the janitor's fee; epochs that the node does not prove are returned`,
    spends: { token: terms.token, amount: deposit, permit, field: "deposit" },
  };
}

/** Decides by what the wallet is to the listing on chain, and by the published table. */
async function requireAdmitted(
  { listing, from, offer }: Body,
  { privacy }: Listing,
  chain: MarketChain,
): Promise<void> {
  const level = PRIVACY_LEVELS[privacy]!;
  const known = BUYERS[await chain.read<number>("NodeListings", "buyerOf", [listing, from])]!;
  const buyer: Buyer = !isAdmitted(level, known) && offer !== undefined ? "Invited" : known;
  if (isAdmitted(level, buyer)) return;
  const detail = `listing ${listing} is ${level}, which admits ${ADMISSIONS[level].join(", ")}; ${from} is ${buyer}`;
  const error = "NodeListings_NotAdmitted";
  throw new CatalogProblem("from", detail, { status: 403, type: "not-admitted", error });
}

function requireOffered(body: Body, { version, units, soldUnits, isPaused, isRetired }: Listing): void {
  const refused = { status: 409, type: "refused" };
  if (isRetired || isPaused) {
    const detail = `listing ${body.listing} is ${isRetired ? "retired" : "paused"}`;
    throw new CatalogProblem("listing", detail, { ...refused, error: "NodeListings_NotOpen" });
  }
  if (body.version !== undefined && body.version !== version) {
    const detail = `version must be the newest of listing ${body.listing}, ${version}`;
    throw new CatalogProblem("version", detail, { ...refused, error: "NodeListings_WrongVersion" });
  }
  if (body.units > units - soldUnits) {
    const detail = `units must be at most what is free of listing ${body.listing}, ${units - soldUnits}`;
    throw new CatalogProblem("units", detail, { ...refused, error: "NodeListings_NotEnoughUnits" });
  }
}

function requireAttested(
  { kind, nodeIndex }: Listing,
  { offered, attested }: { offered: bigint; attested: bigint },
): void {
  const share = (shares: bigint): bigint => (shares >> (KIND_BITS * BigInt(kind))) & 0xffffn;
  if (share(offered) <= share(attested)) return;
  const detail = `listings of node ${nodeIndex} take ${share(offered)} bp of its ${ASSET_KINDS[kind]}, and it attested ${share(attested)}`;
  throw new CatalogProblem("listing", detail, { status: 409, type: "refused", error: "NodeListings_NotAttested" });
}

function depositFor(
  { units, epochs, deposit, maxPrice }: Body,
  { token, price, minEpochs, maxEpochs }: Terms,
  rule: TokenRule,
): bigint {
  const refuse = (field: string, detail: string, error: string): never => {
    throw new CatalogProblem(field, detail, { status: 409, type: "refused", error: `LeaseEscrow_${error}` });
  };
  if (!rule.isAllowed) refuse("listing", `leases cannot be opened in ${token} now`, "TokenNotAllowed");
  if (maxPrice !== undefined && price > maxPrice)
    refuse("maxPrice", `maxPrice must be at least the price, ${price}`, "PriceAboveMax");
  if (epochs < minEpochs || epochs > maxEpochs) {
    refuse("epochs", `epochs must be from ${minEpochs} to ${maxEpochs}`, "TermOutOfBounds");
  }
  const rate = price * BigInt(units);
  const most = rate * BigInt(epochs) + rule.janitorFee;
  const least = [rate * BigInt(minEpochs) + rule.janitorFee, rule.minDeposit].reduce((a, b) => (a > b ? a : b));
  const paid = deposit ?? most;
  if (paid < least) refuse("deposit", `deposit must be at least ${least}`, "DepositTooSmall");
  if (paid > most) refuse("deposit", `deposit must be at most what the term costs, ${most}`, "DepositTooLarge");
  return paid;
}

async function requireDeliveryKey({ from, deliveryKey }: Body, chain: MarketChain): Promise<void> {
  if (deliveryKey !== undefined) return;
  if ((await chain.read<string>("LeaseEscrow", "deliveryKeyHashOf", [from])) !== zeroHash) return;
  const detail = `deliveryKey is missing: ${from} never named one`;
  throw new CatalogProblem("deliveryKey", detail, { status: 409, type: "refused", error: "LeaseEscrow_NoDeliveryKey" });
}
