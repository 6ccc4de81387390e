import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { type CommitteeView, readCommittee } from "../lib/committee-view.ts";
import { useNetwork } from "./use-network.ts";

/** The committee, who waits for it and what it is paid, read from the chain. */
export function useCommittee(): UseQueryResult<CommitteeView> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "committee"],
    queryFn: () => readCommittee(services),
    refetchInterval: 8_000,
  });
}
