import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { type ReportSummary, summarise } from "@pqmesh/contracts/protocol/report-summary";
import type { Wallet } from "ethers";
import { AbiCoder, concat, encodeBytes32String, id, keccak256, type Signer, ZeroAddress } from "ethers";
import type { Address, Hex } from "viem";
import { AttestingNode, type MadeAttestation } from "../../../helpers/attesting-node.ts";
import { connection, MESH, MIN_BOND, MIN_STAKE, networkWithEpochs } from "../../support/deployed-network.ts";
import { MemberKey } from "./member-key.ts";

const { ethers, networkHelpers } = connection;

/** Seconds of an epoch: long enough that the time a test takes never ends one. */
export const EPOCH_SECONDS = 600;
/** Every window of the test network, in epochs: report, commit, challenge and response. */
export const WINDOW = 2;
/** Horizon of the test network in epochs. */
export const HORIZON = 4 * WINDOW;
/** Build that the test network allows. */
export const MEASUREMENT: Hex = `0x${"5e".repeat(32)}`;
/** Nodes 0 to 3 are active from this epoch on, and the committee of four is in force. */
export const FIRST_EPOCH = 12;

const COMMITTEE_SIZE = 4;
const REORG_DEPTH = 12;

/** An accepted report with everything that proofs about it need. */
export interface Accepted {
  report: Report;
  summary: ReportSummary;
  digest: Hex;
  leaves: Map<number, MadeAttestation>;
  tree: ReportTree;
}

/** A leaf as `proveInvalid` takes it. */
export interface Leaf {
  position: number;
  nodeIndex: number;
  domain: string;
  attestation: Attestation;
  signature: Uint8Array;
  proof: Hex[];
}

/** Network with four active nodes and a committee of four, all with real keys of both kinds, in epoch FIRST_EPOCH. */
export function disputedNetwork() {
  return disputedNetworkIn(FIRST_EPOCH);
}

/** The same in another epoch from the third on, when nodes and committee are in force. */
export async function disputedNetworkIn(epoch: number) {
  const deployed = await networkWithEpochs(EPOCH_SECONDS);
  const { registry, staking, committee, token, bridge, timelockSigner, alice } = deployed;
  const { chainId } = await ethers.provider.getNetwork();
  const domain: StatementDomain = { chainId: Number(chainId), bridge: (await bridge.getAddress()) as Address };
  await bridge.connect(timelockSigner).approveMeasurement(MEASUREMENT);
  await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, id("root key of alice"));
  const nodes = Array.from({ length: 4 }, (_, i) => new AttestingNode(i, domain, "disputed"));
  for (const node of nodes) {
    await registry.connect(alice).registerNode(node.publicKey, encodeBytes32String("eu"));
    await staking.connect(alice).stake(node.nodeIndex, MIN_STAKE);
  }
  const members = Array.from({ length: COMMITTEE_SIZE }, (_, i) => new MemberKey(`disputed member ${i}`));
  members.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  for (const member of members) {
    const wallet = member.wallet.connect(ethers.provider);
    await networkHelpers.setBalance(member.address, 10n ** 20n);
    await token.connect(timelockSigner).transfer(member.address, 1_000_000n * MESH);
    await token.connect(wallet).approve(await committee.getAddress(), ethers.MaxUint256);
    await committee.connect(wallet).bond(MIN_BOND, member.publicKey, "https://member.example");
  }
  await committee.connect(timelockSigner).setCommittee(members.map(({ address }) => address));
  const genesis = Number((await bridge.epochGenesis()) as bigint);
  const network = { ...deployed, domain, nodes, members, genesis };
  await goToEpoch(network, epoch);
  await networkHelpers.mine(REORG_DEPTH + 2);
  await bridge.recordBeacon((await ethers.provider.getBlockNumber()) - REORG_DEPTH);
  return { ...network, beacon: (await bridge.recordedBeacon(epoch)) as Hex };
}

/** The network of the tests about disputes. */
export type DisputedNetwork = Awaited<ReturnType<typeof disputedNetwork>>;

/** Moves the chain to the first second of an epoch. */
export async function goToEpoch({ genesis }: { genesis: number }, epoch: number): Promise<void> {
  await networkHelpers.time.increaseTo(genesis + epoch * EPOCH_SECONDS);
}

/** A valid first attestation of a node, with what a test changes before it is signed; no chain moves. */
export function attest(
  { nodes, beacon }: DisputedNetwork,
  node: number,
  epoch: number,
  changes: Partial<Attestation> = {},
): MadeAttestation {
  return nodes[node].sign({ ...nodes[node].statement(epoch), beacon, measurement: MEASUREMENT, ...changes });
}

/** What a report of a test says; nodes without a leaf are named absent unless a test says otherwise. */
export interface ReportPlan {
  epoch: number;
  shard?: number;
  /** By local index. */
  leaves: Map<number, MadeAttestation>;
  absent?: number[];
  /** Replaces hashes of leaves: garbage, or leaves that name another node. */
  rawLeaves?: Map<number, Hex>;
  round?: number;
  seats?: number[];
}

/** Makes a report that is not sent. */
export async function buildReport({ domain }: DisputedNetwork, plan: ReportPlan): Promise<Accepted> {
  const { epoch, shard = 0, leaves, rawLeaves = new Map<number, Hex>(), round = 0 } = plan;
  const known = [...leaves].map(([position, { digest, signature }]) => {
    return [position, attestationLeaf(position, digest, signature)] as const;
  });
  const tree = new ReportTree(new Map([...known, ...rawLeaves]));
  const absent = plan.absent ?? [0, 1, 2, 3].filter((i) => !leaves.has(i) && !rawLeaves.has(i));
  const number = (await ethers.provider.getBlockNumber()) - REORG_DEPTH;
  const block = await ethers.provider.getBlock(number);
  const report: Report = {
    epoch: BigInt(epoch),
    shard,
    round,
    committeeVersion: 1,
    beaconBlock: BigInt(number),
    beacon: block!.hash as Hex,
    root: tree.root,
    absent: encodeIndexList(absent),
    degraded: "0x",
    quality: "0xffffffff",
  };
  const seats = plan.seats ?? [0, 1, 2];
  const signers = seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
  return { report, summary: summarise(report, signers), digest: hashReport(domain, report), leaves, tree };
}

/** Makes a report, signs it with some seats (three of four by default) and has the bridge accept it when its turn is due. */
export async function acceptReport(network: DisputedNetwork, plan: ReportPlan): Promise<Accepted> {
  const current = Number((await network.bridge.currentEpoch()) as bigint);
  if (current < plan.epoch + WINDOW) await goToEpoch(network, plan.epoch + WINDOW);
  await networkHelpers.mine(REORG_DEPTH + 2);
  const accepted = await buildReport(network, plan);
  const signatures = (plan.seats ?? [0, 1, 2]).map((seat) => network.members[seat].signEcdsa(accepted.digest));
  await network.bridge.submitReport(accepted.report, accepted.summary.signers, concat(signatures));
  return accepted;
}

/** Opens a leaf of a report. */
export async function openLeaf(network: DisputedNetwork, accepted: Accepted, position: number): Promise<Leaf> {
  const { attestation, signature } = accepted.leaves.get(position)!;
  const domain = await domainSeparator(network.domain);
  return { position, nodeIndex: position, domain, attestation, signature, proof: accepted.tree.proof(position) };
}

/** EIP-712 domain separator of a deployment. */
async function domainSeparator({ chainId, bridge }: StatementDomain): Promise<string> {
  const { TypedDataEncoder } = await import("ethers");
  return TypedDataEncoder.hashDomain({ name: "PQMesh", version: "1", chainId, verifyingContract: bridge });
}

/** Claims evidence for an account and waits until it can be shown; returns the salt. */
export async function claim(
  network: DisputedNetwork,
  claimant: Signer,
  evidence: string,
  word = "salt",
): Promise<string> {
  const salt = id(word);
  const types = ["address", "bytes32", "bytes32"];
  const hash = keccak256(AbiCoder.defaultAbiCoder().encode(types, [await claimant.getAddress(), evidence, salt]));
  for (const judge of [network.disputes, network.offences, network.nodeOffences])
    await judge.connect(claimant).claimEvidence(hash);
  await networkHelpers.mine(2);
  return salt;
}

/** What a claim of an invalid leaf is about. */
export function leafEvidence({ digest }: Accepted, leafHash: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [digest, leafHash]));
}

/** Hash of an opened leaf, whatever it commits to. */
export function leafHashOf(leaf: Leaf, attestationHash: string): string {
  const words = [leaf.nodeIndex, attestationHash, keccak256(leaf.signature)];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32", "bytes32"], words));
}

/** A wallet that the chain knows. */
function connected(wallet: Wallet): Wallet {
  return wallet.connect(ethers.provider);
}

/** A report of four honest nodes for an epoch. */
export async function honestReport(network: DisputedNetwork, epoch: number): Promise<Accepted> {
  const leaves = new Map([0, 1, 2, 3].map((i) => [i, attest(network, i, epoch)] as const));
  return acceptReport(network, { epoch, leaves });
}

/** Challenges a leaf with the bond that is asked for; returns the challenge's number. */
export async function challenge(
  network: DisputedNetwork,
  accepted: Accepted,
  node: number,
  by?: Signer,
): Promise<bigint> {
  const { disputes, mallory } = network;
  const value = (await disputes.challengeBond()) as bigint;
  await disputes.connect(by ?? mallory).challenge(accepted.summary, accepted.report.absent, node, { value });
  return (await disputes.challengeAbout(node, accepted.report.epoch)) as bigint;
}

/** Arguments of `respond` for a seat. */
export function answer(accepted: Accepted, node: number, seat: number) {
  const { attestation, signature } = accepted.leaves.get(node)!;
  return [seat, attestation, signature, accepted.tree.proof(node)] as const;
}

/** The wallet of a seat, connected to the chain. */
export function seatWallet({ members }: DisputedNetwork, seat: number): Wallet {
  return connected(members[seat].wallet);
}
