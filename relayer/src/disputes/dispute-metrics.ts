import { Counter, Gauge, type Registry } from "prom-client";

/** Prometheus metrics of disputes. */
export interface DisputeMetrics {
  unanswered: Gauge;
  unanswerable: Gauge;
  answers: Counter;
  reportsChecked: Counter<"verdict">;
  reportsWaiting: Gauge;
  casesOpen: Gauge<"kind">;
  bondsHeldWei: Gauge;
  budgetExhausted: Gauge;
}

/** Creates the metrics and registers them. */
export function createDisputeMetrics(registry: Registry): DisputeMetrics {
  const registers = [registry];
  const name = (suffix: string) => `pqmesh_disputes_${suffix}`;
  return {
    unanswered: new Gauge({
      name: name("unanswered_challenges"),
      help: "Challenges of reports that this relayer signed without an answer on chain",
      registers,
    }),
    unanswerable: new Gauge({
      name: name("unanswerable_challenges"),
      help: "Challenges that this relayer must answer and cannot: its bond is at stake",
      registers,
    }),
    answers: new Counter({ name: name("answers_total"), help: "Answers handed to the submitter", registers }),
    reportsChecked: new Counter({
      name: name("reports_checked_total"),
      help: "Accepted reports that were recomputed, by verdict: sound or faulty",
      labelNames: ["verdict"],
      registers,
    }),
    reportsWaiting: new Gauge({
      name: name("reports_waiting"),
      help: "Accepted reports whose leaves nobody gave yet",
      registers,
    }),
    casesOpen: new Gauge({
      name: name("cases_open"),
      help: "Offences found and not settled on chain, by kind",
      labelNames: ["kind"],
      registers,
    }),
    bondsHeldWei: new Gauge({ name: name("bonds_held_wei"), help: "Wei in bonds of own challenges", registers }),
    budgetExhausted: new Gauge({
      name: name("budget_exhausted"),
      help: "1 while a challenge waits because the budget for bonds is used up",
      registers,
    }),
  };
}
