import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generators } from "../generate/index.ts";
import type { Generator } from "../generate/index.ts";
import type { Project } from "./project.ts";
import { lines, runProgram, runTool } from "./run-tool.ts";
import type { ToolResult } from "./run-tool.ts";
import type { CheckStep, StepResult } from "./step.ts";

const manifest = "indexer/subgraph/subgraph.yaml";

type Snapshot = Map<string, Buffer>;

function snapshot(root: string, globs: string[]): Snapshot {
  const paths = globs.flatMap((glob) => globSync(glob, { cwd: root })).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path))]));
}

function changedPaths(before: Snapshot, after: Snapshot): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.filter((path) => !before.get(path)?.equals(after.get(path) ?? Buffer.alloc(0)) || !after.has(path));
}

function restore(root: string, before: Snapshot, paths: string[]): void {
  for (const path of paths) {
    const content = before.get(path);
    if (content) writeFileSync(join(root, path), content);
    else rmSync(join(root, path), { force: true });
  }
}

function failed(what: string, { status, output }: ToolResult): string[] {
  return status === 0 ? [] : [`${what} ended with status ${status}:`, ...lines(output).slice(-30)];
}

/** Runs a generator and compares; without `fix` the files are put back as they were. */
export async function checkGenerator(root: string, generator: Generator, fix: boolean): Promise<string[]> {
  const { name, command, outputs } = generator;
  const before = snapshot(root, outputs);
  const result = await runProgram(process.execPath, command, root);
  const after = snapshot(root, outputs);
  const changed = changedPaths(before, after);
  if (!fix) restore(root, before, changed);
  const failures = failed(`generator "${name}" (node ${command.join(" ")})`, result);
  if (result.status === 0 && after.size === 0) failures.push(`generator "${name}" wrote none of ${outputs.join(", ")}`);
  if (!fix) failures.push(...changed.map((path) => `${path} is not what its generator "${name}" writes`));
  return failures;
}

async function buildSubgraph(root: string): Promise<string[]> {
  const graph = (args: string[]) =>
    runProgram(process.execPath, [join(root, "node_modules/.bin/graph"), ...args], join(root, dirname(manifest)));
  const codegen = failed("graph codegen", await graph(["codegen", "subgraph.yaml"]));
  return codegen.length > 0 ? codegen : failed("graph build", await graph(["build", "subgraph.yaml"]));
}

async function checkGenerated({ root, files }: Project, fix: boolean): Promise<StepResult> {
  const compiled = await runTool(root, "hardhat", ["build", "--no-tests"]);
  if (compiled.status !== 0) return { failures: failed("hardhat build", compiled) };
  const warnings = compiled.output.matchAll(/^Warning: (.+)\n\s*--> \.?\/?(contracts\/.+?):?$/gm);
  const failures = [...warnings].map(([, text, where]) => `${where}: the Solidity compiler warns: ${text}`);
  for (const generator of generators) failures.push(...(await checkGenerator(root, generator, fix)));
  if (files.includes(manifest)) failures.push(...(await buildSubgraph(root)));
  if (failures.length > 0) failures.push("bring generated files up to date with: node scripts/generate/index.ts");
  return { failures, note: generators.map(({ name }) => name).join(", ") };
}

/** Generated files are what their generators write; the subgraph compiles. */
export const generatedStep: CheckStep = {
  name: "generated",
  title: "contracts compile, generators reproduce the committed files, the subgraph builds",
  runsAlone: true,
  run: (project, { fix }) => checkGenerated(project, fix),
};
