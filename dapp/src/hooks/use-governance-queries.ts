import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type BallotSearch, type BallotView, ballotsFromChain } from "../lib/ballot-view.ts";
import {
  proposalFromChain,
  proposalsFromChain,
  type ProposalSummary,
  type ProposalView,
} from "../lib/proposal-view.ts";
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
