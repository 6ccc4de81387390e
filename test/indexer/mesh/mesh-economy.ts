import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  parseEther,
  stringToHex,
  toHex,
} from "viem";

import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import type { MeshChain, MeshContract } from "./mesh-chain.ts";
import { BOB, CAROL, MALLORY, type MeshPeople, OPERATOR } from "./mesh-people.ts";
import { claimEvidence, type MeshReport, postMeshReport } from "./mesh-reports.ts";

const GRANT = parseEther("100000");
const EVERYTHING = 2n ** 256n - 1n;
const SILENT_REPORTS = 32;
/** First epoch of which nobody hears from the member on the last seat: parameters set at the start are in force. */
const SILENCE = 370;
const BYTES_PAIR = parseAbiParameters("bytes, bytes");

/** People delegate to nodes 1 and 2 while the network is young; operators set commissions, the DAO shortens patience. */
export async function delegateEarly(mesh: MeshChain): Promise<void> {
  await mesh.decide("NetworkParameters", "set", [parameterId("committeeSilentReports"), BigInt(SILENT_REPORTS)]);
  for (const from of [BOB, CAROL]) {
    await mesh.decide("MeshToken", "transfer", [from, GRANT]);
    for (const spender of ["NodeDelegation", "SlashProposals"] as const) await approve(mesh, spender, from);
  }
  const [bob, carol, owner] = [{ from: BOB }, { from: CAROL }, { from: OPERATOR }];
  await mesh.call("NodeDelegation", "setCommission", [1, 500], owner);
  await mesh.call("NodeDelegation", "setCommission", [1, 0], owner);
  await mesh.call("NodeDelegation", "setCommission", [1, 700], owner);
  await mesh.call("NodeDelegation", "delegate", [1, parseEther("5000"), 0n], bob);
  await mesh.call("NodeDelegation", "delegate", [1, parseEther("3333"), 0n], carol);
  await mesh.call("NodeDelegation", "undelegate", [1, parseEther("1000") * 333n, 0n], carol);
  await mesh.call("NodeDelegation", "undelegate", [1, parseEther("10") * 333n, 0n], carol);
  await mesh.call("NodeDelegation", "cancelUndelegation", [1, 0, 0n], carol);
  await mesh.call("NodeDelegation", "undelegate", [1, parseEther("7") * 331n, 0n], bob);
}

/** Wei of so much stake that its pools count their shares anew. */
const NEXT_TO_NOTHING = 10_000_000n;

/** Two words of rewards are closed and claimed; delegators of node 2 lose everything; slashes end in every way. */
export async function liveEconomy(mesh: MeshChain, people: MeshPeople, twice: MadeAttestation[]): Promise<void> {
  await mesh.goToEpoch(280);
  await mesh.call("NodeRewards", "closeWords", [1n], { from: CAROL });
  await mesh.call("NodeRewards", "claim", [[0, 1]], { from: CAROL });
  await mesh.call("NodeRewards", "claimAndStake", [2], { from: MALLORY });
  await mesh.call("NodeDelegation", "withdrawDelegation", [1, CAROL, 9n], { from: MALLORY });
  await emptyPool(mesh);
  await proposeSlashes(mesh);
  await mesh.call("NodeDelegation", "delegate", [2, parseEther("55"), 0n], { from: CAROL });
  await equivocate(mesh, people, twice);
  await punishDowntime(mesh);
  await moveVaults(mesh);
  await payCommittee(mesh, people);
}

/** Node 2 loses nearly all of its stake, pooled and unbonding, and then the rest. */
async function emptyPool(mesh: MeshChain): Promise<void> {
  await mesh.call("NodeDelegation", "delegate", [2, parseEther("100"), 0n], { from: CAROL });
  await mesh.call("NodeDelegation", "undelegate", [2, parseEther("40") * 1_000n, 0n], { from: CAROL });
  const held = await mesh.read<bigint>("NodeStaking", "slashableOf", [2]);
  const offence = keccak256("0x04");
  await punishAs(mesh, "SlashProposals", { offence, nodeIndex: 2, amount: held - NEXT_TO_NOTHING });
  await punishAs(mesh, "SlashProposals", { offence, nodeIndex: 2, amount: parseEther("900000") });
}

/** One proposal is taken back, one lapses, one is upheld and executed, one stays open. */
async function proposeSlashes(mesh: MeshChain): Promise<void> {
  const epoch = BigInt((await mesh.currentEpoch()) - 1);
  const evidence = keccak256("0x05");
  const propose = (node: number) =>
    mesh.call("SlashProposals", "propose", [node, epoch, 300n, evidence], { from: CAROL });
  for (const node of [0, 0, 1]) await propose(node);
  await mesh.call("SlashProposals", "cancel", [1n], { from: CAROL });
  await mesh.call("SlashProposals", "dispute", [2n], { from: BOB });
  await mesh.call("SlashProposals", "dispute", [3n], { from: BOB });
  await mesh.decide("SlashProposals", "uphold", [3n]);
  await mesh.goToEpoch(Number(epoch) + 5);
  await mesh.call("SlashProposals", "lapse", [2n], { from: MALLORY });
  await mesh.call("SlashProposals", "execute", [3n], { from: MALLORY });
  await mesh.call("NodeSlashing", "hold", [1, 0n], { from: await rich(mesh, "SlashProposals") });
}

/** Node 3 signed two attestations of one epoch; the DAO gives its stake back and lets it go. */
async function equivocate(mesh: MeshChain, { nodes }: MeshPeople, twice: readonly MadeAttestation[]): Promise<void> {
  const signed = twice.map(({ attestation, signature }) => ({ attestation, signature: bytesToHex(signature) }));
  const evidence = keccak256(encodeAbiParameters(BYTES_PAIR, signed.map(({ signature }) => signature) as [Hex, Hex]));
  const salt = await claimEvidence(mesh, "NodeOffences", evidence, CAROL);
  const key = bytesToHex(nodes[3]!.publicKey);
  await mesh.call("NodeOffences", "proveEquivocation", [...signed, key, salt], { from: CAROL });
  await mesh.decide("NodeSlashing", "pardon", [await newestSlash(mesh)]);
  await mesh.decide("NodeSlashing", "unjail", [3]);
}

/** Node 1 is punished for downtime, pays and stays in jail; node 0 is pardoned. */
async function punishDowntime(mesh: MeshChain): Promise<void> {
  const offence = stringToHex("Downtime", { size: 32 });
  await punishAs(mesh, "NodeOffences", { offence, nodeIndex: 1, amount: parseEther("123") + 7n });
  const paid = await newestSlash(mesh);
  await mesh.goToEpoch((await mesh.currentEpoch()) + 2);
  await mesh.call("NodeSlashing", "paySlash", [paid], { from: MALLORY });
  await punishAs(mesh, "NodeOffences", { offence, nodeIndex: 1, amount: parseEther("11") + 3n });
  await mesh.decide("NodeSlashing", "pardon", [await newestSlash(mesh)]);
  await punishAs(mesh, "NodeOffences", { offence, nodeIndex: 0, amount: parseEther("5") });
}

async function moveVaults(mesh: MeshChain): Promise<void> {
  for (const vault of ["TeamVesting", "InvestorVesting"] as const) {
    const owner = await mesh.read<Address>(vault, "owner");
    await mesh.chain.rpc("anvil_setBalance", owner, toHex(parseEther("1")));
    await mesh.call(vault, "transferOwnership", [BOB], { from: owner });
    await mesh.call(vault, "acceptOwnership", [], { from: BOB });
    await mesh.call(vault, "release", [mesh.network.contracts.MeshToken], { from: CAROL });
    await mesh.call(vault, "release", [], { from: CAROL });
  }
}

/** Relayers wait for seats, members are paid for reports, and the one on the last seat is silent for too long. */
async function payCommittee(mesh: MeshChain, people: MeshPeople): Promise<void> {
  const first = people.members[0]!;
  for (const [i, region] of [[1, 7] as const, [3, 0] as const]) {
    await mesh.decide("RelayerCommittee", "admit", [first[i]!.address, region]);
  }
  await mesh.call("RelayerCommittee", "dismiss", [first[3]!.address], { from: first[3]!.address });
  await mesh.goToEpoch(SILENCE - 4);
  await mesh.call("RelayerCommittee", "fillSeats", [], { from: CAROL });
  const reports: MeshReport[] = [];
  for (let epoch = SILENCE; epoch < SILENCE + SILENT_REPORTS; epoch++) {
    await mesh.goToEpoch(epoch + 2);
    reports.push(await postMeshReport(mesh, people, { epoch, leaves: new Map() }));
  }
  const summaries = reports.map(({ summary }) => summary);
  const silent = await lastMember(mesh, SILENCE);
  await mesh.call("CommitteeFees", "removeSilent", [silent, summaries], { from: CAROL });
  await approve(mesh, "CommitteeFees", mesh.timelock);
  await mesh.decide("CommitteeFees", "fund", [parseEther("4")]);
  await mesh.call("CommitteeFees", "collect", [summaries.slice(0, 6)], { from: CAROL });
  await mesh.call("CommitteeFees", "withdraw", [await memberAt(mesh, SILENCE, 0)], { from: MALLORY });
}

interface Order {
  readonly offence: Hex;
  readonly nodeIndex: number;
  readonly amount: bigint;
}

/** A punishment of a node is frozen and given back at once, unless there was nothing to take. */
export async function punishInError(mesh: MeshChain, nodeIndex: number, amount: bigint): Promise<void> {
  const before = await newestSlash(mesh);
  await punishAs(mesh, "SlashProposals", { offence: keccak256("0x06"), nodeIndex, amount });
  const slashId = await newestSlash(mesh);
  if (slashId > before) await mesh.decide("NodeSlashing", "pardon", [slashId]);
}

/** Orders a punishment as an arbiter; it is frozen and rewards CAROL. */
async function punishAs(mesh: MeshChain, arbiter: "NodeOffences" | "SlashProposals", order: Order): Promise<void> {
  const terms = { reporter: CAROL, isBarred: false, isFinal: false };
  await mesh.call("NodeSlashing", "punish", [{ ...order, ...terms }], { from: await rich(mesh, arbiter) });
}

/** Address of a contract that can pay for gas. */
async function rich(mesh: MeshChain, contract: MeshContract): Promise<Address> {
  const address = mesh.network.contracts[contract]!;
  await mesh.chain.rpc("anvil_setBalance", address, toHex(parseEther("1")));
  return address;
}

async function approve(mesh: MeshChain, spender: MeshContract, from: Address): Promise<void> {
  await mesh.call("MeshToken", "approve", [mesh.network.contracts[spender], EVERYTHING], { from });
}

/** Number of the newest slash. */
async function newestSlash(mesh: MeshChain): Promise<bigint> {
  for (let id = 1n; ; id++) {
    const next = await mesh.read<{ nodeIndex: number; ownPart: bigint; poolPart: bigint }>("NodeSlashing", "slashOf", [
      id + 1n,
    ]);
    if (next.ownPart + next.poolPart === 0n) return id;
  }
}

async function memberAt(mesh: MeshChain, epoch: number, seat: number): Promise<Address> {
  const [, packed] = await mesh.read<[number, Hex]>("RelayerCommittee", "committeeFor", [BigInt(epoch)]);
  return `0x${packed.slice(2).match(/.{40}/g)!.at(seat)!}`;
}

function lastMember(mesh: MeshChain, epoch: number): Promise<Address> {
  return memberAt(mesh, epoch, -1);
}

function parameterId(name: string): Hex {
  return stringToHex(name, { size: 32 });
}
