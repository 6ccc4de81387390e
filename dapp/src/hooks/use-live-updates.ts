import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNetwork } from "./use-network.ts";

/** Milliseconds in which several notices lead to one refresh. */
const GATHER_MS = 400;

/**
 * Keeps the screens current without a reload: blocks of the indexer and reports of a relayer refresh what they touch, and the
 * chain's head is asked for anyway, so that time goes on when both are away.
 */
export function useLiveUpdates(): void {
  const { config, client, clock } = useNetwork();
  const queries = useQueryClient();
  useQuery({
    queryKey: ["head"],
    queryFn: async () => {
      const { timestamp, number } = await client.getBlock();
      clock.note(Number(timestamp));
      return Number(number);
    },
    refetchInterval: 4_000,
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: ["network"] });
        void queries.invalidateQueries({ queryKey: ["wallet"] });
      }, GATHER_MS);
    };
    const indexer = new EventSource(`${config.indexerUrl.replace(/\/$/, "")}/live`);
    indexer.addEventListener("block", (event: MessageEvent<string>) => {
      const { block, entities } = JSON.parse(event.data) as { block?: { timestamp?: number }; entities?: string[] };
      if (block?.timestamp) clock.note(Number(block.timestamp));
      if (entities === undefined || entities.length > 0) refresh();
    });
    const relayers = config.relayers.slice(0, 1).map(({ url }) => {
      const events = new EventSource(`${url.replace(/\/$/, "")}/v1/events`);
      events.addEventListener("report", refresh);
      events.addEventListener("attestation", () => void queries.invalidateQueries({ queryKey: ["attestations"] }));
      return events;
    });
    return () => {
      clearTimeout(timer);
      for (const events of [indexer, ...relayers]) events.close();
    };
  }, [config, clock, queries]);
}
