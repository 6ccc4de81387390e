import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type Address, parseEventLogs } from "viem";
import { formatBp, formatMeshExact, formatTime } from "../lib/format.ts";
import { approvedSteps } from "../lib/spend-steps.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What a proposal needs; amounts are MESH wei, times Unix seconds. */
export interface ProposeCallsInput {
  governor: Address;
  token: Address;
  wallet: Address;
  title: string;
  /** With the title as its first line. */
  description: string;
  calls: readonly GovernanceCall[];
  bond: bigint;
  /** What the governor may take already. */
  allowance: bigint;
  vetoQuorumBp: number;
  voteStart: number;
  voteEnd: number;
  /** Told the id of the proposal once it is made. */
  onProposed: (proposalId: bigint) => void;
}

/** Proposes calls to the DAO, so that nobody else can make the same proposal first and cancel it. */
export function proposeCallsPlan(input: ProposeCallsInput): TransactionPlan {
  const { governor, token, wallet, title, description, calls, bond, allowance, onProposed } = input;
  const [targets, values, data] = [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map((call) => call.data),
  ];
  const propose = callStep("Propose", {
    ...{ address: governor, abi: meshGovernorAbi, functionName: "propose" },
    args: [targets, values, data, `${description}\n\n#proposer=${wallet}`],
  });
  const count = calls.length === 1 ? "one call" : `${calls.length} calls`;
  return {
    title: "Propose to the DAO",
    summary: `You bond ${formatMeshExact(bond)} MESH and propose ${count} to the DAO: ${title}`,
    facts: [
      { label: "From", value: wallet },
      { label: "Bond", value: `${formatMeshExact(bond)} MESH` },
      { label: "Voting begins", value: formatTime(input.voteStart) },
      { label: "Voting ends", value: formatTime(input.voteEnd) },
    ],
    warning: `The bond comes back when voting is over. It is burnt when ${formatBp(input.vetoQuorumBp, 2)} of all units, and more than those for, are against.`,
    steps: approvedSteps({ token, spender: governor, amount: bond, allowance }, propose),
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: meshGovernorAbi, eventName: "ProposalCreated", logs: receipt.logs });
      if (!log) return "The proposal is made.";
      onProposed(log.args.proposalId);
      return `The proposal is made. Voting is from ${formatTime(log.args.voteStart)} until ${formatTime(log.args.voteEnd)}.`;
    },
  };
}
