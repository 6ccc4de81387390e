import { hashKeyRotation } from "@pqmesh/contracts/protocol/key-rotation";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import { type Hex, hexToBytes, keccak256 } from "viem";
import { z } from "zod";
import { verifyRootSignature } from "../src/keystore/root-key.ts";
import { readTextFile } from "./arguments.ts";
import { CliError, EXIT_CODES, usageError } from "./output.ts";
import { isoTime } from "./time-after.ts";

const hexOf = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in lower-case hex with 0x`);
const uint32 = z.int().min(0).max(0xffff_ffff);

/** A key rotation on its way to the root key and back: everything that is signed, and what a person needs to judge it. */
const requestSchema = z.strictObject({
  format: z.literal("pqmesh-key-rotation"),
  version: z.literal(1),
  chainId: z.int().min(1),
  registry: hexOf(20),
  nodeIndex: uint32,
  identityId: uint32,
  rootKey: hexOf(32),
  currentKeyHash: hexOf(32),
  newKey: hexOf(1_952),
  newKeyHash: hexOf(32),
  nonce: uint32,
  deadline: z.int().min(1),
  digest: hexOf(32),
});
const signedSchema = requestSchema.extend({ signature: hexOf(7_856) });

/** What an operator's root key is asked to sign. */
export type RotationRequest = z.infer<typeof requestSchema>;

/** A request with the root key's signature. */
export type SignedRotation = z.infer<typeof signedSchema>;

/** Reads a request and checks that its parts belong together. @throws CliError naming the first thing that is wrong. */
export function readRotationRequest(file: string): RotationRequest {
  return consistent(parse(file, requestSchema), file);
}

/** Reads a signed request and checks its parts and its signature. @throws CliError naming the first that is wrong. */
export function readSignedRotation(file: string): SignedRotation {
  const signed = consistent(parse(file, signedSchema), file);
  const [key, digest, signature] = [signed.rootKey, signed.digest, signed.signature].map((hex) =>
    hexToBytes(hex as Hex),
  );
  if (!verifyRootSignature(key!, digest!, signature!))
    throw refuted(`${file}: the root key did not sign this rotation`);
  return signed;
}

/** Digest that the root key signs, computed from the parts. */
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

/** An error of a check that was carried out and failed. */
export function refuted(sentence: string): CliError {
  return new CliError(sentence, EXIT_CODES.refuted);
}

function parse<T>(file: string, schema: z.ZodType<T>): T {
  let content: unknown;
  try {
    content = JSON.parse(readTextFile(file));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw usageError(`${file} is not JSON: it is cut short or another file`, cause);
  }
  const result = schema.safeParse(content);
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
