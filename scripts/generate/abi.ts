/**
 * Writes typed ABIs from the Hardhat artifacts: `contracts/generated/<contract>-abi.ts` for every contract that can be
 * deployed, and `contracts/generated/errors-abi.ts` with all custom errors there are, to decode any revert.
 * `--check` compares instead of writing and ends with status 1 when a file is not current.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { isDeployable, readArtifacts } from "./artifacts.ts";
import type { AbiItem, AbiParameter, Artifact } from "./artifacts.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "contracts/generated");

function words(contractName: string): string[] {
  return contractName.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).map((word) => word.toLowerCase());
}

function camelCase(contractName: string): string {
  const [first = "", ...rest] = words(contractName);
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Solidity's own type names serve debuggers only. */
function withoutInternalType(parameter: AbiParameter): AbiParameter {
  const { components, internalType: _, ...kept } = parameter;
  return components ? { ...kept, components: components.map(withoutInternalType) } : kept;
}

function simplify(item: AbiItem): AbiItem {
  const { inputs, outputs } = item;
  return {
    ...item,
    ...(inputs && { inputs: inputs.map(withoutInternalType) }),
    ...(outputs && { outputs: outputs.map(withoutInternalType) }),
  };
}

function typeText({ type, components }: AbiParameter): string {
  return components ? type.replace("tuple", `(${components.map(typeText).join(",")})`) : type;
}

function signature({ name = "", inputs = [] }: AbiItem): string {
  return `${name}(${inputs.map(typeText).join(",")})`;
}

/** The union of all custom errors, one per signature, sorted by signature. */
function allErrors(artifacts: Artifact[]): AbiItem[] {
  const errors = artifacts.flatMap(({ abi }) => abi.filter(({ type }) => type === "error"));
  const bySignature = new Map(errors.map((item) => [signature(item), item]));
  return [...bySignature.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

async function render(doc: string, constant: string, abi: AbiItem[]): Promise<string> {
  const source = `/** ${doc} Written by scripts/generate/abi.ts. */
export const ${constant} = ${JSON.stringify(abi.map(simplify))} as const;`;
  const options = await resolveConfig(join(folder, "any-abi.ts"));
  return format(source, { ...options, parser: "typescript" });
}

/** Text of every generated file by its name. */
async function renderAll(artifacts: Artifact[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const artifact of artifacts.filter(isDeployable)) {
    const { contractName, sourceName, abi } = artifact;
    const file = `${words(contractName).join("-")}-abi.ts`;
    if (texts.has(file)) throw new Error(`Two contracts would be written to contracts/generated/${file}; rename one`);
    const doc = `ABI of ${contractName} (${sourceName}).`;
    texts.set(file, await render(doc, `${camelCase(contractName)}Abi`, abi));
  }
  const doc = "Every custom error of every contract, inherited ones included.";
  return texts.set("errors-abi.ts", await render(doc, "errorsAbi", allErrors(artifacts)));
}

function readCommitted(): Map<string, string> {
  const files = globSync("*-abi.ts", { cwd: folder });
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

const current = await renderAll(readArtifacts(root));
const committed = readCommitted();
const names = [...new Set([...current.keys(), ...committed.keys()])].sort();
const changed = names.filter((file) => current.get(file) !== committed.get(file));

if (process.argv.includes("--check")) {
  for (const file of changed) console.error(`contracts/generated/${file} is not current: node scripts/generate/abi.ts`);
  if (changed.length > 0) process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const file of changed) {
    const text = current.get(file);
    if (text === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), text);
  }
  console.log(`${current.size} files, ${changed.length} changed`);
}
