import { type Contract, encodeBytes32String, MaxUint256 } from "ethers";
import {
  ABSTAIN,
  AGAINST,
  type Attacker,
  cast,
  castAwake,
  conclude,
  FOR,
  lootOf,
  numberOf,
  openVoting,
  type Outcome,
  proposeTheft,
  voteAtOnce,
  voteLate,
  type World,
} from "./attempt.ts";
import { ATTACKER_MESH, BRIBE, DAY, FREE_MESH, MESH, PRIZE } from "./assumptions.ts";
import type { Population } from "./population.ts";
import { addressOf, ageAndSync, makeOperator, pay, paymentOf, type Stage } from "./stage.ts";

/** An attack that is prepared and can be tried in several worlds. */
export interface Plan {
  /** MESH that is bound, and could have earned. */
  capital: number;
  /** Seconds after the attempt until the MESH is free. */
  exitSeconds: number;
  gas: number;
  attempt(world: World): Promise<Outcome>;
}

/** One kind of attack. */
export interface Strategy {
  name: string;
  /** What is done. */
  attack: string;
  /** What the control run lacks. */
  withoutDefence: string;
  prepare(stage: Stage, population: Population, isControl: boolean): Promise<Plan>;
}

/** Stake of a fake operator: the least that a node needs. */
const LEAST_STAKE = 10_000;
const UNITS_OF_A_FAKE = Math.sqrt(LEAST_STAKE);
const UNBONDING = 21 * DAY;
const BOSS = addressOf("boss");
/** Units of an attacker who splits, and of one who borrows, as a share of all honest ones. */
const [SPLIT_SHARE, FLASH_SHARE] = [0.2, 0.75];
const WALLETS = 100;
/** Units of one person, as a share of all honest ones. */
const PERSON_SHARE = 0.23;
/** Proposals of a flood, how many of them are looked at, and how many fakes vote in it. */
const [FLOOD, LOOKED_AT, FLOODERS] = [5, 2, 3];
/** MESH against, as a share of the free MESH of others. */
const VETO_SHARE = 0.03;

/** The DAO sets a parameter, and the change comes into force. */
async function setParameter({ dao, time, NetworkParameters }: Stage, id: string, value: bigint): Promise<void> {
  await dao(NetworkParameters, "set", [encodeBytes32String(id), value]);
  await time.increase(7 * DAY + 1);
}

/** Gives an account MESH for bonds, and lets the governor take them. */
async function fundBonds(stage: Stage, governor: Contract, account: string, bonds: number): Promise<void> {
  await pay(stage, account, 1_000 * bonds);
  await stage.send(account, stage.MeshToken, "approve", [await governor.getAddress(), MaxUint256]);
}

/** An operator of the attacker's with the least stake, who proposes. */
async function makeBoss(stage: Stage, governor: Contract): Promise<{ identity: bigint; gas: number }> {
  const made = await makeOperator(stage, BOSS, LEAST_STAKE);
  await fundBonds(stage, governor, BOSS, 1);
  return made;
}

/** The attacker outvotes in the token house who is awake there. */
async function winTokenHouse(stage: Stage): Promise<void> {
  await pay(stage, BOSS, ATTACKER_MESH);
  await stage.send(BOSS, stage.MeshToken, "delegate", [BOSS]);
}

async function addFakes(
  stage: Stage,
  count: number,
): Promise<{ accounts: string[]; identities: bigint[]; gas: number }> {
  const accounts = Array.from({ length: count }, (_, i) => addressOf(`fake ${i}`));
  const identities: bigint[] = [];
  let gas = 0;
  for (const account of accounts) {
    const made = await makeOperator(stage, account, LEAST_STAKE);
    identities.push(made.identity);
    gas += made.gas;
  }
  return { accounts, identities, gas };
}

/** A governor whose identity house are wallets: the root of what each has locked, no identities, no age. */
async function walletGovernor(stage: Stage, { identities }: Population) {
  const { connection, contracts, dao, timelock, MeshToken } = stage;
  const { ethers } = connection;
  const token = contracts.MeshToken;
  const votes = await ethers.deployContract("WalletRootVotes", [token]);
  const links = {
    votes,
    mesh: token,
    parameters: contracts.NetworkParameters,
    emissions: contracts.CaesarEmissions,
    staking: contracts.NodeStaking,
    delegation: contracts.NodeDelegation,
    teamVesting: contracts.TeamVesting,
    investorVesting: contracts.InvestorVesting,
  };
  const governor = await ethers.deployContract("MeshGovernor", [links, timelock.address, timelock.address]);
  for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE"]) {
    await dao(stage.MeshTimelock, "grantRole", [ethers.id(role), await governor.getAddress()]);
  }
  await dao(MeshToken, "approve", [await votes.getAddress(), MaxUint256]);
  const lockFor = (account: string, mesh: number): Promise<number> =>
    dao(votes, "lockFor", [account, BigInt(mesh) * MESH]);
  for (const { account, mesh } of identities) await lockFor(account, mesh);
  return { governor, lockFor };
}

/** A theft that is proposed, voted on in one of the two ways, and executed if it passes. */
function theft(
  stage: Stage,
  attacker: Attacker,
  vote: (
    stage: Stage,
    attacker: Attacker,
    draft: Awaited<ReturnType<typeof paymentOf>>,
    world: World,
  ) => Promise<number>,
) {
  return async (world: World): Promise<Outcome> => {
    const { governor, proposer } = attacker;
    const { draft, gas } = await proposeTheft(stage, governor, { proposer, mesh: PRIZE, text: "Pay the auditors" });
    const votingGas = await vote(stage, attacker, draft, world);
    const bondsLost = await conclude(stage, governor, draft);
    const endedAt = await stage.time.latest();
    return { gain: await lootOf(stage), bribes: 0, bondsLost, gas: gas + votingGas, endedAt };
  };
}

const sybil: Strategy = {
  name: "sybil",
  attack: "splits its stake over fake operators with the least stake, 20 % of all honest units",
  withoutDefence: `units of ${WALLETS} wallets instead of identities`,
  async prepare(stage, population, isControl) {
    const count = Math.round((SPLIT_SHARE * population.units) / UNITS_OF_A_FAKE);
    const capital = count * LEAST_STAKE + ATTACKER_MESH;
    await winTokenHouse(stage);
    if (isControl) {
      const { governor, lockFor } = await walletGovernor(stage, population);
      const wallets = Array.from({ length: WALLETS }, (_, i) => addressOf(`wallet ${i}`));
      let gas = await lockFor(BOSS, LEAST_STAKE);
      for (const wallet of wallets) gas += await lockFor(wallet, Math.floor(((count - 1) * LEAST_STAKE) / WALLETS));
      await fundBonds(stage, governor, BOSS, 1);
      await stage.time.increase(DAY);
      const attempt = theft(stage, { governor, proposer: BOSS, thieves: [BOSS, ...wallets] }, voteAtOnce);
      return { capital, exitSeconds: 0, gas, attempt };
    }
    return splitPlan(stage, count, voteAtOnce);
  },
};

/** An attacker with fake operators, one of whom is the boss, and with the token house won. */
async function splitPlan(stage: Stage, count: number, vote: Parameters<typeof theft>[2]): Promise<Plan> {
  const governor = stage.MeshGovernor;
  const boss = await makeBoss(stage, governor);
  const fakes = await addFakes(stage, count - 1);
  await ageAndSync(stage, [boss.identity, ...fakes.identities]);
  const attempt = theft(stage, { governor, proposer: BOSS, thieves: [BOSS, ...fakes.accounts] }, vote);
  const capital = count * LEAST_STAKE + ATTACKER_MESH;
  return { capital, exitSeconds: UNBONDING, gas: boss.gas + fakes.gas, attempt };
}

const lateSwing: Strategy = {
  name: "late_swing",
  attack: "votes with 20 % of all honest units in the last minute, when only 10 % have voted against",
  withoutDefence: "a late turn prolongs the vote by an hour, its least, instead of two days",
  async prepare(stage, population, isControl) {
    if (isControl) await setParameter(stage, "lateVoteExtension", 3_600n);
    await winTokenHouse(stage);
    return splitPlan(stage, Math.round((SPLIT_SHARE * population.units) / UNITS_OF_A_FAKE), voteLate);
  },
};

const bribe: Strategy = {
  name: "bribe",
  attack: "pays every identity that sleeps to vote for it",
  withoutDefence: "the token house rejects from half of the votable supply on, its most, instead of a tenth",
  async prepare(stage, population, isControl) {
    if (isControl) await setParameter(stage, "tokenVetoBp", 5_000n);
    const governor = stage.MeshGovernor;
    const { identity, gas } = await makeBoss(stage, governor);
    await ageAndSync(stage, [identity]);
    const fund = Math.ceil(BRIBE * population.identities.reduce((sum, { mesh }) => sum + mesh, 0));
    await pay(stage, BOSS, fund);
    const attempt = async (world: World): Promise<Outcome> => {
      let bribes = 0;
      for (const { account, mesh } of world.asleep) {
        const price = Math.ceil(BRIBE * mesh);
        await stage.send(BOSS, stage.MeshToken, "transfer", [account, BigInt(price) * MESH]);
        bribes += price;
      }
      const thieves = [BOSS, ...world.asleep.map(({ account }) => account)];
      return { ...(await theft(stage, { governor, proposer: BOSS, thieves }, voteAtOnce)(world)), bribes };
    };
    return { capital: LEAST_STAKE + fund, exitSeconds: UNBONDING, gas, attempt };
  },
};

const flashStake: Strategy = {
  name: "flash_stake",
  attack: "proposes, stakes for 75 % of all honest units before the snapshot, votes and leaves at once",
  withoutDefence: "stake counts after one to two days, the least ramp, instead of one to two weeks",
  async prepare(stage, population, isControl) {
    if (isControl) await setParameter(stage, "voteAgeRamp", BigInt(DAY));
    const governor = stage.MeshGovernor;
    const count = Math.round((FLASH_SHARE * population.units) / UNITS_OF_A_FAKE);
    await winTokenHouse(stage);
    const { identity, gas } = await makeBoss(stage, governor);
    await ageAndSync(stage, [identity]);
    const { time } = stage;
    await time.increaseTo((Math.floor((await time.latest()) / DAY) + 2) * DAY - 3_600);
    const attempt = async (world: World): Promise<Outcome> => {
      const stealing = { proposer: BOSS, mesh: PRIZE, text: "Pay the auditors" };
      const { draft, gas: proposing } = await proposeTheft(stage, governor, stealing);
      const fakes = await addFakes(stage, count);
      const proposalId = await numberOf(governor, draft);
      await time.increaseTo(((await governor.proposalSnapshot(proposalId)) as bigint) - 10n);
      await stage.send(BOSS, stage.QuadraticVotes, "syncMany", [fakes.identities]);
      const attacker = { governor, proposer: BOSS, thieves: [BOSS, ...fakes.accounts] };
      const voting = await voteAtOnce(stage, attacker, draft, world);
      const leaving = await leave(stage, fakes);
      const endedAt = await time.latest();
      const bondsLost = await conclude(stage, governor, draft);
      const spent = proposing + fakes.gas + voting + leaving;
      return { gain: await lootOf(stage), bribes: 0, bondsLost, gas: spent, endedAt };
    };
    return { capital: (1 + count) * LEAST_STAKE + ATTACKER_MESH, exitSeconds: UNBONDING, gas, attempt };
  },
};

/** Fake operators ask for all their stake back. */
async function leave(stage: Stage, { accounts }: { accounts: string[] }): Promise<number> {
  const { NodeStaking, NodeRegistry, send } = stage;
  const first = Number(await NodeRegistry.nodeCount()) - accounts.length;
  let gas = 0;
  for (const [i, account] of accounts.entries()) {
    gas += await send(account, NodeStaking, "requestUnbond", [first + i, BigInt(LEAST_STAKE) * MESH]);
  }
  return gas;
}

const quorumGames: Strategy = {
  name: "quorum_games",
  attack: `floods the vote with ${FLOOD} thefts, of which ${LOOKED_AT} are looked at, and fills the quorum by abstaining`,
  withoutDefence: "a quorum of 1 %, its least, instead of 15 %",
  async prepare(stage, _, isControl) {
    if (isControl) await setParameter(stage, "quorumBp", 100n);
    const governor = stage.MeshGovernor;
    const { accounts, identities, gas } = await addFakes(stage, FLOODERS);
    const [chief = BOSS, ...others] = accounts;
    await fundBonds(stage, governor, chief, FLOOD);
    await ageAndSync(stage, identities);
    const attempt = async (world: World): Promise<Outcome> => {
      const outcome = { gain: 0, bribes: 0, bondsLost: 0, gas: 0, endedAt: 0 };
      const drafts = [];
      for (let i = 0; i < FLOOD; i++) {
        const order = { proposer: chief, mesh: PRIZE / FLOOD, text: `Pay auditor ${i + 1}` };
        const proposed = await proposeTheft(stage, governor, order);
        outcome.gas += proposed.gas;
        drafts.push(proposed.draft);
      }
      for (const [i, draft] of drafts.entries()) {
        const proposalId = await numberOf(governor, draft);
        if (i === 0) await openVoting(stage, governor, await numberOf(governor, drafts.at(-1) ?? draft));
        if (i < LOOKED_AT) await castAwake(stage, governor, [proposalId, AGAINST], world);
        outcome.gas += await cast(stage, governor, [proposalId, FOR], [chief]);
        outcome.gas += await cast(stage, governor, [proposalId, ABSTAIN], others);
      }
      for (const draft of drafts) outcome.bondsLost += await conclude(stage, governor, draft);
      return { ...outcome, gain: await lootOf(stage), endedAt: await stage.time.latest() };
    };
    return { capital: FLOODERS * LEAST_STAKE + 1_000 * FLOOD, exitSeconds: UNBONDING, gas, attempt };
  },
};

const tokenVetoGames: Strategy = {
  name: "token_veto_games",
  attack: "buys 3 % of the free MESH to block a proposal about which holders sleep, and votes again after moving it",
  withoutDefence: "the token house rejects from 1 % of the votable supply on, its least, instead of a tenth",
  async prepare(stage, population, isControl) {
    if (isControl) await setParameter(stage, "tokenVetoBp", 100n);
    const governor = stage.MeshGovernor;
    const proposer = population.identities.reduce((most, next) => (next.mesh > most.mesh ? next : most)).account;
    await fundBonds(stage, governor, proposer, 1);
    const capital = FREE_MESH * VETO_SHARE;
    await pay(stage, BOSS, capital);
    let gas = await stage.send(BOSS, stage.MeshToken, "delegate", [BOSS]);
    const second = addressOf("second wallet");
    gas += await stage.send(second, stage.MeshToken, "delegate", [second]);
    await stage.time.increase(2);
    const attempt = async (world: World): Promise<Outcome> => {
      const draft = await paymentOf(stage, addressOf("auditors"), 1_000, "Pay the auditors");
      await stage.send(proposer, governor, "propose", draft.propose);
      const proposalId = await numberOf(governor, draft);
      await openVoting(stage, governor, proposalId);
      await castAwake(stage, governor, [proposalId, FOR], { awake: world.awake, awakeHolders: [] });
      let spent = await cast(stage, governor, [proposalId, AGAINST], [BOSS]);
      spent += await stage.send(BOSS, stage.MeshToken, "transfer", [second, BigInt(capital) * MESH]);
      spent += await cast(stage, governor, [proposalId, AGAINST], [second]);
      await conclude(stage, governor, draft);
      const isBlocked = (await stage.MeshToken.balanceOf(addressOf("auditors"))) === 0n;
      const endedAt = await stage.time.latest();
      return { gain: isBlocked ? PRIZE : 0, bribes: 0, bondsLost: 0, gas: spent, endedAt };
    };
    return { capital, exitSeconds: 0, gas, attempt };
  },
};

/** Makes a call that must be refused by name. */
async function refused(call: Promise<unknown>, error: string): Promise<void> {
  const reason = await call.then(
    () => "it was accepted",
    (problem: unknown) => String(problem),
  );
  if (!reason.includes(error)) throw new Error(`expected ${error}: ${reason}`);
}

const operatorAndHolder: Strategy = {
  name: "operator_and_holder",
  attack: "is an operator with one half and a holder with the other, 23 % of all honest units, and wants two roots",
  withoutDefence: "units of two wallets instead of one identity",
  async prepare(stage, population, isControl) {
    const half = Math.round((PERSON_SHARE * population.units) ** 2 / 2);
    const capital = 2 * half + ATTACKER_MESH;
    const holder = addressOf("the operator as a holder");
    await winTokenHouse(stage);
    if (isControl) {
      const { governor, lockFor } = await walletGovernor(stage, population);
      const gas = (await lockFor(BOSS, half)) + (await lockFor(holder, half));
      await fundBonds(stage, governor, BOSS, 1);
      await stage.time.increase(DAY);
      const attempt = theft(stage, { governor, proposer: BOSS, thieves: [BOSS, holder] }, voteAtOnce);
      return { capital, exitSeconds: 0, gas, attempt };
    }
    const { QuadraticVotes, AdmittedIdentities, MeshToken, MeshGovernor: governor, send, dao } = stage;
    const { identity, gas: staking } = await makeOperator(stage, BOSS, half);
    await fundBonds(stage, governor, BOSS, 1);
    const amount = BigInt(half) * MESH;
    await refused(dao(AdmittedIdentities, "admit", [BOSS, 2n ** 33n, 2n ** 40n]), "AdmittedIdentities_IsOperator");
    await refused(send(holder, QuadraticVotes, "lock", [amount]), "QuadraticVotes_NotCertified");
    await pay(stage, BOSS, half);
    await send(BOSS, MeshToken, "approve", [await QuadraticVotes.getAddress(), MaxUint256]);
    const gas = staking + (await send(BOSS, QuadraticVotes, "lock", [amount]));
    await ageAndSync(stage, [identity]);
    const attempt = theft(stage, { governor, proposer: BOSS, thieves: [BOSS, holder] }, voteAtOnce);
    return { capital, exitSeconds: UNBONDING, gas, attempt };
  },
};

/** Every attack that is measured, by the name that tools rely on. */
export const STRATEGIES: readonly Strategy[] = [
  sybil,
  bribe,
  flashStake,
  lateSwing,
  quorumGames,
  tokenVetoGames,
  operatorAndHolder,
];
