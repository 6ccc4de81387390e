import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { temporaryFolder } from "../fixture/temporary-folder.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);
let built: Promise<string> | undefined;

/** Builds the product's own subgraph once per test run, in a folder of its own; returns what `graph build` wrote. */
export function buildMeshSubgraph(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const root = temporaryFolder();
  const folder = join(root, "indexer/subgraph");
  mkdirSync(folder, { recursive: true });
  for (const part of ["abis", "src", "schema.graphql", "subgraph.yaml", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, "indexer/subgraph", part), join(folder, part), { recursive: true });
  }
  cpSync(join(ROOT, "contracts/protocol"), join(root, "contracts/protocol"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  const graph = join(ROOT, "node_modules/@graphprotocol/graph-cli/bin/run.js");
  for (const command of ["codegen", "build"]) await run(process.execPath, [graph, command], { cwd: folder });
  return join(folder, "build");
}
