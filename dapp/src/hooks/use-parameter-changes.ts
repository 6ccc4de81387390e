import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { readEither } from "../lib/network-services.ts";
import { changesFromChain, changesFromIndexer, type ParameterChange } from "../lib/parameter-changes.ts";
import { useNetwork } from "./use-network.ts";

/** Changes of governed numbers since the deployment, newest first. */
export function useParameterChanges(): UseQueryResult<ParameterChange[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "parameter-changes"],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => changesFromIndexer(services.indexer),
        fromChain: () => changesFromChain(services),
      }),
    refetchInterval: 60_000,
  });
}
