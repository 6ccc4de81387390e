import {
  auditAfter,
  decayedRatio,
  FULL_BP,
  qualityBp,
  ratioBp,
  trustScore,
  TrustWeights,
} from "@pqmesh/contracts/protocol/trust-score";
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trustScoreVectors } from "./support/vectors.ts";

/** The Trust Score's functions, in TypeScript or compiled for the subgraph. */
interface Implementation {
  step(previous: number, sampleBp: number, halfLifeEpochs: number): number;
  quality(byte: number): number;
  ratio(millionths: number): number;
  score(attested: number, behaviour: number, audit: number, ...weights: [number, number, number]): number;
}

const inTypeScript: Implementation = {
  step: decayedRatio,
  quality: qualityBp,
  ratio: ratioBp,
  score: (attested, behaviour, audit, ...weights) =>
    trustScore(attested, behaviour, audit, new TrustWeights(...weights)),
};

/** Compiles the protocol's file with the compiler of the subgraph. */
function inAssemblyScript(): Implementation {
  const compiler = join(import.meta.dirname, "../../node_modules/assemblyscript/bin/asc");
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-trust-score-"));
  try {
    cpSync(join(import.meta.dirname, "support/trust-score.as"), join(folder, "exports.ts"));
    cpSync(join(import.meta.dirname, "../../contracts/protocol/trust-score.ts"), join(folder, "trust-score.ts"));
    execFileSync(process.execPath, [compiler, "exports.ts", "--runtime", "stub", "-b", "out.wasm"], { cwd: folder });
    const abort = (): never => {
      throw new Error("the compiled Trust Score aborted");
    };
    const module = new WebAssembly.Module(readFileSync(join(folder, "out.wasm")));
    return new WebAssembly.Instance(module, { env: { abort } }).exports as unknown as Implementation;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("auditAfter", () => {
  for (const [slashes, breachedWords, isBarred, auditBp] of [
    [0, 0, false, 10_000],
    [2, 0, false, 8_000],
    [0, 1, false, 9_800],
    [3, 4, false, 6_200],
    [9, 5, false, 0],
    [0, 50, false, 0],
    [1_000, 1_000, false, 0],
    [0, 0, true, 0],
  ] as const) {
    it(`is ${auditBp} after ${slashes} slashes and ${breachedWords} words with breaches${isBarred ? ", barred" : ""}`, () => {
      expect(auditAfter(slashes, breachedWords, isBarred)).to.equal(auditBp);
    });
  }
});

describe("Trust Score", () => {
  const vectors = trustScoreVectors();
  const implementations: [string, () => Implementation][] = [
    ["TypeScript", () => inTypeScript],
    ["AssemblyScript", inAssemblyScript],
  ];

  for (const [language, load] of implementations) {
    describe(`in ${language}`, () => {
      let implementation: Implementation;

      before(() => {
        implementation = load();
      });

      it("passes every step of the vectors", () => {
        for (const { next, ...step } of vectors.steps) {
          const { previous, sampleBp, halfLifeEpochs } = step;
          const result = implementation.step(Number(previous), Number(sampleBp), Number(halfLifeEpochs));
          expect(result, JSON.stringify(step)).to.equal(Number(next));
        }
      });

      it("gives every history of the vectors its score", () => {
        for (const { name, epochs, policy, auditBp, ...expected } of vectors.scores) {
          const halfLife = Number(policy.halfLifeEpochs);
          let [attested, behaviour] = [0, 0];
          for (const quality of epochs.map(Number)) {
            attested = implementation.step(attested, quality < 0 ? 0 : FULL_BP, halfLife);
            behaviour = implementation.step(behaviour, quality < 0 ? 0 : implementation.quality(quality), halfLife);
          }
          const weights = [policy.attestedBp, policy.behaviourBp, policy.auditBp].map(Number);
          const ratios: [number, number] = [implementation.ratio(attested), implementation.ratio(behaviour)];
          const score = implementation.score(...ratios, Number(auditBp), ...(weights as [number, number, number]));
          const texts = { attestedRatio: `${attested}`, behaviourRatio: `${behaviour}`, score: `${score}` };
          expect(texts, `${name}, half-life ${halfLife}`).to.deep.equal(expected);
        }
      });
    });
  }

  it("halves an old sample after the half-life", () => {
    let ratio = 1_000_000;
    for (let epoch = 0; epoch < 1_440; epoch++) ratio = decayedRatio(ratio, 0, 1_440);
    expect(ratio / 1_000_000).to.be.closeTo(0.5, 0.002);
  });

  it("reaches a steady sample and never passes it", () => {
    let ratio = 0;
    for (let epoch = 0; epoch < 3_000_000 && ratio !== 700_000; epoch++) {
      const next = decayedRatio(ratio, 7_000, 1_440);
      expect(next).to.be.within(ratio + 1, 700_000);
      ratio = next;
    }
    expect(ratio).to.equal(700_000);
    expect(decayedRatio(ratio, 7_000, 1_440)).to.equal(ratio);
  });
});
