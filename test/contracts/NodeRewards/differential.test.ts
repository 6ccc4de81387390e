import { expect } from "chai";
import { connection, MESH } from "../support/deployed-network.ts";
import { paymentIn } from "./support/reward-payment.ts";
import { RewardModel, type Trouble } from "./support/reward-model.ts";
import {
  type Bonds,
  EPOCH_SECONDS,
  goToEpoch,
  HORIZON,
  MARK,
  POLICY,
  rewardsOnDoubles,
  setBonds,
} from "./support/rewards-fixture.ts";

const { networkHelpers } = connection;
const NODES = 4;
const STEPS = 120;
/** Epochs of the schedule in which the fixture begins. */
const FIRST_EPOCH = 255;
const RULES = {
  ...{ nodes: NODES, firstEpoch: FIRST_EPOCH, activeFrom: FIRST_EPOCH + 1 },
  ...{ epochSeconds: EPOCH_SECONDS, horizon: HORIZON, policy: POLICY },
};

/** Pseudo-random numbers that are the same in every run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function replay(seed: number) {
  const random = randomNumbers(seed);
  const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
  const model = new RewardModel(RULES);
  let epoch = FIRST_EPOCH;
  return { random, fixture, model, epoch: () => epoch, moveTo: (to: number) => ((epoch = to), goToEpoch(fixture, to)) };
}

type History = Awaited<ReturnType<typeof replay>>;

/** Stake, top-ups, delegations, commission, slashes and jail: what they leave behind. */
async function changeBonds({ random, fixture, model, epoch }: History): Promise<void> {
  const node = random(NODES);
  const before = model.nodes[node].bonds;
  const amount = BigInt(random(1_000_000)) * MESH + BigInt(random(1_000_000_000));
  const slash = (value: bigint, bp: bigint): bigint => value - (value * bp) / 10_000n;
  const bp = BigInt(random(10_001));
  const bonds: Bonds[] = [
    { ...before, own: before.own + amount, isJailed: false },
    { ...before, pool: before.pool + amount },
    { ...before, own: slash(before.own, bp), pool: slash(before.pool, bp), isJailed: random(2) === 0 },
    { ...before, own: 0n, pool: 0n },
    { ...before, own: before.own + BigInt(random(1_000_000_000)), commissionBp: random(10_001) },
  ];
  const next = bonds[random(5)];
  if (next.pool > 0n) model.settle(node, epoch());
  await setBonds(fixture, node, next);
  model.setBonds(node, next, epoch());
}

/** Absences, degradations and outages of the epochs that are over and not final. */
async function markEpochs({ random, fixture, model, epoch }: History, since: number): Promise<void> {
  const node = random(NODES);
  const from = since + random(Math.max(1, epoch() - since));
  const until = Math.min(epoch(), from + 1 + random(random(4) === 0 ? 300 : 20));
  const kind = (["absent", "degraded", "unreported"] as Trouble[])[random(3)];
  await fixture.bridge.markRange(node, from, until, MARK[kind]);
  const { troubles } = model.nodes[node];
  for (let marked = from; marked < until; marked++) if (!troubles.has(marked)) troubles.set(marked, kind);
}

async function setInterval({ random, fixture, model, epoch }: History): Promise<void> {
  const index = random(NODES);
  const node = model.nodes[index];
  const [{ from }] = node.intervals;
  if (node.cursor * 256 + 256 < epoch() || from > 256) return;
  node.intervals = [{ from, until: epoch() + 2 + random(600) }];
  await fixture.registry.setIntervals(index, node.intervals);
}

/** A claim pays the same in both, and what it adds to a pool changes weights in both. */
async function claim(history: History, step: string): Promise<void> {
  const { random, fixture, model, epoch } = history;
  const node = random(NODES);
  const maxWords = random(2) === 0 ? 1_000 : 1 + random(3);
  const expected = model.claim(node, maxWords, epoch());
  const sent = fixture.rewards.claimWords(node, maxWords);
  expect(await paymentIn(fixture, sent), `payment, ${step}`).to.deep.equal(expected);
  if (expected && expected.toPool > 0n) {
    const { bonds } = model.nodes[node];
    model.setBonds(node, { ...bonds, pool: bonds.pool + expected.toPool }, epoch());
  }
}

async function expectEqualStates({ fixture, model, epoch }: History, step: string): Promise<void> {
  const { rewards, emissions, token } = fixture;
  expect(await rewards.totalWeight(), `total weight, ${step}`).to.equal(model.totalWeight(epoch() + 1) * MESH);
  expect(await rewards.closedUntil(), `closed words, ${step}`).to.equal(model.nextWord);
  expect(await rewards.recyclable(), `recyclable, ${step}`).to.equal(model.recyclable);
  expect(await emissions.emitted(), `emitted, ${step}`).to.equal(model.emitted);
  expect(await token.balanceOf(rewards), `held, ${step}`).to.equal(model.emitted - model.released);
  for (const [node, { grace, cursor }] of model.nodes.entries()) {
    expect(await rewards.graceOf(node), `grace of ${node}, ${step}`).to.equal(grace);
    expect(await rewards.nextWordOf(node), `next word of ${node}, ${step}`).to.equal(cursor);
  }
}

describe("NodeRewards: random histories", () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`equal the plain model to the wei (seed ${seed})`, async () => {
      const history = await replay(seed);
      const { random, fixture, model, epoch, moveTo } = history;
      for (let step = 0; step < STEPS; step++) {
        const since = epoch();
        const label = `step ${step}`;
        const action = random(10);
        if (action < 4) await changeBonds(history);
        else if (action < 6) {
          await moveTo(epoch() + 1 + random(random(3) === 0 ? 700 : 100));
          for (let count = random(6); count > 0; count--) await markEpochs(history, since);
        } else if (action < 9) await claim(history, label);
        else if (random(3) === 0) await setInterval(history);
        else {
          const words = random(4);
          await fixture.rewards.closeWords(words);
          model.closeWords(words, epoch());
        }
        await expectEqualStates(history, label);
      }
      expect(model.released > 0n && model.recyclable > 0n, "something was paid and something returned").to.equal(true);
    });
  }
});
