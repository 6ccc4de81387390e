import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import type { Address, Hex } from "viem";

/** Epochs are plain numbers on the screens; amounts are MESH wei. */
export interface ReportSummary {
  epoch: number;
  shard: number;
  round: number;
  root: Hex;
  digest: Hex;
  signerCount: number;
  submitter: Address;
  attested: number;
  absent: number;
  degraded: number;
  transaction: Hex;
  /** Unix seconds of the block; undefined when only the epoch is known. */
  timestamp?: number;
}

/** A bonded relayer. */
export interface RelayerSummary {
  address: Address;
  endpoint: string;
  bond: bigint;
  /** Seat in the newest committee. */
  seat?: number;
}

/** The network as a whole. */
export interface NetworkOverview {
  operatorCount: number;
  nodeCount: number;
  reportCount?: number;
  totalStaked: bigint;
  /** Absent where the chain is read: what is unbonding is then part of `totalStaked`. */
  totalUnbonding?: bigint;
  totalBonded: bigint;
  committeeVersion: number;
  /** Newest first. */
  reports: ReportSummary[];
  relayers: RelayerSummary[];
}

/** A half-open range of epochs; `until` is undefined while it is open. */
export interface EpochInterval {
  from: number;
  until?: number;
}

/** Row of the table of nodes. */
export interface NodeSummary {
  nodeIndex: number;
  identityId: number;
  owner: Address;
  stake: bigint;
  unbonding: bigint;
  exited: boolean;
  /** Barred by its certificates: the newest is revoked, on hold or not good for its authority's sake. */
  isBarred?: boolean;
  /** Newest active interval. */
  active?: EpochInterval;
  last?: { epoch: number; status: EpochStatus; quality?: number };
  /** Epochs reported by status, over all time. */
  counts?: { attested: number; absent: number; degraded: number };
  /** Trust Score in basis points; undefined when only the chain's views were read. */
  trustScore?: number;
}

/** A published attestation key. */
export interface PublishedKey {
  keyHash: Hex;
  publicKey?: Hex;
  fromEpoch: number;
  transaction?: Hex;
}

/** Inputs of a Trust Score as the indexer decayed them. */
export interface TrustInputs {
  /** Millionths. */
  attestedRatio: number;
  /** Millionths. */
  behaviourRatio: number;
  auditBp: number;
}

/** A change of a node's stake. */
export interface StakeChange {
  kind: "Staked" | "UnbondRequested" | "UnbondCancelled" | "Withdrawn" | "Slashed" | "UnbondingSlashed" | "Restored";
  amount: bigint;
  stakeAfter: bigint;
  timestamp: number;
  transaction: Hex;
}

/** One epoch of the history. */
export interface EpochCell {
  epoch: number;
  status: EpochStatus;
  /** 0 to 255; undefined where nothing was attested. */
  quality?: number;
}

/** Everything the page of a node shows. */
export interface NodeDetail extends NodeSummary {
  beneficiary: Address;
  operatorWallet: Address;
  rootKey: Hex;
  registeredAt?: number;
  metadata?: Hex;
  keys: PublishedKey[];
  intervals: EpochInterval[];
  trust?: TrustInputs;
  /** Oldest first, ending with the running epoch. */
  history: EpochCell[];
  stakeChanges?: StakeChange[];
}
