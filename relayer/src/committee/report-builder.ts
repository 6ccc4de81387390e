import { attestationLeaf, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { qualityByte } from "@pqmesh/contracts/protocol/quality";
import { encodeIndexList, type Report } from "@pqmesh/contracts/protocol/report";
import { ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import type { Hex } from "viem";
import { bytesToHex } from "viem/utils";
import type { HeartbeatRow } from "../store/store-write.ts";

/** What a report is computed from; equal inputs give equal reports. */
export interface ReportInputs extends Pick<
  Report,
  "epoch" | "shard" | "round" | "committeeVersion" | "beaconBlock" | "beacon"
> {
  /** Nodes of the shard that are active in the epoch. */
  activeNodes: readonly number[];
  /** Leaf of each node that attested. */
  leaves: ReadonlyMap<number, Hex>;
  /** Quality byte of nodes, by node index; a node without one counts as 0. */
  quality: ReadonlyMap<number, number>;
  /** Quality below which a node that attested is degraded. */
  degradedQuality: number;
}

/** Computes a report. Nodes without a leaf are absent and have quality 0. */
export function buildReport(inputs: ReportInputs): Report {
  const { epoch, shard, round, committeeVersion, beaconBlock, beacon, leaves, degradedQuality } = inputs;
  const attested = inputs.activeNodes.filter((nodeIndex) => leaves.has(nodeIndex));
  const bytes = new Uint8Array(Math.max(0, ...inputs.activeNodes.map((nodeIndex) => localIndex(nodeIndex) + 1)));
  for (const nodeIndex of attested) bytes[localIndex(nodeIndex)] = inputs.quality.get(nodeIndex) ?? 0;
  const absent = inputs.activeNodes.filter((nodeIndex) => !leaves.has(nodeIndex));
  const degraded = attested.filter((nodeIndex) => bytes[localIndex(nodeIndex)]! < degradedQuality);
  const tree = new ReportTree(new Map(attested.map((nodeIndex) => [localIndex(nodeIndex), leaves.get(nodeIndex)!])));
  return {
    ...{ epoch, shard, round, committeeVersion, beaconBlock, beacon },
    root: tree.root,
    absent: encodeIndexList(absent.map(localIndex)),
    degraded: encodeIndexList(degraded.map(localIndex)),
    quality: bytesToHex(bytes),
  };
}

/** Leaf of a signed attestation in its wire form. */
export function leafOfWire(nodeIndex: number, digest: Hex, wire: Uint8Array): Hex {
  return attestationLeaf(nodeIndex, digest, wire.subarray(ATTESTATION_BYTES));
}

/**
 * Merges what members counted: for each node the median of the quality bytes of the members that saw it, the upper one
 * of two, since a relayer that lost a node's session for a while counts too few heartbeats and never too many.
 */
export function mergeQuality(rowsByMember: readonly (readonly HeartbeatRow[])[]): Map<number, number> {
  const seen = new Map<number, number[]>();
  for (const row of rowsByMember.flat()) {
    const bytes = seen.get(row.nodeIndex) ?? [];
    seen.set(row.nodeIndex, bytes);
    bytes.push(qualityByte(row));
  }
  return new Map([...seen].map(([nodeIndex, bytes]) => [nodeIndex, upperMedian(bytes)]));
}

function upperMedian(bytes: number[]): number {
  return bytes.sort((a, b) => a - b)[Math.floor(bytes.length / 2)]!;
}

function localIndex(nodeIndex: number): number {
  return nodeIndex % SHARD_SIZE;
}
