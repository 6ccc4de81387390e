import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type BallotSearch, type BallotView, ballotsFromChain } from "../lib/ballot-view.ts";
import { readTimelockView, type TimelockView } from "../lib/proposal-approval.ts";
import { type ProposalStory, proposalStoryFromChain } from "../lib/proposal-story.ts";
import { ballotsFromIndexer, proposalFromIndexer, proposalsFromIndexer } from "../lib/proposal-index.ts";
import { chainSeconds, type NetworkServices, readEither } from "../lib/network-services.ts";
import {
  madeFromChain,
  type MadeProposal,
  proposalsFromChain,
  type ProposalSummary,
  type ProposalView,
  readProposal,
} from "../lib/proposal-view.ts";
import { readIdentity, readVoteWeight, type VoteWeight } from "../lib/vote-weight.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;

/** All proposals, newest first. */
export function useProposals(): UseQueryResult<ProposalSummary[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposals"],
    queryFn: async () => {
      const now = await chainSeconds(services);
      return readEither(services, {
        fromIndexer: () => proposalsFromIndexer(services.indexer, now),
        fromChain: () => proposalsFromChain(services),
      });
    },
    refetchInterval: POLL_MS,
  });
}

/** One proposal as the governor holds it; null when there is none. */
export function useProposal(id: bigint): UseQueryResult<ProposalView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposal", String(id)],
    queryFn: async () => (await readProposal(services, id, () => readMade(services, id))) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** What a proposal is; an indexer that has not seen it yet is not asked for it. */
function readMade(services: NetworkServices, id: bigint): Promise<MadeProposal | undefined> {
  const fromChain = () => madeFromChain(services, id);
  return readEither(services, {
    fromIndexer: async () => (await proposalFromIndexer(services.indexer, id))?.made ?? fromChain(),
    fromChain,
  });
}

/** Ballots of a proposal, newest first. */
export function useBallots(search: Extract<BallotSearch, { proposalId: bigint }>): UseQueryResult<BallotView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "ballots", String(search.proposalId)],
    queryFn: () => readBallots(services, search),
    refetchInterval: POLL_MS,
  });
}

function readBallots(services: NetworkServices, search: BallotSearch): Promise<BallotView[]> {
  return readEither(services, {
    fromIndexer: () => ballotsFromIndexer(services.indexer, search),
    fromChain: () => ballotsFromChain(services, search),
  });
}

/** Ballots that a wallet cast, newest first. */
export function useOwnBallots(voter: Address | undefined): UseQueryResult<BallotView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "ballots", voter],
    queryFn: () => readBallots(services, { voter: voter! }),
    enabled: voter !== undefined,
    refetchInterval: POLL_MS,
  });
}

/** What happened to a proposal. */
export function useProposalStory(proposal: ProposalView): UseQueryResult<ProposalStory> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "proposal-story", String(proposal.id)],
    queryFn: () => {
      const fromChain = () => proposalStoryFromChain(services, proposal);
      return readEither(services, {
        fromIndexer: async () => (await proposalFromIndexer(services.indexer, proposal.id))?.story ?? fromChain(),
        fromChain,
      });
    },
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

/** MESH wei that a wallet locked for votes, and what it can withdraw from when on (Unix seconds). */
export function useVoteLock(wallet: Address): UseQueryResult<{ amount: bigint; unlocking: bigint; maturesAt: number }> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "vote-lock", wallet],
    queryFn: () =>
      client.readContract({
        ...{ address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi, functionName: "lockOf" },
        args: [wallet],
      }),
    refetchInterval: POLL_MS,
  });
}

/** Whether the gate certifies an account now, so that units can be delegated to it. */
export function useIsCertified(account: Address | undefined): UseQueryResult<boolean> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "is-certified", account],
    queryFn: async () => (await readIdentity(services, account!)) !== 0n,
    enabled: account !== undefined,
  });
}
