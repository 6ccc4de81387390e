import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { compileYul, fillYul } from "../../../../scripts/generate/pqc/compile-yul.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const solc = createRequire(import.meta.url)("solc") as {
  compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
};

/** One change of a source: the text that is replaced occurs exactly once. */
export interface Change {
  readonly from: string;
  readonly to: string;
}

/** Compiles a Yul program of contracts/pqc/yul with `changes`; returns its code as hex. */
export function compileYulMutant(name: string, parts: ReadonlyMap<string, string>, changes: readonly Change[]): string {
  return compileYul(name, fillYul(mutate(`contracts/pqc/yul/${name}.yul`, changes), parts));
}

/** Compiles the contract `name` of contracts/pqc with `changes` in `file`; returns its creation code as hex. */
export function compileMutant(name: string, file: string, changes: readonly Change[]): string {
  const path = `contracts/pqc/${name}.sol`;
  const mutated = `contracts/pqc/${file}.sol`;
  const read = (source: string): string => (source === mutated ? mutate(source, changes) : readSource(source));
  const input = {
    language: "Solidity",
    sources: { [path]: { content: read(path) } },
    settings: {
      evmVersion: "osaka",
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { [path]: { [name]: ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (p) => ({ contents: read(p) }) })) as {
    contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
    errors?: { severity: string; formattedMessage: string }[];
  };
  const code = output.contracts?.[path]?.[name]?.evm.bytecode.object;
  const errors = output.errors?.filter((e) => e.severity === "error").map((e) => e.formattedMessage);
  if (code === undefined || code === "")
    throw new Error(`the mutant of ${name} does not compile: ${errors?.join("\n")}`);
  return code;
}

function readSource(path: string): string {
  return readFileSync(join(ROOT, path.startsWith("@") ? `node_modules/${path}` : path), "utf8");
}

function mutate(path: string, changes: readonly Change[]): string {
  return changes.reduce((source, { from, to }) => {
    const parts = source.split(from);
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${from}`);
    return parts.join(to);
  }, readSource(path));
}
