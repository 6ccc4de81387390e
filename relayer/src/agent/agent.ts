import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { verifyReceiptPath } from "@pqmesh/contracts/protocol/merkle";
import type { Logger } from "pino";
import { type Address, type Hex, recoverAddress } from "viem";
import type { ChainView } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import {
  type Hello,
  type Receipt,
  type Refusal,
  type RefusalCode,
  SESSION_VERSION,
  type Welcome,
} from "../session/frames.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import { attestEpoch, type AttestationKey, type AttesterOptions, signingFraction, type Withheld } from "./attester.ts";
import { HeadCheck } from "./head-check.ts";
import { type HostSample, sampleHost } from "./host-metrics.ts";
import type { Journal } from "./journal.ts";
import { judgeHead, type HeadJudge, type HeadVerdict } from "./provenance-guard.ts";
import { monotonicMicros, type RelayerTarget, Route } from "./route.ts";
import { RoutePool } from "./route-pool.ts";

/** Most attestations sent again on one route at once. */
const RESEND_LIMIT = 1_024;
/** How long before a refused attestation is sent again when the relayer was only busy. */
const RETRY_MS = 500;
/** Refusals that say nothing about the attestation itself. */
const RETRIED: ReadonlySet<RefusalCode> = new Set(["overloaded", "storage-unavailable", "internal-error"]);
const ASK_HEADS_EVERY_MS = 1_000;

/** What an agent is made from; everything is open and checked already. */
export interface AgentParts {
  nodeIndex: number;
  agentVersion: string;
  measurement: Hex;
  shares: bigint;
  /** Basis points of the volume's storage that are offered. */
  storageShareBp: number;
  heartbeatMs: number;
  dataDir: string;
  domain: StatementDomain;
  chain: ChainView & Pick<ChainFollower, "health">;
  journal: Journal;
  keys: readonly AttestationKey[];
  credentials: MeshCredentials;
  relayers: RelayerTarget[];
  routes: number;
  isOwnSignature: HeadJudge["isOwnSignature"];
  readStake: () => Promise<bigint>;
  journalEntries: number;
  log: Logger;
  /** Called when the agent must not go on; the process ends with this sentence. */
  onFatal: (sentence: string) => void;
}

/** Figures for `/metrics` and `/health`. */
export interface AgentFigures {
  routes: number;
  sequence: bigint;
  lastEpoch: bigint | undefined;
  receipts: number;
  heartbeats: number;
  withheld: Withheld | "head-unconfirmed" | undefined;
}

/** A running agent: heartbeats all the time, one attestation per epoch. */
export class Agent {
  readonly #parts: AgentParts;
  readonly #pool: RoutePool;
  readonly #heads: HeadCheck;
  readonly #roundTrips: number[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;
  #counter = 0;
  #heartbeatsByEpoch = new Map<bigint, number>();
  #host: HostSample | undefined;
  #withheld: Withheld | undefined;
  #attempted = -1n;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    const { log, relayers, nodeIndex } = parts;
    const first = nodeIndex % relayers.length;
    const targets = [...relayers.slice(first), ...relayers.slice(0, first)];
    const onWelcome = (welcome: Welcome, route: Route): void => this.#onWelcome(welcome, route);
    this.#pool = new RoutePool({ targets, size: parts.routes, open: (target) => this.#open(target, onWelcome), log });
    this.#heads = new HeadCheck({ targets, ask: (target) => this.#askHead(target), log });
  }

  /** Starts heartbeats and attestations; returns at once. */
  start(): void {
    this.#pool.start();
    this.#every(this.#parts.heartbeatMs, () => this.#heartbeat());
    this.#every(250, () => this.#attestWhenDue());
    this.#every(ASK_HEADS_EVERY_MS, () => this.#heads.askMissing(this.#pool.ready));
    void this.#refreshHost();
    this.#every(5_000, () => this.#refreshHost());
  }

  /** Ends sessions and timers; the journal is left for its owner to close. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#pool.stop("the agent is stopping");
  }

  figures(): AgentFigures {
    const head = this.#parts.journal.head();
    return {
      routes: this.#pool.ready.length,
      sequence: head?.sequence ?? 0n,
      lastEpoch: head?.epoch,
      receipts: head ? this.#parts.journal.receiptCount(head.sequence) : 0,
      heartbeats: this.#counter,
      withheld: this.#heads.isDone ? this.#withheld : "head-unconfirmed",
    };
  }

  #open(target: RelayerTarget, onWelcome: (welcome: Welcome, route: Route) => void): Promise<Route> {
    const { chain, credentials, nodeIndex, agentVersion, measurement, heartbeatMs, log } = this.#parts;
    const hello: Hello = { version: SESSION_VERSION, nodeIndex, agentVersion, measurement, heartbeatMs };
    return Route.open(target, {
      credentials,
      hello,
      expected: { chainId: chain.chainId, bridge: chain.bridge },
      handlers: {
        onWelcome,
        onReceipt: (receipt, route) => void this.#onReceipt(receipt, route),
        onRefused: (refusal, route) => this.#onRefused(refusal, route),
        onRoundTrip: (micros) => this.#noteRoundTrip(micros),
        onFault: (error) => log.warn({ err: error, relayer: target.address }, "relayer sent what cannot be read"),
      },
    });
  }

  #askHead(target: RelayerTarget): Promise<Route> {
    return this.#open(target, (welcome, asked) => {
      this.#judge(welcome, asked);
      asked.close("the head was asked for");
    });
  }

  #every(ms: number, work: () => void | Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.#parts.log.error({ err: error }, "agent task failed");
      }
    };
    this.#timers.add(setInterval(() => void run(), ms));
  }

  async #refreshHost(): Promise<void> {
    this.#host = await sampleHost(this.#parts.dataDir);
  }

  #heartbeat(): void {
    if (!this.#host) return;
    this.#counter = (this.#counter + 1) >>> 0;
    const { cpuLoadBp, memoryUsedBp, storageUsedBp } = this.#host;
    const heartbeat = {
      counter: this.#counter,
      agentMicros: monotonicMicros(),
      cpuLoadBp,
      memoryUsedBp,
      storageUsedBp,
    };
    const sent = this.#pool.ready.filter((route) => route.sendHeartbeat(heartbeat)).length;
    if (sent === 0) return;
    const epoch = this.#parts.chain.currentEpoch();
    this.#heartbeatsByEpoch.set(epoch, (this.#heartbeatsByEpoch.get(epoch) ?? 0) + 1);
    for (const old of this.#heartbeatsByEpoch.keys()) if (old < epoch - 1n) this.#heartbeatsByEpoch.delete(old);
  }

  async #attestWhenDue(): Promise<void> {
    const { chain, nodeIndex } = this.#parts;
    if (!this.#heads.isDone || !this.#host || this.#stopped || !chain.health().ok) return;
    const epoch = chain.currentEpoch();
    const lengthMs = chain.epochLengthSeconds * 1_000;
    const sinceStart = chain.nowMs() - Number(chain.epochGenesis) * 1_000 - Number(epoch) * lengthMs;
    const fraction = sinceStart / lengthMs;
    if (this.#attempted === epoch || fraction < signingFraction(nodeIndex) || fraction > 0.9) return;
    this.#attempted = epoch;
    const withheld = await this.#attest(epoch, this.#host).catch((error: unknown) => {
      this.#attempted = -1n;
      throw error;
    });
    if (withheld === "no-beacon") this.#attempted = -1n;
  }

  async #attest(epoch: bigint, host: HostSample): Promise<Withheld | undefined> {
    const { log, journal, storageShareBp, journalEntries } = this.#parts;
    const stake = await this.#parts.readStake();
    const options: AttesterOptions = { ...this.#parts, space: (host.storageBytes * BigInt(storageShareBp)) / 10_000n };
    const result = attestEpoch(options, epoch, {
      host,
      heartbeats: this.#heartbeatsByEpoch.get(epoch - 1n) ?? 0,
      latencyMicros: median(this.#roundTrips),
      stake,
      uptimeSeconds: BigInt(Math.floor(process.uptime())),
    });
    if ("withheld" in result) {
      const isNews = this.#withheld !== result.withheld;
      this.#withheld = result.withheld;
      if (isNews) log.info({ epoch: String(epoch), reason: result.withheld }, "no attestation for this epoch");
      return result.withheld;
    }
    this.#withheld = undefined;
    const { sequence } = result.signed.attestation;
    log.info({ epoch: String(epoch), sequence: String(sequence), digest: result.digest }, "attestation signed");
    for (const route of this.#pool.ready) this.#send(route, sequence, 1);
    if (sequence % 256n === 0n) journal.prune(journalEntries);
    return undefined;
  }

  /** Sends journal entries from a sequence on; a route that ends meanwhile gets them after its next WELCOME. */
  #send(route: Route, sequence: bigint, limit: number): void {
    for (const wire of this.#parts.journal.wiresFrom(sequence, limit)) {
      route.sendAttestation(wire).catch(() => undefined);
    }
  }

  #onWelcome(welcome: Welcome, route: Route): void {
    this.#pool.noteSuccess(route.target);
    const verdict = this.#judge(welcome, route);
    const own = this.#parts.journal.head();
    if (!own || verdict === "behind" || verdict === "forked") return;
    const newestKnown = verdict === "consistent" && welcome.head ? BigInt(welcome.head.sequence) : own.sequence - 1n;
    if (newestKnown < own.sequence) this.#send(route, newestKnown + 1n, RESEND_LIMIT);
  }

  /** Judges the head that a relayer showed; one that proves another copy of this agent ends the process. */
  #judge(welcome: Welcome, { target }: Route): HeadVerdict["kind"] {
    const verdict = judgeHead(this.#parts, welcome.head);
    const shown = { relayer: target.address, head: welcome.head?.sequence ?? null, verdict: verdict.kind };
    this.#parts.log.info(shown, "relayer showed its head");
    if (verdict.kind === "consistent") this.#heads.note(target);
    else if (verdict.kind !== "unproven") this.#stopForGood(verdict.kind, verdict.signed.attestation.sequence);
    return verdict.kind;
  }

  #stopForGood(kind: "behind" | "forked", sequence: bigint): void {
    const { nodeIndex, dataDir, journal } = this.#parts;
    const own = journal.head()?.sequence ?? 0n;
    const cause =
      kind === "behind"
        ? `the network holds attestation ${sequence} of node ${nodeIndex}, but ${dataDir} ends at ${own}`
        : `the network holds another attestation ${sequence} of node ${nodeIndex} than ${dataDir}`;
    this.#parts.onFatal(
      `${cause}: this is a restored or a second copy of the agent. Make sure that no other one runs, then use "pqmesh agent recover".`,
    );
  }

  async #onReceipt(receipt: Receipt, route: Route): Promise<void> {
    const { journal, log } = this.#parts;
    const relayer = route.target.address;
    try {
      const isSound = await this.#isSoundReceipt(receipt, relayer);
      if (!isSound) log.warn({ relayer, receipt }, "receipt is not valid, it is not kept");
      else if (!this.#stopped) journal.addReceipt(BigInt(receipt.sequence), relayer, receipt);
    } catch (error) {
      log.error({ err: error, relayer }, "receipt could not be kept");
    }
  }

  /** True when the relayer itself signed that it held exactly the attestation that the journal has at this sequence. */
  async #isSoundReceipt(receipt: Receipt, relayer: Address): Promise<boolean> {
    const { domain, journal, nodeIndex } = this.#parts;
    const entry = journal.entry(BigInt(receipt.sequence));
    const epoch = BigInt(receipt.epoch);
    if (entry?.attestation.epoch !== epoch || receipt.nodeIndex !== nodeIndex) return false;
    if (hashAttestation(domain, entry.attestation) !== receipt.digest.toLowerCase()) return false;
    if (!verifyReceiptPath(receipt.root, receipt.digest, receipt)) return false;
    const hash = hashReceipt(domain, { epoch, root: receipt.root });
    const signer = await recoverAddress({ hash, signature: receipt.signature }).catch(() => undefined);
    return signer?.toLowerCase() === relayer.toLowerCase();
  }

  #onRefused(refusal: Refusal, route: Route): void {
    const { log, journal } = this.#parts;
    const sequence = BigInt(refusal.sequence);
    if (refusal.code === "sequence-gap" && refusal.expectedSequence !== undefined) {
      const expected = BigInt(refusal.expectedSequence);
      if (expected < sequence && journal.entry(expected)) this.#send(route, expected, RESEND_LIMIT);
      return;
    }
    log.warn({ relayer: route.target.address, ...refusal }, "attestation refused");
    // Only a head that the node's own key signed proves a second copy: the relayer has to show it.
    if (refusal.code === "forked-sequence") this.#askHead(route.target).catch(() => undefined);
    if (!RETRIED.has(refusal.code)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (route.isReady) this.#send(route, sequence, 1);
    }, RETRY_MS);
    this.#timers.add(timer);
  }

  #noteRoundTrip(micros: number): void {
    this.#roundTrips.push(micros);
    if (this.#roundTrips.length > 31) this.#roundTrips.shift();
  }
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
