import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeployable, readArtifacts } from "../generate/artifacts.ts";
import type { Artifact } from "../generate/artifacts.ts";
import type { Project } from "./project.ts";
import { lines, runProgram } from "./run-tool.ts";
import type { CheckStep, StepResult } from "./step.ts";

const committedPath = "test/contracts/gas.json";
const reportPath = "scripts/bench/gas-report.ts";
/** EIP-170: bytes of a deployed contract. */
const largestContractBytes = 24_576;

type Figures = Record<string, number>;

/** Content of test/contracts/gas.json: gas of named scenarios, bytes of every contract that is deployed. */
export interface GasFigures {
  gas: Figures;
  bytecode: Figures;
}

function sorted(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Deployed bytes of every contract. */
export function measureBytecode(artifacts: Artifact[]): Figures {
  const sizes = artifacts.filter(isDeployable).map(({ contractName, deployedBytecode }) => {
    return [contractName, (deployedBytecode.length - 2) / 2] as const;
  });
  return sorted(Object.fromEntries(sizes));
}

/** Every figure that differs, as `old -> new`. */
export function compareFigures(what: string, committed: Figures, measured: Figures): string[] {
  const names = [...new Set([...Object.keys(committed), ...Object.keys(measured)])].sort();
  const text = (figure?: number) => figure?.toLocaleString("en") ?? "none";
  return names
    .filter((name) => committed[name] !== measured[name])
    .map((name) => `${what} of ${name}: ${text(committed[name])} -> ${text(measured[name])}`);
}

function oversized(bytecode: Figures): string[] {
  return Object.entries(bytecode)
    .filter(([, bytes]) => bytes > largestContractBytes)
    .map(([name, bytes]) => `${name} has ${bytes} bytes of code, at most ${largestContractBytes} can be deployed`);
}

/** Runs the gas report: its last line is a JSON object with the figures under `metrics`. */
async function measureGas(root: string): Promise<Figures> {
  if (!existsSync(join(root, reportPath))) return {};
  const { status, stdout, output } = await runProgram(process.execPath, [reportPath, "--json"], root);
  if (status !== 0) throw new Error(`${reportPath} ended with status ${status}:\n${output.slice(-2000)}`);
  const { metrics } = JSON.parse(lines(stdout).at(-1) ?? "") as { metrics: Figures };
  return sorted(metrics);
}

async function checkGas({ root, files, read }: Project, fix: boolean): Promise<StepResult> {
  const measured: GasFigures = { gas: await measureGas(root), bytecode: measureBytecode(readArtifacts(root)) };
  const largest = Math.max(0, ...Object.values(measured.bytecode));
  const note = `${Object.keys(measured.gas).length} gas figures; largest contract ${largest} bytes`;
  const tooLarge = oversized(measured.bytecode);
  if (fix) {
    writeFileSync(join(root, committedPath), `${JSON.stringify(measured, null, 2)}\n`);
    return { failures: tooLarge, note };
  }
  if (!files.includes(committedPath)) return { failures: [...tooLarge, `${committedPath} is missing`], note };
  const committed = JSON.parse(read(committedPath)) as GasFigures;
  const changes = [
    ...compareFigures("gas", committed.gas, measured.gas),
    ...compareFigures("bytes", committed.bytecode, measured.bytecode),
  ];
  if (changes.length > 0) changes.push("accept with: npm run check -- --only gas --fix");
  return { failures: [...tooLarge, ...changes], note };
}

/** Gas and bytecode size against the committed figures. */
export const gasStep: CheckStep = {
  name: "gas",
  title: `gas and bytecode sizes equal ${committedPath}; contracts fit in ${largestContractBytes} bytes`,
  runsAlone: true,
  run: (project, { fix }) => checkGas(project, fix),
};
