import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import { bytesToHex, hexToBytes } from "viem";
import { importMlDsa65PublicKey, ML_DSA_65, mlDsa65PublicKeyRaw } from "../keystore/ml-dsa-65.ts";

/** Head of a log as a checkpoint states it (C2SP tlog-checkpoint). */
export interface Checkpoint extends LogHead {
  /** Unique name of the log; {@link logOrigin}. */
  origin: string;
}

/** Who cosigns checkpoints: a name and a public key (C2SP signed-note). */
export interface Witness {
  name: string;
  algorithm: WitnessAlgorithm;
  publicKey: Uint8Array;
}

/** A witness with its private key. */
export interface WitnessSigner extends Witness {
  privateKey: KeyObject;
}

/** Algorithms of cosignatures: ours, and that of C2SP tlog-cosignature for witnesses of other ecosystems. */
export type WitnessAlgorithm = "ML-DSA-65" | "ML-DSA-44";

/** A note: a checkpoint, its text, and the signature lines below it. */
export interface CheckpointNote {
  checkpoint: Checkpoint;
  text: string;
  signatures: NoteSignature[];
}

/** A signature line; `bytes` are key ID, time and signature. */
interface NoteSignature {
  name: string;
  bytes: Buffer;
}

interface Scheme {
  /** Signature type: one byte, with an identifier where C2SP has assigned none. */
  type: Buffer;
  publicKeyBytes: number;
  signatureBytes: number;
  importKey(publicKey: Uint8Array): KeyObject;
}

const SCHEMES: Readonly<Record<WitnessAlgorithm, Scheme>> = {
  "ML-DSA-65": {
    type: Buffer.from("\xffpqmesh ml-dsa-65 cosignature/v1", "latin1"),
    publicKeyBytes: ML_DSA_65.publicKeyBytes,
    signatureBytes: ML_DSA_65.signatureBytes,
    importKey: importMlDsa65PublicKey,
  },
  "ML-DSA-44": {
    type: Buffer.from([0x06]),
    publicKeyBytes: 1_312,
    signatureBytes: 2_420,
    importKey: (key) => {
      const pub = Buffer.from(key).toString("base64url");
      return createPublicKey({ key: { kty: "AKP", alg: "ML-DSA-44", pub }, format: "jwk" });
    },
  },
};

/** Longest note that is read: sixteen signatures of the largest kind that C2SP expects fit. */
const MAX_CHARACTERS = 131_072;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_PREFIX = "\u2014 ";
/** Separates what a cosignature signs from everything else that a key might sign. */
const LABEL = Buffer.from("subtree/v1\n\0", "latin1");

/** Name of the transparency log of a deployment: the origin line of its checkpoints. */
export function logOrigin(chainId: number, registry: string): string {
  return `pqmesh/${chainId}/${registry.toLowerCase()}`;
}

/** A witness that signs with ML-DSA-65. @throws Error when the name is none. */
export function witnessSigner(name: string, privateKey: KeyObject): WitnessSigner {
  requireName(name);
  return { name, algorithm: "ML-DSA-65", publicKey: mlDsa65PublicKeyRaw(privateKey), privateKey };
}

/** Text of a checkpoint, that signatures follow: origin, size and root in base64, one line each. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(hexToBytes(root)).toString("base64")}\n`;
}

/**
 * Cosigns a checkpoint (C2SP tlog-cosignature): a statement that it is the largest that the witness has seen of this log, and
 * consistent with all of them.
 *
 * @param signatures Signature lines that the note has already.
 * @param time Unix seconds at which the log was no larger.
 * @returns The whole note.
 */
export function cosignCheckpoint(
  checkpoint: Checkpoint,
  signer: WitnessSigner,
  { time, signatures = [] }: { time: number; signatures?: readonly NoteSignature[] },
): string {
  const signature = sign(null, cosignedMessage(checkpoint, signer.name, time), signer.privateKey);
  const bytes = Buffer.concat([keyId(signer), uint64(time), signature]);
  const all = [...signatures, { name: signer.name, bytes }];
  const lines = all.map(({ name, bytes: line }) => `${SIGNATURE_PREFIX}${name} ${line.toString("base64")}\n`);
  return `${checkpointText(checkpoint)}\n${lines.join("")}`;
}

/**
 * Reads a note whose text is a checkpoint without extension lines; verifies no signature.
 *
 * @throws Error saying what is wrong with it.
 */
export function parseCheckpoint(note: string): CheckpointNote {
  if (note.length > MAX_CHARACTERS) throw new Error(`a note has at most ${MAX_CHARACTERS} characters`);
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new Error("a note is text, an empty line, and signature lines");
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  if (rest.length !== 1) throw new Error("a checkpoint has three lines: origin, size and root");
  if (origin === "") throw new Error("the origin of the checkpoint is empty");
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new Error("the size of the checkpoint is no whole number up to 2^53");
  }
  const hash = fromBase64("root of the checkpoint", root);
  if (hash.length !== 32) throw new Error(`the root of the checkpoint has ${hash.length} bytes, not 32`);
  const lines = note.slice(end + 2, -1).split("\n");
  const checkpoint = { origin, size: Number(size), root: bytesToHex(hash) };
  return { checkpoint, text, signatures: lines.map(parseSignature) };
}

/** A signature that verified: whose, and until when (Unix seconds) the witness saw no larger log. */
export interface Cosignature {
  witness: Witness;
  time: number;
}

/**
 * Verifies the signatures of known witnesses, and ignores those of others.
 *
 * @throws Error when a known witness's signature does not verify, or nobody known has signed.
 */
export function verifyCheckpoint(note: CheckpointNote, witnesses: readonly Witness[]): Cosignature[] {
  const signed = knownCosignatures(note, witnesses);
  if (signed.length === 0) throw new Error("the checkpoint has no signature of a known witness");
  return signed;
}

/**
 * The signatures of known witnesses; none when nobody known has signed.
 *
 * @throws Error when one of them does not verify.
 */
export function knownCosignatures(
  { checkpoint, signatures }: CheckpointNote,
  witnesses: readonly Witness[],
): Cosignature[] {
  return witnesses.flatMap((witness) => {
    const own = signatures.filter(({ name, bytes }) => name === witness.name && keyId(witness).equals(keyIdOf(bytes)));
    return own.map(({ bytes }) => ({ witness, time: verifiedTime(checkpoint, witness, bytes) }));
  });
}

/** Public key of a witness as text (vkey of C2SP signed-note). */
export function formatWitness(witness: Witness): string {
  const key = Buffer.concat([SCHEMES[witness.algorithm].type, witness.publicKey]).toString("base64");
  return `${witness.name}+${keyId(witness).toString("hex")}+${key}`;
}

/** Reads the public key of a witness. @throws Error saying what is wrong with it. */
export function parseWitness(text: string): Witness {
  const [, name, id, key] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (!name || !key) throw new Error("a witness is <name>+<key ID in hex>+<key in base64>");
  const bytes = fromBase64("key of the witness", key);
  const found = Object.entries(SCHEMES).find(([, { type }]) => bytes.subarray(0, type.length).equals(type));
  if (!found) throw new Error(`signature type ${bytes[0]} is unknown: ML-DSA-65 and ML-DSA-44 cosignatures are read`);
  const [algorithm, { type, publicKeyBytes, importKey }] = found as [WitnessAlgorithm, Scheme];
  const publicKey = new Uint8Array(bytes.subarray(type.length));
  if (publicKey.length !== publicKeyBytes) {
    throw new Error(`${algorithm} public key of ${name} has ${publicKey.length} bytes, not ${publicKeyBytes}`);
  }
  importKey(publicKey);
  const witness: Witness = { name, algorithm, publicKey };
  if (keyId(witness).toString("hex") !== id) throw new Error(`key ID ${id} is not that of name and key`);
  return witness;
}

function verifiedTime(checkpoint: Checkpoint, witness: Witness, bytes: Buffer): number {
  const { signatureBytes, importKey } = SCHEMES[witness.algorithm];
  const signature = bytes.subarray(KEY_ID_BYTES + TIME_BYTES);
  const time = signature.length === signatureBytes ? Number(bytes.readBigUInt64BE(KEY_ID_BYTES)) : NaN;
  const isSound =
    Number.isSafeInteger(time) &&
    verify(null, cosignedMessage(checkpoint, witness.name, time), importKey(witness.publicKey), signature);
  if (isSound) return time;
  throw new Error(`the signature of ${witness.name} does not verify: the checkpoint is not what it signed`);
}

/** `cosigned_message` of C2SP tlog-cosignature, from the first entry to the last. */
function cosignedMessage({ origin, size, root }: Checkpoint, name: string, time: number): Buffer {
  return Buffer.concat([
    ...[LABEL, opaque("name", name), uint64(time)],
    ...[opaque("origin", origin), uint64(0), uint64(size), hexToBytes(root)],
  ]);
}

function keyId({ name, algorithm, publicKey }: Witness): Buffer {
  const hash = createHash("sha256").update(`${name}\n`).update(SCHEMES[algorithm].type).update(publicKey).digest();
  return hash.subarray(0, KEY_ID_BYTES);
}

function keyIdOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, KEY_ID_BYTES);
}

function parseSignature(line: string): NoteSignature {
  const [, name, signature] = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
  if (!name || !signature) throw new Error("a signature line is an em dash, a name and base64");
  const bytes = fromBase64(`signature of ${name}`, signature);
  if (bytes.length <= KEY_ID_BYTES) throw new Error(`the signature of ${name} is too short`);
  return { name, bytes };
}

function fromBase64(field: string, text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error(`the ${field} is not base64`);
  return bytes;
}

function requireName(name: string): void {
  if (!/^[^+\s]+$/u.test(name)) throw new Error(`"${name}" is no name of a witness: no spaces, no plus`);
  opaque("name", name);
}

/** A vector of TLS with a length of one byte (RFC 8446 section 3.4). */
function opaque(field: string, text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length < 1 || bytes.length > 255) throw new Error(`the ${field} has ${bytes.length} bytes, 1 to 255 fit`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
