import { randomBytes } from "node:crypto";
import { expect } from "chai";

import {
  assertEntropyHealth,
  EntropyHealthError,
  type EntropySource,
  PROPORTION_CUTOFF,
  REPETITION_CUTOFF,
} from "../../../relayer/src/keystore/entropy-health.ts";

/** Counts up, so that no byte repeats within 256; then `change` spoils it. */
function counting(change: (bytes: Uint8Array) => void): EntropySource {
  return (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 256);
    change(bytes);
    return bytes;
  };
}

/** Puts `count` copies of the window's first byte into the first window, never two in a row. */
function proportionOf(count: number): EntropySource {
  return counting((bytes) => {
    bytes.fill(1, 0, 512);
    for (let i = 1; i < 512; i += 2) bytes[i] = 2 + (i % 200);
    for (let i = 0; i < 512; i += 2) bytes[i] = i / 2 < count ? 0 : 3 + (i % 100);
  });
}

describe("assertEntropyHealth", () => {
  it("passes the operating system's generator", () => {
    for (let i = 0; i < 20; i += 1) assertEntropyHealth();
  });

  it("has the cutoffs of a false alarm in 2^40", () => {
    expect([REPETITION_CUTOFF, PROPORTION_CUTOFF]).to.deep.equal([6, 19]);
  });

  it("refuses a stuck generator", () => {
    expect(() => assertEntropyHealth((length) => new Uint8Array(length))).to.throw(EntropyHealthError, /in a row/);
  });

  it("refuses a run at the cutoff and accepts one below it", () => {
    const run = (length: number) => counting((bytes) => bytes.fill(7, 2_000, 2_000 + length));
    expect(() => assertEntropyHealth(run(REPETITION_CUTOFF))).to.throw(EntropyHealthError, /6 times in a row/);
    expect(() => assertEntropyHealth(run(REPETITION_CUTOFF - 1))).not.to.throw();
  });

  it("refuses a proportion at the cutoff and accepts one below it", () => {
    expect(() => assertEntropyHealth(proportionOf(PROPORTION_CUTOFF))).to.throw(EntropyHealthError, /19 times in 512/);
    expect(() => assertEntropyHealth(proportionOf(PROPORTION_CUTOFF - 1))).not.to.throw();
  });

  it("refuses a generator with few values", () => {
    const fourValues: EntropySource = (length) => randomBytes(length).map((byte) => byte & 3);
    expect(() => assertEntropyHealth(fourValues)).to.throw(EntropyHealthError);
  });

  it("refuses a generator that gives too little", () => {
    expect(() => assertEntropyHealth(() => randomBytes(10))).to.throw(EntropyHealthError, "gave 10 of 4096 bytes");
  });
}).timeout(10_000);
