import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { type ReportSummary, summarise } from "@pqmesh/contracts/protocol/report-summary";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { concat, encodeBytes32String, getBytes, id, parseEther, Wallet, ZeroAddress } from "ethers";
import { network } from "hardhat";
import type { Hex } from "viem";
import { arbiterBindings } from "../../deploy/arbiter-bindings.ts";
import { deployPqmesh } from "../../deploy/deploy.ts";
import { PRODUCTION_SCHEDULE, productionParameters } from "../../deploy/parameters.ts";

const { epochSeconds } = PRODUCTION_SCHEDULE;
const BEACON_DEPTH = 14;
const SEATS = 4;
const STAKE = parseEther("20000");
const BOND = parseEther("200000");
const MEASUREMENT: Hex = `0x${"5e".repeat(32)}`;
const KEY_BYTES = 1952;

/** An attestation with every field set to something that costs call data. */
export interface SignedAttestation {
  attestation: ReturnType<typeof statement>;
  digest: Hex;
  signature: Uint8Array;
}

/** A report on chain. */
export interface AcceptedReport {
  report: Report;
  summary: ReportSummary;
  digest: Hex;
  tree: ReportTree;
}

/** An ML-DSA-65 key of a node. */
export interface NodeKey {
  publicKey: Uint8Array;
  privateKey: KeyObject;
}

/** Epochs in which an epoch can be reported: few, so that a run can start without reporting an hour first. */
export const REPORT_WINDOW = 2;

/** A network with the parameters of production, nodes with real keys and a committee of four, on a fresh chain. */
export async function deployDisputedMesh(nodeCount: number) {
  const connection = await network.create("default");
  const { ethers, networkHelpers } = connection;
  const [deployer, owner] = await ethers.getSigners();
  const roles = {
    interimProposer: deployer.address as Hex,
    approver: owner.address as Hex,
    teamBeneficiary: deployer.address as Hex,
    investorBeneficiary: deployer.address as Hex,
  };
  const start = await networkHelpers.time.latest();
  const production = productionParameters(roles, start);
  const parameters = { ...production, windows: { ...production.windows, report: REPORT_WINDOW } };
  const { instances, contracts } = await deployPqmesh({ connection, parameters });
  const timelock = await ethers.getImpersonatedSigner(contracts.MeshTimelock);
  await networkHelpers.setBalance(timelock.address, parseEther("1000"));
  for (const call of arbiterBindings(contracts)) await timelock.sendTransaction(call);
  const bridge = instances.AttestationBridge;
  await bridge.connect(timelock).getFunction("approveMeasurement")(MEASUREMENT);
  const chainId = Number((await ethers.provider.getNetwork()).chainId);
  const domain: StatementDomain = { chainId, bridge: contracts.AttestationBridge };
  const mesh = { connection, instances, contracts, timelock, owner, domain, start };
  const keys = await addNodes(mesh, nodeCount);
  const members = await seatMembers(mesh);
  return { ...mesh, keys, members };
}

/** The network to measure disputes on. */
export type DisputedMesh = Awaited<ReturnType<typeof deployDisputedMesh>>;
type Mesh = Omit<DisputedMesh, "keys" | "members">;

async function addNodes({ instances, contracts, timelock, owner }: Mesh, count: number): Promise<NodeKey[]> {
  const { NodeRegistry, NodeStaking, MeshToken } = instances;
  await MeshToken.connect(timelock).getFunction("transfer")(owner.address, STAKE * BigInt(count));
  await MeshToken.connect(owner).getFunction("approve")(contracts.NodeStaking, STAKE * BigInt(count));
  await NodeRegistry.connect(owner).getFunction("registerOperator")(ZeroAddress, ZeroAddress, id("root key"));
  const keys = Array.from({ length: count }, () => {
    const { publicKey, privateKey } = generateKeyPairSync("ml-dsa-65");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
    return { publicKey: Uint8Array.from(raw), privateKey };
  });
  for (const [node, { publicKey }] of keys.entries()) {
    await NodeRegistry.connect(owner).getFunction("registerNode")(publicKey, encodeBytes32String("eu"));
    await NodeStaking.connect(owner).getFunction("stake")(node, STAKE);
  }
  return keys;
}

async function seatMembers({ connection, instances, contracts, timelock }: Mesh): Promise<Wallet[]> {
  const { ethers, networkHelpers } = connection;
  const { MeshToken, RelayerCommittee } = instances;
  const members = Array.from({ length: SEATS }, (_, i) => new Wallet(id(`member ${i}`), ethers.provider));
  members.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  for (const member of members) {
    await networkHelpers.setBalance(member.address, parseEther("10"));
    await MeshToken.connect(timelock).getFunction("transfer")(member.address, BOND);
    await MeshToken.connect(member).getFunction("approve")(contracts.RelayerCommittee, BOND);
    const { publicKey } = generateKeyPairSync("ml-dsa-65");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
    await RelayerCommittee.connect(member).getFunction("bond")(BOND, raw, "https://member.example");
  }
  await RelayerCommittee.connect(timelock).getFunction("setCommittee")(members.map(({ address }) => address));
  return members;
}

/** Moves the chain into an epoch, with enough blocks for a beacon. */
export async function goToEpoch({ connection, start }: DisputedMesh, epoch: number): Promise<void> {
  await connection.networkHelpers.time.increaseTo(start + epoch * epochSeconds);
  await connection.networkHelpers.mine(BEACON_DEPTH + 2, { interval: 0 });
}

function statement(node: number, epoch: number, chain: { sequence: bigint; previous: Hex; beacon: Hex }) {
  return {
    ...{ nodeIndex: node, epoch: BigInt(epoch), measurement: MEASUREMENT, ...chain },
    ...{ shares: 0x1388_1388_1388_1388_1388_1388n, cpuLoadBp: 1_234, memoryUsedBp: 5_678, storageUsedBp: 4_321 },
    ...{ heartbeats: 29, latencyMicros: 1_987, space: 0xe8_d4a5_1234n, stake: 20_123_456_789_012_345_678_901n },
    ...{ work: 987_654_321n, time: 1_234_567n },
  };
}

/** Signs an attestation of a node with its key, or with another one to forge it. */
export function attest(
  { domain, keys }: DisputedMesh,
  at: { node: number; epoch: number; sequence: bigint; previous: Hex; beacon: Hex },
  signer = at.node,
): SignedAttestation {
  const { node, epoch, ...chain } = at;
  const attestation = statement(node, epoch, chain);
  const digest = hashAttestation(domain, attestation);
  return { attestation, digest, signature: new Uint8Array(sign(null, getBytes(digest), keys[signer].privateKey)) };
}

/** Has the bridge accept a report of shard 0 with some leaves; all other nodes are absent. */
export async function acceptReport(
  mesh: DisputedMesh,
  epoch: number,
  made: ReadonlyMap<number, SignedAttestation>,
): Promise<AcceptedReport> {
  const { connection, domain, members, keys, instances } = mesh;
  const { provider } = connection.ethers;
  const tree = new ReportTree(
    new Map([...made].map(([node, { digest, signature }]) => [node, attestationLeaf(node, digest, signature)])),
  );
  const beaconBlock = (await provider.getBlockNumber()) - BEACON_DEPTH;
  const report: Report = {
    ...{ epoch: BigInt(epoch), shard: 0, round: 0, committeeVersion: 1, beaconBlock: BigInt(beaconBlock) },
    beacon: (await provider.getBlock(beaconBlock))?.hash as Hex,
    root: tree.root,
    absent: encodeIndexList(keys.map((_, node) => node).filter((node) => !made.has(node))),
    degraded: "0x",
    quality: `0x${"fe".repeat(512)}`,
  };
  const digest = hashReport(domain, report);
  const signed = members.slice(0, 3).map((member) => member.signingKey.sign(digest).serialized);
  await instances.AttestationBridge.getFunction("submitReport")(report, 7n, concat(signed));
  return { report, summary: summarise(report, 7n), digest, tree };
}

/** Sends a call and returns the gas of the whole transaction. */
export async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<number> {
  const receipt = await (await sent).wait();
  if (!receipt) throw new Error("a transaction was not mined");
  return Number(receipt.gasUsed);
}
