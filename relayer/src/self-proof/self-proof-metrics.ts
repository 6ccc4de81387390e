import { Counter, Gauge, type Registry } from "prom-client";

/** Prometheus metrics of what an agent does for its own epochs. */
export interface SelfProofMetrics {
  unsecured: Counter;
  unprotected: Counter;
  commits: Counter;
  missing: Gauge;
  omissions: Counter;
  exhausted: Gauge;
}

/** Creates the metrics and registers them. */
export function createSelfProofMetrics(registry: Registry): SelfProofMetrics {
  const registers = [registry];
  const name = (suffix: string) => `pqmesh_agent_${suffix}`;
  return {
    unsecured: new Counter({
      name: name("unsecured_epochs_total"),
      help: "Epochs without enough receipts or without a report in time",
      registers,
    }),
    unprotected: new Counter({
      name: name("unprotected_epochs_total"),
      help: "Of these, epochs whose hash was not put on chain because there is no wallet",
      registers,
    }),
    commits: new Counter({ name: name("commits_total"), help: "Hashes handed over to be put on chain", registers }),
    missing: new Gauge({
      name: name("missing_epochs"),
      help: "Epochs on chain as absent or unreported that this agent can still prove",
      registers,
    }),
    omissions: new Counter({
      name: name("omissions_total"),
      help: "Members found that acknowledged an attestation and signed a report without it",
      registers,
    }),
    exhausted: new Gauge({
      name: name("budget_exhausted"),
      help: "1 while a transaction waits because the wallet's daily budget is used up",
      registers,
    }),
  };
}
