import { keccakP } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { network } from "hardhat";

import { highBits, multiply } from "../../../scripts/generate/pqc/core-kernels.ts";
import * as expander from "../../../scripts/generate/pqc/expander-kernels.ts";
import { isComplemented, keccakRounds, ROUND_CONSTANTS, ROUNDS_AT_ONCE } from "../../../scripts/generate/pqc/keccak.ts";
import type { Layout } from "../../../scripts/generate/pqc/keccak.ts";
import { Kernel } from "../../../scripts/generate/pqc/kernel.ts";
import type { KernelCode, Value } from "../../../scripts/generate/pqc/kernel.ts";
import { convert, LaneArithmetic, PACKED, WIDE } from "../../../scripts/generate/pqc/lanes.ts";
import * as ntt from "../../../scripts/generate/pqc/ntt.ts";
import { createKernelRunner, fromLanes, toLanes } from "./support/kernel-runner.ts";
import * as model from "./support/ml-dsa-model.ts";
import { createRandom } from "./support/random.ts";

const Q = BigInt(model.Q);
const WORD = 32;
const DEGREE = 256;
const ALL_ONES = (1n << 256n) - 1n;
const STRIDE = WIDE.stride;

const run = createKernelRunner(await network.create());
const random = createRandom();
const below = (limit: bigint): bigint => BigInt(`0x${Buffer.from(random.bytes(32)).toString("hex")}`) % limit;

/** 256 words of three polynomials: random coefficients, all as large as possible, and large and zero by turns. */
function extremes(max: bigint): bigint[] {
  return Array.from({ length: DEGREE }, (_, n) => toLanes(STRIDE, [below(max + 1n), max, n % 2 === 0 ? max : 0n]));
}

function lanesOf(words: readonly bigint[]): bigint[][] {
  return [0, 1, 2].map((lane) => words.map((w) => fromLanes(STRIDE, w)[lane] ?? 0n));
}

/** Runs a kernel at each of `bases` in turn, on the same memory. */
async function sweep(code: KernelCode, words: bigint[], bases: readonly number[][]): Promise<bigint[]> {
  let memory = words;
  for (const inputs of bases) memory = (await run(code, { memory, inputs })).memory;
  return memory;
}

const range = (count: number, step: number): number[][] => Array.from({ length: count }, (_, i) => [i * step]);
const zetaWords = (ntt.zetaTable().match(/.{64}/g) ?? []).map((w) => BigInt(`0x${w}`));
/** Four words at a time, and the entry of the table of zetas, which lies behind the polynomial. */
const quads = (reverse: boolean): number[][] => {
  return Array.from({ length: 64 }, (_, g) => [g * 4 * WORD, (DEGREE + (reverse ? 63 - g : g)) * WORD]);
};

describe(`kernels of ML-DSA-65 (seed ${random.seed})`, () => {
  for (const layout of ["replicated", "interleaved"] as const) {
    it(`permutes ${layout} states as Keccak-f[1600]`, async () => {
      const states = Array.from({ length: 4 }, () => Array.from({ length: 25 }, () => below(1n << 64n)));
      const words = await permute(layout, states);
      const expected = states.map(permuteWithNoble);
      for (let lane = 0; lane < 25; lane++) {
        expect(words[lane], `lane ${lane}`).to.equal(encodeLane(layout, expected, lane));
      }
    });
  }

  it("transforms the largest coefficients there can be", async () => {
    const max = Q + BigInt(model.GAMMA1);
    const top = ntt.forwardTop(max);
    const middle = ntt.forwardMiddle(top.max);
    const bottom = ntt.forwardBottom(middle.max, 1);
    const start = extremes(max);
    let words = await sweep(top.code, start, range(32, WORD));
    words = await sweep(middle.code, words, range(4, WORD));
    words = await sweep(bottom.code, [...words, ...zetaWords], quads(false));
    const expected = lanesOf(start).map((p) => model.transform(p.map((v) => Number(v % Q))));
    lanesOf(words.slice(0, DEGREE)).forEach((polynomial, lane) => {
      expect(
        polynomial.map((v) => Number(v % Q)),
        `lane ${lane}`,
      ).to.deep.equal(expected[lane]);
      expect(
        polynomial.every((v) => v <= bottom.max),
        `bound of lane ${lane}`,
      ).to.equal(true);
    });
  });

  it("transforms the largest coefficients back to [0, q]", async () => {
    const max = multiply(17n * Q).max;
    const bottom = ntt.inverseBottom(max, 1);
    const middle = ntt.inverseMiddle(bottom.max);
    const top = ntt.inverseTop(middle.max);
    const start = extremes(max);
    let words = await sweep(bottom.code, [...start, ...zetaWords], quads(true));
    words = await sweep(middle.code, words.slice(0, DEGREE), range(4, WORD));
    words = await sweep(top.code, words, range(32, WORD));
    const expected = lanesOf(start).map((p) => model.transformBack(p.map((v) => Number(v % Q))));
    lanesOf(words).forEach((polynomial, lane) => {
      expect(
        polynomial.map((v) => Number(v % Q)),
        `lane ${lane}`,
      ).to.deep.equal(expected[lane]);
      expect(
        polynomial.every((v) => v <= Q && v <= top.max),
        `bound of lane ${lane}`,
      ).to.equal(true);
    });
  });

  it("multiplies the largest entries by the largest coefficients", async () => {
    const zMax = 18n * Q - 1n;
    const { code, max } = multiply(zMax);
    const z = toLanes(STRIDE, [zMax, zMax, zMax]);
    const group = DEGREE;
    const memory = Array.from({ length: group + 1 }, (_, i) => (i === 0 || i === group ? z : 0n));
    for (const field of [(1n << 23n) - 1n, Q - 1n, 1n, 0n]) {
      const entries = Array.from({ length: 9 }, () => field);
      const word = entries.reduce((w, f, i) => w | (f << BigInt(23 * i)), 0n);
      const calldata = Buffer.from(word.toString(16).padStart(52, "0").repeat(4), "hex");
      const { memory: rows } = await run(code, { memory, inputs: [0, 0], calldata });
      for (const row of [rows[0], rows[group]]) {
        const lanes = fromLanes(STRIDE, row ?? 0n);
        expect(
          lanes.map((v) => v % Q),
          `entries of ${field}`,
        ).to.deep.equal(Array(3).fill((6n * zMax * field) % Q));
        expect(
          lanes.every((v) => v <= max),
          `bound for ${field}`,
        ).to.equal(true);
      }
    }
  });

  it("takes the high bits at every boundary", async () => {
    const code = highBits(Q);
    const alpha = 2 * model.GAMMA2;
    const edges = Array.from({ length: 17 }, (_, i) => i * alpha + model.GAMMA2);
    const around = [...edges, ...edges.map((e) => e - model.GAMMA2)].flatMap((e) => [e - 2, e - 1, e, e + 1, e + 2]);
    const values = [...around, model.Q - 2, model.Q - 1, model.Q].filter((r) => r >= 0 && r <= model.Q);
    for (let i = 0; i < values.length; i += 16) {
      const chunk = Array.from({ length: 16 }, (_, n) => values[i + n] ?? 0);
      const memory = [
        ...chunk.map((r) => toLanes(STRIDE, [BigInt(r), BigInt(model.Q - r), 0n])),
        ...Array<bigint>(48).fill(0n),
      ];
      const output = await run(code, { memory, inputs: [0, 16 * WORD] });
      const nibbles = (r: number[]): bigint => r.reduce((lane, v, n) => lane | (BigInt(high(v)) << BigInt(4 * n)), 0n);
      expect(output.memory[16], `values from ${chunk[0]}`).to.equal(nibbles(chunk));
      expect(output.memory[32], `q less values from ${chunk[0]}`).to.equal(nibbles(chunk.map((r) => model.Q - r)));
      expect(output.memory[48], "zeros").to.equal(0n);
    }
  });

  it("flags a candidate of q or more at every place, and no other", async () => {
    const code = expander.sampleEight();
    for (let place = 0; place < 24; place++) {
      const [stream, index] = [place % 3, Math.floor(place / 3)];
      for (const [candidate, rejected] of [
        [Q - 1n, false],
        [Q, true],
        [(1n << 23n) - 1n, true],
      ] as const) {
        const streams = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => below(Q)));
        const chosen = streams[stream];
        if (chosen) chosen[index] = candidate;
        const { memory, result } = await run(code, { memory: packStreams(streams, 8), inputs: [0, 3 * WORD] }, 1);
        const flag = (result >> BigInt(PACKED.stride * stream + 23)) & 1n;
        expect(flag, `${candidate} in stream ${stream} at ${index}`).to.equal(rejected ? 1n : 0n);
        const sampled = memory.slice(3).map((w) => fromLanes(PACKED.stride, w));
        const expected = Array.from({ length: 8 }, (_, i) => streams.map((s) => s[i] ?? 0n));
        expect(sampled, `candidates with ${candidate}`).to.deep.equal(expected);
      }
    }
  });

  it("drops a candidate from one stream alone", async () => {
    const streams = Array.from({ length: 3 }, () => Array.from({ length: 16 }, () => below(1n << 24n)));
    const words = packStreams(streams, 16);
    for (const stream of [0, 1, 2]) {
      const mask = ((1n << 64n) - 1n) << BigInt(PACKED.stride * stream);
      const memory = await dropFirst(words, mask);
      const expected = streams.map((s, i) => (i === stream ? s.slice(1) : s));
      expect(memory.slice(0, 4), `stream ${stream}`).to.deep.equal(packStreams(expected, 16).slice(0, 4));
    }
  });

  it("stores every residue of -t1 in 23 bits, zero as q", async () => {
    const max = 18n * Q - 1n;
    const code = expander.packWithT1(max);
    const values = [0n, 1n, Q - 1n, Q, Q + 1n, 17n * Q, 17n * Q + 1n, max];
    for (const value of values) {
      const memory = Array<bigint>(3 * DEGREE).fill(0n);
      memory[2 * DEGREE] = toLanes(STRIDE, [value, 0n, value]);
      const { memory: after } = await run(code, { memory, inputs: [0, 2 * DEGREE * WORD, (2 * DEGREE + 16) * WORD] });
      const stored = (after[2 * DEGREE + 16] ?? 0n) >> 48n;
      const expected = Q - (value % Q);
      expect(stored, `${value}`).to.equal(toLanes(PACKED.stride, [expected << 46n, Q << 46n, expected << 46n]));
    }
  });
});

describe("lane arithmetic", () => {
  const k = new Kernel(1);
  const [word] = k.inputs as [Value];
  const lanes = new LaneArithmetic(k, WIDE, 57);

  it("refuses operations that could overflow a lane", () => {
    const wide = lanes.lanes(word, 1n << 84n);
    expect(() => lanes.add(wide, wide), "sum").to.throw("overflow 85 bits");
    expect(() => lanes.scale(wide, word, 4n), "product").to.throw("overflow 85 bits");
    expect(() => lanes.reduce(wide), "reduction").to.throw("overflow 85 bits");
    expect(() => lanes.field(wide, 80, 6), "field").to.throw("ends beyond 85 bits");
  });

  it("refuses lanes that do not fit another format", () => {
    expect(() => convert(k, lanes.lanes(word, 1n << 69n), PACKED), "format").to.throw("overflow 69 bits");
    expect(() => expander.packWithT1(1n << 51n), "t1").to.throw("overflow 85 bits");
  });

  it("refuses differences that could fall below zero", () => {
    const subtrahend = lanes.lanes(word, 2n * Q + 1n);
    expect(() => lanes.subModQ(subtrahend, subtrahend, 2n)).to.throw("below zero");
  });
});

function high(r: number): number {
  return model.useHint(false, r % model.Q);
}

/** Lays three streams of 24-bit candidates out as 64-bit words side by side. */
function packStreams(streams: readonly (readonly bigint[])[], candidates: number): bigint[] {
  const bits = streams.map((s) => s.reduce((sum, c, i) => sum | (c << BigInt(24 * i)), 0n));
  const words = Array.from({ length: (candidates * 24) / 64 }, (_, i) => {
    return toLanes(
      PACKED.stride,
      bits.map((b) => (b >> BigInt(64 * i)) & ((1n << 64n) - 1n)),
    );
  });
  return [...words, ...Array<bigint>(candidates === 8 ? 8 : 0).fill(0n)];
}

/** The mask is too wide for the runner's inputs, so it is put before the kernel. */
async function dropFirst(words: bigint[], mask: bigint): Promise<bigint[]> {
  const drop = expander.dropCandidate();
  const hex = `7f${mask.toString(16).padStart(64, "0")}5f${drop.hex}`;
  return (await run({ ...drop, hex }, { memory: words })).memory;
}

const memory = { state: 0, work: 25 * WORD };

/** A whole permutation of four states in one layout; replicated words hold the first state. */
async function permute(layout: Layout, states: readonly bigint[][]): Promise<bigint[]> {
  const complement = (words: bigint[]): bigint[] => words.map((w, i) => (isComplemented(i) ? w ^ ALL_ONES : w));
  const start = Array.from({ length: 25 }, (_, i) => encodeLane(layout, states, i));
  const constants = ROUND_CONSTANTS.map((c) =>
    encodeLane(
      layout,
      Array.from({ length: 4 }, () => [c]),
      0,
    ),
  );
  const step = ROUNDS_AT_ONCE[layout];
  const words = [...complement(start), ...Array<bigint>(25 * (step - 1)).fill(0n), ...constants];
  const rounds = Array.from({ length: 24 / step }, (_, i) => [(25 * step + step * i) * WORD]);
  return complement((await sweep(keccakRounds(layout, memory), words, rounds)).slice(0, 25));
}

function encodeLane(layout: Layout, states: readonly (readonly bigint[])[], lane: number): bigint {
  if (layout === "replicated")
    return toLanes(
      64,
      Array.from({ length: 4 }, () => states[0]?.[lane] ?? 0n),
    );
  return states.reduce((word, state, s) => {
    let bits = word;
    for (let i = 0n; i < 64n; i++) bits |= (((state[lane] ?? 0n) >> i) & 1n) << (4n * i + BigInt(s));
    return bits;
  }, 0n);
}

function permuteWithNoble(state: readonly bigint[]): bigint[] {
  const halves = new Uint32Array(state.flatMap((lane) => [Number(lane & 0xffffffffn), Number(lane >> 32n)]));
  keccakP(halves);
  return Array.from({ length: 25 }, (_, i) => BigInt(halves[2 * i] ?? 0) | (BigInt(halves[2 * i + 1] ?? 0) << 32n));
}
