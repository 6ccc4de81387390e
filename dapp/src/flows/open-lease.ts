import { NO_OFFER } from "@pqmesh/contracts/protocol/no-offer";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { SignedOffer } from "@pqmesh/contracts/protocol/market-statements";
import { type Hex, parseEventLogs } from "viem";
import { formatBp, formatCount } from "../lib/format.ts";
import type { LeaseChoice, LeaseCost } from "../lib/lease-cost.ts";
import type { ListingView } from "../lib/listing-view.ts";
import { permitBytes, spendSteps, type TokenSpending } from "../lib/spend-steps.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import type { ContractCall, TransactionPlan } from "../lib/transaction-plan.ts";

/** What opening a lease needs; the spender is the escrow, the amount the deposit. */
export interface OpenLeaseInput extends TokenSpending {
  listing: ListingView;
  choice: LeaseChoice;
  cost: LeaseCost;
  /** New delivery key; absent when the one on chain is kept. */
  deliveryKey?: Hex;
  offer?: SignedOffer;
  /** Share of what the provider earns that goes to the treasury, basis points. */
  feeBp: number;
  /** A length of time in epochs, in words. */
  time: (epochs: number) => string;
}

/** Opens a lease: pays the deposit into the escrow and asks the provider to accept. */
export function openLeasePlan(input: OpenLeaseInput): TransactionPlan {
  const { listing, choice, cost, wallet, time, feeBp } = input;
  const { unit, terms } = listing;
  const money = (amount: bigint): string => formatTokenExact(amount, unit);
  const units = `${formatCount(choice.units)} unit${choice.units === 1 ? "" : "s"}`;
  return {
    title: `Lease ${listing.kind} of node ${listing.nodeIndex}`,
    summary: `Exactly ${money(cost.deposit)} move from your wallet into the escrow: ${money(cost.rent)} of rent for ${units} over ${time(choice.paidEpochs)}, and ${money(cost.janitorFee)} for the janitor, which returns unless somebody has to clean up.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Listing", value: `${listing.id}, version ${listing.version}` },
      { label: "Rent", value: `${money(cost.rate)} an epoch` },
      { label: "Whole term", value: `${money(cost.total)} for ${time(choice.epochs)}` },
      { label: "Provider's bond", value: money(cost.bond) },
      { label: "Fee, paid by the provider", value: formatBp(feeBp, 2) },
      { label: "Provider accepts within", value: time(terms.acceptEpochs) },
    ],
    steps: spendSteps(
      { ...input, unit },
      {
        label: "Open lease",
        plain: openCall(input, "0x"),
        permitted: (permit) => openCall(input, permitBytes(permit)),
      },
    ),
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: leaseEscrowAbi, eventName: "LeaseOpened", logs: receipt.logs });
      return `Lease ${log?.args.leaseId ?? ""} is open. The provider has ${time(terms.acceptEpochs)} to accept; if it does not, everything returns to you.`;
    },
  };
}

function openCall({ spender, listing, choice, cost, deliveryKey, offer }: OpenLeaseInput, permit: Hex): ContractCall {
  const request = {
    ...{ listingId: listing.id, version: listing.version, units: choice.units, epochs: choice.epochs },
    ...{ deposit: cost.deposit, maxPrice: listing.terms.price, deliveryKey: deliveryKey ?? "0x" },
  };
  const signed = offer && {
    ...{ signer: offer.signer, expiresAt: offer.offer.expiresAt, nonce: offer.offer.nonce },
    signature: offer.signature,
  };
  const args = [request, signed ?? NO_OFFER, permit];
  return { address: spender, abi: leaseEscrowAbi, functionName: "open", args };
}
