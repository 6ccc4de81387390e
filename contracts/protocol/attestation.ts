import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256, stringToBytes, zeroHash } from "viem";
import type { StatementDomain } from "./eip712.ts";
import { hashStatement, statementTypes } from "./eip712.ts";

/** Bytes of an ML-DSA-65 signature (FIPS 204, table 2). */
export const SIGNATURE_BYTES = 3309;
/** Bytes of an ML-DSA-65 public key (FIPS 204, table 2). */
export const PUBLIC_KEY_BYTES = 1952;

/** A node's statement for one epoch; meaning and units of each field are on `IAttestationBridge.Attestation`. */
export interface Attestation {
  nodeIndex: number;
  epoch: bigint;
  sequence: bigint;
  beacon: Hex;
  measurement: Hex;
  previous: Hex;
  shares: bigint;
  cpuLoadBp: number;
  memoryUsedBp: number;
  storageUsedBp: number;
  heartbeats: number;
  latencyMicros: number;
  space: bigint;
  stake: bigint;
  work: bigint;
  time: bigint;
}

/** An attestation and its ML-DSA-65 signature over the EIP-712 digest. */
export interface SignedAttestation {
  attestation: Attestation;
  signature: Uint8Array;
}

type Field = keyof Attestation;

const FIELDS = statementTypes.Attestation.map(({ name, type }) => {
  const bits = type === "bytes32" ? 256 : Number(type.slice(4));
  return { name, bytes: bits / 8, kind: type === "bytes32" ? "hex" : bits > 32 ? "bigint" : "number" };
});

/** Bytes of an attestation's fields on the wire, without the signature. */
export const ATTESTATION_BYTES = FIELDS.reduce((sum, field) => sum + field.bytes, 0);
/** Bytes of a signed attestation on the wire. */
export const SIGNED_ATTESTATION_BYTES = ATTESTATION_BYTES + SIGNATURE_BYTES;

const TYPE_HASH = keccak256(
  stringToBytes(`Attestation(${statementTypes.Attestation.map((f) => `${f.type} ${f.name}`).join(",")})`),
  "bytes",
);

/** EIP-712 digest of an attestation: what the node's ML-DSA-65 key signs. */
export function hashAttestation(domain: StatementDomain, attestation: Attestation): Hex {
  return hashStatement(domain, "Attestation", { ...attestation });
}

/**
 * True when an attestation can have a place in a provenance chain: sequences run from 1, and `previous` is zero for the
 * first one alone. Anything else makes a leaf invalid (`AttestationDisputes`, flaw Sequence).
 */
export function hasSoundLink({ sequence, previous }: Pick<Attestation, "sequence" | "previous">): boolean {
  return sequence >= 1n && (sequence === 1n) === (previous === zeroHash);
}

/**
 * Encodes the fields of an attestation: struct order, big-endian, Solidity widths.
 *
 * @throws RangeError naming the field whose value does not fit its width.
 */
export function encodeAttestation(attestation: Attestation): Uint8Array {
  const out = new Uint8Array(ATTESTATION_BYTES);
  let offset = 0;
  for (const { name, bytes } of FIELDS) {
    out.set(encodeField(name, attestation[name], bytes), offset);
    offset += bytes;
  }
  return out;
}

/** Encodes a signed attestation. @throws RangeError when the signature is not 3,309 bytes or a field does not fit. */
export function encodeSignedAttestation({ attestation, signature }: SignedAttestation): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) {
    throw new RangeError(`signature has ${signature.length} bytes, expected ${SIGNATURE_BYTES}`);
  }
  const out = new Uint8Array(SIGNED_ATTESTATION_BYTES);
  out.set(encodeAttestation(attestation));
  out.set(signature, ATTESTATION_BYTES);
  return out;
}

/** Decodes a signed attestation. @throws RangeError unless there are exactly 3,491 bytes. */
export function decodeSignedAttestation(bytes: Uint8Array): SignedAttestation {
  if (bytes.length !== SIGNED_ATTESTATION_BYTES) {
    throw new RangeError(`signed attestation has ${bytes.length} bytes, expected ${SIGNED_ATTESTATION_BYTES}`);
  }
  const attestation: Record<string, number | bigint | Hex> = {};
  let offset = 0;
  for (const { name, bytes: width, kind } of FIELDS) {
    const hex = bytesToHex(bytes.subarray(offset, offset + width));
    attestation[name] = kind === "hex" ? hex : kind === "bigint" ? BigInt(hex) : Number(hex);
    offset += width;
  }
  return { attestation: attestation as unknown as Attestation, signature: bytes.slice(ATTESTATION_BYTES) };
}

/** Hashes wire-form attestations of one deployment without building objects: the relayer's hot path. */
export class AttestationHasher {
  readonly #keccak: (bytes: Uint8Array) => Uint8Array;
  /** Type hash, then a word for every field. */
  readonly #words = new Uint8Array(32 * (FIELDS.length + 1));
  /** 0x1901, domain separator, then the struct hash. */
  readonly #message = new Uint8Array(66);

  /** @param keccak Keccak-256; default: the library's. */
  constructor(domain: StatementDomain, keccak: (bytes: Uint8Array) => Uint8Array = keccak_256) {
    this.#keccak = keccak;
    this.#words.set(TYPE_HASH);
    this.#message.set([0x19, 0x01]);
    this.#message.set(domainSeparator(domain.chainId, domain.bridge), 2);
  }

  /** EIP-712 digest of the attestation whose wire form starts `wire`; equal to {@link hashAttestation}. */
  digest(wire: Uint8Array): Uint8Array {
    let offset = 0;
    let word = 32;
    for (const { bytes } of FIELDS) {
      word += 32;
      for (let at = word - bytes; at < word; at++) this.#words[at] = wire[offset++]!;
    }
    this.#message.set(this.#keccak(this.#words), 34);
    return this.#keccak(this.#message);
  }
}

/** EIP-712 domain separator of a deployment: what `Leaf.domain` of a proof is for an honest leaf. */
export function domainSeparator(chainId: number, bridge: Address): Uint8Array {
  const type = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
  const words = new Uint8Array(160);
  words.set(keccak_256(stringToBytes(type)));
  words.set(keccak_256(stringToBytes("PQMesh")), 32);
  words.set(keccak_256(stringToBytes("1")), 64);
  words.set(hexToBytes(`0x${chainId.toString(16).padStart(64, "0")}`), 96);
  words.set(hexToBytes(bridge), 140);
  return keccak_256(words);
}

function encodeField(name: Field, value: number | bigint | Hex, bytes: number): Uint8Array {
  const number =
    typeof value === "string" ? (/^0x[0-9a-fA-F]{64}$/.test(value) ? BigInt(value) : -1n) : toBigInt(value);
  if (number < 0n || number >= 1n << BigInt(8 * bytes)) {
    throw new RangeError(`attestation field ${name} is ${value}, it must fit ${bytes} bytes`);
  }
  return hexToBytes(`0x${number.toString(16).padStart(2 * bytes, "0")}`);
}

function toBigInt(value: number | bigint): bigint {
  return typeof value === "bigint" ? value : Number.isSafeInteger(value) ? BigInt(value) : -1n;
}
