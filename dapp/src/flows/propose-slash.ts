import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { type Address, type Hex, parseEventLogs } from "viem";
import { formatBp, formatDuration, formatMeshExact } from "../lib/format.ts";
import { approvedSteps } from "../lib/spend-steps.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What every bonded step of the game of slashes needs; amounts are MESH wei. */
export interface SlashBond {
  proposals: Address;
  token: Address;
  bond: bigint;
  /** What the contract may take already. */
  allowance: bigint;
}

/** What a proposal needs. */
export interface ProposeInput extends SlashBond {
  nodeIndex: number;
  epoch: number;
  shareBp: number;
  /** Hash of what the proposer publishes. */
  evidence: Hex;
  /** Seconds. */
  disputePeriod: number;
  vetoPeriod: number;
}

/** Proposes to slash a node for what no contract can judge. */
export function proposeSlashPlan(input: ProposeInput): TransactionPlan {
  const { proposals, token, bond, allowance, nodeIndex, epoch, shareBp, evidence, disputePeriod, vetoPeriod } = input;
  const propose = callStep("Propose", {
    ...{ address: proposals, abi: slashProposalsAbi, functionName: "propose" },
    args: [nodeIndex, BigInt(epoch), BigInt(shareBp), evidence],
  });
  return {
    title: `Propose to slash node ${nodeIndex}`,
    summary: `You bond ${formatMeshExact(bond)} MESH and accuse node ${nodeIndex} of an offence in epoch ${epoch}. If nobody disputes it in ${formatDuration(disputePeriod)} and the DAO does not veto it in ${formatDuration(vetoPeriod)} more, anyone can execute it.`,
    facts: [
      { label: "Node", value: String(nodeIndex) },
      { label: "Share of its stake then", value: formatBp(shareBp, 2) },
      { label: "Your bond", value: `${formatMeshExact(bond)} MESH` },
      { label: "Hash of the evidence", value: evidence },
    ],
    warning:
      "Publish the evidence, so that everybody can judge it. Your bond is lost when the DAO vetoes the proposal or sides with who disputes it, and a quarter of it when you take it back or the DAO does not decide.",
    steps: approvedSteps({ token, spender: proposals, amount: bond, allowance }, propose),
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: slashProposalsAbi, eventName: "SlashProposed", logs: receipt.logs });
      return `Proposal ${log?.args.proposalId ?? ""} is made; the node's matured unbondings are held back until it is decided.`;
    },
  };
}
