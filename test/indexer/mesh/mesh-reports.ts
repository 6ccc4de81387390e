import { sign } from "node:crypto";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { packRun, recordedBeacon } from "@pqmesh/contracts/protocol/provenance-run";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { type ReportSummary, summarise } from "@pqmesh/contracts/protocol/report-summary";
import {
  type Address,
  bytesToHex,
  concatHex,
  domainSeparator,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  numberToHex,
  parseAbiParameters,
} from "viem";

import { testAccount } from "../../helpers/anvil.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { CAROL, type MeshMember, type MeshPeople } from "./mesh-people.ts";
import type { MeshChain } from "./mesh-chain.ts";

const BEACON_DEPTH = 12;

/** A report with its leaves. */
export interface MeshReport {
  readonly report: Report;
  readonly summary: ReportSummary;
  readonly digest: Hex;
  readonly leaves: ReadonlyMap<number, MadeAttestation>;
  readonly tree: ReportTree;
}

/** What a report says; nodes without a leaf are absent. */
export interface MeshReportPlan {
  readonly epoch: number;
  readonly leaves: ReadonlyMap<number, MadeAttestation>;
  readonly degraded?: number[];
  readonly round?: number;
}

/** Domain of attestations and reports. */
export function statementDomain({ network }: MeshChain): { chainId: number; bridge: Address } {
  return { chainId: network.chainId, bridge: network.contracts.AttestationBridge };
}

/** Makes a report that is not sent; seats 0 to 2 are its signers. */
export async function makeMeshReport(mesh: MeshChain, plan: MeshReportPlan): Promise<MeshReport> {
  const { epoch, leaves, degraded = [], round = 0 } = plan;
  const entries = [...leaves].map(([i, { digest, signature }]) => [i, attestationLeaf(i, digest, signature)] as const);
  const tree = new ReportTree(new Map(entries));
  const beaconBlock = (await mesh.chain.head()).number - BEACON_DEPTH;
  const { hash } = await mesh.chain.rpc<{ hash: Hex }>("eth_getBlockByNumber", numberToHex(beaconBlock), false);
  const [version] = await mesh.read<[number, Hex]>("RelayerCommittee", "committeeFor", [BigInt(epoch)]);
  const report: Report = {
    ...{ epoch: BigInt(epoch), shard: 0, round, committeeVersion: version, root: tree.root },
    ...{ beaconBlock: BigInt(beaconBlock), beacon: hash },
    absent: encodeIndexList([0, 1, 2, 3].filter((i) => !leaves.has(i))),
    degraded: encodeIndexList(degraded),
    quality: "0xf0e0d0c0",
  };
  return { report, summary: summarise(report, 7n), digest: hashReport(statementDomain(mesh), report), leaves, tree };
}

/** Makes a report, signs it with three seats and has it accepted. */
export async function postMeshReport(
  mesh: MeshChain,
  { members }: MeshPeople,
  plan: MeshReportPlan,
): Promise<MeshReport> {
  const made = await makeMeshReport(mesh, plan);
  const [, packed] = await mesh.read<[number, Hex]>("RelayerCommittee", "committeeFor", [BigInt(plan.epoch)]);
  const all = members.flat();
  const seats = [0, 1, 2].map((seat) => {
    const address = `0x${packed.slice(2 + 40 * seat, 42 + 40 * seat)}`;
    return all.find((member) => member.address.toLowerCase() === address);
  });
  const signatures = await Promise.all(seats.map((member) => signEcdsa(member, made.digest)));
  const args = [made.report, made.summary.signers, concatHex(signatures)];
  await mesh.call("AttestationBridge", "submitReport", args, { from: CAROL });
  return made;
}

/** A member's ECDSA signature of a digest. */
export function signEcdsa(member: MeshMember | undefined, hash: Hex): Promise<Hex> {
  if (member === undefined) throw new Error("the committee has an unknown member");
  return testAccount(member.accountIndex).sign({ hash });
}

/** A member's ML-DSA-65 signature of a digest. */
export function signMldsa(member: MeshMember, digest: Hex): Hex {
  return bytesToHex(sign(null, hexToBytes(digest), member.mldsaKey));
}

/** Challenges the leaf of a node; returns the number of the challenge. */
export async function challengeLeaf(
  mesh: MeshChain,
  { summary, report }: MeshReport,
  nodeIndex: number,
  from: Address,
): Promise<bigint> {
  const value = await mesh.read<bigint>("AttestationDisputes", "challengeBond");
  await mesh.call("AttestationDisputes", "challenge", [summary, report.absent, nodeIndex], { from, value });
  return mesh.read<bigint>("AttestationDisputes", "challengeAbout", [nodeIndex, report.epoch]);
}

/** Answers a challenge as a seat. */
export async function answerChallenge(
  mesh: MeshChain,
  { id, accepted, nodeIndex }: { id: bigint; accepted: MeshReport; nodeIndex: number },
  member: MeshMember,
): Promise<void> {
  const { attestation, signature } = leafAt(accepted, nodeIndex);
  const args = [id, 0n, attestation, bytesToHex(signature), accepted.tree.proof(nodeIndex)];
  await mesh.call("AttestationDisputes", "respond", args, { from: member.address });
}

/** Claims evidence for an account with a judge and waits until it can be shown; returns the salt. */
export async function claimEvidence(
  mesh: MeshChain,
  judge: "AttestationDisputes" | "MemberOffences" | "NodeOffences" | "SelfAttestation",
  evidence: Hex,
  from: Address,
): Promise<Hex> {
  const salt = keccak256(evidence);
  const words = encodeAbiParameters(parseAbiParameters("address, bytes32, bytes32"), [from, evidence, salt]);
  await mesh.call(judge, "claimEvidence", [keccak256(words)], { from });
  await mesh.chain.mine(2);
  return salt;
}

/** Proves that a leaf has a flaw (its number on chain). */
export async function proveLeafInvalid(
  mesh: MeshChain,
  { accepted, nodeIndex, flaw }: { accepted: MeshReport; nodeIndex: number; flaw: number },
  from: Address,
): Promise<void> {
  const { attestation, signature } = leafAt(accepted, nodeIndex);
  const domain = statementDomain(mesh);
  const words = [nodeIndex, hashAttestation(domain, attestation), keccak256(signature)] as const;
  const leafHash = keccak256(encodeAbiParameters(parseAbiParameters("uint32, bytes32, bytes32"), words));
  const evidence = keccak256(encodeAbiParameters(parseAbiParameters("bytes32, bytes32"), [accepted.digest, leafHash]));
  const salt = await claimEvidence(mesh, "AttestationDisputes", evidence, from);
  const opened = {
    ...{
      position: nodeIndex,
      nodeIndex,
      domain: domainSeparator({
        domain: { name: "PQMesh", version: "1", chainId: domain.chainId, verifyingContract: domain.bridge },
      }),
      attestation,
    },
    ...{ signature: bytesToHex(signature), proof: accepted.tree.proof(nodeIndex) },
  };
  const support = { key: "0x", absent: "0x", history: [], salt };
  await mesh.call("AttestationDisputes", "proveInvalid", [accepted.summary, opened, flaw, support], { from });
}

/** Proves epochs of a node by attestations that were committed and used the beacon of the genesis. */
export async function selfAttest(
  mesh: MeshChain,
  made: readonly MadeAttestation[],
  publicKey: Uint8Array,
): Promise<void> {
  const beacon = await mesh.read<Hex>("AttestationBridge", "genesisBeacon");
  const packed = packRun(
    made.map(({ attestation }) => attestation),
    () => recordedBeacon(0n, beacon),
  );
  const run = {
    ...{ ...packed, key: bytesToHex(publicKey) },
    signature: bytesToHex(made.at(-1)?.signature ?? new Uint8Array()),
  };
  await mesh.call("SelfAttestation", "selfAttest", [run], { from: CAROL });
}

function leafAt({ leaves }: MeshReport, nodeIndex: number): MadeAttestation {
  const leaf = leaves.get(nodeIndex);
  if (leaf === undefined) throw new Error(`the report has no leaf of node ${nodeIndex}`);
  return leaf;
}
