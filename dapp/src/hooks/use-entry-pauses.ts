import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { EntryAreaName } from "../lib/entry-area.ts";
import { type EntryPauses, pauseSentence, readEntryPauses } from "../lib/entry-pause.ts";
import { useChainTime } from "./use-chain-time.ts";
import { useNetwork } from "./use-network.ts";

/** What entries are paused, and who can pause them at once. */
export function useEntryPauses(): UseQueryResult<EntryPauses> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "entry-pauses"],
    queryFn: () => readEntryPauses(services),
    refetchInterval: 15_000,
  });
}

/** Says that an area is paused now, until when and by whom; undefined while it is open. */
export function useEntryPause(area: EntryAreaName): string | undefined {
  const { seconds = 0 } = useChainTime(5_000);
  const { data } = useEntryPauses();
  return data && pauseSentence(data, area, seconds);
}
