import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { hashKeyRotation } from "@pqmesh/contracts/protocol/key-rotation";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { ROOT_SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/root-order";
import { type Address, type Hex, hexToBytes, isHex, keccak256, size } from "viem";
import { formatTime } from "./format.ts";

/** A rotation of an attestation key as its file has it: `pqmesh key rotate prepare`, then `pqmesh key sign`. */
export interface SignedRotation {
  chainId: number;
  registry: Address;
  nodeIndex: number;
  identityId: number;
  rootKey: Hex;
  currentKeyHash: Hex;
  newKey: Hex;
  newKeyHash: Hex;
  nonce: number;
  /** Unix seconds. */
  deadline: number;
  digest: Hex;
  signature: Hex;
  /** Raw key in force, when it signed; undefined when the root key did. */
  attestationKey?: Hex;
}

/** A file that was read, or the sentence that says why it cannot be sent. */
export type RotationReading = { signed: SignedRotation } | { problem: string };

/** What the chain says about the node of a file. */
export interface RotationGround {
  config: NetworkConfig;
  identityId: number;
  rootKey: Hex;
  /** Hash of the key in force, and rotations of the node so far. */
  keyHash: Hex;
  rotations: number;
  /** Chain time, Unix seconds. */
  now: number;
}

/** Longest file that is read: a file signed by the key in force has about 26,000 characters. */
const MAX_CHARACTERS = 65_536;

const NUMBERS = ["chainId", "nodeIndex", "identityId", "nonce", "deadline"] as const;
const BYTES = { registry: 20, rootKey: 32, currentKeyHash: 32, newKey: PUBLIC_KEY_BYTES, newKeyHash: 32, digest: 32 };

/** Reads a signature file of a rotation and checks that its parts belong together. */
export function parseSignedRotation(text: string): RotationReading {
  const file = objectIn(text);
  if (!file || file.format !== "pqmesh-key-rotation" || file.version !== 1) {
    return { problem: "This is not a signature file of a key rotation." };
  }
  const isByKey = "attestationKey" in file;
  const bytes = { ...BYTES, ...(isByKey && { attestationKey: PUBLIC_KEY_BYTES }) };
  const signature = isByKey ? SIGNATURE_BYTES : ROOT_SIGNATURE_BYTES;
  const wrong =
    NUMBERS.find((name) => !Number.isSafeInteger(file[name]) || (file[name] as number) < 0) ??
    Object.entries({ ...bytes, signature }).find(([name, length]) => !isBytes(file[name], length))?.[0];
  if (wrong === "signature" && file.signature === undefined) {
    return { problem: "The file is a request that nobody signed yet: pqmesh key sign does." };
  }
  if (wrong) return { problem: `The file is damaged: ${wrong} is missing or has not the form that it must have.` };
  const signed = file as unknown as SignedRotation;
  const problem = brokenPart(signed);
  return problem ? { problem } : { signed };
}

function brokenPart({ newKey, newKeyHash, digest, attestationKey, ...rest }: SignedRotation): string | undefined {
  if (keccak256(newKey) !== newKeyHash) return "The file is damaged: newKeyHash is not the hash of newKey.";
  if (isDegenerateMlDsaKey(hexToBytes(newKey))) return "The new key is degenerate: anyone could sign for it.";
  const { nodeIndex, nonce, deadline, currentKeyHash } = rest;
  const expected = hashKeyRotation(rest, { nodeIndex, newKeyHash, nonce, deadline: BigInt(deadline) });
  if (expected !== digest) return "The file is damaged: its digest does not belong to the other fields.";
  if (attestationKey && keccak256(attestationKey) !== currentKeyHash) {
    return "The file is damaged: attestationKey is not the key that it names as the old one.";
  }
  return undefined;
}

/** Checks everything that the registry will check, the post-quantum signature in this browser included. */
export function rotationProblem(signed: SignedRotation, ground: RotationGround): string | undefined {
  const { config } = ground;
  if (signed.chainId !== config.chainId) {
    return `The rotation is for chain ${signed.chainId}; this network is chain ${config.chainId}.`;
  }
  if (signed.registry !== config.contracts.NodeRegistry.toLowerCase()) {
    return `The rotation is for the registry ${signed.registry}; this network has another.`;
  }
  if (signed.identityId !== ground.identityId || signed.rootKey !== ground.rootKey.toLowerCase()) {
    return `Node ${signed.nodeIndex} belongs to operator ${ground.identityId}, whose root key is another one.`;
  }
  if (signed.currentKeyHash !== ground.keyHash) return "The key that the file names as the old one is not in force.";
  if (signed.nonce !== ground.rotations) {
    return `The rotation is number ${signed.nonce}, but number ${ground.rotations} comes next.`;
  }
  if (signed.deadline < ground.now) return `The rotation was valid until ${formatTime(signed.deadline)}.`;
  return isSigned(signed) ? undefined : "The signature does not verify: nothing was sent.";
}

function isSigned({ attestationKey, rootKey, digest, signature }: SignedRotation): boolean {
  const [message, proof] = [hexToBytes(digest), hexToBytes(signature)];
  return attestationKey
    ? ml_dsa65.verify(proof, message, hexToBytes(attestationKey))
    : slh_dsa_sha2_128s.verify(proof, message, hexToBytes(rootKey));
}

function objectIn(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isBytes(value: unknown, length: number): boolean {
  return isHex(value) && value === value.toLowerCase() && size(value) === length;
}
