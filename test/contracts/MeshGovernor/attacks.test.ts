import { expect } from "chai";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ASSUMPTIONS } from "../../../scripts/bench/attacks/assumptions.ts";
import { type AttackFigures, measureAttacks } from "../../../scripts/bench/attacks/measure.ts";

/** What the simulation says of one population in four worlds. */
let figures: AttackFigures[];

describe("MeshGovernor: what attacks cost and bring", () => {
  before(async function () {
    this.timeout(180_000);
    figures = await measureAttacks({ seed: 7, populations: 1, worlds: 4 });
  });

  it("measures every kind of attack", () => {
    expect(figures.map(({ strategy }) => strategy.name)).to.deep.equal([
      "sybil",
      "bribe",
      "flash_stake",
      "late_swing",
      "quorum_games",
      "token_veto_games",
      "operator_and_holder",
    ]);
  });

  it("makes honesty worth more than any attack", () => {
    for (const { strategy, attacker, honest } of figures) expect(attacker, strategy.name).to.be.lessThan(honest);
  });

  it("makes no attack succeed", () => {
    for (const { strategy, successes } of figures) expect(successes, strategy.name).to.equal(0);
  });

  it("makes every attack pay without its defence", () => {
    for (const { strategy, control, honest } of figures) expect(control, strategy.name).to.be.greaterThan(honest);
  });

  it("says on the page what the figures rest on", () => {
    const page = readFileSync(resolve(import.meta.dirname, "../../../docs/ATTACKS.md"), "utf8");
    for (const sentence of ASSUMPTIONS) expect(page).to.include(sentence);
    for (const { strategy } of figures)
      expect(page, strategy.name).to.include(`\`${strategy.name}\`: ${strategy.attack}`);
  });
});
