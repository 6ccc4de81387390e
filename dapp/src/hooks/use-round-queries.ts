import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { Address } from "viem";
import {
  readRoundCounts,
  readRoundResult,
  readRounds,
  readSeasons,
  type RoundView,
  type SeasonView,
} from "../lib/round-view.ts";
import { readDiscardable, readRoundVoter, type RoundVoter } from "../lib/round-voter.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;
/** Newest seasons and rounds that the list shows. */
const [SEASONS, ROUNDS] = [12, 48];

/** A season with its rounds. */
export interface ListedSeason extends SeasonView {
  rounds: RoundView[];
}

/** The newest seasons, newest first, with their rounds. */
export function useSeasons(): UseQueryResult<ListedSeason[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "seasons"],
    queryFn: async () => {
      const counts = await readRoundCounts(services);
      const [seasons, rounds] = await Promise.all([
        readSeasons(services, newest(counts.seasons, SEASONS)),
        readRounds(services, newest(counts.rounds, ROUNDS)),
      ]);
      return seasons.map((season) => ({
        ...season,
        rounds: rounds.filter((round) => round.season.season === season.season).reverse(),
      }));
    },
    refetchInterval: POLL_MS,
  });
}

/** A round; null when there is none of the number. */
export function useRound(id: number): UseQueryResult<RoundView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "round", id],
    queryFn: async () => {
      const { rounds } = await readRoundCounts(services);
      return id >= 1 && id <= rounds ? ((await readRounds(services, [id]))[0] ?? null) : null;
    },
    refetchInterval: POLL_MS,
  });
}

/** What a wallet can do in a round. */
export function useRoundVoter(round: RoundView, wallet: Address): UseQueryResult<RoundVoter> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "round-voter", round.id, wallet],
    queryFn: () => readRoundVoter(services, round, wallet),
    refetchInterval: POLL_MS,
  });
}

/** Identities whose votes can be taken out of a round; asked for while it is open. */
export function useDiscardable(id: number, isOpen: boolean): UseQueryResult<bigint[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "discardable", id],
    queryFn: () => readDiscardable(services, id),
    enabled: isOpen,
    refetchInterval: 30_000,
  });
}

/** Calls that a round decided for. */
export function useRoundResult(id: number): UseQueryResult<{ calls: GovernanceCall[]; description: string }> {
  const services = useNetwork();
  return useQuery({ queryKey: ["round-result", id], queryFn: () => readRoundResult(services, id) });
}

function newest(count: number, most: number): number[] {
  return Array.from({ length: Math.min(count, most) }, (_, i) => count - i);
}
