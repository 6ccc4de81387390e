import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { formatMeshExact, formatTime } from "../lib/format.ts";
import type { SlashAction, SlashProposalView } from "../lib/slash-proposals.ts";
import { approvedSteps } from "../lib/spend-steps.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";
import type { SlashBond } from "./propose-slash.ts";

/** Disputes, takes back, executes or ends a proposed slash. */
export function slashActionPlan(action: SlashAction, proposal: SlashProposalView, ground: SlashBond): TransactionPlan {
  const { id, nodeIndex, amount, bond } = proposal;
  const { title, summary, warning, outcome } = wordsOf(action, proposal);
  const call = callStep(title.split(" ")[0]!, {
    ...{ address: ground.proposals, abi: slashProposalsAbi, functionName: action },
    args: [BigInt(id)],
  });
  const { token, proposals: spender, allowance } = ground;
  return {
    title,
    summary,
    facts: [
      { label: "Proposal", value: String(id) },
      { label: "Node", value: String(nodeIndex) },
      { label: "At stake", value: `${formatMeshExact(amount)} MESH` },
      { label: "Bond of each side", value: `${formatMeshExact(bond)} MESH` },
    ],
    ...(warning && { warning }),
    steps: action === "dispute" ? approvedSteps({ token, spender, amount: bond, allowance }, call) : [call],
    outcome: () => outcome,
  };
}

interface Words {
  title: string;
  summary: string;
  warning?: string;
  outcome: string;
}

function wordsOf(action: SlashAction, { id, nodeIndex, amount, bond, state, vetoUntil }: SlashProposalView): Words {
  const of = `proposal ${id} against node ${nodeIndex}`;
  switch (action) {
    case "dispute":
      return {
        title: `Dispute ${of}`,
        summary: `You bond ${formatMeshExact(bond)} MESH against it. Unless the DAO upholds it by ${formatTime(vetoUntil)}, nothing is slashed.`,
        warning:
          "If the DAO upholds the proposal, your bond is lost: to the proposer once it is executed, to the treasury if the DAO vetoes it after all. If the DAO does not decide, your bond returns.",
        outcome: "Disputed: now the DAO must decide, or it lapses.",
      };
    case "cancel":
      return {
        title: `Cancel ${of}`,
        summary: `You take it back. ${state === "Disputed" ? "Both bonds go to the disputer." : `${formatMeshExact(bond - bond / 4n)} MESH of your bond return; a quarter goes to the treasury, because the proposal held unbondings back.`}`,
        outcome: `Proposal ${id} is taken back.`,
      };
    case "execute":
      return {
        title: `Execute ${of}`,
        summary: `Up to ${formatMeshExact(amount)} MESH are taken of node ${nodeIndex} and its delegators, and the node is jailed. Once all is taken, the proposer gets ${state === "Upheld" ? "the disputer's bond; its own it has back already" : "its bond back"}.`,
        warning: "One epoch takes no more than the DAO's ceiling for all proposals; the rest follows later.",
        outcome: `Proposal ${id} was executed.`,
      };
    case "lapse":
      return {
        title: `End ${of}`,
        summary:
          "It was disputed and the DAO did not decide in time: nothing is slashed. The disputer's bond returns, and the proposer's but for a quarter, which goes to the treasury.",
        outcome: `Proposal ${id} lapsed.`,
      };
  }
}
