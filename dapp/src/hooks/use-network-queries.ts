import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { useSyncExternalStore } from "react";
import { nodeFromChain, nodesFromChain, overviewFromChain } from "../lib/chain-source.ts";
import { nodeFromIndexer, nodesFromIndexer, overviewFromIndexer } from "../lib/indexer-source.ts";
import { type NetworkParameterTable, readParameters } from "../lib/network-parameters.ts";
import { chainSeconds, type NetworkServices, readEither, runningEpoch } from "../lib/network-services.ts";
import type { NetworkOverview, NodeDetail, NodeSummary } from "../lib/network-view.ts";
import type { PresenceSnapshot } from "../lib/presence-watch.ts";
import { fetchAttestations, type ListedAttestation } from "../lib/relayer-client.ts";
import type { Source } from "../lib/source-health.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;
/** Reports that the overview asks for. */
const REPORTS = 90;

/** Totals, newest reports and relayers. */
export function useOverview(): UseQueryResult<NetworkOverview> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "overview"],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => overviewFromIndexer(services.indexer, REPORTS),
        fromChain: () => overviewFromChain(services, REPORTS),
      }),
    refetchInterval: POLL_MS,
  });
}

/** Every node. */
export function useNodes(): UseQueryResult<NodeSummary[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "nodes"],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => nodesFromIndexer(services.indexer),
        fromChain: () => nodesFromChain(services),
      }),
    refetchInterval: POLL_MS,
  });
}

/** One node; null when it does not exist. */
export function useNode(nodeIndex: number): UseQueryResult<NodeDetail | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "node", nodeIndex],
    queryFn: async () => {
      const epoch = await runningEpoch(services);
      const window = { epoch, reportableFrom: Math.max(0, epoch - 1 - (await reportWindow(services))) };
      const node = await readEither(services, {
        fromIndexer: () => nodeFromIndexer(services.indexer, nodeIndex, window),
        fromChain: () => nodeFromChain(services, nodeIndex, window),
      });
      return node ?? null;
    },
    refetchInterval: POLL_MS,
  });
}

/** Governed numbers, read from the chain. */
export function useParameters(): UseQueryResult<NetworkParameterTable> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["parameters"],
    queryFn: async () => readParameters(services, await chainSeconds(services)),
    refetchInterval: 60_000,
  });
}

/** Newest attestations of a node by the first relayer that answers. */
export function useAttestations(
  nodeIndex: number,
  limit: number,
): UseQueryResult<{ relayer: string; attestations: ListedAttestation[] }> {
  const { config } = useNetwork();
  return useQuery({
    queryKey: ["attestations", nodeIndex, limit],
    queryFn: async () => {
      let problem: unknown = new Error("network.json names no relayer.");
      for (const { url } of config.relayers) {
        try {
          return { relayer: url, attestations: await fetchAttestations(url, nodeIndex, { limit }) };
        } catch (error) {
          problem = error;
        }
      }
      throw problem;
    },
    refetchInterval: POLL_MS,
  });
}

/** What relayers hear of the nodes now. */
export function usePresence(): PresenceSnapshot {
  const { presence } = useNetwork();
  return useSyncExternalStore(presence.subscribe, presence.snapshot);
}

/** Where figures come from now. */
export function useSource(): Source {
  const { health } = useNetwork();
  return useSyncExternalStore(health.subscribe, health.current);
}

const windows = new WeakMap<NetworkServices, Promise<number>>();

/** Epochs after its own in which an epoch can be reported; immutable, so it is asked for once. */
function reportWindow(services: NetworkServices): Promise<number> {
  const known = windows.get(services);
  if (known) return known;
  const { client, config } = services;
  const asked = client
    .readContract({
      address: config.contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      functionName: "reportDeadline",
      args: [0n],
    })
    .then((deadline) => Math.round((Number(deadline) - config.epoch.genesis) / config.epoch.lengthSeconds) - 1);
  windows.set(services, asked);
  asked.catch(() => windows.delete(services));
  return asked;
}
