import { LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { type Address, parseEventLogs } from "viem";
import { formatCount } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { STATUS_WORDS } from "../lib/market-words.ts";
import { formatToken, formatTokenExact } from "../lib/token-amount.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Epochs that one settlement looks at, at most: beyond it is done in pages. */
const PAGE_EPOCHS = 43_200n;

/** Takes a lease back that the provider has not accepted. */
export function cancelLeasePlan(escrow: Address, { id, balance, janitorFee, unit }: LeaseView): TransactionPlan {
  const all = formatTokenExact(balance + janitorFee, unit);
  return {
    title: `Cancel lease ${id}`,
    summary: `You take lease ${id} back before it begins. The whole deposit, ${all}, is credited to you at once.`,
    facts: [{ label: "Credited to you", value: all }],
    steps: [callStep("Cancel", { address: escrow, abi: leaseEscrowAbi, functionName: "cancel", args: [BigInt(id)] })],
    outcome: () => `Lease ${id} is cancelled. Withdraw ${all} below.`,
  };
}

/** Gives notice: as client or as provider. */
export function giveNoticePlan(
  escrow: Address,
  { id, terms }: LeaseView,
  { isProvider, words }: { isProvider: boolean; /** Length of the notice in words. */ words: string },
): TransactionPlan {
  const other = isProvider ? "The client keeps being served until then." : "You are served and pay until then.";
  return {
    title: `End lease ${id}`,
    summary: `Lease ${id} ends after its notice of ${words}, and not before its shortest term of ${formatCount(terms.minEpochs)} epochs. ${other} What is not used returns to the client.`,
    facts: [{ label: "Notice", value: words }],
    warning: "Notice cannot be taken back.",
    steps: [
      callStep("Give notice", {
        ...{ address: escrow, abi: leaseEscrowAbi, functionName: "giveNotice", args: [BigInt(id)] },
      }),
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: leaseEscrowAbi, eventName: "NoticeGiven", logs: receipt.logs });
      return `Lease ${id} ends before epoch ${formatCount(log?.args.noticeEnd ?? 0n)}.`;
    },
  };
}

/** Settles what is final of a lease, and closes it when it is over. */
export function settleLeasePlan(escrow: Address, { id, unit }: LeaseView): TransactionPlan {
  return {
    title: `Settle lease ${id}`,
    summary: `Epochs of lease ${id} that are final are paid to the provider or returned to the client, as the committee reported them. If the lease is over, it closes.`,
    facts: [{ label: "Who may do this", value: "anyone, any time; the result is the same" }],
    steps: [
      callStep("Settle", {
        ...{ address: escrow, abi: leaseEscrowAbi, functionName: "settle", args: [BigInt(id), PAGE_EPOCHS] },
      }),
    ],
    outcome(receipt) {
      const logs = parseEventLogs({ abi: leaseEscrowAbi, logs: receipt.logs });
      const settled = logs.find(({ eventName }) => eventName === "LeaseSettled");
      const closed = logs.find(({ eventName }) => eventName === "LeaseClosed");
      if (closed?.eventName === "LeaseClosed") {
        const status = LEASE_STATUSES[closed.args.status] ?? "None";
        return `Lease ${id} is closed: ${STATUS_WORDS[status].toLowerCase()}.`;
      }
      if (settled?.eventName !== "LeaseSettled") return "Nothing was final yet; nothing changed.";
      const { toProvider, toClient, until } = settled.args;
      return `Settled up to epoch ${formatCount(until)}: ${formatToken(toProvider, unit)} for the provider, ${formatToken(toClient, unit)} back to the client.`;
    },
  };
}
