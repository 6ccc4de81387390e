import { expect } from "chai";
import { MESH } from "../support/deployed-network.ts";
import { ACTIONS } from "./support/economy-actions.ts";
import { beginHistory, type EconomyHistory } from "./support/economy-history.ts";

const NODES = [0, 1, 2];
const STEPS = 200;
/** Every so many steps everything is compared, between them the node that was moved. */
const FULL_COMPARISON = 10;
const LOTS = Object.entries(ACTIONS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));

interface ChainPool {
  assets: bigint;
  shares: bigint;
  generation: bigint;
}

interface ChainUnbonding {
  id: bigint;
  amount: bigint;
  maturesAt: bigint;
}

const plainPool = ({ assets, shares, generation }: ChainPool) => {
  return { assets, shares, generation: Number(generation) };
};
const plainList = (list: ChainUnbonding[]) => {
  return [...list].map(({ id, amount, maturesAt }) => ({ id: Number(id), amount, maturesAt: Number(maturesAt) }));
};

async function expectEqualNode({ fixture, stake, rewards, now }: EconomyHistory, index: number, step: string) {
  const { staking, delegation, slashing, delegators } = fixture;
  const node = stake.node(index);
  const about = (what: string) => `${what} of node ${index}, ${step}`;
  expect(await staking.stakeOf(index), about("stake")).to.equal(node.bonded);
  expect(plainList(await staking.unbondingsOf(index)), about("unbondings")).to.deep.equal(node.unbondings);
  expect(await staking.weightOf(index), about("weight")).to.equal(stake.weightOf(index));
  expect(plainPool(await delegation.poolOf(index)), about("pool")).to.deep.equal(node.pool);
  expect(plainPool(await delegation.unbondingPoolOf(index)), about("unbonding pool")).to.deep.equal(node.leavingPool);
  const { taken, ofPool, ofLeaving } = stake.lossesOf(index, now());
  expect(await delegation.restorableOf(index, taken), about("losses")).to.deep.equal([ofPool, ofLeaving]);
  expect(await slashing.jailedUntil(index), about("jail")).to.equal(node.jailedUntil);
  for (const { address } of delegators) {
    const [shares, worth] = (await delegation.delegationOf(index, address)) as [bigint, bigint];
    expect({ shares, worth }, about("delegation")).to.deep.equal({
      shares: stake.positionOf(index, address).shares,
      worth: stake.worthOf(index, address),
    });
    const leaving = plainList(await delegation.undelegationsOf(index, address));
    expect(leaving, about("undelegations")).to.deep.equal(stake.leavingOf(index, address));
  }
  const { grace, cursor } = rewards.nodes[index];
  expect(await fixture.rewards.graceOf(index), about("grace")).to.equal(grace);
  expect(await fixture.rewards.nextWordOf(index), about("next word")).to.equal(cursor);
}

/** What contracts hold, what they have paid to whom, and the sums of rewards. */
async function expectEqualTotals({ fixture, stake, rewards, epoch }: EconomyHistory, step: string): Promise<void> {
  const { token, staking, delegation, slashing, emissions, operators, reporter } = fixture;
  const balance = async (wallet: string | { getAddress(): Promise<string> }) => {
    return (await token.balanceOf(typeof wallet === "string" ? wallet : await wallet.getAddress())) as bigint;
  };
  let [own, pooled] = [0n, 0n];
  for (const index of NODES) {
    const { bonded, unbondings, pool, leavingPool } = stake.node(index);
    own += unbondings.reduce((sum, { amount }) => sum + amount, bonded);
    pooled += pool.assets + leavingPool.assets;
    const operator = operators[index].address;
    expect(await balance(operator), `paid to operator ${index}, ${step}`).to.equal(
      stake.paid.get(`operator ${index}`) ?? 0n,
    );
  }
  expect(await balance(staking), `held by staking, ${step}`).to.equal(own);
  expect(await balance(delegation), `held by delegation, ${step}`).to.equal(pooled);
  expect(await balance(slashing), `held by slashing, ${step}`).to.equal(stake.totalFrozen());
  expect(await balance(reporter.address), `paid to the reporter, ${step}`).to.equal(stake.paid.get("reporter") ?? 0n);
  const treasury = await balance(fixture.treasury.address);
  expect(treasury, `paid to the treasury, ${step}`).to.equal(stake.paid.get("treasury") ?? 0n);
  expect(await fixture.rewards.totalWeight(), `total weight, ${step}`).to.equal(
    rewards.totalWeight(epoch() + 1) * MESH,
  );
  expect(await fixture.rewards.closedUntil(), `closed words, ${step}`).to.equal(rewards.nextWord);
  expect(await fixture.rewards.recyclable(), `recyclable, ${step}`).to.equal(rewards.recyclable);
  expect(await emissions.emitted(), `emitted, ${step}`).to.equal(rewards.emitted);
  expect(await balance(fixture.rewards), `held by rewards, ${step}`).to.equal(rewards.emitted - rewards.released);
}

describe("Stake economy: random histories", () => {
  const done = new Map<string, number>();
  let dividedPardons = 0;

  for (const seed of [11, 12, 13]) {
    it(`equal the plain model to the wei (seed ${seed})`, async () => {
      const history = await beginHistory(seed);
      const { random, rewards, stake, now } = history;
      for (let step = 0; step < STEPS; step++) {
        const action = LOTS[random(LOTS.length)];
        const node = random(NODES.length);
        const label = `step ${step}: ${action}`;
        const before = now();
        await ACTIONS[action].run(history, node);
        if (now() > before) done.set(action, (done.get(action) ?? 0) + 1);
        const isFull = step % FULL_COMPARISON === 0 || step === STEPS - 1;
        for (const each of isFull ? NODES : [node]) await expectEqualNode(history, each, label);
        if (isFull) await expectEqualTotals(history, label);
      }
      expect(rewards.released > 0n, "something was paid").to.equal(true);
      dividedPardons += stake.dividedPardons;
    });
  }

  it("do everything there is to do", () => {
    for (const action of Object.keys(ACTIONS)) expect(done.get(action) ?? 0, action).to.be.greaterThan(0);
    expect(dividedPardons, "pardons that came to pools and unbondings").to.be.greaterThan(0);
  });
});
