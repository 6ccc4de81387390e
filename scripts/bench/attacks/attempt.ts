import type { Contract } from "ethers";
import { operationOf } from "../governance.ts";
import { ANSWER_TIME, MESH } from "./assumptions.ts";
import type { Person } from "./population.ts";
import { addressOf, type Draft, goTo, paymentOf, type Stage } from "./stage.ts";

/** Who votes against an attack in one world, and who sleeps. */
export interface World {
  awake: Person[];
  asleep: Person[];
  awakeHolders: Person[];
  /** Units of who is awake and votes as soon as voting begins; the others answer when the vote turns. */
  early: Person[];
}

/** What an attempt came to: MESH, but for gas and time. */
export interface Outcome {
  gain: number;
  bribes: number;
  bondsLost: number;
  gas: number;
  /** Chain time at which the attempt was over, in seconds. */
  endedAt: number;
}

/** A governor under attack, and who attacks it. */
export interface Attacker {
  governor: Contract;
  proposer: string;
  /** Accounts that vote for the attack. */
  thieves: string[];
}

/** How a ballot is cast. */
export const [AGAINST, FOR, ABSTAIN] = [0, 1, 2] as const;
const [ACTIVE, SUCCEEDED] = [1n, 4n];
/** Receives what a captured proposal pays. */
const LOOT = addressOf("loot");
/** Seconds before the end at which a late voter votes. */
const LAST_MINUTE = 60;

/** The number of a proposal. */
export async function numberOf(governor: Contract, { act }: Draft): Promise<bigint> {
  return (await governor.getProposalId(...act)) as bigint;
}

/** Goes to the first second of voting. */
export async function openVoting(stage: Stage, governor: Contract, proposalId: bigint): Promise<void> {
  await goTo(stage, ((await governor.proposalSnapshot(proposalId)) as bigint) + 1n);
}

/** Casts the same ballot for several people; returns their gas. Who has no votes casts nothing. */
export async function cast(
  { send }: Stage,
  governor: Contract,
  [proposalId, support]: [bigint, number],
  accounts: readonly string[],
): Promise<number> {
  let gas = 0;
  for (const account of accounts) {
    try {
      gas += await send(account, governor, "castVote", [proposalId, support]);
    } catch (error) {
      if (!String(error).includes("MeshGovernor_NoVotes")) throw error;
    }
  }
  return gas;
}

/** Votes of all that are awake, in both houses. */
export async function castAwake(
  stage: Stage,
  governor: Contract,
  ballot: [bigint, number],
  { awake, awakeHolders }: Pick<World, "awake" | "awakeHolders">,
): Promise<void> {
  await cast(
    stage,
    governor,
    ballot,
    [...awake, ...awakeHolders].map(({ account }) => account),
  );
}

/** Ends voting, has what has passed approved, executes it and settles the bond; returns the bond that was lost, in MESH. */
export async function conclude(stage: Stage, governor: Contract, draft: Draft): Promise<number> {
  const { send, timelock, MeshToken } = stage;
  const proposalId = await numberOf(governor, draft);
  await goTo(stage, ((await governor.proposalDeadline(proposalId)) as bigint) + 1n);
  if ((await governor.state(proposalId)) === SUCCEEDED) {
    await send(timelock.address, governor, "queue", draft.act);
    const operation = await operationOf({ ...stage.instances, MeshGovernor: governor }, draft.act);
    await send(stage.operator.address, stage.MeshTimelock, "approve", [operation]);
    await goTo(stage, (await governor.proposalEta(proposalId)) as bigint);
    await send(timelock.address, governor, "execute", draft.act);
  }
  const proposer = (await governor.proposalProposer(proposalId)) as string;
  const { bond } = (await governor.proposalTerms(proposalId)) as { bond: bigint };
  const before = (await MeshToken.balanceOf(proposer)) as bigint;
  await send(timelock.address, governor, "releaseBond", [proposalId]);
  const returned = ((await MeshToken.balanceOf(proposer)) as bigint) - before;
  return Number((bond - returned) / MESH);
}

/** MESH that attacks have brought in. */
export async function lootOf({ MeshToken }: Stage): Promise<number> {
  return Number(((await MeshToken.balanceOf(LOOT)) as bigint) / MESH);
}

/** Proposes a payment to the attacker; returns it and the gas. */
export async function proposeTheft(
  stage: Stage,
  governor: Contract,
  { proposer, mesh, text }: { proposer: string; mesh: number; text: string },
): Promise<{ draft: Draft; gas: number }> {
  const draft = await paymentOf(stage, LOOT, mesh, text);
  const gas = await stage.send(proposer, governor, "propose", draft.propose);
  return { draft, gas };
}

/** Who is awake votes against the theft at once, and the thieves for it. */
export async function voteAtOnce(stage: Stage, attacker: Attacker, draft: Draft, world: World): Promise<number> {
  const { governor, thieves } = attacker;
  const proposalId = await numberOf(governor, draft);
  await openVoting(stage, governor, proposalId);
  await castAwake(stage, governor, [proposalId, AGAINST], world);
  return cast(stage, governor, [proposalId, FOR], thieves);
}

/** The thieves vote in the last minute; most of who is awake answers only then, if there is time. */
export async function voteLate(stage: Stage, attacker: Attacker, draft: Draft, world: World): Promise<number> {
  const { governor, thieves } = attacker;
  const { time } = stage;
  const proposalId = await numberOf(governor, draft);
  await openVoting(stage, governor, proposalId);
  await castAwake(stage, governor, [proposalId, AGAINST], { awake: world.early, awakeHolders: [] });
  await time.increaseTo(((await governor.proposalDeadline(proposalId)) as bigint) - BigInt(LAST_MINUTE));
  const gas = await cast(stage, governor, [proposalId, FOR], thieves);
  await time.increase(ANSWER_TIME);
  if ((await governor.state(proposalId)) !== ACTIVE) return gas;
  const silent = world.awake.filter((person) => !world.early.includes(person));
  await castAwake(stage, governor, [proposalId, AGAINST], { awake: silent, awakeHolders: world.awakeHolders });
  return gas;
}
