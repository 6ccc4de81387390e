/** Attestations that one relayer verifies, stores and acknowledges per second: `npm run bench:ingest`. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FromProcess, IngestLoad, LoadOutcome, ProcessUse, ToProcess } from "./ingest/bench-messages.ts";
import { epochSeconds, useBetween, WARM_UP_SECONDS } from "./ingest/bench-messages.ts";
import { nativeVerifyRate } from "./ingest/native-rate.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";

const NATIVE_SECONDS = 3;
const MUST_PER_SECOND = 3_000;
const MUST_P95_MS = 100;
/** Share of the peak that is sustained when the peak itself answers too late: queues stay short below it. */
const SUSTAINED_SHARE = 0.6;
const LEAST_RATE = 3_100;

/**
 * The generator holds the sessions of thousands of nodes in one heap. What it sends lies outside that heap and dies at
 * once, but a large young generation finds out late, and full collections then take both cores from the relayer for a
 * fifth of a second; nodes on machines of their own would not.
 */
const GENERATOR_FLAGS = ["--max-semi-space-size=4"];

/** Figures of the relayer over the measured window. */
interface RelayerUse extends ProcessUse {
  stored: number;
}

/** A process of the benchmark and the messages it sends. */
class Part {
  readonly #child: ChildProcess;
  readonly #seen: FromProcess[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(file: string, execArgv: string[] = []) {
    this.#child = fork(join(import.meta.dirname, "ingest", file), { serialization: "advanced", execArgv });
    this.#child.on("message", (message: FromProcess) => {
      if (message.kind === "progress") process.stderr.write(`${message.text}\n`);
      else this.#seen.push(message);
      this.#wake.resolve();
    });
    this.#child.once("exit", () => this.#wake.reject(new Error(`${file} ended before the benchmark did`)));
    this.#wake.promise.catch(() => undefined);
  }

  tell(message: ToProcess): void {
    this.#child.send(message);
  }

  async hear<K extends FromProcess["kind"]>(kind: K): Promise<FromProcess & { kind: K }> {
    for (;;) {
      const at = this.#seen.findIndex((message) => message.kind === kind);
      if (at >= 0) return this.#seen.splice(at, 1)[0] as FromProcess & { kind: K };
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }

  end(): void {
    this.#child.removeAllListeners("exit");
    this.#child.kill("SIGKILL");
  }
}

/** What both sides saw of one load. */
interface Measured {
  outcome: LoadOutcome;
  relayer: RelayerUse;
}

async function measure(load: IngestLoad): Promise<Measured> {
  const dataDir = mkdtempSync(join(process.cwd(), ".bench-ingest-"));
  const parts = { relayer: new Part("relayer-process.ts"), generator: new Part("load-generator.ts", GENERATOR_FLAGS) };
  try {
    parts.generator.tell({ kind: "prepare", load, dataDir });
    const { tls } = await parts.generator.hear("tls");
    parts.relayer.tell({ kind: "prepare", load, dataDir, tls });
    const { port } = await parts.relayer.hear("listening");
    parts.generator.tell({ kind: "connect", port });
    await parts.generator.hear("connected");
    process.stderr.write(`${load.sessions} sessions are open\n`);
    return await runLoad(parts, load);
  } finally {
    for (const part of Object.values(parts)) part.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function runLoad(
  { relayer, generator }: { relayer: Part; generator: Part },
  load: IngestLoad,
): Promise<Measured> {
  const startAtMs = Date.now() + 500;
  const warmMs = Math.ceil(WARM_UP_SECONDS / epochSeconds(load)) * epochSeconds(load) * 1_000;
  relayer.tell({ kind: "run", startAtMs });
  generator.tell({ kind: "run", startAtMs });
  await new Promise((resolve) => setTimeout(resolve, startAtMs + warmMs - Date.now()));
  relayer.tell({ kind: "use" });
  const before = await relayer.hear("use");
  const { outcome } = await generator.hear("outcome");
  relayer.tell({ kind: "use" });
  const after = await relayer.hear("use");
  return {
    outcome,
    relayer: { ...useBetween(before.use, after.use), stored: after.stored - before.stored },
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

function perSecond({ receipts, late, seconds }: LoadOutcome): number {
  return (receipts + late) / seconds;
}

function unanswered({ sent, receipts, late }: LoadOutcome): number {
  return sent - receipts - late;
}

function sustainableRate({ rate }: IngestLoad, { outcome }: Measured): number {
  const isInTime = outcome.latencies.p95 < MUST_P95_MS && unanswered(outcome) === 0;
  return isInTime ? rate : Math.max(LEAST_RATE, Math.round(SUSTAINED_SHARE * perSecond(outcome)));
}

function sustainedRows({ rate }: IngestLoad, { outcome, relayer }: Measured): BenchRow[] {
  const missing = unanswered(outcome);
  const { latencies, seconds } = outcome;
  const isFast = perSecond(outcome) >= MUST_PER_SECOND;
  const isPrompt = latencies.p95 < MUST_P95_MS;
  return [
    {
      label: "verified, stored and acknowledged",
      value: round(perSecond(outcome)),
      unit: "/s",
      limit: ">= 3,000",
      ok: isFast,
    },
    { label: "acknowledgement, median", value: round(latencies.p50), unit: "ms" },
    { label: "acknowledgement, p95", value: round(latencies.p95), unit: "ms", limit: "< 100", ok: isPrompt },
    { label: "acknowledgement, p99", value: round(latencies.p99), unit: "ms" },
    { label: "acknowledgement, slowest", value: round(latencies.max), unit: "ms" },
    { label: "not acknowledged", value: missing, unit: "of " + outcome.sent, limit: "0", ok: missing === 0 },
    { label: "offered", value: rate, unit: "/s" },
    { label: "relayer, processor", value: round(relayer.cpuSeconds / seconds), unit: "cores" },
    { label: "of which its main thread", value: round(relayer.mainThreadSeconds / seconds), unit: "cores" },
    { label: "relayer, memory", value: relayer.rssMb, unit: "MB" },
    { label: "load generator, processor", value: round(outcome.use.cpuSeconds / seconds), unit: "cores" },
  ];
}

function peakRows(native: number, { outcome }: Measured): BenchRow[] {
  const peak = perSecond(outcome);
  return [
    { label: "peak, verified, stored and acknowledged", value: round(peak), unit: "/s", limit: "goal >= 5,230" },
    { label: "peak, acknowledgement, p95", value: round(outcome.latencies.p95), unit: "ms" },
    { label: "peak, not acknowledged", value: unanswered(outcome), unit: "of " + outcome.sent },
    { label: "bare native verification, one core", value: Math.round(native), unit: "/s" },
    { label: "ratio of the peak to native", value: round(peak / native), unit: "", limit: "goal >= 0.6" },
  ];
}

function toResult(native: number, sustained: [IngestLoad, Measured], peak: [IngestLoad, Measured]): BenchResult {
  const [load, { outcome }] = sustained;
  return {
    rows: [...sustainedRows(...sustained), ...peakRows(native, peak[1])],
    metrics: {
      verified_per_second: round(perSecond(outcome)),
      p50_ms: round(outcome.latencies.p50),
      p95_ms: round(outcome.latencies.p95),
      p99_ms: round(outcome.latencies.p99),
      native_verify_per_second_per_core: Math.round(native),
      ratio_to_native: round(perSecond(peak[1].outcome) / native),
      peak_verified_per_second: round(perSecond(peak[1].outcome)),
      peak_p95_ms: round(peak[1].outcome.latencies.p95),
      seconds: round(outcome.seconds),
      sessions: load.sessions,
    },
    notes: [
      "",
      "Each session is one node: mTLS, X25519MLKEM768, ML-DSA-65 certificates on both sides, one attestation per epoch.",
      "The load generator is a process of its own on the same machine; it signed everything before the measured window.",
      "The relayer is one process with its real transport, ingest and SQLite store (every commit synced to disk). Its view of",
      "the chain is a fixed directory of these nodes in memory, since the chain is not what is measured.",
      noteOn("Sustained", ...sustained),
      noteOn("Peak", ...peak),
    ],
  };
}

function noteOn(name: string, load: IngestLoad, { outcome, relayer }: Measured): string {
  const refused = Object.entries(outcome.refused).map(([code, count]) => `${code} ${count}`);
  return (
    `${name}: ${load.sessions} nodes, epochs of ${epochSeconds(load).toFixed(2)} s, ${load.rate}/s for ${load.seconds} s; ` +
    `counted by the relayer ${relayer.stored}, by the generator ${outcome.receipts} receipts and ${outcome.late} after ` +
    `their epoch's end; refused: ${refused.join(", ") || "none"}; of ${outcome.checked} receipts checked, ` +
    `${outcome.wrong} were wrong.`
  );
}

await runBench({
  name: "ingest",
  title: "Attestations that one relayer verifies (ML-DSA-65), stores durably and acknowledges per second",
  options: {
    seconds: { type: "string", default: "60", description: "length of the sustained window" },
    rate: {
      type: "string",
      default: "auto",
      description:
        "attestations per second of the sustained window; auto: what was offered at the peak if it was answered in time, else 60 % of the peak",
    },
    "peak-seconds": { type: "string", default: "15", description: "length of the window at the peak" },
    "peak-rate": { type: "string", default: "5230", description: "attestations per second offered at the peak" },
    sessions: { type: "string", default: "4000", description: "nodes, one TLS session each" },
  },
  async run(options) {
    const sessions = Number(options.sessions);
    const peak: IngestLoad = { seconds: Number(options["peak-seconds"]), rate: Number(options["peak-rate"]), sessions };
    const native = nativeVerifyRate(NATIVE_SECONDS);
    const atPeak = await measure(peak);
    const rate = options.rate === "auto" ? sustainableRate(peak, atPeak) : Number(options.rate);
    const load: IngestLoad = { seconds: Number(options.seconds), rate, sessions };
    return toResult(native, [load, await measure(load)], [peak, atPeak]);
  },
});
