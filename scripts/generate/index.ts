import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

/** A program that writes committed files from other committed files. */
export interface Generator {
  name: string;
  /** Arguments for Node; the contracts are compiled before it runs. */
  command: string[];
  /** Globs of every file it writes; a file that matches and is no longer written is stale. */
  outputs: string[];
}

/** All generators, in the order in which they run; one line adds one. `npm run check` runs them and compares. */
export const generators: Generator[] = [
  {
    name: "ML-DSA-65 bytecode",
    command: ["scripts/generate/mldsa-bytecode.ts"],
    outputs: ["contracts/pqc/generated/*.sol"],
  },
  { name: "typed ABIs", command: ["scripts/generate/abi.ts"], outputs: ["contracts/generated/*-abi.ts"] },
  { name: "subgraph ABIs", command: ["scripts/generate/subgraph-abis.ts"], outputs: ["indexer/subgraph/abis/*.json"] },
  { name: "protocol vectors", command: ["scripts/generate/vectors.ts"], outputs: ["test/protocol/vectors/*.json"] },
  {
    name: "parameters",
    command: ["scripts/generate/parameters.ts"],
    outputs: ["docs/PARAMETERS.md", "contracts/generated/parameter-notes.ts"],
  },
];

/** `node scripts/generate/index.ts` compiles the contracts and brings every generated file up to date. */
function generateAll(): void {
  const root = resolve(import.meta.dirname, "../..");
  const run = (args: string[]) => execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  run([join(root, "node_modules/.bin/hardhat"), "build", "--no-tests"]);
  for (const { name, command } of generators) {
    console.log(`generate: ${name}`);
    run(command);
  }
}

if (import.meta.main) generateAll();
