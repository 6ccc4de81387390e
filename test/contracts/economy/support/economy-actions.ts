import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";
import { MARK } from "../../NodeRewards/support/rewards-fixture.ts";
import { paymentIn } from "../../NodeRewards/support/reward-payment.ts";
import type { Payment, Trouble } from "../../NodeRewards/support/reward-model.ts";
import { MESH, MIN_STAKE } from "../../support/deployed-network.ts";
import { HORIZON, NOTICE } from "./economy-fixture.ts";
import type { EconomyHistory } from "./economy-history.ts";

/** One random action, done by the contracts and by the models; nothing happens where it is not allowed. */
type Action = (history: EconomyHistory, node: number) => Promise<void>;

const wei = (random: (below: number) => number, mesh: number): bigint => {
  return BigInt(1 + random(mesh)) * MESH + BigInt(random(1_000_000_000));
};

/** What a claim pays in the models: operator and delegators share by what is bonded then. */
function claimInModel(
  { stake: model, rewards, epoch, now }: EconomyHistory,
  node: number,
  { maxWords, toStake }: { maxWords: number; toStake: boolean },
): Payment | undefined {
  const { bonded, pool } = model.node(node);
  rewards.nodes[node].bonds = {
    own: bonded,
    pool: pool.shares > 0n ? pool.assets : 0n,
    commissionBp: model.commissionOf(node, now()),
    isJailed: false,
  };
  const paid = rewards.claim(node, maxWords, epoch());
  if (!paid) return undefined;
  if (toStake && paid.toOperator > 0n) model.stake(node, paid.toOperator);
  else model.payOperator(node, paid.toOperator);
  if (paid.toPool > 0n) model.addToPool(node, paid.toPool);
  return paid;
}

/** Before stake or a delegation joins, all that is final is paid. */
function settleInModel(history: EconomyHistory, node: number): void {
  const { rewards, epoch } = history;
  const { weights, cursor } = rewards.nodes[node];
  if (weights.length === 0 || cursor >= Math.floor(Math.max(0, epoch() - HORIZON) / 256)) return;
  rewards.closeWords(1_000, epoch());
  claimInModel(history, node, { maxWords: 1_000, toStake: false });
}

const stake: Action = async (history, node) => {
  const { fixture, stake: model, random, send } = history;
  if (model.node(node).hasExited) return;
  const amount = random(4) === 0 ? BigInt(1 + random(1_000)) : wei(random, 40_000);
  await send(() => fixture.staking.connect(fixture.staker).stake(node, amount));
  if (model.node(node).pool.assets > 0n) settleInModel(history, node);
  model.stake(node, amount);
};

const requestUnbond: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  const { bonded, unbondings } = model.node(node);
  if (bonded === 0n || unbondings.length >= 32) return;
  const spare = bonded - MIN_STAKE;
  const isPart = spare > 0n && random(5) > 0;
  const amount = isPart ? 1n + (spare - 1n) / BigInt(1 + random(6)) : bonded;
  await send(() => fixture.staking.connect(fixture.operators[node]).requestUnbond(node, amount));
  model.requestUnbond(node, amount, now());
};

const cancelUnbond: Action = async (history, node) => {
  const { fixture, stake: model, random, send } = history;
  const { unbondings, hasExited } = model.node(node);
  if (hasExited || unbondings.length === 0) return;
  const unbondingId = unbondings[random(unbondings.length)].id;
  await send(() => fixture.staking.connect(fixture.operators[node]).cancelUnbond(node, unbondingId));
  if (model.node(node).pool.assets > 0n) settleInModel(history, node);
  model.cancelUnbond(node, unbondingId);
};

const withdraw: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  if (!model.node(node).unbondings.some(({ maturesAt }) => maturesAt <= now())) return;
  const maxCount = 1 + random(3);
  await send(() => fixture.staking.withdraw(node, maxCount));
  model.withdraw(node, maxCount, now());
};

const delegate: Action = async (history, node) => {
  const { fixture, stake: model, random, send, now } = history;
  if (model.node(node).hasExited || now() < model.node(node).pardonableUntil) return;
  const delegator = fixture.delegators[random(3)];
  const amount = wei(random, 60_000);
  await send(() => fixture.delegation.connect(delegator).delegate(node, amount, 0n));
  settleInModel(history, node);
  model.delegate(node, delegator.address, amount);
};

const undelegate: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  const delegator = fixture.delegators[random(3)];
  const position = model.positionOf(node, delegator.address);
  if (position.shares === 0n || position.leaving.length >= 32) return;
  const shares = random(3) === 0 ? position.shares : 1n + (position.shares - 1n) / BigInt(1 + random(9));
  await send(() => fixture.delegation.connect(delegator).undelegate(node, shares, 0n));
  model.undelegate(node, { who: delegator.address, shares, now: now() });
};

const cancelUndelegation: Action = async (history, node) => {
  const { fixture, stake: model, random, send, now } = history;
  const delegator = fixture.delegators[random(3)];
  const { leaving } = model.positionOf(node, delegator.address);
  const { hasExited, pardonableUntil } = model.node(node);
  if (hasExited || leaving.length === 0 || now() < pardonableUntil) return;
  const unbondingId = leaving[random(leaving.length)].id;
  await send(() => fixture.delegation.connect(delegator).cancelUndelegation(node, unbondingId, 0n));
  settleInModel(history, node);
  model.cancelUndelegation(node, delegator.address, unbondingId);
};

const withdrawDelegation: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  const due = fixture.delegators.filter(({ address }) => {
    return model.positionOf(node, address).leaving.some(({ maturesAt }) => maturesAt <= now());
  });
  if (due.length === 0) return;
  const delegator = due[random(due.length)];
  const who = delegator.address;
  const maxCount = 1 + random(3);
  const sender = now() + 1 < model.node(node).pardonableUntil ? delegator : fixture.staker;
  await send(() => fixture.delegation.connect(sender).withdrawDelegation(node, who, maxCount));
  model.withdrawDelegation(node, { who, maxCount, now: now() });
};

const setCommission: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  const bp = random(5_001);
  await send(() => fixture.delegation.connect(fixture.operators[node]).setCommission(node, bp));
  model.setCommission(node, bp, now());
};

const punish: Action = async ({ fixture, stake: model, random, send, now }, node) => {
  const slashable = model.slashableOf(node);
  const share = random(12) === 0 ? 10_001 : random(2_000);
  const amount = (slashable * BigInt(share)) / 10_000n + BigInt(random(3));
  const isFinal = random(3) === 0;
  const order = [id("offence"), node, amount, fixture.reporter.address, false, isFinal];
  await send(() => fixture.slashing.connect(fixture.arbiter).punish(order));
  model.punish(node, amount, { isFinal, now: now() });
};

const settleSlash: Action = async ({ fixture, stake: model, random, send, now }) => {
  const open = model.slashes.flatMap(({ isSettled }, position) => (isSettled ? [] : [position]));
  if (open.length === 0) return;
  const position = open[random(open.length)];
  if (now() >= model.slashes[position].payableAt) {
    await send(() => fixture.slashing.paySlash(position + 1));
    model.paySlash(position);
  } else if (now() + 1 < model.slashes[position].payableAt && random(2) === 0) {
    await send(() => fixture.slashing.connect(fixture.treasury).pardon(position + 1));
    model.pardon(position, now());
  }
};

/** A slash by mistake: some of the delegators leave before it, some after it, and all of it comes back. */
const punishInError: Action = async (history, node) => {
  const { fixture, stake: model, random, send, now } = history;
  if (model.slashableOf(node) === 0n) return;
  await undelegate(history, node);
  const amount = 1n + (model.slashableOf(node) * BigInt(random(9_999))) / 10_000n;
  const order = [id("error"), node, amount, fixture.reporter.address, false, false];
  await send(() => fixture.slashing.connect(fixture.arbiter).punish(order));
  model.punish(node, amount, { isFinal: false, now: now() });
  await undelegate(history, node);
  await send(() => fixture.slashing.connect(fixture.treasury).pardon(model.slashes.length));
  model.pardon(model.slashes.length - 1, now());
};

const unjail: Action = async ({ fixture, stake: model, send, now }, node) => {
  const { jailedUntil } = model.node(node);
  if (jailedUntil === 0 || now() < jailedUntil) return;
  await send(() => fixture.slashing.unjail(node));
  model.unjail(node);
};

/** Rare, because it is final. */
const exit: Action = async ({ fixture, stake: model, random, send }, node) => {
  if (model.node(node).hasExited || random(3) > 0) return;
  await send(() => fixture.registry.connect(fixture.operators[node]).exitNode(node));
  model.exit(node);
};

/** Lets time pass, and then marks some of the epochs that went by: absences, degradations and outages. */
const passTime: Action = async ({ fixture, rewards, random, send, epoch }) => {
  const since = epoch();
  const epochs = random(3) === 0 ? 1 + random(400) : 1 + random(40);
  await send(() => fixture.rewards.closeWords(0), epochs * 60 + random(60));
  for (let count = random(5); count > 0; count--) {
    const marked = random(3);
    const from = since + random(epoch() - since);
    const until = Math.min(epoch(), from + 1 + random(random(4) === 0 ? 200 : 20));
    const kind = (["absent", "degraded", "unreported"] as Trouble[])[random(3)];
    await send(() => fixture.bridge.getFunction("markRange")(marked, from, until, MARK[kind]));
    const { troubles } = rewards.nodes[marked];
    for (let each = from; each < until; each++) if (!troubles.has(each)) troubles.set(each, kind);
  }
};

const setPace: Action = async ({ fixture, rewards, random, send, now }) => {
  const next = BigInt(2_500 + random(7_501));
  await send(() => fixture.parametersAsTimelock.set(encodeBytes32String("emissionPaceBp"), next));
  const seconds = BigInt(now() - fixture.genesis);
  const { pace } = rewards;
  rewards.pace = { value: seconds >= pace.from ? pace.next : pace.value, next, from: seconds + BigInt(NOTICE) };
};

const closeWords: Action = async ({ fixture, rewards, random, send, epoch }) => {
  const words = random(4);
  await send(() => fixture.rewards.closeWords(words));
  rewards.closeWords(words, epoch());
};

const claim: Action = async (history, node) => {
  const { fixture, stake: model, random, send } = history;
  const toStake = random(3) === 0 && !model.node(node).hasExited;
  const maxWords = toStake || random(2) === 0 ? 1_000 : 1 + random(3);
  const sending = send(() =>
    toStake
      ? fixture.rewards.connect(fixture.operators[node]).claimAndStake(node)
      : fixture.rewards.claimWords(node, maxWords),
  );
  const expected = claimInModel(history, node, { maxWords, toStake });
  expect(await paymentIn(fixture, sending), `payment of node ${node}`).to.deep.equal(expected);
};

/** All actions; those that are listed more often happen more often. */
export const ACTIONS: Record<string, { weight: number; run: Action }> = {
  stake: { weight: 4, run: stake },
  requestUnbond: { weight: 3, run: requestUnbond },
  cancelUnbond: { weight: 1, run: cancelUnbond },
  withdraw: { weight: 2, run: withdraw },
  delegate: { weight: 4, run: delegate },
  undelegate: { weight: 3, run: undelegate },
  cancelUndelegation: { weight: 2, run: cancelUndelegation },
  withdrawDelegation: { weight: 2, run: withdrawDelegation },
  setCommission: { weight: 1, run: setCommission },
  punish: { weight: 2, run: punish },
  settleSlash: { weight: 3, run: settleSlash },
  punishInError: { weight: 1, run: punishInError },
  unjail: { weight: 4, run: unjail },
  exit: { weight: 1, run: exit },
  passTime: { weight: 6, run: passTime },
  setPace: { weight: 1, run: setPace },
  closeWords: { weight: 1, run: closeWords },
  claim: { weight: 6, run: claim },
};
