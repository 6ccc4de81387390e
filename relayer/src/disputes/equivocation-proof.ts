import { randomBytes } from "node:crypto";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { nodeOffencesAbi } from "@pqmesh/contracts/generated/node-offences-abi";
import { hashAttestation, type SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import type { Address, Hex } from "viem";
import { bytesToHex, encodeAbiParameters, encodeFunctionData, hexToBytes, keccak256 } from "viem/utils";
import type { CommitteeMember } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import type { EvidenceCall } from "./leaf-proof.ts";

/** Two attestations of one node that exclude each other: of one epoch, or with one sequence. */
export type NodeFork = readonly [SignedAttestation, SignedAttestation];

/** Two reports of one round, each with the ML-DSA-65 signature of the member at one seat. */
export interface MemberFork {
  seat: number;
  signed: readonly [SignedRound, SignedRound];
}

/** A report and a member's ML-DSA-65 signature of it. */
export interface SignedRound {
  report: Report;
  mldsa: Hex;
}

type Facts = Pick<ChainFollower, "chainId" | "bridge" | "keyAt">;

/** Number of equivocation among the offences of `IMemberOffences`. */
const EQUIVOCATION = 1;

/** Name of the offence, as `INodeOffences` counts: one for each epoch, and one for each sequence. */
export function nodeOffenceOf([{ attestation: first }, { attestation: second }]: NodeFork): Hex {
  const isSameEpoch = first.epoch === second.epoch;
  const types = [{ type: "uint32" }, { type: "bool" }, { type: "uint64" }] as const;
  const values = [first.nodeIndex, isSameEpoch, isSameEpoch ? first.epoch : first.sequence] as const;
  return keccak256(encodeAbiParameters(types, values));
}

/**
 * Makes the proof that a node signed two attestations that exclude each other.
 *
 * @returns undefined when it is none: the same attestation, a key that changed between them, a signature that does not verify.
 */
export async function proveNodeFork(
  chain: Facts,
  fork: NodeFork,
): Promise<(EvidenceCall & { offenceId: Hex }) | undefined> {
  const [first, second] = fork;
  const { nodeIndex } = first.attestation;
  const key = chain.keyAt(nodeIndex, first.attestation.epoch);
  const otherKey = chain.keyAt(nodeIndex, second.attestation.epoch);
  if (!key || !otherKey || Buffer.compare(key, otherKey) !== 0 || !excludeEachOther(fork)) return undefined;
  const domain = { chainId: chain.chainId, bridge: chain.bridge };
  const digests = fork.map(({ attestation }) => hashAttestation(domain, attestation));
  if (digests[0] === digests[1]) return undefined;
  for (const [i, { signature }] of fork.entries()) {
    if (!(await verifyMlDsa65Async(key, hexToBytes(digests[i]!), signature))) return undefined;
  }
  const salt = bytesToHex(randomBytes(32));
  const [a, b] = fork.map((signed) => ({ ...signed, signature: bytesToHex(signed.signature) }));
  const args = [a!, b!, bytesToHex(key), salt] as const;
  const data = encodeFunctionData({ abi: nodeOffencesAbi, functionName: "proveEquivocation", args });
  return { evidence: hashBoth(a!.signature, b!.signature), salt, data, offenceId: nodeOffenceOf(fork) };
}

/**
 * Makes the proof that a member signed two reports of one round with ML-DSA-65.
 *
 * @returns undefined when it is none: the same report, two rounds, a signature that does not verify.
 */
export async function proveMemberFork(
  domain: Pick<Facts, "chainId" | "bridge">,
  { address, mldsaKey }: Pick<CommitteeMember, "address" | "mldsaKey">,
  [first, second]: MemberFork["signed"],
): Promise<(EvidenceCall & { offenceId: Hex }) | undefined> {
  const { chainId, bridge } = domain;
  const digests = [first, second].map(({ report }) => hashReport({ chainId, bridge }, report));
  if (digests[0] === digests[1] || roundOf(first.report) !== roundOf(second.report)) return undefined;
  for (const [i, { mldsa }] of [first, second].entries()) {
    if (!(await verifyMlDsa65Async(mldsaKey, hexToBytes(digests[i]!), hexToBytes(mldsa)))) return undefined;
  }
  const salt = bytesToHex(randomBytes(32));
  const args = [
    summarise(first.report, 0n),
    summarise(second.report, 0n),
    { member: address, key: bytesToHex(mldsaKey), salt },
    [first.mldsa, second.mldsa],
  ] as const;
  const data = encodeFunctionData({ abi: memberOffencesAbi, functionName: "convictEquivocation", args });
  const offenceId = memberOffenceOf(first.report, address);
  return { evidence: hashBoth(first.mldsa, second.mldsa), salt, data, offenceId };
}

/** Name of the offence, as `IMemberOffences` counts: one for each member and round. */
export function memberOffenceOf(round: Pick<Report, "epoch" | "shard" | "round">, member: Address): Hex {
  const types = [{ type: "uint8" }, { type: "bool" }, { type: "bytes32" }, { type: "address" }] as const;
  return keccak256(encodeAbiParameters(types, [EQUIVOCATION, true, roundOf(round), member]));
}

function roundOf({ epoch, shard, round }: Pick<Report, "epoch" | "shard" | "round">): Hex {
  const types = [{ type: "uint64" }, { type: "uint32" }, { type: "uint32" }] as const;
  return keccak256(encodeAbiParameters(types, [epoch, shard, round]));
}

function excludeEachOther([{ attestation: first }, { attestation: second }]: NodeFork): boolean {
  return first.nodeIndex === second.nodeIndex && (first.epoch === second.epoch || first.sequence === second.sequence);
}

function hashBoth(a: Hex, b: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "bytes" }, { type: "bytes" }], [a, b]));
}
