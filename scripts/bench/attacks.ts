/** What attacks on the vote cost and bring, carried out on the real contracts: `npm run bench:attacks`. */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import { ASSUMPTIONS } from "./attacks/assumptions.ts";
import { type AttackFigures, measureAttacks } from "./attacks/measure.ts";
import { attacksPage } from "./attacks/page.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";

/** Populations, and worlds of each. */
const SCALE = { populations: 4, worlds: 4 };

function rowsOf({ strategy, attacker, honest, control }: AttackFigures): BenchRow[] {
  const row = (label: string, value: number, isAbove: boolean): BenchRow => ({
    label: `${strategy.name}: ${label}`,
    value,
    unit: "MESH",
    limit: `${isAbove ? ">" : "<"} ${honest.toLocaleString("en")} honest`,
    ok: isAbove ? value > honest : value < honest,
  });
  return [row("attacker", attacker, false), row("attacker without the defence", control, true)];
}

async function run({ seed = "1", write }: Record<string, string>): Promise<BenchResult> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const figures = await measureAttacks({ seed: Number(seed), ...SCALE });
  if (write) writeFileSync(write, attacksPage(figures));
  const metrics = Object.fromEntries(
    figures.map(({ strategy, attacker, honest, control }) => [
      strategy.name,
      { attacker_ev: attacker, honest_ev: honest, control_attacker_ev: control },
    ]),
  );
  return { rows: figures.flatMap(rowsOf), metrics, notes: ASSUMPTIONS };
}

await runBench({
  name: "attacks",
  title: "Expected value of attacks on the vote, at the parameters of production",
  options: {
    seed: { type: "string", default: "1", description: "seed of populations and turnouts" },
    write: { type: "string", default: "", description: "also write the table as Markdown to this file" },
  },
  run,
});
