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

/** The quality of a node as several members saw it. */
export interface SeenQuality {
  byte: number;
  /** What one heartbeat more or less changes: members put one at the border of two epochs into either. */
  step: number;
}

/**
 * Merges what members counted: for each node the median of the quality bytes of the members that saw it, the upper one
 * of two, since a relayer that lost a node's session for a while counts too few heartbeats and never too many.
 */
export function mergeQuality(rowsByMember: readonly (readonly HeartbeatRow[])[]): Map<number, SeenQuality> {
  const seen = Map.groupBy(rowsByMember.flat(), ({ nodeIndex }) => nodeIndex);
  return new Map(
    [...seen].map(([nodeIndex, rows]) => {
      const views = rows.map((row) => ({ byte: qualityByte(row), step: Math.ceil(255 / Math.max(1, row.expected)) }));
      return [nodeIndex, views.sort((a, b) => a.byte - b.byte)[Math.floor(views.length / 2)]!];
    }),
  );
}

/** Quality bytes alone. */
export function qualityBytes(seen: ReadonlyMap<number, SeenQuality>): Map<number, number> {
  return new Map([...seen].map(([nodeIndex, { byte }]) => [nodeIndex, byte]));
}

function localIndex(nodeIndex: number): number {
  return nodeIndex % SHARD_SIZE;
}
