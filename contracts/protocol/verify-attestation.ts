import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { attestationBridgeAbi } from "../generated/attestation-bridge-abi.ts";
import { type Attestation, hashAttestation, PUBLIC_KEY_BYTES } from "./attestation.ts";
import type { StatementDomain } from "./eip712.ts";
import { attestationLeaf, SHARD_SIZE, verifyReportLeaf } from "./merkle.ts";
import { decodeIndexList, hashReport, type Report, shardOf } from "./report.ts";
import { encodeAbiParameters, type Hex, hexToBytes, keccak256, type PublicClient } from "viem";

/** What a relayer claims about one attestation; nothing of it is believed. */
export interface AttestationClaim {
  attestation: Attestation;
  signature: Hex;
  proof: Hex[];
  report: Report;
  signers: bigint;
}

/** Names of the checks, in the order they are shown. */
export const CHECKS = ["digest", "key", "signature", "leaf", "listed", "commitment"] as const;

/** One check. */
export type CheckName = (typeof CHECKS)[number];

/** Outcome of one check. */
export interface CheckResult {
  name: CheckName;
  holds: boolean;
  /** What was compared, in one sentence. */
  sentence: string;
}

/** What a verification needs besides the claim. */
export interface VerifyContext {
  domain: StatementDomain;
  client: Pick<PublicClient, "readContract">;
  /** Raw key that the chain published for this node and epoch, with the hash that the registry holds. */
  key: { publicKey: Hex; keyHash: Hex };
  /** What the reader asked for. */
  asked: { nodeIndex: number; epoch: bigint };
}

/**
 * Checks a claim against the chain, entirely where it runs, in a browser or in the CLI: the statement is the one asked for, the key is the one
 * published on chain, the ML-DSA-65 signature holds, the leaf is in the report's tree, the node is not listed as absent, and the
 * chain holds a commitment to exactly this report.
 */
export async function verifyAttestation(claim: AttestationClaim, context: VerifyContext): Promise<CheckResult[]> {
  const { attestation, report } = claim;
  const digest = hashAttestation(context.domain, attestation);
  const signature = hexToBytes(claim.signature);
  const leaf = attestationLeaf(attestation.nodeIndex, digest, signature);
  const commitment = await context.client.readContract({
    address: context.domain.bridge,
    abi: attestationBridgeAbi,
    functionName: "reportCommitment",
    args: [report.shard, report.epoch],
  });
  const expected = encodeAbiParameters(
    [{ type: "bytes32" }, { type: "uint256" }, { type: "bytes32" }],
    [hashReport(context.domain, report), claim.signers, report.beacon],
  );
  const { nodeIndex, epoch } = context.asked;
  const isAsked =
    attestation.nodeIndex === nodeIndex &&
    attestation.epoch === epoch &&
    report.epoch === epoch &&
    report.shard === shardOf(nodeIndex);
  return [
    result("digest", isAsked, `The statement is about node ${nodeIndex} in epoch ${epoch}; its digest is ${digest}.`),
    result(
      "key",
      isPublishedKey(context.key),
      `The key has ${PUBLIC_KEY_BYTES} bytes and its hash is the one on chain.`,
    ),
    result(
      "signature",
      isSigned(context.key.publicKey, digest, signature),
      "The node's ML-DSA-65 signature over the digest holds.",
    ),
    result(
      "leaf",
      verifyReportLeaf(report.root, nodeIndex, leaf, claim.proof),
      `The leaf is at its place under root ${report.root}.`,
    ),
    result("listed", !isListedAbsent(report, nodeIndex), "The report does not list the node as absent."),
    result(
      "commitment",
      commitment === keccak256(expected),
      "The chain holds a commitment to this report and its signers.",
    ),
  ];
}

function result(name: CheckName, holds: boolean, sentence: string): CheckResult {
  return { name, holds, sentence };
}

function isPublishedKey({ publicKey, keyHash }: VerifyContext["key"]): boolean {
  return publicKey.length === 2 + 2 * PUBLIC_KEY_BYTES && keccak256(publicKey) === keyHash.toLowerCase();
}

function isSigned(publicKey: Hex, digest: Hex, signature: Uint8Array): boolean {
  try {
    return ml_dsa65.verify(signature, hexToBytes(digest), hexToBytes(publicKey));
  } catch {
    return false;
  }
}

function isListedAbsent(report: Report, nodeIndex: number): boolean {
  return decodeIndexList(report.absent).includes(nodeIndex % SHARD_SIZE);
}
