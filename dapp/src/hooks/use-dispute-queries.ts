import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Address } from "viem";
import {
  type ChallengeListing,
  type ChallengeRow,
  challengesFromChain,
  challengesFromIndexer,
} from "../lib/challenge-list.ts";
import { type ChallengeStory, storyFromChain, storyFromIndexer } from "../lib/challenge-story.ts";
import {
  type Challenge,
  type ChallengeChance,
  type ChallengeTerms,
  readChallenge,
  readChallengeChance,
  readChallengeTerms,
} from "../lib/challenge-view.ts";
import { reportsFromChain } from "../lib/chain-source.ts";
import {
  type EpochStory,
  epochStoryFromChain,
  epochStoryFromIndexer,
  type NodeEpoch,
} from "../lib/epoch-corrections.ts";
import { reportsFromIndexer } from "../lib/indexer-source.ts";
import { readEither } from "../lib/network-services.ts";
import type { ReportSummary } from "../lib/network-view.ts";
import { type OffenceListing, offencesFromChain, offencesFromIndexer, type OffenceView } from "../lib/offence-view.ts";
import {
  readReportStanding,
  type ReportDetail,
  reportFromChain,
  reportFromIndexer,
  type ReportPlace,
  type ReportStanding,
} from "../lib/report-detail.ts";
import type { ReportListing } from "../lib/report-listing.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;

/** A page of reports, and one more when there is another page. */
export function useReports(listing: ReportListing): UseQueryResult<ReportSummary[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "reports", listing],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => reportsFromIndexer(services.indexer, listing),
        fromChain: () => reportsFromChain(services, listing),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** One report; null when none was accepted. */
export function useReport(place: ReportPlace): UseQueryResult<ReportDetail | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "report", place],
    queryFn: async () => {
      const found = await readEither(services, {
        fromIndexer: () => reportFromIndexer(services.indexer, place),
        fromChain: () => reportFromChain(services, place),
      });
      return found ?? null;
    },
    refetchInterval: ({ state }) => (state.data ? false : POLL_MS),
  });
}

/** What the chain says about a report now. */
export function useReportStanding(detail: ReportDetail): UseQueryResult<ReportStanding> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "report-standing", detail.digest],
    queryFn: () => readReportStanding(services, detail),
    refetchInterval: POLL_MS,
  });
}

/** Challenges, newest first. */
export function useChallenges(listing: ChallengeListing): UseQueryResult<ChallengeRow[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "challenges", listing],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => challengesFromIndexer(services.indexer, listing),
        fromChain: () => challengesFromChain(services, listing),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** One challenge as the contract holds it; null when there is none. */
export function useChallenge(id: number): UseQueryResult<Challenge | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "challenge", id],
    queryFn: async () => (await readChallenge(services, id)) ?? null,
    refetchInterval: 3_000,
  });
}

/** What happened to a challenge; null when nobody knows. */
export function useChallengeStory(id: number): UseQueryResult<ChallengeStory | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "challenge-story", id],
    queryFn: async () => {
      const found = await readEither(services, {
        fromIndexer: () => storyFromIndexer(services.indexer, id),
        fromChain: () => storyFromChain(services, id),
      });
      return found ?? null;
    },
    refetchInterval: POLL_MS,
  });
}

/** What a challenge costs now. */
export function useChallengeTerms(): UseQueryResult<ChallengeTerms> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "challenge-terms"],
    queryFn: () => readChallengeTerms(services),
    refetchInterval: POLL_MS,
  });
}

/** Whether the leaf of a node can still be challenged. */
export function useChallengeChance(nodeIndex: number, epoch: number): UseQueryResult<ChallengeChance> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "challenge-chance", nodeIndex, epoch],
    queryFn: () => readChallengeChance(services, { nodeIndex, epoch }),
    refetchInterval: POLL_MS,
  });
}

/** What became of an epoch of a node after its report. */
export function useEpochStory(place: NodeEpoch, enabled: boolean): UseQueryResult<EpochStory> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "epoch-story", place],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => epochStoryFromIndexer(services.indexer, place),
        fromChain: () => epochStoryFromChain(services, place),
      }),
    enabled,
    refetchInterval: POLL_MS,
  });
}

/** Offences, newest first. */
export function useOffences(listing: OffenceListing): UseQueryResult<OffenceView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "offences", listing],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => offencesFromIndexer(services.indexer, listing),
        fromChain: () => offencesFromChain(services, listing),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** Wei that challenges left for a wallet, read from the chain. */
export function useBondCredit(wallet: Address | undefined): UseQueryResult<bigint> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "bond-credit", wallet],
    queryFn: () =>
      client.readContract({
        address: config.contracts.AttestationDisputes,
        abi: attestationDisputesAbi,
        functionName: "creditOf",
        args: [wallet!],
      }),
    enabled: wallet !== undefined,
    refetchInterval: POLL_MS,
  });
}
