import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type ClaimableRewards, readClaimable } from "../lib/claimable-rewards.ts";
import { chainSeconds, readEither } from "../lib/network-services.ts";
import { type OwnDelegation, readOwnDelegations } from "../lib/own-delegations.ts";
import { poolsFromChain, poolsFromIndexer, type PoolView, readPool, withUnclaimed } from "../lib/pool-view.ts";
import { claimsFromChain, claimsFromIndexer, type RewardClaim } from "../lib/reward-history.ts";
import { readRewardPace, type RewardPace } from "../lib/reward-pace.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;

/** Pools of all nodes. */
export function usePools(): UseQueryResult<PoolView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "pools"],
    queryFn: async () => {
      const now = await chainSeconds(services);
      const pools = await readEither(services, {
        fromIndexer: () => poolsFromIndexer(services.indexer, now),
        fromChain: () => poolsFromChain(services, now),
      });
      return withUnclaimed(services, pools);
    },
    refetchInterval: POLL_MS,
  });
}

/** What the network paid lately; null while nothing was. */
export function useRewardPace(): UseQueryResult<RewardPace | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "reward-pace"],
    queryFn: async () => (await readRewardPace(services)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** What a wallet delegates, read from the chain. */
export function useOwnDelegations(wallet: Address): UseQueryResult<OwnDelegation[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "delegations", wallet],
    queryFn: async () => readOwnDelegations(services, wallet, await chainSeconds(services)),
    refetchInterval: POLL_MS,
  });
}

/** What claims would pay for nodes now. */
export function useClaimable(nodes: readonly number[]): UseQueryResult<ClaimableRewards[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "claimable", nodes],
    queryFn: () => Promise.all(nodes.map((node) => readClaimable(services, node))),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** Newest claims of nodes, newest first. */
export function useRewardClaims(nodes: readonly number[]): UseQueryResult<RewardClaim[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "reward-claims", nodes],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => claimsFromIndexer(services.indexer, nodes),
        fromChain: () => claimsFromChain(services, nodes),
      }),
    refetchInterval: POLL_MS,
  });
}

/** Pools of some nodes, read from the chain. */
export function useNodePools(nodes: readonly number[]): UseQueryResult<Omit<PoolView, "earned">[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "pools", nodes],
    queryFn: async () => {
      const now = await chainSeconds(services);
      return Promise.all(nodes.map((node) => readPool(services, node, now)));
    },
    refetchInterval: POLL_MS,
  });
}
