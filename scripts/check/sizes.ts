import { measureSolidity } from "./measure-solidity.ts";
import { measureTypeScript } from "./measure-typescript.ts";
import { isGenerated } from "./project.ts";
import type { Project } from "./project.ts";
import type { CheckStep, StepResult } from "./step.ts";

interface Limits {
  p95: number;
  max: number;
}

interface Measured {
  where: string;
  lines: number;
  /** Limit of this one item, where it differs from the group's. */
  max?: number;
}

const fileLimits: Limits = { p95: 400, max: 600 };
const solidityLimits: Limits = { p95: 40, max: 75 };
const typescriptLimits: Limits = { p95: 50, max: 100 };
const longestComponent = 120;
const deepestNesting = 3;

/** Below this many items the 95th percentile is just the largest item, which has a limit of its own. */
const smallestSampleForPercentile = 20;

/** The smallest value that at least `share` of the sorted values do not exceed. */
export function percentile(sorted: number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Judges one group of measured items and writes its line of the table. */
export function judgeGroup(title: string, items: Measured[], limits: Limits): StepResult {
  const sorted = items.map(({ lines }) => lines).sort((a, b) => a - b);
  const p95 = percentile(sorted, 0.95);
  const failures = items
    .filter((item) => item.lines > (item.max ?? limits.max))
    .map((item) => `${item.where}: ${item.lines} lines, at most ${item.max ?? limits.max} are allowed`);
  if (items.length >= smallestSampleForPercentile && p95 > limits.p95) {
    const longest = items.filter(({ lines }) => lines > limits.p95).sort((a, b) => b.lines - a.lines);
    const named = longest.slice(0, 5).map(({ where, lines }) => `${where} (${lines})`);
    failures.push(
      `${title}: 95th percentile is ${p95} lines, at most ${limits.p95} are allowed; longest: ${named.join(", ")}`,
    );
  }
  const figures = [percentile(sorted, 0.5), p95, sorted.at(-1) ?? 0].map((figure) => String(figure).padStart(5));
  return { failures, note: `${title.padEnd(26)} ${String(items.length).padStart(6)}${figures.join("")}` };
}

function lineCount(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function judgeSolidity(project: Project, area: string, paths: string[]): StepResult[] {
  const functions: Measured[] = [];
  const tooDeep: string[] = [];
  for (const path of paths) {
    for (const { name, line, lines, depth } of measureSolidity(project.read(path))) {
      const where = `${path}:${line} ${name}`;
      functions.push({ where, lines });
      if (depth > deepestNesting) tooDeep.push(`${where}: nested ${depth} deep, at most ${deepestNesting} is allowed`);
    }
  }
  return [{ failures: tooDeep }, judgeGroup(`${area} Solidity functions`, functions, solidityLimits)];
}

function judgeTypeScript(project: Project, area: string, paths: string[]): StepResult {
  const functions = paths.flatMap((path) =>
    measureTypeScript(path, project.read(path)).map(({ name, line, lines, component }): Measured => {
      return { where: `${path}:${line} ${name}`, lines, max: component ? longestComponent : undefined };
    }),
  );
  return judgeGroup(`${area} TypeScript functions`, functions, typescriptLimits);
}

/** Judges the size of all functions and files of a project; exported for the tests. */
export function judgeSizes(project: Project): StepResult {
  const written = project.files.filter((path) => /\.(sol|ts|tsx)$/.test(path) && !isGenerated(path));
  const results = ["source", "test"].flatMap((area) => {
    const paths = written.filter((path) => path.startsWith("test/") === (area === "test"));
    const files = paths.map((path) => ({ where: path, lines: lineCount(project.read(path)) }));
    const solidity = paths.filter((path) => path.endsWith(".sol"));
    const typescript = paths.filter((path) => !path.endsWith(".sol"));
    return [
      ...judgeSolidity(project, area, solidity),
      judgeTypeScript(project, area, typescript),
      judgeGroup(`${area} files`, files, fileLimits),
    ];
  });
  const table = results.flatMap(({ note }) => note ?? []);
  const header = `${"lines".padEnd(26)}  count  p50  p95  max`;
  return { failures: results.flatMap(({ failures }) => failures), note: [header, ...table].join("\n") };
}

/** Size limits that a linter cannot express: percentiles, Solidity nesting, longer React components. */
export const sizesStep: CheckStep = {
  name: "sizes",
  title: "functions and files stay short (median, 95th percentile, largest)",
  run: (project) => judgeSizes(project),
};
