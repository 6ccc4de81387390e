import { Counter, Gauge, type Registry } from "prom-client";

/** Prometheus metrics of the submitter. */
export interface SubmitMetrics {
  entries: Counter<"outcome">;
  transactions: Counter<"reason">;
  broadcastFailures: Counter<"reason">;
  revertedTransactions: Counter;
  foreignNonces: Counter;
  openEntries: Gauge;
  openNonces: Gauge;
}

/** Creates the metrics and registers them. */
export function createSubmitMetrics(registry: Registry): SubmitMetrics {
  const registers = [registry];
  const name = (suffix: string) => `pqmesh_submit_${suffix}`;
  return {
    entries: new Counter({
      name: name("entries_total"),
      help: "Outbox entries ended, by outcome",
      labelNames: ["outcome"],
      registers,
    }),
    transactions: new Counter({
      name: name("transactions_total"),
      help: "Transactions signed, by reason: first, bump, takeover or filler",
      labelNames: ["reason"],
      registers,
    }),
    broadcastFailures: new Counter({
      name: name("broadcast_failures_total"),
      help: "Broadcasts that the RPC endpoint refused, by reason",
      labelNames: ["reason"],
      registers,
    }),
    revertedTransactions: new Counter({
      name: name("reverted_transactions_total"),
      help: "Own transactions that were mined and reverted",
      registers,
    }),
    foreignNonces: new Counter({
      name: name("foreign_nonces_total"),
      help: "Nonces of this key that a transaction from elsewhere used up",
      registers,
    }),
    openEntries: new Gauge({ name: name("open_entries"), help: "Outbox entries not final yet", registers }),
    openNonces: new Gauge({ name: name("open_nonces"), help: "Nonces with a transaction not mined yet", registers }),
  };
}
