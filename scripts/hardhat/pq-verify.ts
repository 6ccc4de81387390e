import { readFileSync } from "node:fs";

import { isHexString } from "ethers";
import { task } from "hardhat/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { errorResult, successfulResult } from "hardhat/utils/result";

import { ALGORITHMS, deployPqVerifiers, PATHS } from "./pq-verifiers.ts";
import type { SignatureCase } from "./pq-verifiers.ts";

interface NamedCase extends SignatureCase {
  id: string;
}

const FIELDS = ["pk", "message", "context", "signature"] as const;

/**
 * `npx hardhat pq:verify --alg ALG --path PATH --file CASES.json` runs signatures against the deployed bytecode.
 *
 * The file is an array of `{id, pk, message, context, signature}`, bytes in hex. One line is printed for each case: id,
 * `true` or `false`, gas of the call. A key of a length that no contract takes, or that the registry refuses, is `false`
 * at no gas.
 */
export const pqVerify = task("pq:verify", "Verifies a file of post-quantum signatures with the deployed bytecode")
  .addOption({ name: "alg", description: `Signature algorithm: ${ALGORITHMS.join(", ")}`, defaultValue: "ml-dsa-65" })
  .addOption({ name: "path", description: `How the key is given: ${PATHS.join(", ")}`, defaultValue: "raw" })
  .addOption({
    name: "file",
    description: "JSON array of {id, pk, message, context, signature} in hex",
    defaultValue: "",
  })
  .setInlineAction(async (args, hre) => {
    try {
      await verifyFile(args, hre);
      return successfulResult();
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      return errorResult();
    }
  })
  .build();

async function verifyFile(
  args: { alg: string; path: string; file: string },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const algorithm = choose("--alg", args.alg, ALGORITHMS);
  const path = choose("--path", args.path, PATHS);
  if (args.file === "") throw new Error("--file is missing: a JSON array of {id, pk, message, context, signature}");
  const cases = parseCases(parseJson(readFileSync(args.file, "utf8")));
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const connection = await hre.network.create("default");
  const verifiers = await deployPqVerifiers(connection);
  for (const c of cases) {
    const { valid, gas } = await verifiers.verify(algorithm, path, c).catch((error: unknown) => {
      throw new Error(`case ${c.id} cannot be verified: ${error instanceof Error ? error.message : String(error)}`);
    });
    console.log(`${c.id} ${valid} ${gas}`);
  }
  await connection.close();
}

function choose<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((c) => c === value);
  if (choice === undefined) throw new Error(`${option} is ${value}, it must be one of ${choices.join(", ")}`);
  return choice;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the file must hold a JSON array of cases, it is no JSON");
  }
}

function parseCases(json: unknown): NamedCase[] {
  if (!Array.isArray(json)) throw new Error("the file must hold a JSON array of cases");
  if (json.length === 0) throw new Error("the file holds no case");
  return json.map((entry: unknown, index) => {
    const fields = new Map(Object.entries(entry ?? {}) as [string, unknown][]);
    const id = fields.get("id") ?? index;
    if (typeof id !== "string" && typeof id !== "number")
      throw new Error(`id of case ${index} must be text or a number`);
    if (/[\p{Cc}\u2028\u2029]/u.test(String(id))) throw new Error(`id of case ${index} must be one line of text`);
    const [pk, message, context, signature] = FIELDS.map((name) => {
      if (!fields.has(name)) throw new Error(`${name} of case ${id} is missing`);
      return parseBytes(`${name} of case ${id}`, fields.get(name));
    });
    return { id: String(id), pk, message, context, signature } as NamedCase;
  });
}

function parseBytes(name: string, value: unknown): string {
  if (typeof value !== "string") throw new Error(`${name} must be text in hex`);
  const hex = value.startsWith("0x") ? value.toLowerCase() : `0x${value.toLowerCase()}`;
  if (!isHexString(hex) || hex.length % 2 === 1) throw new Error(`${name} must be whole bytes in hex`);
  return hex;
}
