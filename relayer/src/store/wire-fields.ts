import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { statementTypes } from "@pqmesh/contracts/protocol/eip712";

type FieldName = (typeof statementTypes.Attestation)[number]["name"];

/** Largest epoch or sequence that services count with; both grow by one at most once a second. */
export const LARGEST_COUNT = 2 ** 48 - 1;

/** Bytes of a digest. */
export const DIGEST_BYTES = 32;
/** Bytes of a wire form and its digest. */
export const ITEM_BYTES = DIGEST_BYTES + SIGNED_ATTESTATION_BYTES;

const OFFSETS = fieldOffsets();

/** Position of an attestation field in the wire form. */
export function fieldOffset(name: FieldName): number {
  return OFFSETS.get(name) ?? 0;
}

const NODE_INDEX = fieldOffset("nodeIndex");
const EPOCH = fieldOffset("epoch");
const SEQUENCE = fieldOffset("sequence");

/** Reads `nodeIndex` of a wire form. */
export function wireNodeIndex(wire: Buffer): number {
  return wire.readUInt32BE(NODE_INDEX);
}

/** Reads `epoch` of a wire form, cut at {@link LARGEST_COUNT}. */
export function wireEpoch(wire: Buffer): number {
  return readCount(wire, EPOCH);
}

/** Reads `sequence` of a wire form, cut at {@link LARGEST_COUNT}. */
export function wireSequence(wire: Buffer): number {
  return readCount(wire, SEQUENCE);
}

/** Views the bytes as a Buffer without copying. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readCount(wire: Buffer, offset: number): number {
  return wire.readUInt16BE(offset) === 0 ? wire.readUIntBE(offset + 2, 6) : LARGEST_COUNT;
}

function fieldOffsets(): Map<FieldName, number> {
  const offsets = new Map<FieldName, number>();
  let offset = 0;
  for (const { name, type } of statementTypes.Attestation) {
    offsets.set(name, offset);
    offset += type === "bytes32" ? DIGEST_BYTES : Number(type.slice("uint".length)) / 8;
  }
  return offsets;
}
