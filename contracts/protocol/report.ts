import { bytesToHex, type Hex, hexToBytes } from "viem";
import { hashStatement, type StatementDomain } from "./eip712.ts";
import { SHARD_SIZE } from "./merkle.ts";

/** The committee's statement about one epoch of one shard; see `IAttestationBridge.Report`. */
export interface Report {
  epoch: bigint;
  shard: number;
  round: number;
  committeeVersion: number;
  beaconBlock: bigint;
  beacon: Hex;
  root: Hex;
  absent: Hex;
  degraded: Hex;
  quality: Hex;
}

/** EIP-712 digest of a report: what committee members sign. */
export function hashReport(domain: StatementDomain, report: Report): Hex {
  return hashStatement(domain, "Report", { ...report });
}

/** EIP-712 digest of a receipt over the root of a batch of attestation digests. */
export function hashReceipt(domain: StatementDomain, receipt: { epoch: bigint; root: Hex }): Hex {
  return hashStatement(domain, "Receipt", { ...receipt });
}

/** Shard of a node. */
export function shardOf(nodeIndex: number): number {
  return Math.floor(nodeIndex / SHARD_SIZE);
}

/** Signatures that a committee of `seats` must give: ⌊2n/3⌋ + 1. */
export function quorumOf(seats: number): number {
  return Math.floor((2 * seats) / 3) + 1;
}

/** Seat that leads a round. */
export function leaderSeat(epoch: bigint, shard: number, round: number, seats: number): number {
  return Number((epoch + BigInt(shard) + BigInt(round)) % BigInt(seats));
}

/** Encodes local indices as strictly ascending big-endian uint16. @throws RangeError for a bad index. */
export function encodeIndexList(indices: Iterable<number>): Hex {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const bytes = new Uint8Array(2 * sorted.length);
  sorted.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= SHARD_SIZE) {
      throw new RangeError(`local index is ${index}, it must be 0 to ${SHARD_SIZE - 1}`);
    }
    new DataView(bytes.buffer).setUint16(2 * i, index);
  });
  return bytesToHex(bytes);
}

/** Decodes an index list. @throws RangeError when it is not strictly ascending uint16 below 512. */
export function decodeIndexList(list: Hex): number[] {
  const bytes = hexToBytes(list);
  if (bytes.length % 2 !== 0) throw new RangeError(`index list has ${bytes.length} bytes, it must be even`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const indices = Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i));
  indices.forEach((index, i) => {
    if (index >= SHARD_SIZE || (i > 0 && index <= indices[i - 1]!)) {
      throw new RangeError(`index list is wrong at position ${i}: ${index}`);
    }
  });
  return indices;
}
