import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Prometheus metrics of the committee. */
export interface CommitteeMetrics {
  roundsLed: Counter<"outcome">;
  proposalsSigned: Counter;
  proposalsRefused: Counter<"reason">;
  secondsToQuorum: Histogram;
  silentPeers: Gauge;
}

/** Creates the metrics and registers them. */
export function createCommitteeMetrics(registry: Registry): CommitteeMetrics {
  const registers = [registry];
  const name = (suffix: string) => `pqmesh_committee_${suffix}`;
  return {
    roundsLed: new Counter({
      name: name("rounds_led_total"),
      help: "Rounds led, by outcome: quorum, no-quorum or failed",
      labelNames: ["outcome"],
      registers,
    }),
    proposalsSigned: new Counter({ name: name("proposals_signed_total"), help: "Proposals signed", registers }),
    proposalsRefused: new Counter({
      name: name("proposals_refused_total"),
      help: "Proposals of other members not signed, by reason",
      labelNames: ["reason"],
      registers,
    }),
    secondsToQuorum: new Histogram({
      name: name("quorum_seconds"),
      help: "Seconds from the start of a round to its quorum",
      buckets: [0.1, 0.25, 0.5, 1, 2, 4, 8, 16],
      registers,
    }),
    silentPeers: new Gauge({
      name: name("silent_peers"),
      help: "Members that did not answer the last round",
      registers,
    }),
  };
}

/** Registers how many reports that leaders signed are kept; they are counted when somebody asks. */
export function registerStatements(registry: Registry, count: () => number): void {
  new Gauge({
    name: "pqmesh_committee_statements",
    help: "Reports that leaders signed, kept as evidence until their epochs are final",
    registers: [registry],
    collect() {
      this.set(count());
    },
  });
}
