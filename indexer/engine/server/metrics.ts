import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

import type { IndexingStatus } from "../sync/indexing-event.ts";

/** What `/metrics` reports. */
export interface Metrics {
  readonly registry: Registry;
  /** Seconds that GraphQL requests took. */
  readonly queryDuration: Histogram;
}

/** Creates the metrics; gauges read the indexer's status when they are asked for. */
export function createMetrics(status: () => IndexingStatus, streams: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge("pqmesh_indexer_block_number", "Last indexed block", () => status().block?.number ?? -1);
  gauge("pqmesh_indexer_chain_head_number", "Newest block of the chain that was seen", () => status().chainHead ?? -1);
  gauge("pqmesh_indexer_live", "1 while the indexer is at the head of the chain", () =>
    Number(status().state === "live"),
  );
  gauge("pqmesh_indexer_failed", "1 while a mapping failure holds the indexer", () =>
    Number(status().state === "failed"),
  );
  gauge("pqmesh_indexer_handlers_run", "Event handlers run since the start", () => status().handlersRun);
  gauge("pqmesh_indexer_reorgs", "Chain reorganizations unwound since the start", () => status().reorgs);
  gauge("pqmesh_indexer_rpc_requests", "RPC requests sent since the start", () => status().rpcRequests);
  gauge(
    "pqmesh_indexer_rpc_failures",
    "RPC requests that got no usable answer since the start",
    () => status().rpcFailures,
  );
  gauge("pqmesh_indexer_streams", "Open event streams", streams);
  const queryDuration = new Histogram({
    name: "pqmesh_indexer_query_duration_seconds",
    help: "Time to answer a GraphQL request",
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  return { registry, queryDuration };
}
