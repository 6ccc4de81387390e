import type { StakeSink } from "./stake-sink.ts";

/** Governed numbers that a history begins with; times in seconds, amounts in MESH wei. */
export interface StakeRules {
  minStake: bigint;
  unbondingPeriod: number;
  vetoPeriod: number;
  jailPeriod: number;
  commissionDelay: number;
  reporterBp: bigint;
}

/** A pool of shares; one that lost everything begins anew with the next generation. */
interface Pool {
  assets: bigint;
  shares: bigint;
  generation: number;
}

interface LeavingShares {
  id: number;
  shares: bigint;
  generation: number;
  maturesAt: number;
}

interface Position {
  shares: bigint;
  generation: number;
  nextId: number;
  leaving: LeavingShares[];
}

interface StakedNode {
  bonded: bigint;
  unbondings: { id: number; amount: bigint; maturesAt: number }[];
  nextId: number;
  pool: Pool;
  leavingPool: Pool;
  positions: Map<string, Position>;
  commission: { bp: number; nextBp: number; nextFrom: number };
  isEligible: boolean;
  jailedUntil: number;
  /** Nobody joins the pool before. */
  pardonableUntil: number;
  /** What slashes took that can be given back; of it, what is of those who are in the pool, and unbonding, now. */
  losses: { taken: bigint; ofPool: bigint; ofLeaving: bigint };
  hasExited: boolean;
}

/** What a slash took and still lies frozen. */
interface FrozenSlash {
  node: number;
  own: bigint;
  pool: bigint;
  payableAt: number;
  isSettled: boolean;
}

const noLosses = (): StakedNode["losses"] => ({ taken: 0n, ofPool: 0n, ofLeaving: 0n });
const emptyPool = (): Pool => ({ assets: 0n, shares: 0n, generation: 0 });
const worthOf = (pool: Pool, shares: bigint): bigint => (shares * (pool.assets + 1n)) / (pool.shares + 1_000n);

function mint(pool: Pool, amount: bigint): bigint {
  const shares = (amount * (pool.shares + 1_000n)) / (pool.assets + 1n);
  pool.assets += amount;
  pool.shares += shares;
  return shares;
}

function burn(pool: Pool, shares: bigint): bigint {
  const amount = worthOf(pool, shares);
  pool.assets -= amount;
  pool.shares -= shares;
  return amount;
}

/** Without assets shares are void; with next to nothing, 256 of them become one as often as there are too many. */
function take(pool: Pool, amount: bigint): void {
  if (amount === 0n) return;
  pool.assets -= amount;
  if (pool.assets === 0n && pool.shares > 0n) {
    pool.shares = 0n;
    pool.generation += 18;
  }
  while (pool.shares > pool.assets * 1_000n * 2n ** 42n) {
    pool.shares /= 256n;
    pool.generation++;
  }
}

/** What shares of a generation are in a pool now. */
function countedIn(pool: Pool, shares: bigint, generation: number): bigint {
  const passed = pool.generation - generation;
  return passed < 18 ? shares / 256n ** BigInt(passed) : 0n;
}

/** Staking, delegation, slashing and jail told plainly, with lists where the contracts keep packed slots. */
export class StakeModel {
  readonly nodes: StakedNode[];
  readonly slashes: FrozenSlash[] = [];
  /** MESH wei paid out by receiver: beneficiaries, delegators, the reporter and the treasury. */
  readonly paid = new Map<string, bigint>();
  /** Pardons of which both a pool and what was unbonding from it got a part. */
  dividedPardons = 0;
  readonly #rules: StakeRules;
  readonly #sink: StakeSink;

  constructor(count: number, rules: StakeRules, sink: StakeSink) {
    this.#rules = rules;
    this.#sink = sink;
    this.nodes = Array.from({ length: count }, () => ({
      ...{ bonded: 0n, unbondings: [], nextId: 0, pool: emptyPool(), leavingPool: emptyPool() },
      ...{ positions: new Map(), commission: { bp: 0, nextBp: 0, nextFrom: 0 } },
      ...{ isEligible: false, jailedUntil: 0, pardonableUntil: 0, hasExited: false },
      losses: noLosses(),
    }));
  }

  // Operators

  stake(node: number, amount: bigint): void {
    this.node(node).bonded += amount;
    this.#grow(node);
  }

  requestUnbond(index: number, amount: bigint, now: number): void {
    const node = this.node(index);
    node.bonded -= amount;
    node.unbondings.push({ id: node.nextId++, amount, maturesAt: now + this.#rules.unbondingPeriod });
    if (node.bonded === 0n) this.#setEligible(index, false);
    this.#tell(index);
  }

  cancelUnbond(index: number, id: number): void {
    const node = this.node(index);
    node.bonded += node.unbondings.find((unbonding) => unbonding.id === id)!.amount;
    node.unbondings = node.unbondings.filter((unbonding) => unbonding.id !== id);
    this.#grow(index);
  }

  withdraw(index: number, maxCount: number, now: number): void {
    const node = this.node(index);
    const due = node.unbondings.filter(({ maturesAt }) => maturesAt <= now).slice(0, maxCount);
    node.unbondings = node.unbondings.filter((unbonding) => !due.includes(unbonding));
    for (const { amount } of due) this.#pay(`operator ${index}`, amount);
  }

  /** Rewards that a claim paid to the beneficiary. */
  payOperator(index: number, amount: bigint): void {
    this.#pay(`operator ${index}`, amount);
  }

  setCommission(index: number, bp: number, now: number): void {
    const node = this.node(index);
    const inForce = this.commissionOf(index, now);
    node.commission =
      bp > inForce
        ? { bp: inForce, nextBp: bp, nextFrom: now + this.#rules.commissionDelay }
        : { bp, nextBp: 0, nextFrom: 0 };
  }

  exit(index: number): void {
    this.node(index).hasExited = true;
    this.#setEligible(index, false);
    this.#tell(index);
  }

  // Delegators

  delegate(index: number, who: string, amount: bigint): void {
    const { pool } = this.node(index);
    this.positionOf(index, who).shares += mint(pool, amount);
    this.#tell(index);
  }

  undelegate(index: number, { who, shares, now }: { who: string; shares: bigint; now: number }): void {
    const { pool, leavingPool } = this.node(index);
    const position = this.positionOf(index, who);
    position.shares -= shares;
    const losses = this.lossesOf(index, now);
    const carried = (losses.ofPool * shares) / pool.shares;
    const amount = burn(pool, shares);
    losses.ofPool -= carried;
    losses.ofLeaving += carried;
    const leaving = mint(leavingPool, amount);
    const maturesAt = now + this.#rules.unbondingPeriod;
    position.leaving.push({ id: position.nextId++, shares: leaving, generation: leavingPool.generation, maturesAt });
    this.#tell(index);
  }

  cancelUndelegation(index: number, who: string, id: number): void {
    const { pool, leavingPool } = this.node(index);
    const position = this.positionOf(index, who);
    const leaving = position.leaving.find((each) => each.id === id)!;
    position.leaving = position.leaving.filter((each) => each !== leaving);
    position.shares += mint(pool, this.#redeem(leavingPool, leaving));
    this.#tell(index);
  }

  withdrawDelegation(index: number, { who, maxCount, now }: { who: string; maxCount: number; now: number }): void {
    const { leavingPool } = this.node(index);
    const position = this.positionOf(index, who);
    const due = position.leaving.filter(({ maturesAt }) => maturesAt <= now).slice(0, maxCount);
    position.leaving = position.leaving.filter((each) => !due.includes(each));
    const sharesBefore = leavingPool.shares;
    for (const each of due) this.#pay(who, this.#redeem(leavingPool, each));
    const losses = this.lossesOf(index, now);
    if (sharesBefore > 0n) losses.ofLeaving = (losses.ofLeaving * leavingPool.shares) / sharesBefore;
  }

  /** Rewards of the delegators of a node. */
  addToPool(index: number, amount: bigint): void {
    this.node(index).pool.assets += amount;
    this.#tell(index);
  }

  // Slashes

  /** Takes an amount, or all there is, from all who hold, in proportion; each holding of what its predecessors left. */
  punish(index: number, amount: bigint, { isFinal, now }: { isFinal: boolean; now: number }): void {
    const node = this.node(index);
    node.jailedUntil = Math.max(node.jailedUntil, now + this.#rules.jailPeriod);
    this.#setEligible(index, false);
    const ofPool = node.pool.assets + node.leavingPool.assets;
    const rest = { amount, total: this.slashableOf(index) };
    if (rest.amount > rest.total) rest.amount = rest.total;
    const cut = (holding: bigint): bigint => {
      const part = holding === 0n ? 0n : (rest.amount * holding) / rest.total;
      rest.amount -= part;
      rest.total -= holding;
      return part;
    };
    const poolPart = cut(ofPool);
    const own = rest.amount;
    node.bonded -= cut(node.bonded);
    for (const unbonding of node.unbondings) unbonding.amount -= cut(unbonding.amount);
    node.unbondings = node.unbondings.filter(({ amount: left }) => left > 0n);
    const payableAt = now + (isFinal ? 0 : this.#rules.vetoPeriod);
    if (poolPart > 0n) {
      const ofLeaving = (poolPart * node.leavingPool.assets) / ofPool;
      const { pool, leavingPool } = node;
      take(pool, poolPart - ofLeaving);
      take(leavingPool, ofLeaving);
      const losses = this.lossesOf(index, now);
      if (!isFinal) {
        losses.taken += poolPart;
        losses.ofPool += poolPart - ofLeaving;
        losses.ofLeaving += ofLeaving;
      }
      if (pool.shares === 0n) losses.ofPool = 0n;
      if (leavingPool.shares === 0n) losses.ofLeaving = 0n;
      node.pardonableUntil = Math.max(node.pardonableUntil, payableAt);
    }
    this.#tell(index);
    if (own + poolPart > 0n) this.slashes.push({ node: index, own, pool: poolPart, payableAt, isSettled: false });
  }

  paySlash(position: number): void {
    const slash = this.#settle(position);
    const amount = slash.own + slash.pool;
    const reward = (amount * this.#rules.reporterBp) / 10_000n;
    this.#pay("reporter", reward);
    this.#pay("treasury", amount - reward);
  }

  /** Gives back what those lost who are still there, and the rest to the treasury. */
  pardon(position: number, now: number): void {
    const { node: index, own, pool: amount } = this.#settle(position);
    const { pool, leavingPool } = this.node(index);
    this.node(index).bonded += own;
    if (amount > 0n) {
      const losses = this.lossesOf(index, now);
      const [toPool, toLeaving] = [losses.ofPool, losses.ofLeaving].map((lost) => (amount * lost) / losses.taken);
      const left = losses.taken - amount;
      losses.ofPool = (losses.ofPool * left) / losses.taken;
      losses.ofLeaving = (losses.ofLeaving * left) / losses.taken;
      losses.taken = left;
      pool.assets += toPool;
      leavingPool.assets += toLeaving;
      this.#pay("treasury", amount - toPool - toLeaving);
      if (toPool > 0n && toLeaving > 0n) this.dividedPardons++;
    }
    this.#tell(index);
  }

  unjail(index: number): void {
    this.node(index).jailedUntil = 0;
    this.#grow(index);
  }

  // Readings

  node(index: number): StakedNode {
    const node = this.nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  }

  slashableOf(index: number): bigint {
    const { bonded, unbondings, pool, leavingPool } = this.node(index);
    return unbondings.reduce((sum, { amount }) => sum + amount, bonded + pool.assets + leavingPool.assets);
  }

  weightOf(index: number): bigint {
    const { isEligible, bonded, pool } = this.node(index);
    return isEligible ? bonded + pool.assets : 0n;
  }

  commissionOf(index: number, now: number): number {
    const { bp, nextBp, nextFrom } = this.node(index).commission;
    return nextFrom !== 0 && now >= nextFrom ? nextBp : bp;
  }

  /** A delegator's position, with shares of the pool's generation. */
  positionOf(index: number, who: string): Position {
    const { pool, positions } = this.node(index);
    const found = positions.get(who) ?? { shares: 0n, generation: pool.generation, nextId: 0, leaving: [] };
    if (found.generation !== pool.generation) {
      found.shares = countedIn(pool, found.shares, found.generation);
      found.generation = pool.generation;
    }
    positions.set(who, found);
    return found;
  }

  worthOf(index: number, who: string): bigint {
    return worthOf(this.node(index).pool, this.positionOf(index, who).shares);
  }

  leavingOf(index: number, who: string): { id: number; amount: bigint; maturesAt: number }[] {
    const { leavingPool } = this.node(index);
    return this.positionOf(index, who).leaving.map(({ id, shares, generation, maturesAt }) => {
      return { id, amount: worthOf(leavingPool, countedIn(leavingPool, shares, generation)), maturesAt };
    });
  }

  /** What can still be given back; nothing once all slashes are past pardon. */
  lossesOf(index: number, now: number): StakedNode["losses"] {
    const node = this.node(index);
    if (now >= node.pardonableUntil) node.losses = noLosses();
    return node.losses;
  }

  totalFrozen(): bigint {
    return this.slashes.reduce((sum, { own, pool, isSettled }) => (isSettled ? sum : sum + own + pool), 0n);
  }

  #settle(position: number): FrozenSlash {
    const slash = this.slashes[position];
    slash.isSettled = true;
    return slash;
  }

  #redeem(pool: Pool, { shares, generation }: LeavingShares): bigint {
    return burn(pool, countedIn(pool, shares, generation));
  }

  #pay(receiver: string, amount: bigint): void {
    this.paid.set(receiver, (this.paid.get(receiver) ?? 0n) + amount);
  }

  /** A node that is not jailed becomes active when its operator's stake reaches the minimum. */
  #grow(index: number): void {
    const { bonded, jailedUntil, hasExited } = this.node(index);
    if (jailedUntil === 0 && !hasExited && bonded >= this.#rules.minStake) this.#setEligible(index, true);
    this.#tell(index);
  }

  #setEligible(index: number, isEligible: boolean): void {
    const node = this.node(index);
    if (node.isEligible === isEligible) return;
    node.isEligible = isEligible;
    this.#sink.activityChanged(index, isEligible);
  }

  #tell(index: number): void {
    this.#sink.weightChanged(index, this.weightOf(index));
  }
}
