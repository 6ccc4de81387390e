import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { hashKeyRotation } from "@pqmesh/contracts/protocol/key-rotation";
import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import {
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
  parseEther,
  stringToHex,
  parseEventLogs,
  type RpcLog,
  toHex,
} from "viem";

import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";
import { certifyMesh } from "./mesh-certificates.ts";
import { delegateEarly, liveEconomy } from "./mesh-economy.ts";
import { governMesh } from "./mesh-governance.ts";
import { leaseEarly, leaseLate } from "./mesh-leases.ts";
import { BOB, CAROL, executeOrder, joinMesh, MALLORY, type MeshPeople, OPERATOR } from "./mesh-people.ts";
import {
  answerChallenge,
  challengeLeaf,
  claimEvidence,
  makeMeshReport,
  type MeshReport,
  postMeshReport,
  proveLeafInvalid,
  selfAttest,
  signEcdsa,
  signMldsa,
  statementDomain,
} from "./mesh-reports.ts";

/** IAttestationDisputes.Flaw.Sequence. */
const FLAW_SEQUENCE = 7;
/** IEntryPause.EntryArea.Listing. */
const ENTRY_LISTING = 2;
const DEADLINE = 4_000_000_000n;
const BYTES_PAIR = parseAbiParameters("bytes, bytes");

/**
 * Lays a history in which every event of the contracts happens: operators, keys and locks, stake, parameters, the
 * committee, reports of epochs 2, 4, 6 and 8, challenges with every outcome, punishments, a node's own proofs, leases,
 * the stake economy, certificates, and governance.
 */
export async function layMeshHistory(mesh: MeshChain): Promise<MeshPeople> {
  const people = await joinMesh(mesh);
  await mesh.decide("NetworkParameters", "set", [stringToHex("maxOpenChallenges", { size: 32 }), 1n]);
  await delegateEarly(mesh);
  await workOnWallets(mesh, people);
  const silenced = await commitRun(mesh, people);
  const first = await reportAndChallenge(mesh, people, silenced);
  const forged = await reportForgery(mesh, people, silenced, first);
  await punishMembers(mesh, people, forged);
  const leases = await leaseEarly(mesh, people, (i, epoch, changes) => attest(mesh, people.nodes[i]!, epoch, changes));
  await moveStakeAndBonds(mesh, people);
  const [, , , node] = people.nodes;
  const twice = [await attest(mesh, node!, 5, { sequence: 7n }), await attest(mesh, node!, 5, { sequence: 8n })];
  await liveEconomy(mesh, people, twice);
  await leaseLate(mesh, leases);
  await pauseListings(mesh);
  await certifyMesh(mesh);
  await governMesh(mesh);
  return people;
}

/** The DAO names an emergency guardian, pauses new listings for a minute and lets them in again. */
async function pauseListings(mesh: MeshChain): Promise<void> {
  const { timestamp } = await mesh.chain.rpc<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false);
  const until = BigInt(timestamp) + 60n;
  await mesh.decide("NetworkParameters", "setEmergencyGuardian", [CAROL, until]);
  await mesh.decide("NetworkParameters", "pauseEntry", [ENTRY_LISTING, until]);
  await mesh.decide("NetworkParameters", "resumeEntry", [ENTRY_LISTING]);
}

/** Attests in an epoch with the genesis beacon; `changes` are signed too. */
async function attest(
  mesh: MeshChain,
  node: AttestingNode,
  epoch: number,
  changes: Parameters<AttestingNode["attest"]>[1] = {},
): Promise<MadeAttestation> {
  const beacon = await mesh.read<Hex>("AttestationBridge", "genesisBeacon");
  return node.sign({ ...node.statement(epoch), beacon, ...changes });
}

/** Leaves of nodes in an epoch, by local index. */
async function leavesOf(
  mesh: MeshChain,
  { nodes }: MeshPeople,
  { epoch, present }: { epoch: number; present: number[] },
): Promise<Map<number, MadeAttestation>> {
  const leaves = new Map<number, MadeAttestation>();
  for (const i of present) leaves.set(i, await attest(mesh, nodes[i]!, epoch));
  return leaves;
}

/** Owner, hot wallet, beneficiary, attestation and root key of the operator, and its quantum lock. */
async function workOnWallets(mesh: MeshChain, { nodes, rootKey }: MeshPeople): Promise<void> {
  const owner = { from: OPERATOR };
  await mesh.call("NodeRegistry", "setOperatorWallet", [1, accountOf(6)], owner);
  await mesh.call("NodeRegistry", "proposeOwner", [1, BOB], owner);
  await mesh.call("NodeRegistry", "proposeBeneficiary", [1, CAROL], owner);
  await mesh.call("NodeRegistry", "cancelPendingChanges", [1], owner);
  await executeOrder(mesh, rootKey, "Lock");
  await mesh.call("NodeRegistry", "requestUnlock", [1], owner);
  await executeOrder(mesh, rootKey, "Lock");
  await executeOrder(mesh, rootKey, "Unlock");
  await mesh.call("NodeRegistry", "proposeBeneficiary", [1, BOB], owner);
  const { chainId, contracts } = mesh.network;
  const next = new AttestingNode(0, statementDomain(mesh), "mesh, second key");
  const rotation = { nodeIndex: 0, newKeyHash: keccak256(next.publicKey), nonce: 0, deadline: DEADLINE };
  const digest = hashKeyRotation({ chainId, registry: contracts.NodeRegistry }, rotation);
  const signature = nodes[0]!.signDigest(hexToBytes(digest));
  const proof = [bytesToHex(nodes[0]!.publicKey), bytesToHex(signature)];
  const args = [0, bytesToHex(next.publicKey), DEADLINE, ...proof];
  await mesh.call("NodeRegistry", "rotateAttestationKeyByKey", args, { from: CAROL });
}

/** Node 3 commits attestations of epochs 2 and 3; the committee will pass over both. */
async function commitRun(mesh: MeshChain, { nodes }: MeshPeople): Promise<MadeAttestation[]> {
  const made: MadeAttestation[] = [];
  for (const epoch of [2, 3]) {
    await mesh.goToEpoch(epoch);
    const beacon = await mesh.read<Hex>("AttestationBridge", "genesisBeacon");
    made.push(nodes[3]!.attest(epoch, { beacon }));
    const args = [3, BigInt(epoch), made.at(-1)!.digest];
    await mesh.call("AttestationBridge", "commitAttestation", args, { from: OPERATOR });
  }
  return made;
}

interface ChallengedReport {
  readonly accepted: MeshReport;
  readonly answered: bigint;
  readonly ignored: bigint;
}

/** Epoch 2 is reported; one leaf is challenged and shown, another waits for its turn and stays hidden. */
async function reportAndChallenge(
  mesh: MeshChain,
  people: MeshPeople,
  silenced: readonly MadeAttestation[],
): Promise<ChallengedReport> {
  await mesh.goToEpoch(4);
  const leaves = await leavesOf(mesh, people, { epoch: 2, present: [0, 1, 2] });
  const accepted = await postMeshReport(mesh, people, { epoch: 2, leaves, degraded: [2] });
  const answered = await challengeLeaf(mesh, accepted, 0, MALLORY);
  const ignored = await challengeLeaf(mesh, accepted, 1, MALLORY);
  await answerChallenge(mesh, { id: answered, accepted, nodeIndex: 0 }, people.members[0]![0]!);
  await claimEvidence(mesh, "SelfAttestation", keccak256("0x03"), CAROL);
  await selfAttest(mesh, silenced, people.nodes[3]!.publicKey);
  await mesh.call("AttestationBridge", "recordBeacon", [BigInt((await mesh.chain.head()).number - 13)], {
    from: CAROL,
  });
  return { accepted, answered, ignored };
}

/** Epoch 3 stays unreported; epoch 4 has a bad leaf of node 1. Challenges end in every way that there is. */
async function reportForgery(
  mesh: MeshChain,
  people: MeshPeople,
  silenced: readonly MadeAttestation[],
  { answered, ignored }: ChallengedReport,
): Promise<MeshReport> {
  await mesh.goToEpoch(6);
  const leaves = await leavesOf(mesh, people, { epoch: 4, present: [0, 2] });
  leaves.set(1, await attest(mesh, people.nodes[1]!, 4, { sequence: 0n }));
  const forged = await postMeshReport(mesh, people, { epoch: 4, leaves });
  await selfAttest(mesh, silenced, people.nodes[3]!.publicKey);
  await mesh.call("AttestationDisputes", "dismissChallenge", [answered], { from: CAROL });
  await mesh.call("AttestationDisputes", "expireChallenge", [ignored], { from: CAROL });
  await challengeLeaf(mesh, forged, 1, MALLORY);
  await proveLeafInvalid(mesh, { accepted: forged, nodeIndex: 1, flaw: FLAW_SEQUENCE }, BOB);
  for (const from of [MALLORY, CAROL]) await mesh.call("AttestationDisputes", "withdraw", [], { from });
  return forged;
}

/** Convictions of every kind; one punishment is pardoned, another paid out; new members are seated. */
async function punishMembers(mesh: MeshChain, people: MeshPeople, forged: MeshReport): Promise<void> {
  const [first, second] = people.members as [MeshPeople["members"][0], MeshPeople["members"][0]];
  await mesh.decide("RelayerCommittee", "setCommittee", [second.map(({ address }) => address)]);
  const signature = signMldsa(first[0]!, forged.digest);
  const salt = await claimEvidence(mesh, "MemberOffences", keccak256(signature), BOB);
  const accused = { member: first[0]!.address, key: first[0]!.publicKey, salt };
  await mesh.call("MemberOffences", "convictForgery", [forged.summary, accused, signature], { from: BOB });
  await pardonNewest(mesh);

  const leaves = await leavesOf(mesh, people, { epoch: 5, present: [0, 1] });
  const one = await makeMeshReport(mesh, { epoch: 5, leaves, round: 3 });
  const other = await makeMeshReport(mesh, { epoch: 5, leaves: new Map(), round: 3 });
  await convictByEcdsa(mesh, first[3]!, { one, other });
  await convictOfOmission(mesh, people, { report: other, member: first[3]! });
  await mesh.goToEpoch(8);
  await mesh.call("RelayerCommittee", "paySlash", [1n], { from: CAROL });
  await postMeshReport(mesh, people, {
    epoch: 6,
    leaves: await leavesOf(mesh, people, { epoch: 6, present: [0, 1, 2, 3] }),
  });
}

/** Gives the funds of the newest punishment back. */
async function pardonNewest(mesh: MeshChain): Promise<void> {
  const logs = await mesh.chain.rpc<RpcLog[]>("eth_getLogs", {
    address: mesh.network.contracts.RelayerCommittee,
    fromBlock: toHex(mesh.network.startBlock),
  });
  const { args } = parseEventLogs({ abi: relayerCommitteeAbi, eventName: "SlashFrozen", logs }).at(-1)!;
  await mesh.decide("RelayerCommittee", "pardon", [args.slashId, args.members, args.amounts]);
}

/** Two reports of one round that one member signed. */
async function convictByEcdsa(
  mesh: MeshChain,
  member: MeshPeople["members"][0][0],
  { one, other }: { one: MeshReport; other: MeshReport },
): Promise<void> {
  const signatures = [await signEcdsa(member, one.digest), await signEcdsa(member, other.digest)] as const;
  const evidence = keccak256(encodeAbiParameters(BYTES_PAIR, signatures));
  const salt = await claimEvidence(mesh, "MemberOffences", evidence, MALLORY);
  const accused = { member: member.address, key: "0x", salt };
  const args = [one.summary, other.summary, accused, signatures];
  await mesh.call("MemberOffences", "proveEquivocation", args, { from: MALLORY });
}

/** A receipt of a member, and its signature of a report that names the node absent. */
async function convictOfOmission(
  mesh: MeshChain,
  { nodes }: MeshPeople,
  { report, member }: { report: MeshReport; member: MeshPeople["members"][0][0] },
): Promise<void> {
  const { attestation, digest } = await attest(mesh, nodes[2]!, 5);
  const receiptHash = hashReceipt(statementDomain(mesh), { epoch: 5n, root: digest });
  const signature = await signEcdsa(member, receiptHash);
  const reportSignature = await signEcdsa(member, report.digest);
  const evidence = keccak256(encodeAbiParameters(BYTES_PAIR, [signature, reportSignature]));
  const salt = await claimEvidence(mesh, "MemberOffences", evidence, BOB);
  const receipt = { attestation, index: 0n, size: 1n, path: [], signature };
  const accused = { member: member.address, key: "0x", salt };
  const args = [report.summary, report.report.absent, receipt, accused, reportSignature];
  await mesh.call("MemberOffences", "proveOmission", args, { from: BOB });
}

/** Node 1 loses a part of its stake and of its unbonding, and gets some of it back. */
async function slashStake(mesh: MeshChain): Promise<void> {
  const { NodeSlashing, NodeStaking } = mesh.network.contracts;
  const judge = { from: NodeSlashing };
  await mesh.chain.rpc("anvil_setBalance", NodeSlashing, toHex(parseEther("1")));
  await mesh.call("NodeStaking", "hold", [1, 1n], judge);
  await mesh.call("NodeStaking", "hold", [1, 0n], judge);
  await mesh.call("NodeStaking", "slash", [1, parseEther("50"), 0n], judge);
  await mesh.call("MeshToken", "approve", [NodeStaking, parseEther("10")], judge);
  await mesh.call("NodeStaking", "restore", [1, parseEther("10")], judge);
}

/** Stake and bonds come and go; a node leaves, a seat is vacated, the operator changes hands. */
async function moveStakeAndBonds(mesh: MeshChain, { members, rootKey }: MeshPeople): Promise<void> {
  const owner = { from: OPERATOR };
  const leaver = members[1]![0]!.address;
  await mesh.call("NodeRegistry", "acceptBeneficiary", [1], owner);
  await mesh.call("NodeRegistry", "proposeOwner", [1, MALLORY], owner);
  await mesh.call("NodeStaking", "stake", [1, parseEther("500")], owner);
  await mesh.call("NodeStaking", "requestUnbond", [1, parseEther("100")], owner);
  await mesh.call("NodeStaking", "requestUnbond", [2, 2n ** 256n - 1n], owner);
  await slashStake(mesh);
  await mesh.call("NodeStaking", "cancelUnbond", [1, 0], owner);
  await mesh.call("NodeRegistry", "exitNode", [3], owner);
  await mesh.call("RelayerCommittee", "setEndpoint", ["https://other.example"], { from: leaver });
  await mesh.call("RelayerCommittee", "resign", [], { from: leaver });
  await mesh.call("RelayerCommittee", "requestBondRelease", [], { from: members[0]![2]!.address });
  await mesh.goToEpoch(28);
  await mesh.call("RelayerCommittee", "vacateSeat", [leaver], { from: CAROL });
  await mesh.call("RelayerCommittee", "withdrawBond", [], { from: members[0]![2]!.address });
  await mesh.call("NodeStaking", "withdraw", [2, 5n], owner);
  await executeOrder(mesh, rootKey, "ChangeRootKey", { newRootKey: keccak256("0x01") });
  await mesh.call("NodeRegistry", "acceptOwner", [1], { from: MALLORY });
  const measurement = keccak256("0x02");
  await mesh.decide("AttestationBridge", "approveMeasurement", [measurement]);
  await mesh.decide("AttestationBridge", "retireMeasurement", [measurement]);
}
