import { formatUnits } from "viem";
import type { CsvValue } from "./csv.ts";
import { isOver, proposalState, type ProposalState } from "./proposal-state.ts";
import type { ProposalSummary } from "./proposal-view.ts";

/** Proposals on a page of the list. */
export const PROPOSALS_PER_PAGE = 10;

/** What the list can show, in words. */
export const PROPOSAL_FILTERS = {
  all: "All proposals",
  open: "Not decided or not executed",
  voting: "In voting",
  mine: "In voting, not voted on by me",
  executed: "Executed",
  failed: "Rejected or cancelled",
} as const;

/** What the list shows. */
export type ProposalFilter = keyof typeof PROPOSAL_FILTERS;

/** Reads a filter from an address; whatever is unknown shows all. */
export function readFilter(text: string | null): ProposalFilter {
  return text !== null && Object.hasOwn(PROPOSAL_FILTERS, text) ? (text as ProposalFilter) : "all";
}

/** Proposals that fit a filter at a time (Unix seconds). `voted` are those with a ballot of the connected wallet. */
export function filteredProposals(
  proposals: readonly ProposalSummary[],
  filter: ProposalFilter,
  { now, voted }: { now: number; voted: ReadonlySet<bigint> },
): ProposalSummary[] {
  return proposals.filter(({ id, standing }) => {
    const state = proposalState(standing, now);
    switch (filter) {
      case "all":
        return true;
      case "open":
        return !isOver(state);
      case "voting":
        return state === "Active";
      case "mine":
        return state === "Active" && !voted.has(id);
      case "executed":
        return state === "Executed";
      case "failed":
        return isOver(state) && state !== "Executed";
    }
  });
}

/** Columns of the list as CSV. */
export const PROPOSAL_HEADER = [
  ...["proposal", "title", "proposer", "state", "voting begins", "voting ends"],
  ...["units for", "units against", "units abstaining", "MESH for", "MESH against"],
] as const;

/** A proposal as a row of CSV; times in ISO 8601. */
export function proposalRow({ id, title, proposer, standing }: ProposalSummary, state: ProposalState): CsvValue[] {
  const { units, tokens, voteStart, voteEnd } = standing;
  const time = (seconds: number): string => new Date(seconds * 1_000).toISOString();
  return [
    ...[String(id), title, proposer, state, time(voteStart), time(voteEnd)],
    ...[units.for, units.against, units.abstain].map((amount) => formatUnits(amount, 9)),
    ...[tokens.for, tokens.against].map((amount) => formatUnits(amount, 18)),
  ];
}
