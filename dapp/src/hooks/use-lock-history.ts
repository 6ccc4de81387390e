import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { type LockEvent, lockHistoryFromChain, lockHistoryFromIndexer } from "../lib/lock-history.ts";
import { readEither } from "../lib/network-services.ts";
import { useNetwork } from "./use-network.ts";

/** What happened to lock and root key of an operator, newest first. */
export function useLockHistory(identityId: number): UseQueryResult<LockEvent[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lock-history", identityId],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => lockHistoryFromIndexer(services.indexer, identityId),
        fromChain: () => lockHistoryFromChain(services, identityId),
      }),
    refetchInterval: 8_000,
  });
}
