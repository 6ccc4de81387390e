import { shardOf } from "@pqmesh/contracts/protocol/report";
import { type Address, type Hex, keccak256 } from "viem";
import type {
  AcceptedReport,
  ChainView,
  CommitteeRecord,
  EpochInterval,
  NodeRecord,
} from "../../relayer/src/chain/chain-view.ts";

/** Where a {@link FixedChainView} begins. */
export interface FixedChainOptions {
  chainId?: number;
  bridge?: Address;
  epochLengthSeconds?: number;
  /** Epoch in which chain time stands at first. */
  epoch?: number;
}

/** A chain view in memory whose time and contents a test sets; time stands still until the test moves it. */
export class FixedChainView implements ChainView {
  readonly chainId: number;
  readonly bridge: Address;
  readonly epochGenesis = 1_000_000n;
  readonly epochLengthSeconds: number;
  readonly nodes = new Map<number, NodeRecord>();
  /** Epoch from which on a measurement is approved. */
  readonly measurements = new Map<Hex, bigint>();
  /** Epochs for which a beacon may be carried. */
  readonly beacons = new Map<Hex, EpochInterval>();
  readonly committees: CommitteeRecord[] = [];
  readonly reports: AcceptedReport[] = [];
  readonly parameters = new Map<string, bigint>();
  #nowMs = 0;

  constructor({ chainId = 31_337, bridge, epochLengthSeconds = 10, epoch = 100 }: FixedChainOptions = {}) {
    this.chainId = chainId;
    this.bridge = bridge ?? `0x${"b1".repeat(20)}`;
    this.epochLengthSeconds = epochLengthSeconds;
    this.goTo(epoch, 0.1);
  }

  /** Moves chain time to a fraction of an epoch. */
  goTo(epoch: number, fraction: number): void {
    const startMs = Number(this.epochGenesis) * 1_000 + epoch * this.epochLengthSeconds * 1_000;
    this.#nowMs = startMs + fraction * this.epochLengthSeconds * 1_000;
  }

  /** Moves chain time forward. */
  advance(ms: number): void {
    this.#nowMs += ms;
  }

  /** Registers a node with one key, active from an epoch on. */
  addNode(nodeIndex: number, publicKey: Uint8Array, activeFrom = 0n): NodeRecord {
    const record: NodeRecord = {
      nodeIndex,
      identityId: nodeIndex + 1,
      intervals: [{ from: activeFrom, until: undefined }],
      keys: [{ fromEpoch: activeFrom, keyHash: keccak256(publicKey), publicKey }],
    };
    this.nodes.set(nodeIndex, record);
    return record;
  }

  head(): { number: bigint; hash: Hex; timestamp: bigint } {
    const number = BigInt(Math.floor(this.#nowMs / 1_000));
    return { number, hash: keccak256(`0x${number.toString(16).padStart(64, "0")}`), timestamp: number };
  }

  nowMs(): number {
    return this.#nowMs;
  }

  currentEpoch(): bigint {
    const sinceGenesis = this.#nowMs - Number(this.epochGenesis) * 1_000;
    return BigInt(Math.floor(sinceGenesis / (this.epochLengthSeconds * 1_000)));
  }

  node(nodeIndex: number): NodeRecord | undefined {
    return this.nodes.get(nodeIndex);
  }

  nodesOfShard(shard: number): number[] {
    return [...this.nodes.keys()].filter((index) => shardOf(index) === shard).sort((a, b) => a - b);
  }

  isActive(nodeIndex: number, epoch: bigint): boolean {
    return this.nodes.get(nodeIndex)?.intervals.some((interval) => covers(interval, epoch)) ?? false;
  }

  keyAt(nodeIndex: number, epoch: bigint): Uint8Array | undefined {
    return this.nodes.get(nodeIndex)?.keys.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.publicKey;
  }

  isMeasurementApproved(measurement: Hex, epoch: bigint): boolean {
    const from = this.measurements.get(measurement);
    return from !== undefined && from <= epoch;
  }

  isBeaconValid(_shard: number, epoch: bigint, beacon: Hex): boolean {
    const interval = this.beacons.get(beacon);
    return interval !== undefined && covers(interval, epoch);
  }

  beaconFor(_shard: number, epoch: bigint): Hex | undefined {
    return [...this.beacons].findLast(([, interval]) => covers(interval, epoch))?.[0];
  }

  committeeAt(epoch: bigint): CommitteeRecord | undefined {
    return this.committees.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  acceptedReport(shard: number, epoch: bigint): AcceptedReport | undefined {
    return this.reports.find((report) => report.shard === shard && report.epoch === epoch);
  }

  parameter(id: string): bigint {
    const value = this.parameters.get(id);
    if (value === undefined) throw new Error(`parameter ${id} is not set in this test`);
    return value;
  }
}

function covers({ from, until }: EpochInterval, epoch: bigint): boolean {
  return from <= epoch && (until === undefined || epoch < until);
}
