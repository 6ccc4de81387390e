import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address } from "viem";
import { formatCount } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { bondFor } from "../lib/listing-view.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Accepts a lease as its provider, without a credential: the agent delivers that. */
export function acceptLeasePlan(escrow: Address, { id, terms, units, unit, end }: LeaseView): TransactionPlan {
  const bond = formatTokenExact(bondFor(terms, units), unit);
  return {
    title: `Accept lease ${id}`,
    summary: `You serve lease ${id} from the next epoch on, for ${formatCount(end)} epochs. ${bond} of your free bond are locked for it.`,
    facts: [
      { label: "Bond", value: bond },
      { label: "Rent", value: `${formatTokenExact(terms.price * BigInt(units), unit)} an epoch` },
    ],
    warning:
      "This accepts without endpoint and credential. Only an agent that serves leases can deliver those; it accepts by itself when it runs.",
    steps: [
      callStep("Accept", { address: escrow, abi: leaseEscrowAbi, functionName: "accept", args: [BigInt(id), "0x"] }),
    ],
    outcome: () => `Lease ${id} is active from the next epoch on.`,
  };
}

/** Refuses a lease as its provider. */
export function declineLeasePlan(escrow: Address, { id, balance, janitorFee, unit }: LeaseView): TransactionPlan {
  return {
    title: `Decline lease ${id}`,
    summary: `Lease ${id} is closed, and the whole deposit of ${formatTokenExact(balance + janitorFee, unit)} returns to the client.`,
    facts: [],
    steps: [callStep("Decline", { address: escrow, abi: leaseEscrowAbi, functionName: "decline", args: [BigInt(id)] })],
    outcome: () => `Lease ${id} is declined.`,
  };
}
