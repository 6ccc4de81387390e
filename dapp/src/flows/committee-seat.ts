import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import type { Address } from "viem";
import type { CommitteeAction, CommitteeRelayer } from "../lib/committee-view.ts";
import { formatDuration, formatMeshExact } from "../lib/format.ts";
import { callStep, type ContractCall, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What an action about a seat needs. */
export interface SeatGround {
  committee: Address;
  fees: Address;
  /** Seconds between a resignation and the end of the seat, and between asking for a bond and its release. */
  resignNotice: number;
  releaseDelay: number;
}

/** Leaves a seat or the queue, or takes out bond or fees. */
export function seatPlan(action: CommitteeAction, relayer: CommitteeRelayer, ground: SeatGround): TransactionPlan {
  const { title, summary, warning } = wordsOf(action, relayer, ground);
  const { address, bond } = relayer;
  return {
    title,
    summary,
    facts: [
      { label: "Relayer", value: address },
      { label: "Bond", value: `${formatMeshExact(bond)} MESH` },
    ],
    ...(warning && { warning }),
    steps: [callStep(title, callOf(action, relayer, ground))],
    outcome: () => "Done: the list shows how it stands now.",
  };
}

/** Seats who waits, as far as there are seats. */
export function fillSeatsPlan(committee: Address): TransactionPlan {
  return {
    title: "Seat who waits",
    summary:
      "Candidates whose delay is over take free seats two epochs from now, in the order of the queue and as far as their region's cap allows.",
    facts: [{ label: "Committee", value: committee }],
    steps: [
      callStep("Fill seats", { address: committee, abi: relayerCommitteeAbi, functionName: "fillSeats", args: [] }),
    ],
    outcome: () => "A new committee is set; it holds two epochs from now.",
  };
}

function callOf(action: CommitteeAction, { address }: CommitteeRelayer, { committee, fees }: SeatGround): ContractCall {
  if (action === "withdrawFees") {
    return { address: fees, abi: committeeFeesAbi, functionName: "withdraw", args: [address] };
  }
  const args = action === "vacateSeat" || action === "dismiss" ? [address] : [];
  return { address: committee, abi: relayerCommitteeAbi, functionName: action, args };
}

function wordsOf(
  action: CommitteeAction,
  { bond, fees }: CommitteeRelayer,
  { resignNotice, releaseDelay }: SeatGround,
): { title: string; summary: string; warning?: string } {
  switch (action) {
    case "resign":
      return {
        title: "Resign",
        summary: `You give notice. After ${formatDuration(resignNotice)} anyone can vacate your seat; until then you must go on signing.`,
        warning: "This cannot be taken back. A member that is silent until then loses its seat and its fees.",
      };
    case "vacateSeat":
      return { title: "Vacate the seat", summary: "A new committee without this member holds two epochs from now." };
    case "dismiss":
      return { title: "Leave the queue", summary: "You no longer wait for a seat. Only the DAO can admit you again." };
    case "requestBondRelease":
      return {
        title: "Ask for the bond",
        summary: `Your bond of ${formatMeshExact(bond)} MESH can be withdrawn in ${formatDuration(releaseDelay)}.`,
        warning: "Until then it can be slashed for reports that you signed.",
      };
    case "withdrawBond":
      return { title: "Withdraw the bond", summary: `${formatMeshExact(bond)} MESH are paid to your wallet.` };
    case "withdrawFees":
      return { title: "Withdraw fees", summary: `${formatMeshExact(fees)} MESH of fees are paid to your wallet.` };
  }
}
