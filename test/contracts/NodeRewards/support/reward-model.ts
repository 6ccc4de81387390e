import { MESH } from "../../support/deployed-network.ts";
import { type Bonds, FOREVER } from "./rewards-fixture.ts";

/** How an epoch of a node was reported; nothing is said about attested ones. */
export type Trouble = "absent" | "degraded" | "unreported";

/** What a claim pays. */
export interface Payment {
  toOperator: bigint;
  toPool: bigint;
  returned: bigint;
  fromWord: number;
  untilWord: number;
}

/** Schedule and governed numbers that a network begins with. */
export interface RewardRules {
  nodes: number;
  /** Epoch in which the contract was deployed; the curve begins with epoch 0. */
  firstEpoch: number;
  /** Epoch from which all nodes are active. */
  activeFrom: number;
  epochSeconds: number;
  /** Epochs until an epoch is final. */
  horizon: number;
  policy: { degradedBp: bigint; unreportedBp: bigint; graceEpochs: bigint };
}

interface ModelNode {
  bonds: Bonds;
  /** Whole MESH from an epoch on, in order of epochs. */
  weights: { epoch: number; weight: bigint }[];
  troubles: Map<number, Trouble>;
  /** Epochs `[from, until)` in which the node is active, in order and apart. */
  intervals: { from: number; until: number }[];
  cursor: number;
  grace: bigint;
}

interface ClosedWord {
  emission: bigint;
  worked: bigint;
  perMesh: bigint;
}

const WORD = 256;
const UNIT = 2n ** 56n;
const YEAR = 365n * 86_400n * 10_000n;
const BUCKET = 400_000_000n * MESH;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The published curve after a number of basis points of seconds: 16 years, each 85 % of the one before. */
function curveAfter(clock: bigint): bigint {
  const weights: bigint[] = [];
  for (let year = 0, weight = 10n ** 36n; year < 16; year++, weight = (weight * 8_500n) / 10_000n) weights.push(weight);
  const sumOf = (count: number): bigint => weights.slice(0, count).reduce((sum, weight) => sum + weight, 0n);
  const year = Number(clock / YEAR);
  if (year >= 16) return BUCKET;
  const [from, until] = [year, year + 1].map((count) => (BUCKET * sumOf(count)) / sumOf(16));
  return from + ((until - from) * (clock % YEAR)) / YEAR;
}

/**
 * Rewards told plainly: every weight of every epoch is kept, and every word is summed up epoch by epoch, where the
 * contract keeps one slot for a node and one for a word.
 */
export class RewardModel {
  readonly nodes: ModelNode[];
  readonly #words = new Map<number, ClosedWord>();
  /** Epochs at which a weight changed: the contract divides between them, and rounds. */
  readonly #changes = new Set<number>();
  readonly #rules: RewardRules;
  nextWord: number;
  recyclable = 0n;
  emitted = 0n;
  released = 0n;
  /** Pace of the curve in basis points; `value` held before `from` (seconds since the curve began). */
  pace = { value: 10_000n, next: 10_000n, from: 0n };
  #clock = 0n;
  #accruedUntil: bigint;

  constructor(rules: RewardRules) {
    this.#rules = rules;
    this.nextWord = Math.floor(rules.firstEpoch / WORD);
    this.#accruedUntil = 0n;
    this.nodes = Array.from({ length: rules.nodes }, () => ({
      bonds: { own: 0n, pool: 0n, commissionBp: 0, isJailed: false },
      weights: [],
      troubles: new Map(),
      intervals: [{ from: rules.activeFrom, until: Number(FOREVER) }],
      cursor: 0,
      grace: 0n,
    }));
  }

  setBonds(index: number, bonds: Bonds, epoch: number): void {
    this.#node(index).bonds = bonds;
    this.setWeight(index, bonds.isJailed ? 0n : bonds.own + bonds.pool, epoch);
  }

  /** Tells what a node counts for from the next epoch on, in MESH wei; only whole MESH count. */
  setWeight(index: number, amount: bigint, epoch: number): void {
    const node = this.#node(index);
    const weight = amount / MESH;
    if (weight === this.#weightAt(node, epoch + 1)) return;
    if (node.weights.length === 0) node.cursor = Math.floor((epoch + 1) / WORD);
    this.#changes.add(epoch + 1);
    if (node.weights.at(-1)?.epoch === epoch + 1) node.weights.pop();
    node.weights.push({ epoch: epoch + 1, weight });
  }

  /** Closes words that are over, at most `maxWords`; seconds count from the start of the curve. */
  closeWords(maxWords: number, epoch: number): void {
    const end = Math.min(this.nextWord + maxWords, Math.floor(epoch / WORD));
    for (; this.nextWord < end; this.nextWord++) this.#close(this.nextWord);
  }

  /** Claims the words up to `untilWord` that are final and closed. */
  claim(index: number, maxWords: number, epoch: number): Payment | undefined {
    const node = this.#node(index);
    const final = Math.floor(Math.max(0, epoch - this.#rules.horizon) / WORD);
    if (final > this.nextWord) this.closeWords(64, epoch);
    const until = Math.min(final, this.nextWord, node.cursor + maxWords);
    const fromWord = node.cursor;
    if (node.weights.length === 0 || until <= fromWord) return undefined;
    let [gross, paid] = [0n, 0n];
    for (; node.cursor < until; node.cursor++) {
      const amount = this.#grossOf(node, node.cursor);
      gross += amount;
      paid += this.#paidOf(node, node.cursor, amount);
    }
    this.recyclable += gross - paid;
    this.released += paid;
    return { ...this.#split(node, paid), returned: gross - paid, fromWord, untilWord: until };
  }

  /** Claims everything that is final, before somebody joins; what goes to the pool counts as weight. */
  settle(index: number, epoch: number): void {
    const final = Math.floor(Math.max(0, epoch - this.#rules.horizon) / WORD);
    const node = this.#node(index);
    if (node.weights.length === 0 || node.cursor >= final) return;
    this.closeWords(Infinity, epoch);
    const { toPool = 0n } = this.claim(index, Infinity, epoch) ?? {};
    this.setBonds(index, { ...node.bonds, pool: node.bonds.pool + toPool }, epoch);
  }

  totalWeight(epoch: number): bigint {
    return this.nodes.reduce((sum, node) => sum + this.#weightAt(node, epoch), 0n);
  }

  #node(index: number): ModelNode {
    const node = this.nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  }

  #weightAt(node: ModelNode, epoch: number): bigint {
    return node.weights.findLast((change) => change.epoch <= epoch)?.weight ?? 0n;
  }

  /** Pieces of a word between changes of weight. */
  #pieces(word: number): { from: number; until: number }[] {
    const start = Math.max(word * WORD, this.#rules.firstEpoch);
    const end = word * WORD + WORD;
    const inside = [...this.#changes].filter((epoch) => epoch > start && epoch < end).sort((a, b) => a - b);
    return [start, ...inside].map((from, i) => ({ from, until: inside[i] ?? end }));
  }

  #timePerMesh({ from, until }: { from: number; until: number }): bigint {
    const total = this.totalWeight(from);
    return total === 0n ? 0n : (BigInt(until - from) * UNIT) / total;
  }

  #close(word: number): void {
    const pieces = this.#pieces(word).filter(({ from }) => this.totalWeight(from) > 0n);
    const worked = pieces.reduce((sum, { from, until }) => sum + BigInt(until - from), 0n);
    const end = BigInt((word + 1) * WORD * this.#rules.epochSeconds);
    const elapsed = end - this.#accruedUntil;
    const paceBp = this.#accruedUntil < this.pace.from ? this.pace.value : this.pace.next;
    this.#accruedUntil = end;
    this.#clock += least(worked * BigInt(this.#rules.epochSeconds), elapsed) * paceBp;
    const recycled = worked === 0n ? 0n : this.recyclable / 64n;
    const emission = curveAfter(this.#clock) - this.emitted + recycled;
    this.emitted = curveAfter(this.#clock);
    this.recyclable -= recycled;
    const time = pieces.reduce((sum, piece) => sum + this.#timePerMesh(piece), 0n);
    const perMesh = worked === 0n ? 0n : (emission * time) / (worked * UNIT);
    this.#words.set(word, { emission, worked, perMesh });
  }

  #grossOf(node: ModelNode, word: number): bigint {
    const closed = this.#words.get(word)!;
    const start = word * WORD;
    const isChanged = node.weights.some(({ epoch }) => epoch >= start && epoch < start + WORD);
    if (!isChanged) return this.#weightAt(node, start) * closed.perMesh;
    if (closed.worked === 0n) return 0n;
    const time = this.#pieces(word).reduce(
      (sum, piece) => sum + this.#weightAt(node, piece.from) * this.#timePerMesh(piece),
      0n,
    );
    return (time * closed.emission) / (closed.worked * UNIT);
  }

  /** What is paid of a word: the share of its epochs that count, since the node became active and until it left. */
  #paidOf(node: ModelNode, word: number, gross: bigint): bigint {
    const start = word * WORD;
    const counts = { attested: 0n, absent: 0n, degraded: 0n, unreported: 0n };
    for (let epoch = start; epoch < start + WORD; epoch++) {
      if (!node.intervals.some(({ from, until }) => epoch >= from && epoch < until)) continue;
      counts[node.troubles.get(epoch) ?? "attested"]++;
    }
    const left = node.weights.findLast(({ epoch }) => epoch >= start && epoch < start + WORD);
    const end = left?.weight === 0n ? left.epoch - start : WORD;
    const activeFrom = node.intervals.find(({ until }) => until > start)?.from ?? 0;
    const elapsed = BigInt(Math.max(0, end - Math.max(0, activeFrom - start))) * 10_000n;
    if (counts.unreported > 0n) node.grace = least(node.grace, this.#rules.policy.graceEpochs);
    const grace = least(node.grace, counts.unreported);
    const earned =
      counts.attested * 10_000n +
      counts.degraded * this.#rules.policy.degradedBp +
      grace * this.#rules.policy.unreportedBp;
    node.grace = least(65_535n, node.grace - grace + counts.attested);
    node.grace -= least(node.grace, counts.absent * 10n);
    return elapsed === 0n ? 0n : (gross * least(earned, elapsed)) / elapsed;
  }

  #split({ bonds: { own, pool, commissionBp } }: ModelNode, amount: bigint): { toOperator: bigint; toPool: bigint } {
    if (pool === 0n) return { toOperator: amount, toPool: 0n };
    const ofPool = (amount * pool) / (own + pool);
    const toPool = (ofPool * BigInt(10_000 - commissionBp)) / 10_000n;
    return { toOperator: amount - toPool, toPool };
  }
}
