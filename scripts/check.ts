import path from "node:path";
import { parseArgs } from "node:util";
import { openProject } from "./check/project.ts";
import type { CheckStep, StepOptions } from "./check/step.ts";
import { steps } from "./check/steps.ts";
import { sideBySide } from "./test/side-by-side.ts";
import { compileCacheEnvironment } from "./start/builds.ts";

const linesShownPerStep = 40;
/** Steps that run beside each other: most are a program of their own that keeps one core busy. */
const WORKERS = 2;

const help = `Usage: npm run check -- [options]

Checks everything that can be checked without running the tests. Runs every step, lists all failures at the end and
ends with a non-zero status if there was one.

Options:
  --only STEP  run one step (may be repeated)
  --fix        repair formatting, generated files and gas figures instead of reporting them
  --help       show this text

Steps:
${steps.map((step) => `  ${step.name.padEnd(12)} ${step.title}`).join("\n")}`;

interface Outcome {
  step: CheckStep;
  failures: string[];
}

async function runStep(step: CheckStep, options: StepOptions): Promise<Outcome> {
  const start = performance.now();
  let failures: string[];
  let note: string | undefined;
  try {
    ({ failures, note } = await step.run(openProject(), options));
  } catch (error) {
    failures = [`the step itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const verdict = failures.length === 0 ? "ok" : `FAILED, ${failures.length} lines below`;
  console.log(`${step.name.padEnd(12)} ${seconds} s  ${verdict}`);
  if (note) console.log(note.replace(/^/gm, "    "));
  return { step, failures };
}

/** Runs steps in their order, two at a time where nothing is repaired and none has to run alone. */
async function runSteps(chosen: readonly CheckStep[], options: StepOptions): Promise<Outcome[]> {
  const outcomes = new Map<CheckStep, Outcome>();
  const waiting = [...chosen];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ runsAlone }) => runsAlone);
    const group = waiting.splice(0, next === -1 ? waiting.length : Math.max(next, 1));
    await sideBySide(group, options.fix ? 1 : WORKERS, async (step) => {
      outcomes.set(step, await runStep(step, options));
    });
  }
  return chosen.flatMap((step) => outcomes.get(step) ?? []);
}

function report(outcomes: Outcome[], linesShown: number): void {
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  for (const { step, failures } of failed) {
    console.log(`\n${step.name}: ${step.title}`);
    for (const failure of failures.slice(0, linesShown)) console.log(failure.replace(/^/gm, "  "));
    const hidden = failures.length - linesShown;
    if (hidden > 0) console.log(`  … and ${hidden} more lines: npm run check -- --only ${step.name}`);
  }
  const names = failed.map(({ step }) => step.name).join(", ");
  console.log(`\ncheck: ${outcomes.length - failed.length} steps ok, ${failed.length} failed${names && `: ${names}`}`);
}

function selectSteps(names: string[] | undefined): CheckStep[] {
  if (!names) return steps;
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `--only: no step is called ${unknown.join(", ")}; steps: ${steps.map(({ name }) => name).join(", ")}`,
    );
  }
  return steps.filter((step) => names.includes(step.name));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      fix: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);

  Object.assign(process.env, compileCacheEnvironment(path.resolve(import.meta.dirname, "..")));
  const outcomes = await runSteps(selectSteps(values.only), { fix: values.fix });
  report(outcomes, values.only ? Infinity : linesShownPerStep);
  if (outcomes.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
