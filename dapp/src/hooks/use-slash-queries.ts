import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { readEither } from "../lib/network-services.ts";
import { nodeSlashesFromChain, nodeSlashesFromIndexer, type NodeSlashView } from "../lib/node-slashes.ts";
import {
  proposalsFromChain,
  proposalsFromIndexer,
  type SlashListing,
  type SlashProposalView,
} from "../lib/slash-proposals.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;

/** Proposals to slash nodes, newest first. */
export function useSlashProposals(listing: SlashListing): UseQueryResult<SlashProposalView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "slash-proposals", listing],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => proposalsFromIndexer(services.indexer, listing),
        fromChain: () => proposalsFromChain(services, listing),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** Slashes of nodes, newest first. */
export function useNodeSlashes(listing: SlashListing): UseQueryResult<NodeSlashView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "node-slashes", listing],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => nodeSlashesFromIndexer(services.indexer, listing),
        fromChain: () => nodeSlashesFromChain(services, listing),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}
