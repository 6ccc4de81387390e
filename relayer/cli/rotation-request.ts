import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { hashKeyRotation } from "@pqmesh/contracts/protocol/key-rotation";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import { ROOT_SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/root-order";
import { type Hex, hexToBytes, keccak256 } from "viem";
import { z } from "zod";
import { verifyRootSignature } from "../src/keystore/root-key.ts";
import { verifyMlDsa65 } from "../src/keystore/verify-ml-dsa-65.ts";
import { readTextFile } from "./arguments.ts";
import { CliError, refuted, usageError } from "./output.ts";
import { isoTime } from "./iso-time.ts";

const hexOf = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in lower-case hex with 0x`);
const uint32 = z.int().min(0).max(0xffff_ffff);

/** A key rotation on its way to the key that signs it and back: everything that is signed, and what a person needs to judge it. */
const requestSchema = z.strictObject({
  format: z.literal("pqmesh-key-rotation"),
  version: z.literal(1),
  chainId: z.int().min(1),
  registry: hexOf(20),
  nodeIndex: uint32,
  identityId: uint32,
  rootKey: hexOf(32),
  currentKeyHash: hexOf(32),
  newKey: hexOf(PUBLIC_KEY_BYTES),
  newKeyHash: hexOf(32),
  nonce: uint32,
  deadline: z.int().min(1),
  digest: hexOf(32),
});
const byRootKeySchema = requestSchema.extend({ signature: hexOf(ROOT_SIGNATURE_BYTES) });
const byKeySchema = requestSchema.extend({
  attestationKey: hexOf(PUBLIC_KEY_BYTES),
  signature: hexOf(SIGNATURE_BYTES),
});

/** What the operator's root key, or the node's attestation key in force, is asked to sign. */
export type RotationRequest = z.infer<typeof requestSchema>;

/** A request with the signature of the root key, or with the attestation key in force and its signature. */
export type SignedRotation = z.infer<typeof byRootKeySchema> | z.infer<typeof byKeySchema>;

/** Reads a request and checks that its parts belong together. @throws CliError naming the first thing that is wrong. */
export function readRotationRequest(file: string): RotationRequest {
  return consistent(parse(file, requestSchema), file);
}

/** Reads a signed request and checks its parts and its signature. @throws CliError naming the first that is wrong. */
export function readSignedRotation(file: string): SignedRotation {
  const isByKey = "attestationKey" in readObject(file);
  const signed: SignedRotation = consistent(parse<SignedRotation>(file, isByKey ? byKeySchema : byRootKeySchema), file);
  const [digest, signature] = [signed.digest, signed.signature].map((hex) => hexToBytes(hex as Hex));
  if (!("attestationKey" in signed)) {
    if (verifyRootSignature(hexToBytes(signed.rootKey as Hex), digest!, signature!)) return signed;
    throw refuted(`${file}: the root key did not sign this rotation`);
  }
  const key = signed.attestationKey as Hex;
  if (keccak256(key) !== signed.currentKeyHash) throw refuted(`${file}: attestationKey is not the old key`);
  if (verifyMlDsa65(hexToBytes(key), digest!, signature!)) return signed;
  throw refuted(`${file}: the old key did not sign this rotation`);
}

/** Digest that is signed, computed from the parts. */
export function digestOf({
  chainId,
  registry,
  nodeIndex,
  newKeyHash,
  nonce,
  deadline,
}: Omit<RotationRequest, "digest">): Hex {
  return hashKeyRotation(
    { chainId, registry: registry as Hex },
    { nodeIndex, newKeyHash: newKeyHash as Hex, nonce, deadline: BigInt(deadline) },
  );
}

/** What a rotation means, for the person who signs or sends it. */
export function describeRotation(rotation: RotationRequest): string[] {
  const { nodeIndex, identityId, chainId, registry, newKeyHash, currentKeyHash, nonce, deadline, digest } = rotation;
  return [
    `Replace the attestation key of node ${nodeIndex} (identity ${identityId}) on chain ${chainId}, registry ${registry}.`,
    `  old key  ${currentKeyHash} (keccak256)`,
    `  new key  ${newKeyHash} (keccak256)`,
    `  nonce    ${nonce}`,
    `  valid    until ${isoTime(deadline)}`,
    `  digest   ${digest}`,
  ];
}

/** A rotation as `--json` shows it: all but the new key itself. */
export function rotationSummary({ newKey: _, format: _format, version: _version, ...rest }: RotationRequest): object {
  return { ...rest, deadlineIso: isoTime(rest.deadline) };
}

/** Reads a file that holds one JSON object. @throws CliError naming it. */
export function readObject(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(readTextFile(file));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw usageError(`${file} is not JSON: it is cut short or another file`, cause);
  }
  if (typeof content === "object" && content !== null) return content as Record<string, unknown>;
  throw usageError(`${file} must hold one JSON object`);
}

function parse<T>(file: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(readObject(file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw usageError(`${file} is no such rotation: ${issue?.path.join(".") || "content"}: ${issue?.message}`);
}

function consistent<T extends RotationRequest>(rotation: T, file: string): T {
  const { newKey, newKeyHash, digest } = rotation;
  if (keccak256(newKey as Hex) !== newKeyHash) throw refuted(`${file}: newKeyHash is not the hash of newKey`);
  if (isDegenerateMlDsaKey(hexToBytes(newKey as Hex))) {
    throw refuted(`${file}: newKey is degenerate: anyone could sign for it`);
  }
  if (digestOf(rotation) !== digest) throw refuted(`${file}: digest does not belong to the other fields`);
  return rotation;
}
