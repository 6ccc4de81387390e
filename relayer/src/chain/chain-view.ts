import type { Address, Hex } from "viem";

/** A half-open range of epochs, `until` undefined while open. */
export interface EpochInterval {
  from: bigint;
  until: bigint | undefined;
}

/** What the chain says about one node. */
export interface NodeRecord {
  nodeIndex: number;
  identityId: number;
  /** Active ranges, oldest first. */
  intervals: EpochInterval[];
  /** Key history, oldest first: each key is in force from its epoch until the next one's. */
  keys: { fromEpoch: bigint; keyHash: Hex; publicKey: Uint8Array }[];
}

/** One committee in force from an epoch on. */
export interface CommitteeRecord {
  version: number;
  fromEpoch: bigint;
  /** Members in seat order. */
  members: CommitteeMember[];
}

/** A seat of a committee. */
export interface CommitteeMember {
  seat: number;
  address: Address;
  /** URL of the member's read API and committee protocol, as published on chain. */
  endpoint: string;
  /** Raw ML-DSA-65 public key. */
  mldsaKey: Uint8Array;
}

/** A report that the bridge accepted. */
export interface AcceptedReport {
  epoch: bigint;
  shard: number;
  root: Hex;
  round: number;
  committeeVersion: number;
  beaconBlock: bigint;
  beacon: Hex;
  digest: Hex;
  signers: bigint;
  submitter: Address;
  absent: Hex;
  degraded: Hex;
  quality: Hex;
  blockNumber: bigint;
  transactionHash: Hex;
}

/** A beacon recorded apart from reports. */
export interface RecordedBeacon {
  beacon: Hex;
  /** Where it was recorded; not the block whose hash it is. */
  blockNumber: bigint;
  transactionHash: Hex;
}

/**
 * What a relayer or an agent knows of the chain, followed block by block and repaired after reorgs.
 * All answers are from memory and synchronous; `events` tell when they change.
 *
 * Trust: as good as the RPC endpoint; the follower refuses an endpoint whose chain id or genesis differs from the configuration.
 */
export interface ChainView {
  readonly chainId: number;
  readonly bridge: Address;
  readonly epochLengthSeconds: number;
  readonly epochGenesis: bigint;
  /** Newest block the view has taken in. */
  head(): { number: bigint; hash: Hex; timestamp: bigint };
  /** Chain time in milliseconds: the head's timestamp plus the monotonic time since it arrived. */
  nowMs(): number;
  /** Epoch at `nowMs()`. */
  currentEpoch(): bigint;
  node(nodeIndex: number): NodeRecord | undefined;
  /** Indices of all nodes ever registered in a shard. */
  nodesOfShard(shard: number): number[];
  /** True when the node is active in the epoch. */
  isActive(nodeIndex: number, epoch: bigint): boolean;
  /** Raw ML-DSA-65 public key in force in the epoch. */
  keyAt(nodeIndex: number, epoch: bigint): Uint8Array | undefined;
  isMeasurementApproved(measurement: Hex, epoch: bigint): boolean;
  /** True when an attestation of this shard for this epoch may carry this beacon. */
  isBeaconValid(shard: number, epoch: bigint, beacon: Hex): boolean;
  /** Newest beacon that an attestation of this shard for this epoch may carry. */
  beaconFor(shard: number, epoch: bigint): Hex | undefined;
  committeeAt(epoch: bigint): CommitteeRecord | undefined;
  /** Report of an epoch and shard as accepted on chain in the current view. */
  acceptedReport(shard: number, epoch: bigint): AcceptedReport | undefined;
  /** Value of a network parameter in force. */
  parameter(id: string): bigint;
}
