import { createHash } from "node:crypto";
import { mlDsa65KeyFromSeed } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import type { KeyObject } from "node:crypto";

/** What the benchmark was asked for. */
export interface IngestLoad {
  /** Attestations per second. */
  rate: number;
  /** Length of the measured window. */
  seconds: number;
  /** Sessions, one node each. */
  sessions: number;
}

/** TLS material that the load generator's authority issues to the relayer. */
export interface RelayerTls {
  key: string;
  cert: string;
  ca: string;
  crl: string;
}

/** Processor time and memory of a process. */
export interface ProcessUse {
  cpuSeconds: number;
  /** Of which the main thread. */
  mainThreadSeconds: number;
  rssMb: number;
}

/** What the load generator saw. */
export interface LoadOutcome {
  sent: number;
  /** Receipts, in time. */
  receipts: number;
  /** Stored, but acknowledged after the end of their epoch. */
  late: number;
  refused: Record<string, number>;
  /** From the start of the first measured epoch to the end of the last one, or to the last answer if that came later. */
  seconds: number;
  /** Milliseconds from sending to acknowledgement, ascending. */
  latencies: { p50: number; p95: number; p99: number; max: number };
  /** Receipts whose Merkle path and signature were checked after the run, and how many of them were wrong. */
  checked: number;
  wrong: number;
  use: ProcessUse;
}

/** Messages to the processes of the benchmark. */
export type ToProcess =
  | { kind: "prepare"; load: IngestLoad; dataDir: string; tls?: RelayerTls }
  | { kind: "connect"; port: number }
  | { kind: "run"; startAtMs: number }
  | { kind: "use" };

/** Messages from the processes of the benchmark. */
export type FromProcess =
  | { kind: "progress"; text: string }
  | { kind: "tls"; tls: RelayerTls }
  | { kind: "listening"; port: number }
  | { kind: "connected" }
  | { kind: "outcome"; outcome: LoadOutcome }
  | { kind: "use"; use: ProcessUse; stored: number };

/** Seconds of load before the measured window, so that both programs are compiled and warm. */
export const WARM_UP_SECONDS = 3;

/** Length of an epoch: every node attests once in it. */
export function epochSeconds({ rate, sessions }: IngestLoad): number {
  return sessions / rate;
}

/** Attestation key of a node of the benchmark. */
export function benchNodeKey(nodeIndex: number): KeyObject {
  return mlDsa65KeyFromSeed(createHash("sha256").update(`benchmark node ${nodeIndex}`).digest());
}

/** Private key of the benchmark's relayer. */
export const BENCH_RELAYER_KEY = createHash("sha256").update("benchmark relayer").digest();

/** Use of this process since its start. */
export function processUse(): ProcessUse {
  const { user, system } = process.cpuUsage();
  const main = process.threadCpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    mainThreadSeconds: (main.user + main.system) / 1e6,
    rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}

/** What a process used between two readings. */
export function useBetween(before: ProcessUse, after: ProcessUse): ProcessUse {
  return {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    mainThreadSeconds: after.mainThreadSeconds - before.mainThreadSeconds,
    rssMb: after.rssMb,
  };
}

/** Sends a message to the benchmark's main process. */
export function report(message: FromProcess): void {
  process.send?.(message);
}

/** Calls `handle` for every message of the main process, one after the other. */
export function onMessage(handle: (message: ToProcess) => Promise<void> | void): void {
  let last = Promise.resolve();
  process.on("message", (message: ToProcess) => {
    last = last.then(() => handle(message));
  });
  process.on("disconnect", () => process.exit(0));
}
