import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { type Address, parseEventLogs } from "viem";
import { formatMeshExact, formatTime, formatVotingUnitsExact } from "../lib/format.ts";
import { type MadeProposal, titleOf } from "../lib/proposal-view.ts";
import { SUPPORT_WORDS } from "../lib/proposal-words.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** A ballot that a wallet is about to cast. */
export interface VoteInput {
  governor: Address;
  proposal: Pick<MadeProposal, "id" | "description">;
  wallet: Address;
  /** 0 against, 1 for, 2 abstaining. */
  support: number;
  reason: string;
  /** Units in the identity house, 9 decimals. */
  units: bigint;
  /** MESH wei in the token house. */
  tokens: bigint;
  /** Last second of voting, Unix seconds. */
  voteEnd: number;
}

/** Casts a ballot, which counts in both houses. */
export function castVotePlan({ governor, proposal, wallet, support, reason, ...weight }: VoteInput): TransactionPlan {
  const { id, description } = proposal;
  const word = SUPPORT_WORDS[support] ?? "";
  const does = support === 2 ? "abstain on" : `vote ${word.toLowerCase()}`;
  const text = reason.trim();
  const call = { address: governor, abi: meshGovernorAbi };
  return {
    title: `${word}: ${visibleText(titleOf(description))}`,
    summary: `You ${does} proposal ${shortId(id)} with ${weightWords(weight)}.`,
    facts: [
      { label: "Proposal", value: String(id) },
      { label: "Voter", value: wallet },
      { label: "Ballot", value: word },
      { label: "Identity house", value: `${formatVotingUnitsExact(weight.units)} units` },
      { label: "Token house", value: `${formatMeshExact(weight.tokens)} MESH` },
      ...(text === "" ? [] : [{ label: "Reason, public", value: text }]),
      { label: "Voting ends", value: formatTime(weight.voteEnd) },
    ],
    warning: "A ballot is public, and cannot be changed or taken back.",
    steps: [
      callStep(
        "Vote",
        text === ""
          ? { ...call, functionName: "castVote", args: [id, support] }
          : { ...call, functionName: "castVoteWithReason", args: [id, support, text] },
      ),
    ],
    outcome(receipt) {
      const { logs } = receipt;
      const [cast] = parseEventLogs({ abi: meshGovernorAbi, eventName: "VoteCast", logs });
      const [tokens] = parseEventLogs({ abi: meshGovernorAbi, eventName: "TokenVoteCast", logs });
      return `Your ballot is counted with ${weightWords({ units: cast?.args.weight ?? 0n, tokens: tokens?.args.weight ?? 0n })}.`;
    },
  };
}

function weightWords({ units, tokens }: { units: bigint; tokens: bigint }): string {
  return `${formatVotingUnitsExact(units)} units in the identity house and ${formatMeshExact(tokens)} MESH in the token house`;
}
