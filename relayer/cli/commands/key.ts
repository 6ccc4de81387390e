import { existsSync } from "node:fs";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { type Command, Option } from "commander";
import { type Address, bytesToHex, type Hex } from "viem";
import { publicKeyToAddress } from "viem/accounts";
import type { KeyKind, KeyPurpose } from "../../src/keystore/key-kinds.ts";
import type { Keystore } from "../../src/keystore/keystore-format.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { print, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { keyRows } from "../shown-key.ts";
import { addKeyCheckCommand } from "./key-check.ts";
import { addKeyRotationCommands } from "./key-rotation.ts";
import { addKeySignCommand } from "./key-sign.ts";

/** Kind of the key of each purpose. */
const KINDS: Readonly<Record<KeyPurpose, KeyKind>> = {
  attestation: "ml-dsa-65",
  report: "ml-dsa-65",
  tls: "ml-dsa-65",
  authority: "ml-dsa-65",
  root: "slh-dsa-sha2-128s",
  wallet: "secp256k1",
  delivery: "ml-kem-768",
  account: "ml-dsa-65",
  witness: "ml-dsa-65",
};

interface CreateOptions extends PasswordOptions {
  purpose: KeyPurpose;
  out: string;
  publicOut?: string;
}

/** Adds `pqmesh key …`. */
export function addKeyCommands(program: Command): void {
  const key = withExample(
    program.command("key").description("keys in encrypted keystores, and the rotation of a node's key"),
    "key create --purpose attestation --out node.json --public-out node.pub",
  );

  withExample(
    withPassword(key.command("create")),
    "key create --purpose attestation --out node.json --public-out node.pub",
    "key create --purpose root --out root.json --public-out root.pub --password-file root.password",
  )
    .description("make a key in a new keystore")
    .addOption(
      new Option(
        "--purpose <purpose>",
        "attestation, report, tls, authority or account (ML-DSA-65), root (SLH-DSA-SHA2-128s, offline), wallet (secp256k1), delivery (ML-KEM-768, leases)",
      )
        .choices(Object.keys(KINDS))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <file>", "keystore to write; never overwritten")
    .option("--public-out <file>", "also write the whole public key as hex, as --json prints it; never overwritten")
    .action(createKey);

  withExample(key.command("show"), "key show node.json")
    .description("print what a keystore says of its key, with --json the whole public key; no password needed")
    .argument("<file>", "keystore")
    .action(showKey);

  addKeyCheckCommand(key);
  addKeySignCommand(key);
  addKeyRotationCommands(key);
}

async function createKey(options: CreateOptions, command: Command): Promise<void> {
  const { createKeystore, writeKeystore } = await import("../../src/keystore/keystore.ts");
  for (const file of [options.out, options.publicOut]) {
    if (file !== undefined && existsSync(file)) throw usageError(`${file} exists already and is not overwritten`);
  }
  const password = await keystorePassword(options, { again: true });
  const keystore = await createKeystore({ kind: KINDS[options.purpose], purpose: options.purpose, password });
  await writeKeystore(options.out, keystore);
  const { kind, purpose } = keystore;
  const publicKey: Hex = `0x${keystore.publicKey}`;
  if (options.publicOut !== undefined) writeNewFile(options.publicOut, `${publicKey}\n`);
  const result = { file: options.out, kind, purpose, publicKey, ...addressOf(keystore) };
  const written = options.publicOut === undefined ? "" : `\n${options.publicOut}: its public key`;
  print(command, result, `${describe(options.out, keystore)}${written}`);
}

async function showKey(file: string, _options: unknown, command: Command): Promise<void> {
  const { readKeystore } = await import("../../src/keystore/keystore.ts");
  const keystore = await readKeystore(file);
  const { kind, purpose, createdAt } = keystore;
  const publicKey: Hex = `0x${keystore.publicKey}`;
  print(command, { file, kind, purpose, createdAt, publicKey, ...addressOf(keystore) }, describe(file, keystore));
}

function describe(file: string, keystore: Keystore): string {
  const { kind, purpose } = keystore;
  const { address } = addressOf(keystore);
  const rows = [`${file}: ${kind} key for ${purpose}`, ...(address ? [`address    ${address}`] : [])];
  return [...rows, ...keyRows(`0x${keystore.publicKey}`, file)].join("\n");
}

/** Address of a wallet's key; no other key has one. */
function addressOf({ kind, publicKey }: Keystore): { address?: Address } {
  if (kind !== "secp256k1") return {};
  return { address: publicKeyToAddress(bytesToHex(secp256k1.Point.fromHex(publicKey).toBytes(false))) };
}
