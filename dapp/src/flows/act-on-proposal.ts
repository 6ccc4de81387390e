import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { governorArguments, shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { type Address, parseEventLogs } from "viem";
import { formatDuration, formatMeshExact, formatTime } from "../lib/format.ts";
import { isVetoed, type ProposalAction } from "../lib/proposal-state.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** A step of a proposal that anybody, its proposer or its guardian takes. */
export interface ActInput {
  governor: Address;
  proposal: ProposalView;
  /** Delay of the timelock in seconds. */
  timelockDelay: number;
  /** What its calls do, one sentence each. */
  sentences: readonly string[];
}

/** Queues, executes or cancels a proposal, or releases its bond. */
export function proposalActionPlan(
  action: Exclude<ProposalAction, "vote" | "approve">,
  input: ActInput,
): TransactionPlan {
  return PLANS[action](input);
}

const PLANS: Record<Exclude<ProposalAction, "vote" | "approve">, (input: ActInput) => TransactionPlan> = {
  queue: (input) => ({
    ...common(input),
    title: "Queue with the timelock",
    summary: `Proposal ${shortId(input.proposal.id)} is queued. It can be executed ${formatDuration(input.timelockDelay)} later.`,
    steps: [callStep("Queue", callOf(input, "queue"))],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: meshGovernorAbi, eventName: "ProposalQueued", logs: receipt.logs });
      return log ? `It can be executed from ${formatTime(log.args.etaSeconds)} on.` : "It is queued.";
    },
  }),
  execute: (input) => ({
    ...common(input),
    title: "Execute",
    summary: `The timelock makes ${input.proposal.calls.length === 1 ? "the one call" : `all ${input.proposal.calls.length} calls`} of proposal ${shortId(input.proposal.id)}, or none if one fails.`,
    warning: "What is executed cannot be undone, except by another proposal.",
    steps: [callStep("Execute", callOf(input, "execute"))],
    outcome: () => "The timelock made all its calls. Changed numbers come into force after their notice.",
  }),
  cancel: (input) => ({
    ...common(input),
    title: "Cancel the proposal",
    summary: `Proposal ${shortId(input.proposal.id)} is cancelled for good.`,
    warning: "The same calls with the same description can never be proposed again.",
    steps: [callStep("Cancel", callOf(input, "cancel"))],
    outcome: () => "The proposal is cancelled. Its bond can be released now.",
  }),
  releaseBond(input) {
    const { proposal, governor } = input;
    const { bond } = proposal.standing.terms;
    const amount = `${formatMeshExact(bond)} MESH`;
    const isBurnt = isVetoed(proposal.standing);
    return {
      title: isBurnt ? "Burn the bond" : "Release the bond",
      summary: isBurnt
        ? `The bond of ${amount} moves to the emission pool, which keeps it for ever: a veto quorum was against the proposal.`
        : `The bond of ${amount} returns to the proposer ${proposal.proposer}.`,
      facts: [
        { label: "Proposal", value: String(proposal.id) },
        { label: "Proposer", value: proposal.proposer },
        { label: "Bond", value: amount },
      ],
      steps: [
        callStep("Release", {
          ...{ address: governor, abi: meshGovernorAbi, functionName: "releaseBond", args: [proposal.id] },
        }),
      ],
      outcome: () => (isBurnt ? "The bond is burnt." : `The proposer has ${amount} back.`),
    };
  },
};

function common({ proposal, sentences }: ActInput): Pick<TransactionPlan, "facts"> {
  return {
    facts: [
      { label: "Proposal", value: String(proposal.id) },
      ...sentences.map((value, i) => ({ label: `Call ${i + 1}`, value })),
    ],
  };
}

function callOf({ governor, proposal }: ActInput, functionName: "queue" | "execute" | "cancel") {
  return { address: governor, abi: meshGovernorAbi, functionName, args: governorArguments(proposal) };
}
