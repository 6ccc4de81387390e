import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import type { ChainAccess } from "./chain-source.ts";
import type { MadeProposal } from "./proposal-view.ts";
import { searchBack } from "./search-back.ts";

/** What happened to a proposal, and when; Unix seconds. */
export interface ProposalStory {
  createdAt: number;
  queuedAt?: number;
  executedAt?: number;
  cancelledAt?: number;
  /** What became of the bond; MESH wei. */
  bond?: { isBurnt: boolean; amount: bigint; at: number };
}

/** Reads what happened to a proposal from logs. */
export async function proposalStoryFromChain(access: ChainAccess, made: MadeProposal): Promise<ProposalStory> {
  const { client, config } = access;
  const governor = { address: config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
  const args = { proposalId: made.id };
  const logs = await searchBack(client, Number(made.block ?? config.startBlock), {
    count: Number.MAX_SAFE_INTEGER,
    read: async (range) => {
      const found = await Promise.all([
        client.getContractEvents({ ...governor, eventName: "ProposalQueued", ...range, strict: true }),
        client.getContractEvents({ ...governor, eventName: "ProposalExecuted", ...range, strict: true }),
        client.getContractEvents({ ...governor, eventName: "ProposalCanceled", ...range, strict: true }),
        client.getContractEvents({ ...governor, eventName: "BondReleased", args, ...range, strict: true }),
        client.getContractEvents({ ...governor, eventName: "BondBurnt", args, ...range, strict: true }),
      ]);
      return found.flat().filter((log) => log.args.proposalId === made.id);
    },
  });
  const timeOf = async (block: bigint | undefined): Promise<number | undefined> =>
    block === undefined ? undefined : Number((await client.getBlock({ blockNumber: block })).timestamp);
  const [createdAt, ...times] = await Promise.all(
    [made.block, ...logs.map(({ blockNumber }) => blockNumber)].map(timeOf),
  );
  const story: ProposalStory = { createdAt: createdAt ?? made.voteStart };
  for (const [i, log] of logs.entries()) {
    const at = times[i] ?? 0;
    if (log.eventName === "ProposalQueued") story.queuedAt = at;
    else if (log.eventName === "ProposalExecuted") story.executedAt = at;
    else if (log.eventName === "ProposalCanceled") story.cancelledAt = at;
    else story.bond = { isBurnt: log.eventName === "BondBurnt", amount: log.args.amount, at };
  }
  return story;
}

/** A stretch of time in the life of a proposal; Unix seconds. */
export interface ProposalPhase {
  name: "Notice" | "Voting" | "Extended" | "Timelock";
  from: number;
  until: number;
}

/** A moment in the life of a proposal; `at` is absent when it is not known yet. */
export interface ProposalMoment {
  name: string;
  at?: number;
  isDone: boolean;
}

/** The stretches of time of a proposal that are known, in their order. */
export function proposalPhases(
  made: Pick<MadeProposal, "voteStart" | "plannedEnd">,
  { voteEnd, eta }: { voteEnd: number; eta: number },
  story: ProposalStory,
): ProposalPhase[] {
  const { voteStart, plannedEnd } = made;
  return [
    { name: "Notice", from: story.createdAt, until: voteStart },
    { name: "Voting", from: voteStart, until: plannedEnd },
    ...(voteEnd > plannedEnd ? [{ name: "Extended" as const, from: plannedEnd, until: voteEnd }] : []),
    ...(story.queuedAt !== undefined && eta > 0
      ? [{ name: "Timelock" as const, from: story.queuedAt, until: eta }]
      : []),
  ];
}

/** Moments of a proposal's life at a time (Unix seconds), in their order; those after a bad end are left out. */
export function proposalMoments(
  made: Pick<MadeProposal, "voteStart" | "plannedEnd">,
  { voteEnd, eta, isDefeated }: { voteEnd: number; eta: number; isDefeated: boolean },
  { story, now, needsApproval }: { story: ProposalStory; now: number; needsApproval: boolean },
): ProposalMoment[] {
  const { createdAt, queuedAt, executedAt, cancelledAt } = story;
  const moment = (name: string, at?: number): ProposalMoment => ({
    ...{ name, isDone: at !== undefined && at <= now },
    ...(at !== undefined && { at }),
  });
  const voting = [
    moment("Proposed, with a bond", createdAt),
    moment("Weights are taken, voting begins", made.voteStart),
    moment(voteEnd > made.plannedEnd ? "Voting ends, after a late turn" : "Voting ends", voteEnd),
  ];
  if (cancelledAt !== undefined) {
    return [...voting.filter(({ at = 0 }) => at <= cancelledAt), moment("Cancelled", cancelledAt)];
  }
  if (isDefeated) return [...voting, moment("Rejected", voteEnd)];
  return [
    ...voting,
    moment("Queued with the timelock", queuedAt),
    moment(needsApproval ? "Delay over; the approver agrees before" : "Delay over", eta > 0 ? eta : undefined),
    moment("Executed", executedAt),
  ];
}
