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
  /** What this member would propose. */
  byte: number;
  /** The range in which it accepts what another proposes. */
  lowest: number;
  highest: number;
}

/** What one member's counts and those of its peers are merged by. */
export interface MergedRows {
  own: readonly HeartbeatRow[];
  /** One list per peer; each was checked to have at most one row of a node. */
  peers: readonly (readonly HeartbeatRow[])[];
  /** Members that may lie: less than a third of the committee. */
  faults: number;
}

/** Largest difference between a proposed quality byte and the member's own view, beside one heartbeat more or less. */
const QUALITY_TOLERANCE = 32;
const LARGEST_BYTE = 255;
/** Most that one heartbeat changes, so that a row with few expected ones does not make everything acceptable. */
const LARGEST_STEP = 64;

/**
 * Merges what members counted: for each node the median of the quality bytes of the members that saw it, the upper one
 * of two, since a relayer that lost a node's session for a while counts too few heartbeats and never too many.
 *
 * With at least `2 · faults + 1` rows the median lies between two that honest members gave, whatever the others say;
 * members that saw the same traffic then accept each other's. With fewer rows a liar could move it either way: the
 * highest row counts, and every higher proposal is accepted, so that a liar can neither have a node degraded by an honest
 * leader nor make honest members refuse each other.
 */
export function mergeQuality({ own, peers, faults }: MergedRows): Map<number, SeenQuality> {
  const ownRows = new Map(own.map((row) => [row.nodeIndex, row]));
  const seen = Map.groupBy([own, ...peers].flat(), ({ nodeIndex }) => nodeIndex);
  return new Map(
    [...seen].map(([nodeIndex, rows]) => {
      const bytes = rows.map(qualityByte).sort((a, b) => a - b);
      const ownRow = ownRows.get(nodeIndex);
      const tolerance = QUALITY_TOLERANCE + stepOf(ownRow);
      if (rows.length > 2 * faults) return [nodeIndex, median(bytes, tolerance)];
      const least = ownRow ? qualityByte(ownRow) : bytes[0]!;
      return [nodeIndex, { byte: bytes.at(-1)!, lowest: least - tolerance, highest: LARGEST_BYTE }];
    }),
  );
}

/** Of an even number of rows either middle one is accepted: a single row more or less makes the other the median. */
function median(bytes: readonly number[], tolerance: number): SeenQuality {
  const byte = bytes[Math.floor(bytes.length / 2)]!;
  const lower = bytes[Math.floor((bytes.length - 1) / 2)]!;
  return { byte, lowest: lower - tolerance, highest: byte + tolerance };
}

/** What one heartbeat more or less changes: members put one at the border of two epochs into either. */
function stepOf(own: HeartbeatRow | undefined): number {
  return own ? Math.min(LARGEST_STEP, Math.ceil(LARGEST_BYTE / Math.max(1, own.expected))) : LARGEST_STEP;
}

/** Quality bytes alone. */
export function qualityBytes(seen: ReadonlyMap<number, SeenQuality>): Map<number, number> {
  return new Map([...seen].map(([nodeIndex, { byte }]) => [nodeIndex, byte]));
}

function localIndex(nodeIndex: number): number {
  return nodeIndex % SHARD_SIZE;
}
