import { MAX_REASON } from "@pqmesh/contracts/protocol/ballot-reason";
import { governorRoles } from "../../../scripts/deploy/governor-roles.ts";
import { encodeFunctionData, type Hex, keccak256, parseEther, stringToHex, zeroHash } from "viem";

import { MESH_ABIS, type MeshChain, type MeshContract } from "./mesh-chain.ts";
import {
  admitVoters,
  delegateVotes,
  LAST_ROUND,
  moveIdentities,
  openLastSeason,
  spendCredits,
} from "./mesh-electorate.ts";
import type { Random } from "../fixture/random-activity.ts";
import { ADA, APPROVER, BEN, COUNCIL, DORA, HOLDER, IDENTITIES, OWNER, VOTERS } from "./mesh-voters.ts";

const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];

/** Reasons of ballots, each of its own length; the last is cut in the middle of a character. */
export const REASONS = [
  "because \u0000 it is ünïcödé",
  "MESH says no",
  `${"x".repeat(MAX_REASON - 1)}${"\u{1f5f3}".repeat(50)}`,
] as const;

/** A proposal as the governor takes it. */
interface Motion {
  readonly targets: readonly Hex[];
  readonly values: readonly bigint[];
  readonly calldatas: readonly Hex[];
  readonly description: string;
}

/**
 * Lives everything that governance can: voters who are admitted, delegate, move, expire and are revoked, proposals with every
 * end, operations of the timelock, and seasons. One proposal is open in the end and one is pending; credits of a season can be spent.
 */
export async function governMesh(mesh: MeshChain): Promise<void> {
  for (const call of governorRoles(mesh.network.contracts)) await mesh.chain.send({ from: mesh.timelock, ...call });
  await admitVoters(mesh);
  await delegateVotes(mesh);
  await mesh.pass(1);
  await decideMotions(mesh);
  await operateDirectly(mesh);
  await spendCredits(mesh);
  await moveIdentities(mesh);
  await propose(mesh, openMotion(mesh));
  await openLastSeason(mesh);
  await mesh.pass(Number(await mesh.read<bigint>("MeshGovernor", "votingDelay")));
  await castVotes(mesh, openMotion(mesh), [[ADA, ABSTAIN]]);
  await propose(mesh, motionOf(mesh, "\n##  Still pending \nand why", [payment(mesh, 9n)]));
}

/** Sends a call of a voter, which the chain lets through or not: a lock, a delegation, a sync, a vote, a proposal, an admission. */
export async function governAtRandom(mesh: MeshChain, random: Random): Promise<void> {
  const one = (): Hex => VOTERS[random(VOTERS.length)]!;
  const attempt = (contract: MeshContract, name: string, args: unknown[], from = one()) =>
    mesh.attempt(contract, name, args, from);
  const amount = parseEther(`${1 + random(500)}`);
  const identity = IDENTITIES[random(IDENTITIES.length)]!;
  switch (random(8)) {
    case 0:
      return attempt("QuadraticVotes", random(2) === 0 ? "lock" : "requestUnlock", [amount]);
    case 1:
      return attempt("QuadraticVotes", "delegate", [one()]);
    case 2:
      return attempt("QuadraticVotes", "sync", [identity]);
    case 3:
      return attempt("MeshGovernor", "castVote", [await idOf(mesh, openMotion(mesh)), random(3)]);
    case 4: {
      const { targets, values, calldatas, description } = motionOf(mesh, `${amount}`, [payment(mesh, amount)]);
      return attempt("MeshGovernor", "propose", [targets, values, calldatas, description], ADA);
    }
    case 5:
      return attempt("AdmittedIdentities", "admit", [one(), identity, 2 ** 40], mesh.timelock);
    case 6:
      return attempt("MeshTimelock", "schedule", [one(), amount, "0x", zeroHash, zeroHash, 9n], COUNCIL);
    default:
      return attempt("QuadraticRound", "vote", [LAST_ROUND, [{ option: random(2), votes: random(19) }]]);
  }
}

/** The proposal that is open in the end. */
function openMotion(mesh: MeshChain): Motion {
  return motionOf(mesh, "still open", [callOf(mesh, "AdmittedIdentities", "suspend", [1])]);
}

/** Proposals that pass, are cancelled, and fail in either house; of one the end is moved by a late turn. */
async function decideMotions(mesh: MeshChain): Promise<void> {
  const motions = {
    passed: motionOf(mesh, "# Fewer open challenges\nand a payment", [parameter(mesh, 2n), payment(mesh, 1n)]),
    executedAside: motionOf(mesh, "executed in the timelock", [parameter(mesh, 3n)]),
    cancelledAside: motionOf(mesh, "cancelled in the timelock", [payment(mesh, 3n)]),
    vetoed: motionOf(mesh, "vetoed by identities", [payment(mesh, 4n)]),
    rejected: motionOf(mesh, "rejected by MESH", [payment(mesh, 5n)]),
    turned: motionOf(mesh, "turned late", [payment(mesh, 6n)]),
    withdrawn: motionOf(mesh, "", [payment(mesh, 7n)]),
  };
  for (const motion of Object.values(motions)) await propose(mesh, motion);
  await mesh.call("MeshGovernor", "cancel", endArguments(motions.withdrawn), { from: ADA });
  await mesh.pass(Number(await mesh.read<bigint>("MeshGovernor", "votingDelay")));
  for (const motion of [motions.passed, motions.executedAside, motions.cancelledAside]) {
    await castVotes(mesh, motion, [
      [ADA, FOR],
      [HOLDER, ABSTAIN],
      [OWNER, FOR, REASONS[0]],
    ]);
  }
  await castVotes(mesh, motions.vetoed, [
    [ADA, AGAINST],
    [DORA, FOR],
  ]);
  await castVotes(mesh, motions.rejected, [
    [ADA, FOR, REASONS[2]],
    [HOLDER, AGAINST, REASONS[1]],
  ]);
  await turnLate(mesh, motions.turned);
  for (const motion of [motions.passed, motions.executedAside, motions.cancelledAside]) {
    await mesh.call("MeshGovernor", "queue", endArguments(motion), { from: BEN });
  }
  await endQueued(mesh, motions);
  for (const motion of Object.values(motions)) {
    await mesh.call("MeshGovernor", "releaseBond", [await idOf(mesh, motion)], { from: BEN });
  }
}

/** A vote shortly before the end turns the outcome, and another one is cast in the time that this adds. */
async function turnLate(mesh: MeshChain, motion: Motion): Promise<void> {
  await castVotes(mesh, motion, [[ADA, FOR]]);
  const deadline = await mesh.read<bigint>("MeshGovernor", "proposalDeadline", [await idOf(mesh, motion)]);
  await mesh.chain.mineAt(Number(deadline) - 60);
  await castVotes(mesh, motion, [
    [BEN, AGAINST],
    [OWNER, AGAINST],
  ]);
  await mesh.chain.mineAt(Number(deadline) + 60);
  await castVotes(mesh, motion, [[DORA, ABSTAIN]]);
  await mesh.chain.mineAt(Number(await mesh.read("MeshGovernor", "proposalDeadline", [await idOf(mesh, motion)])) + 1);
}

/** One is executed by the governor, one by the timelock alone, one is cancelled in the timelock. */
async function endQueued(
  mesh: MeshChain,
  { passed, executedAside, cancelledAside }: Record<"passed" | "executedAside" | "cancelledAside", Motion>,
): Promise<void> {
  for (const motion of [passed, cancelledAside]) await approve(mesh, await operationOf(mesh, motion));
  await mesh.call("MeshTimelock", "cancel", [await operationOf(mesh, cancelledAside)], { from: COUNCIL });
  await mesh.pass(10);
  await mesh.call("MeshGovernor", "execute", endArguments(passed), { from: BEN });
  const { targets, values, calldatas } = executedAside;
  const salt = saltOf(mesh, executedAside);
  await mesh.call("MeshTimelock", "executeBatch", [targets, values, calldatas, zeroHash, salt], { from: BEN });
}

/** The interim proposer schedules a call, cancels it, schedules it again; it is approved and executed. Roles change hands. */
async function operateDirectly(mesh: MeshChain): Promise<void> {
  const { target, data } = callOf(mesh, "MeshTimelock", "updateDelay", [2n]);
  const call = [target, 0n, data, zeroHash, zeroHash];
  const id = await mesh.read<Hex>("MeshTimelock", "hashOperation", call);
  await mesh.call("MeshTimelock", "schedule", [...call, 5n], { from: COUNCIL });
  await mesh.call("MeshTimelock", "cancel", [id], { from: COUNCIL });
  await mesh.call("MeshTimelock", "schedule", [...call, 7n], { from: COUNCIL });
  await approve(mesh, id);
  await mesh.pass(7);
  await mesh.call("MeshTimelock", "execute", call, { from: BEN });
  const proposer = keccak256(stringToHex("PROPOSER_ROLE"));
  await mesh.call("MeshTimelock", "revokeRole", [proposer, COUNCIL], { from: mesh.timelock });
  await mesh.call("MeshTimelock", "grantRole", [proposer, COUNCIL], { from: mesh.timelock });
  await mesh.call("MeshTimelock", "grantRole", [keccak256("0x07"), BEN], { from: mesh.timelock });
}

async function propose(mesh: MeshChain, { targets, values, calldatas, description }: Motion): Promise<void> {
  await mesh.call("MeshGovernor", "propose", [targets, values, calldatas, description], { from: ADA });
}

/** Casts votes in this order, each by who, for what and why. */
async function castVotes(mesh: MeshChain, motion: Motion, votes: [Hex, number, string?][]): Promise<void> {
  const id = await idOf(mesh, motion);
  for (const [from, support, reason] of votes) {
    if (reason === undefined) await mesh.call("MeshGovernor", "castVote", [id, support], { from });
    else await mesh.call("MeshGovernor", "castVoteWithReason", [id, support, reason], { from });
  }
}

async function approve(mesh: MeshChain, operation: Hex): Promise<void> {
  await mesh.call("MeshTimelock", "approve", [operation], { from: APPROVER });
}

async function operationOf(mesh: MeshChain, motion: Motion): Promise<Hex> {
  const { targets, values, calldatas } = motion;
  const args = [targets, values, calldatas, zeroHash, saltOf(mesh, motion)];
  return mesh.read<Hex>("MeshTimelock", "hashOperationBatch", args);
}

/** As GovernorTimelockControl mixes it: the governor's address and the hash of the description. */
function saltOf(mesh: MeshChain, { description }: Motion): Hex {
  const governor = BigInt(mesh.network.contracts.MeshGovernor) << 96n;
  const salt = governor ^ BigInt(keccak256(stringToHex(description)));
  return `0x${salt.toString(16).padStart(64, "0")}`;
}

async function idOf(mesh: MeshChain, motion: Motion): Promise<bigint> {
  return mesh.read<bigint>("MeshGovernor", "hashProposal", endArguments(motion));
}

function endArguments({ targets, values, calldatas, description }: Motion): unknown[] {
  return [targets, values, calldatas, keccak256(stringToHex(description))];
}

function motionOf(mesh: MeshChain, description: string, calls: { target: Hex; data: Hex }[]): Motion {
  const [targets, calldatas] = [calls.map(({ target }) => target), calls.map(({ data }) => data)];
  return { targets, calldatas, values: calls.map(() => 0n), description };
}

function callOf(mesh: MeshChain, contract: MeshContract, functionName: string, args: unknown[]) {
  const data = encodeFunctionData({ abi: MESH_ABIS[contract], functionName, args });
  return { target: mesh.network.contracts[contract]!, data };
}

function parameter(mesh: MeshChain, value: bigint) {
  return callOf(mesh, "NetworkParameters", "set", [stringToHex("maxOpenChallenges", { size: 32 }), value]);
}

function payment(mesh: MeshChain, amount: bigint) {
  return callOf(mesh, "MeshToken", "transfer", [BEN, parseEther(`${amount}`)]);
}
