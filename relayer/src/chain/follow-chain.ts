import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address, Hex } from "viem";
import type { Logger } from "pino";
import {
  type BlockHeader,
  type BridgeConstants,
  ChainReader,
  ChainMovedError,
  checkNetwork,
  readBridgeConstants,
} from "./chain-reader.ts";
import type { ChainScope, ChainState } from "./chain-state.ts";
import { ChainSync, type SyncChange } from "./chain-sync.ts";
import type { ChainPlace, DisputeRecords } from "./dispute-records.ts";
import { FollowedCertificates } from "./followed-certificates.ts";
import type { FeeRecords } from "./fee-records.ts";
import type { LeaseRecords } from "./lease-records.ts";
import type { OwnEpochRecords } from "./own-epoch-records.ts";
import type { AcceptedReport, ChainView, CommitteeRecord, NodeRecord, RecordedBeacon } from "./chain-view.ts";
import { type RpcRequest, RpcTransportError } from "./json-rpc.ts";
import { untilAborted } from "../service/until-aborted.ts";
import { BEACON_WINDOW_EPOCHS } from "./report-records.ts";
import { createRpcPool, type RpcEndpointStatus, type RpcPool, WrongNetworkError } from "./rpc-pool.ts";

/** Epochs for which a view without a scope keeps reports and beacons. */
export const VIEW_EPOCHS = 2_048;

/** Events of a chain follower; the view already has the new state when they are emitted. */
export interface ChainFollowerEvents {
  head: [BlockHeader];
  /** Blocks taken back; 65 stands for "deeper than the window, view rebuilt". */
  reorg: [{ depth: number }];
  report: [AcceptedReport];
  reportDropped: [AcceptedReport];
}

/** How the connection to the chain is doing. */
export interface ChainHealth {
  ok: boolean;
  reasons: string[];
  endpoints: RpcEndpointStatus[];
}

/** A {@link ChainView} that follows the chain until it is stopped. */
export interface ChainFollower extends ChainView {
  readonly events: EventEmitter<ChainFollowerEvents>;
  /** JSON-RPC through the checked endpoints, with failover. */
  readonly request: RpcRequest;
  /** Epochs after its end in which an epoch can be reported. */
  readonly reportWindowEpochs: bigint;
  /** Epochs after which what is known of an epoch is final. */
  readonly horizonEpochs: bigint;
  /** Epoch of a Unix time in seconds. */
  epochAt(timestamp: bigint): bigint;
  /** Base fee of the newest block in wei. */
  baseFeePerGas(): bigint;
  /** Hash of a block of the current chain, undefined when there is none. */
  blockHash(number: bigint): Promise<Hex | undefined>;
  /** Shards that have a node. */
  shards(): number[];
  /** Newest epoch of a shard with an accepted report. */
  newestReportedEpoch(shard: number): bigint | undefined;
  /** Beacon recorded in an epoch apart from reports. */
  recordedBeacon(epoch: bigint): RecordedBeacon | undefined;
  /** Every accepted report that the view keeps, in the order of the chain within a shard. */
  recentReports(): AcceptedReport[];
  /** Challenges, proofs and punishments; empty in a view whose scope leaves them out. */
  readonly disputes: DisputeRecords;
  /** What nodes put on chain about their own epochs, and what was ruled about these. */
  readonly ownEpochs: OwnEpochRecords;
  /** Where a word of rewards was closed; undefined in a view with a scope. */
  closedWord(word: bigint): ChainPlace | undefined;
  /** Committee that was set last, in force or not yet. */
  newestCommittee(): CommitteeRecord | undefined;
  /** Paid reports, and members that lost their seat by silence; empty in a view with a scope. */
  readonly fees: FeeRecords;
  /** Leases that are open; none in a view with a scope. */
  readonly leases: LeaseRecords;
  /** Certificates and authorities; in a view with a scope the node's and relayers' certificates only, without the log. */
  readonly certificates: FollowedCertificates;
  health(): ChainHealth;
  stop(): Promise<void>;
}

/** What {@link followChain} needs. */
export interface FollowChainOptions {
  /** In order of preference; the next one is used as soon as one fails. */
  rpcUrls: readonly string[];
  network: NetworkConfig;
  log: Logger;
  /** Milliseconds between looks at the head; default 1/20 of an epoch, between 250 and 2,000. */
  pollMs?: number;
  /** Milliseconds for one answer; default 5,000. */
  timeoutMs?: number;
  /** Milliseconds without a new block after which another endpoint is tried; default 30,000. */
  stallMs?: number;
  /** Milliseconds in which the first complete view must be there; default 30,000. */
  bootTimeoutMs?: number;
  /** Ends the wait for the first view. */
  signal?: AbortSignal;
  /** Keep only what one node needs. */
  scope?: ChainScope;
  /** Epochs for which reports and beacons are kept; default {@link VIEW_EPOCHS}, with a scope 64. */
  retainEpochs?: number;
  /** Milliseconds that chain time went on since its newest block arrived that long ago; default: just as many. */
  sinceHead?: (elapsedMs: number) => number;
}

/**
 * Builds a view of the network from the chain and keeps it current.
 *
 * @throws WrongNetworkError when every endpoint serves another chain or another bridge.
 * @throws Error when no endpoint gave a complete view within `bootTimeoutMs`.
 */
export async function followChain(options: FollowChainOptions): Promise<ChainFollower> {
  const { network, log } = options;
  const check = (request: RpcRequest) => checkNetwork(request, network);
  const pool = createRpcPool({ urls: options.rpcUrls, timeoutMs: options.timeoutMs ?? 5_000, check, log });
  const follower = new Follower(options, pool);
  try {
    await follower.start();
    return follower;
  } catch (error) {
    await follower.stop();
    throw error;
  }
}

/** Milliseconds between two lines of the log that say that the chain is waited for. */
const WAITING_LOG_MS = 30_000;
/** Parts of a service that listen for the same event at most. */
const MAX_LISTENERS = 40;

class Follower implements ChainFollower {
  readonly events = new EventEmitter<ChainFollowerEvents>().setMaxListeners(MAX_LISTENERS);
  readonly request: RpcRequest;
  readonly chainId: number;
  readonly bridge: Address;
  readonly epochLengthSeconds: number;
  readonly epochGenesis: bigint;
  readonly certificates: FollowedCertificates;
  readonly #options: FollowChainOptions;
  readonly #pool: RpcPool;
  readonly #reader: ChainReader;
  readonly #sync: ChainSync;
  readonly #pollMs: number;
  readonly #stallMs: number;
  /** With the last epoch for which the genesis beacon is valid. */
  #constants: (BridgeConstants & { genesisUntil: bigint }) | undefined;
  #headArrivedAt = 0;
  #abandonedAt = 0;
  #lastError: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stepping: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: FollowChainOptions, pool: RpcPool) {
    const { network, scope, log } = options;
    this.#options = options;
    this.#pool = pool;
    this.request = pool.request;
    this.chainId = network.chainId;
    this.bridge = network.contracts.AttestationBridge;
    this.epochLengthSeconds = network.epoch.lengthSeconds;
    this.epochGenesis = BigInt(network.epoch.genesis);
    this.#pollMs = options.pollMs ?? Math.min(2_000, Math.max(250, network.epoch.lengthSeconds * 50));
    this.#stallMs = options.stallMs ?? 30_000;
    this.#reader = new ChainReader(pool.request, network, scope);
    this.#sync = new ChainSync({
      reader: this.#reader,
      startBlock: BigInt(network.startBlock),
      scope,
      schedule: { genesis: this.epochGenesis, length: BigInt(this.epochLengthSeconds) },
      retainEpochs: BigInt(options.retainEpochs ?? (scope ? 64 : VIEW_EPOCHS)),
      abandon: (reason) => pool.abandon(reason),
      log,
    });
    this.certificates = new FollowedCertificates({
      chainId: network.chainId,
      registry: network.contracts.CertificateRegistry,
      book: () => this.#state.certificates,
      head: () => this.head(),
      nowMs: () => this.nowMs(),
    });
  }

  async start(): Promise<void> {
    const { bootTimeoutMs = 30_000, log, signal } = this.#options;
    const deadline = performance.now() + bootTimeoutMs;
    let saidAt = -Infinity;
    for (;;) {
      try {
        await untilAborted(this.#firstView(), signal);
        break;
      } catch (error) {
        signal?.throwIfAborted();
        const transient = error instanceof RpcTransportError || error instanceof ChainMovedError;
        if (!transient || performance.now() > deadline) {
          throw new Error(`the chain cannot be followed: ${(error as Error).message}`, { cause: error });
        }
        if (performance.now() - saidAt >= WAITING_LOG_MS) {
          log.warn({ reason: error.message }, "waiting for the chain");
          saidAt = performance.now();
        }
        await untilAborted(delay(this.#pollMs), signal);
      }
    }
    this.#schedule();
  }

  async #firstView(): Promise<void> {
    await this.#step();
    this.#constants ??= await this.#readConstants();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#stepping.catch(() => undefined);
    this.#pool.close();
  }

  head(): BlockHeader {
    const { head } = this.#sync;
    if (!head) throw new Error("the chain view is not built yet");
    return head;
  }

  baseFeePerGas(): bigint {
    return this.head().baseFeePerGas;
  }

  nowMs(): number {
    const elapsedMs = performance.now() - this.#headArrivedAt;
    return Number(this.head().timestamp) * 1_000 + (this.#options.sinceHead?.(elapsedMs) ?? elapsedMs);
  }

  currentEpoch(): bigint {
    return this.epochAt(BigInt(Math.floor(this.nowMs() / 1_000)));
  }

  epochAt(timestamp: bigint): bigint {
    const elapsed = timestamp - this.epochGenesis;
    return elapsed < 0n ? 0n : elapsed / BigInt(this.epochLengthSeconds);
  }

  get reportWindowEpochs(): bigint {
    return this.#known.reportWindowEpochs;
  }

  get horizonEpochs(): bigint {
    return this.#known.horizonEpochs;
  }

  node(nodeIndex: number): NodeRecord | undefined {
    return this.#state.nodes.get(nodeIndex);
  }

  nodesOfShard(shard: number): number[] {
    return this.#state.nodes.ofShard(shard);
  }

  shards(): number[] {
    return this.#state.nodes.shards();
  }

  isActive(nodeIndex: number, epoch: bigint): boolean {
    return this.#state.nodes.isActive(nodeIndex, epoch);
  }

  keyAt(nodeIndex: number, epoch: bigint): Uint8Array | undefined {
    return this.#state.nodes.keyAt(nodeIndex, epoch);
  }

  isMeasurementApproved(measurement: Hex, epoch: bigint): boolean {
    return this.#state.reports.isMeasurementApproved(measurement, epoch);
  }

  isBeaconValid(shard: number, epoch: bigint, beacon: Hex): boolean {
    return this.#beacons(shard, epoch).includes(beacon.toLowerCase() as Hex);
  }

  beaconFor(shard: number, epoch: bigint): Hex | undefined {
    return this.#beacons(shard, epoch)[0];
  }

  committeeAt(epoch: bigint): CommitteeRecord | undefined {
    return this.#state.committees.at(epoch);
  }

  acceptedReport(shard: number, epoch: bigint): AcceptedReport | undefined {
    return this.#state.reports.report(shard, epoch);
  }

  newestReportedEpoch(shard: number): bigint | undefined {
    return this.#state.reports.newestEpoch(shard);
  }

  recordedBeacon(epoch: bigint): RecordedBeacon | undefined {
    return this.#state.reports.recordedBeacon(epoch);
  }

  recentReports(): AcceptedReport[] {
    return this.#state.reports.all();
  }

  get disputes(): DisputeRecords {
    return this.#state.disputes;
  }

  get ownEpochs(): OwnEpochRecords {
    return this.#state.ownEpochs;
  }

  newestCommittee(): CommitteeRecord | undefined {
    return this.#state.committees.newest();
  }

  get fees(): FeeRecords {
    return this.#state.fees;
  }

  get leases(): LeaseRecords {
    return this.#state.leases;
  }

  closedWord(word: bigint): ChainPlace | undefined {
    return this.#state.rewards.closedWord(word);
  }

  parameter(id: string): bigint {
    return this.#state.parameters.at(id, this.head().timestamp);
  }

  async blockHash(number: bigint): Promise<Hex | undefined> {
    const known = this.#sync.hashOf(number);
    if (known || number > this.head().number || number < 0n) return known;
    return (await this.#reader.block(number)).hash;
  }

  health(): ChainHealth {
    const idleMs = Math.round(performance.now() - this.#headArrivedAt);
    const reasons: string[] = [];
    if (this.#lastError) reasons.push(this.#lastError);
    if (idleMs > this.#stallMs) reasons.push(`no new block for ${Math.floor(idleMs / 1_000)} s`);
    return { ok: reasons.length === 0, reasons, endpoints: this.#pool.status() };
  }

  get #state(): ChainState {
    return this.#sync.state;
  }

  get #known(): BridgeConstants & { genesisUntil: bigint } {
    if (!this.#constants) throw new Error("the chain view is not built yet");
    return this.#constants;
  }

  #beacons(shard: number, epoch: bigint): Hex[] {
    const beacons = this.#state.reports.beacons(shard, epoch);
    const { genesisBeacon, genesisUntil } = this.#known;
    return epoch <= genesisUntil ? [...beacons, genesisBeacon] : beacons;
  }

  async #readConstants(): Promise<BridgeConstants & { genesisUntil: bigint }> {
    const constants = await readBridgeConstants(this.request, this.bridge);
    const { timestamp } = await this.#reader.block(BigInt(this.#options.network.startBlock));
    return { ...constants, genesisUntil: this.epochAt(timestamp) + BEACON_WINDOW_EPOCHS - 1n };
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#stepping = this.#poll();
      void this.#stepping.then(() => this.#schedule());
    }, this.#pollMs);
  }

  async #poll(): Promise<void> {
    try {
      await this.#step();
      this.#lastError = undefined;
      this.#changeEndpointWhenStalled();
    } catch (error) {
      this.#report(error as Error);
    }
  }

  #report(error: Error): void {
    const { log } = this.#options;
    if (error instanceof ChainMovedError) return log.debug({ reason: error.message }, "chain moved while it was read");
    const known = error instanceof RpcTransportError || error instanceof WrongNetworkError;
    if (this.#lastError !== error.message)
      log.error(known ? { reason: error.message } : { err: error }, "chain not followed");
    this.#lastError = error.message;
  }

  #changeEndpointWhenStalled(): void {
    const now = performance.now();
    if (now - Math.max(this.#headArrivedAt, this.#abandonedAt) < this.#stallMs) return;
    this.#abandonedAt = now;
    this.#pool.abandon(`its head has not moved for ${Math.floor((now - this.#headArrivedAt) / 1_000)} s`);
  }

  async #step(): Promise<void> {
    const change = await this.#sync.step();
    if (!change || this.#stopped) return;
    this.#headArrivedAt = performance.now();
    this.#emit(change);
  }

  #emit({ reorgDepth, dropped, accepted }: SyncChange): void {
    if (reorgDepth > 0) {
      this.#options.log.warn({ depth: reorgDepth, droppedReports: dropped.length }, "chain reorganised");
      this.events.emit("reorg", { depth: reorgDepth });
    }
    for (const report of dropped) this.events.emit("reportDropped", report);
    for (const report of accepted) this.events.emit("report", report);
    this.events.emit("head", this.head());
  }
}
