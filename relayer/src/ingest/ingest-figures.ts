import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RefusalCode } from "../session/frames.ts";
import type { Health } from "../service/health.ts";

/** Counts what ingest does, for `/metrics` and `/health`. */
export class IngestFigures {
  readonly #registry: Registry;
  readonly #health: Health;
  readonly #accepted: Counter<"as">;
  readonly #refused: Counter<"code">;
  readonly #commitSeconds: Histogram;
  readonly #commitSize: Histogram;
  #acceptedTotal = 0;

  constructor(registry: Registry, health: Health) {
    const registers = [registry];
    this.#registry = registry;
    this.#health = health;
    this.#accepted = new Counter({
      name: "pqmesh_attestations_accepted_total",
      help: "Attestations acknowledged: as leaf of an open epoch, as late history, or repeated.",
      labelNames: ["as"],
      registers,
    });
    this.#refused = new Counter({
      name: "pqmesh_attestations_refused_total",
      help: "Attestations refused, by code.",
      labelNames: ["code"],
      registers,
    });
    this.#commitSeconds = new Histogram({
      name: "pqmesh_commit_seconds",
      help: "Time from signing a batch's receipt until it is synced to disk.",
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
      registers,
    });
    this.#commitSize = new Histogram({
      name: "pqmesh_commit_attestations",
      help: "Attestations in one transaction.",
      buckets: [1, 3, 10, 30, 100, 300, 1_000],
      registers,
    });
  }

  /** Attestations acknowledged since the start. */
  get accepted(): number {
    return this.#acceptedTotal;
  }

  onAccepted(as: "leaf" | "history" | "repeated"): void {
    this.#acceptedTotal += 1;
    this.#accepted.inc({ as });
  }

  onRefused(code: RefusalCode): void {
    this.#refused.inc({ code });
  }

  /** Counts a transaction; one that failed degrades the service until the next one succeeds. */
  onCommit({ size, seconds, failure }: { size: number; seconds: number; failure?: string }): void {
    if (failure !== undefined) {
      this.#health.degrade("attestation store", `takes no attestations: ${failure}`);
      return;
    }
    this.#health.restore("attestation store");
    this.#commitSeconds.observe(seconds);
    this.#commitSize.observe(size);
  }

  /** Shows how many attestations are between arrival and outcome. */
  watchPending(read: () => number): void {
    new Gauge({
      name: "pqmesh_attestations_pending",
      help: "Attestations between arrival and outcome.",
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
