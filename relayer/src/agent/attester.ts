import type { Attestation, SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { type Hex, hexToBytes, zeroHash } from "viem";
import type { ChainView } from "../chain/chain-view.ts";
import type { HostSample } from "./host-metrics.ts";
import type { Journal } from "./journal.ts";

/** An attestation key of the node: signs 32-byte digests. */
export interface AttestationKey {
  /** Raw ML-DSA-65 public key. */
  publicKey: Uint8Array;
  sign(digest: Uint8Array): Uint8Array;
}

/** What a node observes of itself for one attestation. */
export interface Observation {
  host: HostSample;
  /** Heartbeats sent in the previous epoch. */
  heartbeats: number;
  /** Median round trip to the relayers, microseconds; 0 when unknown. */
  latencyMicros: number;
  /** Bonded stake of the node, MESH wei. */
  stake: bigint;
  /** Seconds the agent has been running. */
  uptimeSeconds: bigint;
}

/** What stays the same over an agent's run. */
export interface AttesterOptions {
  nodeIndex: number;
  measurement: Hex;
  /** Offered resource shares, packed as in `IAttestationBridge.Attestation.shares`. */
  shares: bigint;
  /** Bytes of storage offered. */
  space: bigint;
  domain: StatementDomain;
  chain: ChainView;
  journal: Journal;
  /** Keys at hand: the one in force in an epoch signs for it, so that a rotation takes effect by itself. */
  keys: readonly AttestationKey[];
}

/** Why no attestation was made for an epoch. */
export type Withheld = "already-signed" | "inactive" | "no-beacon" | "unapproved-measurement" | "no-key-in-force";

/** Outcome of trying to attest an epoch. */
export type AttestResult = { signed: SignedAttestation; digest: Hex } | { withheld: Withheld };

/**
 * Makes the attestation of an epoch, at most one per epoch and per sequence: the journal entry is on disk before this returns.
 *
 * @throws Error when the journal refuses the entry or the disk does not take it; then nothing was sent.
 */
export function attestEpoch(options: AttesterOptions, epoch: bigint, observation: Observation): AttestResult {
  const { chain, journal, nodeIndex } = options;
  const head = journal.head();
  if (head && head.epoch >= epoch) return { withheld: "already-signed" };
  if (!chain.isActive(nodeIndex, epoch)) return { withheld: "inactive" };
  if (!chain.isMeasurementApproved(options.measurement, epoch)) return { withheld: "unapproved-measurement" };
  const key = keyInForce(options, epoch);
  if (!key) return { withheld: "no-key-in-force" };
  const beacon = chain.beaconFor(shardOf(nodeIndex), epoch);
  if (beacon === undefined) return { withheld: "no-beacon" };

  const attestation: Attestation = {
    nodeIndex,
    epoch,
    sequence: (head?.sequence ?? 0n) + 1n,
    beacon,
    measurement: options.measurement,
    previous: head?.digest ?? zeroHash,
    shares: options.shares,
    cpuLoadBp: observation.host.cpuLoadBp,
    memoryUsedBp: observation.host.memoryUsedBp,
    storageUsedBp: observation.host.storageUsedBp,
    heartbeats: observation.heartbeats,
    latencyMicros: Math.min(0xffffffff, observation.latencyMicros),
    space: options.space,
    stake: observation.stake,
    work: observation.host.cpuMillis,
    time: observation.uptimeSeconds,
  };
  const digest = hashAttestation(options.domain, attestation);
  const signed = { attestation, signature: key.sign(hexToBytes(digest)) };
  journal.append(signed, digest);
  return { signed, digest };
}

function keyInForce({ chain, nodeIndex, keys }: AttesterOptions, epoch: bigint): AttestationKey | undefined {
  const inForce = chain.keyAt(nodeIndex, epoch);
  return inForce && keys.find(({ publicKey }) => Buffer.compare(publicKey, inForce) === 0);
}

/**
 * Moment within an epoch at which a node signs, as a fraction of the epoch: between 5 % and 45 %, fixed per node, spread evenly
 * so that a shard does not speak at once.
 */
export function signingFraction(nodeIndex: number): number {
  const golden = 0.6180339887498949;
  return 0.05 + 0.4 * ((nodeIndex * golden) % 1);
}
