import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import type { AcceptedReport, ChainView, CommitteeRecord, NodeRecord } from "../../../relayer/src/chain/chain-view.ts";

/** Beacon and measurement of every attestation of the benchmark. */
export const FIXED_BEACON: Hex = `0x${"be".repeat(32)}`;
export const FIXED_MEASUREMENT: Hex = `0x${"5e".repeat(32)}`;

/** A directory of nodes in memory instead of a chain, which is not what is measured. Epochs follow the host's clock. */
export class FixedChainView implements ChainView {
  readonly chainId = 31_337;
  readonly bridge: Address = `0x${"b1".repeat(20)}`;
  readonly epochGenesis = 0n;
  readonly epochLengthSeconds: number;
  readonly #keys: Uint8Array[];
  #startedAtMs = Date.now();

  /** @param keys Raw ML-DSA-65 public key by node index. */
  constructor(keys: Uint8Array[], epochLengthSeconds: number) {
    this.#keys = keys;
    this.epochLengthSeconds = epochLengthSeconds;
  }

  /** Lets epoch 0 begin at a Unix time in milliseconds. */
  startAt(unixMs: number): void {
    this.#startedAtMs = unixMs;
  }

  head(): { number: bigint; hash: Hex; timestamp: bigint } {
    return { number: 1n, hash: FIXED_BEACON, timestamp: BigInt(Math.floor(this.nowMs() / 1_000)) };
  }

  nowMs(): number {
    return Math.max(0, Date.now() - this.#startedAtMs);
  }

  currentEpoch(): bigint {
    return BigInt(Math.floor(this.nowMs() / (this.epochLengthSeconds * 1_000)));
  }

  node(nodeIndex: number): NodeRecord | undefined {
    const publicKey = this.#keys[nodeIndex];
    if (!publicKey) return undefined;
    const intervals = [{ from: 0n, until: undefined }];
    return { nodeIndex, identityId: 1, intervals, keys: [{ fromEpoch: 0n, keyHash: FIXED_BEACON, publicKey }] };
  }

  nodesOfShard(shard: number): number[] {
    return [...this.#keys.keys()].filter((nodeIndex) => shardOf(nodeIndex) === shard);
  }

  isActive(nodeIndex: number): boolean {
    return nodeIndex in this.#keys;
  }

  keyAt(nodeIndex: number): Uint8Array | undefined {
    return this.#keys[nodeIndex];
  }

  isMeasurementApproved(measurement: Hex): boolean {
    return measurement === FIXED_MEASUREMENT;
  }

  isBeaconValid(_shard: number, _epoch: bigint, beacon: Hex): boolean {
    return beacon === FIXED_BEACON;
  }

  beaconFor(): Hex {
    return FIXED_BEACON;
  }

  committeeAt(): CommitteeRecord | undefined {
    return undefined;
  }

  acceptedReport(): AcceptedReport | undefined {
    return undefined;
  }

  parameter(id: string): bigint {
    throw new Error(`the benchmark's directory has no parameter ${id}`);
  }
}
