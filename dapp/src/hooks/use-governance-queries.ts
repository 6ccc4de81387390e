import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type BallotSearch, type BallotView, ballotsFromChain } from "../lib/ballot-view.ts";
import { readTimelockView, type TimelockView } from "../lib/proposal-approval.ts";
import { type ProposalStory, proposalStoryFromChain } from "../lib/proposal-story.ts";
import {
  proposalFromChain,
  proposalsFromChain,
  type ProposalSummary,
  type ProposalView,
} from "../lib/proposal-view.ts";
import { readVoteWeight, type VoteWeight } from "../lib/vote-weight.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;

/** All proposals, newest first. */
export function useProposals(): UseQueryResult<ProposalSummary[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposals"],
    queryFn: () => proposalsFromChain(services),
    refetchInterval: POLL_MS,
  });
}

/** One proposal as the governor holds it; null when there is none. */
export function useProposal(id: bigint): UseQueryResult<ProposalView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposal", String(id)],
    queryFn: async () => (await proposalFromChain(services, id)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** Ballots of a proposal, newest first. */
export function useBallots(search: Extract<BallotSearch, { fromBlock: bigint }>): UseQueryResult<BallotView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "ballots", String(search.proposalId)],
    queryFn: () => ballotsFromChain(services, search),
    refetchInterval: POLL_MS,
  });
}

/** Ballots that a wallet cast, newest first. */
export function useOwnBallots(voter: Address | undefined): UseQueryResult<BallotView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "ballots", voter],
    queryFn: () => ballotsFromChain(services, { voter: voter! }),
    enabled: voter !== undefined,
    refetchInterval: POLL_MS,
  });
}

/** What happened to a proposal. */
export function useProposalStory(proposal: ProposalView): UseQueryResult<ProposalStory> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposal-story", String(proposal.id)],
    queryFn: () => proposalStoryFromChain(services, proposal),
    refetchInterval: POLL_MS,
  });
}

/** What the timelock says of a proposal, and whether the connected wallet is an approver. */
export function useTimelockView(proposal: ProposalView, wallet: Address | undefined): UseQueryResult<TimelockView> {
  const services = useNetwork();
  const { eta } = proposal.standing;
  return useQuery({
    queryKey: ["network", "timelock-view", String(proposal.id), eta, wallet],
    queryFn: () => readTimelockView(services, proposal, { eta, wallet }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** What a wallet weighs, now or at a snapshot (Unix seconds) that has passed. */
export function useVoteWeight(wallet: Address | undefined, snapshot?: number): UseQueryResult<VoteWeight> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "vote-weight", wallet, snapshot],
    queryFn: () => readVoteWeight(services, wallet!, snapshot),
    enabled: wallet !== undefined,
    refetchInterval: POLL_MS,
  });
}

/** Whether a wallet has voted on a proposal. */
export function useHasVoted(id: bigint, wallet: Address | undefined): UseQueryResult<boolean> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "has-voted", String(id), wallet],
    queryFn: () =>
      client.readContract({
        ...{ address: config.contracts.MeshGovernor, abi: meshGovernorAbi, functionName: "hasVoted" },
        args: [id, wallet!],
      }),
    enabled: wallet !== undefined,
    refetchInterval: POLL_MS,
  });
}
