import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { type DisputedNetwork, EPOCH_SECONDS, goToEpoch, HORIZON } from "../disputes/support/dispute-fixture.ts";
import { connection, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { type Payment, RewardModel, type RewardRules, type Trouble } from "./support/reward-model.ts";
import { paymentIn } from "./support/reward-payment.ts";
import { ABSENT, DELEGATED, REPORTED, twoFinalWords, WORD } from "./support/two-final-words.ts";

const { networkHelpers } = connection;
const NODES = 4;
/** Schedule and governed numbers of the deployed network. */
async function rulesOf({ registry, parameters }: DisputedNetwork): Promise<RewardRules> {
  const get = (id: string) => parameters.get(encodeBytes32String(id)) as Promise<bigint>;
  const [{ from }] = (await registry.intervalsOf(0)) as [{ from: bigint }];
  const policy = {
    degradedBp: await get("rewardDegradedBp"),
    unreportedBp: await get("rewardUnreportedBp"),
    graceEpochs: await get("rewardGraceEpochs"),
  };
  const schedule = { firstEpoch: 0, activeFrom: Number(from), epochSeconds: EPOCH_SECONDS, horizon: HORIZON };
  return { nodes: NODES, ...schedule, policy };
}

/** How an epoch of a node was reported; nothing when it attested. */
function troubleOf(node: number, epoch: number): Trouble | undefined {
  if (!REPORTED.some(({ from, until }) => from <= epoch && epoch < until)) return "unreported";
  return ABSENT.get(epoch)?.includes(node) ? "absent" : undefined;
}

/** The network in which two words are final, and a model with the weights that the contract was told of. */
async function networkAndModel() {
  const network = await networkHelpers.loadFixture(twoFinalWords);
  const { rewards } = network;
  const model = new RewardModel(await rulesOf(network));
  for (const event of await rewards.queryFilter(rewards.filters.WeightChanged?.() as never)) {
    if (!("args" in event)) throw new Error("the contract has no such event");
    const { nodeIndex, weight, fromEpoch } = event.args;
    const pool = weight === MIN_STAKE ? 0n : DELEGATED;
    model.setBonds(
      Number(nodeIndex),
      { own: MIN_STAKE, pool, commissionBp: 700, isJailed: false },
      Number(fromEpoch) - 1,
    );
  }
  for (const [node, { troubles }] of model.nodes.entries()) {
    for (let epoch = 0; epoch < 3 * WORD; epoch++) {
      const trouble = troubleOf(node, epoch);
      if (trouble) troubles.set(epoch, trouble);
    }
  }
  model.closeWords(10, 2 * WORD + HORIZON);
  return { ...network, model };
}

type Stack = Awaited<ReturnType<typeof networkAndModel>>;

/** Compares a payment with the model's, which then takes note of what stays in the node. */
async function expectPaid(
  stack: Stack,
  node: number,
  { sending, toStake = false }: { sending: Promise<unknown>; toStake?: boolean },
): Promise<Payment> {
  const epoch = Number((await stack.bridge.currentEpoch()) as bigint);
  const expected = stack.model.claim(node, 1_000, epoch);
  const paid = await paymentIn(stack, sending);
  expect(paid, `payment of node ${node}`).to.deep.equal(expected);
  if (!paid) throw new Error(`node ${node} was paid nothing`);
  const { bonds } = stack.model.nodes[node];
  const own = toStake ? bonds.own + paid.toOperator : bonds.own;
  stack.model.setBonds(node, { ...bonds, own, pool: bonds.pool + paid.toPool }, epoch);
  return paid;
}

async function expectEqualTotals({ model, rewards, emissions, token, bridge }: Stack): Promise<void> {
  const epoch = Number((await bridge.currentEpoch()) as bigint);
  expect(await rewards.totalWeight(), "total weight").to.equal(model.totalWeight(epoch + 1) * MESH);
  expect(await rewards.closedUntil(), "closed words").to.equal(model.nextWord);
  expect(await rewards.recyclable(), "recyclable").to.equal(model.recyclable);
  expect(await emissions.emitted(), "emitted").to.equal(model.emitted);
  expect(await token.balanceOf(rewards), "held").to.equal(model.emitted - model.released);
  for (const [node, { grace }] of model.nodes.entries()) {
    expect(await rewards.graceOf(node), `grace of ${node}`).to.equal(grace);
  }
}

describe("NodeRewards: on the deployed network", () => {
  it("pays operator and delegators what the model says", async () => {
    const stack = await networkAndModel();
    const { rewards, token, delegation, alice, bob, mallory } = stack;
    const before = (await token.balanceOf(alice.address)) as bigint;
    const paid = await expectPaid(stack, 0, { sending: rewards.connect(bob).claim([0]) });
    expect(await token.balanceOf(alice.address), "beneficiary").to.equal(before + paid.toOperator);
    const { assets } = (await delegation.poolOf(0)) as { assets: bigint };
    expect(assets, "pool").to.equal(DELEGATED + paid.toPool);
    const [, worth] = (await delegation.delegationOf(0, mallory.address)) as [bigint, bigint];
    expect(paid.toPool > 0n && worth > DELEGATED && worth <= DELEGATED + paid.toPool, `worth ${worth}`).to.equal(true);
    await expectEqualTotals(stack);
  });

  it("takes the commission out of the delegators' part", async () => {
    const stack = await networkAndModel();
    const paid = await expectPaid(stack, 0, { sending: stack.rewards.claim([0]) });
    const sum = paid.toOperator + paid.toPool;
    const ofPool = (sum * DELEGATED) / (MIN_STAKE + DELEGATED);
    expect(paid.toPool, "93 % of the pool's part").to.equal((ofPool * 9_300n) / 10_000n);
  });

  it("stakes the operator's part, which then earns", async () => {
    const stack = await networkAndModel();
    const { rewards, staking, token, alice } = stack;
    const before = (await token.balanceOf(alice.address)) as bigint;
    const sending = rewards.connect(alice).claimAndStake(1);
    const paid = await expectPaid(stack, 1, { sending, toStake: true });
    expect(await staking.stakeOf(1), "stake").to.equal(MIN_STAKE + paid.toOperator);
    expect(await token.balanceOf(alice.address), "beneficiary").to.equal(before);
    await expectEqualTotals(stack);
    await goToEpoch(stack, 3 * WORD + HORIZON);
    await expectPaid(stack, 1, { sending: rewards.claim([1]) });
    await expectEqualTotals(stack);
  });

  it("pays a node that was absent less than one that was not", async () => {
    const stack = await networkAndModel();
    const paid = [];
    for (const node of [1, 2, 3]) {
      paid.push(await expectPaid(stack, node, { sending: stack.rewards.claim([node]) }));
    }
    expect(paid[2].toOperator > paid[1].toOperator && paid[1].toOperator > paid[0].toOperator, "order").to.equal(true);
    await expectEqualTotals(stack);
  });

  it("previews what it pays", async () => {
    const stack = await networkAndModel();
    const [toOperator, toPool, returned] = (await stack.rewards.preview(0)) as bigint[];
    const paid = await expectPaid(stack, 0, { sending: stack.rewards.claim([0]) });
    expect([toOperator, toPool, returned], "preview").to.deep.equal([paid.toOperator, paid.toPool, paid.returned]);
  });
});
