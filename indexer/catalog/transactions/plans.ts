import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { checkSpecs, formatSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { type Address, stringToHex, zeroHash } from "viem";

import { CatalogProblem } from "../catalog-problem.ts";
import type { Action, BodyOf } from "./actions.ts";
import type { MarketChain, MarketContract } from "./market-chain.ts";
import { planLease } from "./open-lease.ts";
import type { Plan } from "./transaction-builder.ts";

type Planner<Name extends Action> = (body: BodyOf<Name>, chain: MarketChain) => Plan | Promise<Plan>;

/** A function of a contract that takes the number of a lease. */
function ofLease(
  contract: MarketContract,
  functionName: string,
  say: (lease: bigint) => string,
): (body: { lease: bigint }) => Plan {
  return ({ lease }) => ({ contract, functionName, args: [lease], sentence: say(lease) });
}

function percent(bp: number): string {
  return `${bp / 100} %`;
}

/** How each action becomes a call. What only the contract can tell is left to the simulation that follows. */
export const PLANS: { readonly [Name in Action]: Planner<Name> } = {
  "open-lease": planLease,
  "set-delivery-key": ({ key, from }) => ({
    ...{ contract: "LeaseEscrow", functionName: "setDeliveryKey", args: [key] },
    sentence: `Names the key for which providers seal what they deliver to ${from}`,
  }),
  cancel: ofLease("LeaseEscrow", "cancel", (lease) => `Takes lease ${lease} back; everything that was paid in returns`),
  "top-up": async ({ lease, amount, permit }, chain) => {
    const [, , token] = await tenancyOf(chain, lease);
    return {
      ...{ contract: "LeaseEscrow", functionName: "topUp", args: [lease, amount, permit ?? "0x"] },
      sentence: `Pays ${await chain.amountText(token, amount)} of rent in for lease ${lease}`,
      spends: { token, amount, permit, field: "amount" },
    };
  },
  extend: ({ lease, epochs }) => ({
    ...{ contract: "LeaseEscrow", functionName: "extend", args: [lease, epochs] },
    sentence: `Prolongs lease ${lease} by ${epochs} epochs`,
  }),
  notice: ofLease("LeaseEscrow", "giveNotice", (lease) => `Gives notice: lease ${lease} ends after the agreed notice`),
  accept: ({ lease, sealed }) => ({
    ...{ contract: "LeaseEscrow", functionName: "accept", args: [lease, sealed] },
    sentence: `Accepts lease ${lease}, and locks the bond for it${sealed === "0x" ? "; the credential is still to be delivered" : ""}`,
  }),
  deliver: ({ lease, sealed }) => ({
    ...{ contract: "LeaseEscrow", functionName: "deliver", args: [lease, sealed] },
    sentence: `Delivers a sealed credential for lease ${lease}`,
  }),
  decline: ofLease("LeaseEscrow", "decline", (lease) => `Refuses lease ${lease}; the client gets everything back`),
  settle: ({ lease, maxEpochs }) => ({
    ...{ contract: "LeaseEscrow", functionName: "settle", args: [lease, maxEpochs] },
    sentence: `Settles final epochs of lease ${lease}`,
  }),
  sweep: ({ leases, maxEpochs }) => ({
    ...{ contract: "LeaseEscrow", functionName: "sweep", args: [leases, maxEpochs] },
    sentence: `Settles ${leases.length === 1 ? "a lease" : `${leases.length} leases`}, and closes and earns from those that are overdue`,
  }),
  withdraw: async ({ token, from, account = from, contract }, chain) => {
    const credit = await chain.read<bigint>(contract, "creditOf", [token, account]);
    if (credit === 0n) {
      const detail = `${account} has nothing to withdraw of ${token} in ${contract}`;
      throw new CatalogProblem("account", detail, { status: 409, type: "nothing-to-withdraw" });
    }
    const sentence = `Pays ${account} the ${await chain.amountText(token, credit)} that it was credited`;
    return { contract, functionName: "withdraw", args: [token, account], sentence };
  },
  "redeem-voucher": ({ lease, amount, signature }) => ({
    ...{ contract: "LeaseVouchers", functionName: "redeem", args: [lease, amount, signature] },
    sentence: `Draws on a voucher for ${amount} smallest units in all of lease ${lease}, as far as proven epochs cover it`,
  }),
  "return-unredeemed": ofLease(
    "LeaseVouchers",
    "returnUnredeemed",
    (lease) => `Returns to the client of lease ${lease} what no voucher drew on in time`,
  ),
  "open-dispute": async ({ lease, evidence, maxBond, permit }, chain) => {
    const [[, , token], bond] = await Promise.all([
      tenancyOf(chain, lease),
      chain.read<bigint>("LeaseDisputes", "bondFor", [lease]),
    ]);
    if (maxBond !== undefined && maxBond < bond)
      throw new CatalogProblem("maxBond", `maxBond must be at least the bond, ${bond}`);
    return {
      ...{ contract: "LeaseDisputes", functionName: "open", args: [lease, evidence, maxBond ?? bond, permit ?? "0x"] },
      sentence: `Opens a dispute about lease ${lease}, with a bond of ${await chain.amountText(token, bond)} that is lost when the provider is right`,
      spends: { token, amount: bond, permit, field: "maxBond" },
    };
  },
  "offer-settlement": ({ lease, clientShareBp }) => ({
    ...{ contract: "LeaseDisputes", functionName: "offerSettlement", args: [lease, clientShareBp] },
    sentence: `Offers that ${percent(clientShareBp)} of what lease ${lease} earned in dispute go to the client`,
  }),
  "accept-settlement": ({ lease, clientShareBp }) => ({
    ...{ contract: "LeaseDisputes", functionName: "acceptSettlement", args: [lease, clientShareBp] },
    sentence: `Ends the dispute about lease ${lease}: ${percent(clientShareBp)} of what it earned go to the client`,
  }),
  "withdraw-dispute": ofLease(
    "LeaseDisputes",
    "withdrawDispute",
    (lease) => `Gives up the dispute about lease ${lease}; the provider gets the bond`,
  ),
  "expire-dispute": ofLease(
    "LeaseDisputes",
    "expire",
    (lease) => `Ends the dispute about lease ${lease} that nobody decided in time`,
  ),
  "rule-dispute": ({ lease, clientShareBp }) => ({
    ...{ contract: "LeaseDisputes", functionName: "rule", args: [lease, clientShareBp] },
    sentence: `Decides the dispute about lease ${lease}: ${percent(clientShareBp)} of what it earned go to the client`,
  }),
  "create-listing": ({ node, units, shareBp, kind, privacy, terms, description }) => ({
    ...{ contract: "NodeListings", functionName: "createListing" },
    args: [
      { nodeIndex: node, units, shareBp, kind: ASSET_KINDS.indexOf(kind), privacy: PRIVACY_LEVELS.indexOf(privacy) },
      ...[checkTerms(terms), describe(kind, description)],
    ],
    sentence: `Offers ${percent(shareBp)} of the ${kind} of node ${node} in ${units} units, privacy ${privacy}`,
  }),
  "publish-version": async ({ listing, terms, description }, chain) => {
    const { kind } = await chain.read<{ kind: number }>("NodeListings", "listingOf", [listing]);
    return {
      ...{ contract: "NodeListings", functionName: "publishVersion" },
      args: [listing, checkTerms(terms), describe(ASSET_KINDS[kind]!, description)],
      sentence: `Publishes new terms of listing ${listing}; leases that are open keep theirs`,
    };
  },
  resize: ({ listing, units, shareBp }) => ({
    ...{ contract: "NodeListings", functionName: "resize", args: [listing, units, shareBp] },
    sentence: `Makes listing ${listing} ${units} units and ${percent(shareBp)} of the resource`,
  }),
  "set-privacy": ({ listing, privacy }) => ({
    ...{ contract: "NodeListings", functionName: "setPrivacy", args: [listing, PRIVACY_LEVELS.indexOf(privacy)] },
    sentence: `Sets the privacy of listing ${listing} to ${privacy}`,
  }),
  pause: ({ listing, isPaused }) => ({
    ...{ contract: "NodeListings", functionName: "setPaused", args: [listing, isPaused] },
    sentence: isPaused
      ? `Pauses listing ${listing}: no lease can be opened`
      : `Opens listing ${listing} for leases again`,
  }),
  retire: ({ listing }) => ({
    ...{ contract: "NodeListings", functionName: "retire", args: [listing] },
    sentence: `Retires listing ${listing} for good; leases that are open go on`,
  }),
  "set-members": ({ operator, wallets, isMember }) => ({
    ...{ contract: "NodeListings", functionName: "setMembers", args: [operator, wallets, isMember] },
    sentence: `${isMember ? "Adds" : "Removes"} ${wallets.length} wallets ${isMember ? "to" : "from"} the private network of operator ${operator}`,
  }),
  "withdraw-offer": ({ operator, nonce }) => ({
    ...{ contract: "NodeListings", functionName: "withdrawOffer", args: [operator, nonce] },
    sentence: `Withdraws offer ${nonce} of operator ${operator}`,
  }),
  "deposit-bond": async ({ operator, token, amount, permit }, chain) => ({
    ...{ contract: "LeaseEscrow", functionName: "depositBond", args: [operator, token, amount, permit ?? "0x"] },
    sentence: `Adds ${await chain.amountText(token, amount)} to the bond of operator ${operator}`,
    spends: { token, amount, permit, field: "amount" },
  }),
  "withdraw-bond": async ({ operator, token, amount }, chain) => ({
    ...{ contract: "LeaseEscrow", functionName: "withdrawBond", args: [operator, token, amount] },
    sentence: `Credits ${await chain.amountText(token, amount)} of free bond to the beneficiary of operator ${operator}`,
  }),
};

/** Node, rent of an epoch and token of a lease. */
function tenancyOf(chain: MarketChain, lease: bigint): Promise<[number, bigint, Address]> {
  return chain.read("LeaseEscrow", "tenancyOf", [lease]);
}

type Terms = BodyOf<"create-listing">["terms"];

function checkTerms(terms: Terms): Terms {
  if (terms.minEpochs <= terms.maxEpochs) return terms;
  throw new CatalogProblem("terms.minEpochs", `terms.minEpochs must be at most terms.maxEpochs, ${terms.maxEpochs}`);
}

function describe(
  kind: (typeof ASSET_KINDS)[number],
  { metadata = zeroHash, jurisdiction, specs }: BodyOf<"create-listing">["description"],
): object {
  const checked = checkSpecs(kind, specs);
  if ("flaws" in checked) throw new CatalogProblem("description.specs", checked.flaws.join("; "));
  const code = jurisdiction === undefined ? "0x0000" : stringToHex(jurisdiction);
  try {
    return { metadata, jurisdiction: code, specs: formatSpecs(kind, checked.specs) };
  } catch (error) {
    throw new CatalogProblem("description.specs", (error as Error).message);
  }
}
