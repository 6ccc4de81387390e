import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { keysFromChain } from "../lib/chain-source.ts";
import type { PublishedKey } from "../lib/network-view.ts";
import { type QuantumLockView, readQuantumLock } from "../lib/quantum-lock.ts";
import { useNetwork } from "./use-network.ts";

/** Quantum lock of an operator, read from the chain. */
export function useQuantumLock(identityId: number | undefined): UseQueryResult<QuantumLockView> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "quantum-lock", identityId],
    queryFn: () => readQuantumLock(services, identityId!),
    enabled: identityId !== undefined,
    refetchInterval: 6_000,
  });
}

/** Attestation keys of nodes, read from the chain, oldest first. */
export function useNodeKeys(nodes: readonly number[]): UseQueryResult<Map<number, PublishedKey[]>> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "node-keys", nodes],
    queryFn: async () => {
      const keys = nodes.map(async (node): Promise<[number, PublishedKey[]]> => [
        node,
        await keysFromChain(services, node),
      ]);
      return new Map(await Promise.all(keys));
    },
    refetchInterval: 15_000,
  });
}
