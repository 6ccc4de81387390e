import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { Hex } from "viem";
import type { OpenedKeystore } from "../../src/keystore/keystore.ts";
import { readTextFile } from "../arguments.ts";
import { withExample } from "../help.ts";
import { print, refuted } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { keyRows, shownKey } from "../shown-key.ts";

/** Adds `pqmesh key check`. */
export function addKeyCheckCommand(key: Command): void {
  withExample(
    withPassword(key.command("check")),
    "key check root-backup.json --public root.pub",
    "key check root-backup.json --password-file root.password --json",
  )
    .description(
      "open a keystore, for example a backup, and make sure that its key works; exit code 3 when it does not",
    )
    .argument("<file>", "keystore")
    .option("--public <file>", "public key as hex that it must have (key create --public-out)")
    .action(checkKey);
}

async function checkKey(file: string, options: PasswordOptions & { public?: string }, command: Command): Promise<void> {
  const { openKeystore } = await import("../../src/keystore/keystore.ts");
  const wanted = options.public === undefined ? undefined : readTextFile(options.public).trim().toLowerCase();
  const opened = await openKeystore(file, await keystorePassword(options));
  const publicKey: Hex = `0x${Buffer.from(opened.publicKey).toString("hex")}`;
  if (wanted !== undefined && wanted !== publicKey) {
    throw refuted(`${file} holds another key than ${options.public}: ${shownKey(publicKey)}`);
  }
  if (opened.purpose === "root" && !(await signsAndVerifies(opened))) {
    throw refuted(`${file}: what its key signs does not verify under its public key`);
  }
  const { kind, purpose } = opened;
  const proof = purpose === "root" ? "signed a random digest, and the signature verifies" : "belongs to its public key";
  print(
    command,
    { file, kind, purpose, publicKey, works: true },
    `${file}: the password is right; the ${kind} key for ${purpose} ${proof}.\n${keyRows(publicKey, file).join("\n")}`,
  );
}

async function signsAndVerifies(opened: OpenedKeystore): Promise<boolean> {
  const { signWithRootKey, verifyRootSignature } = await import("../../src/keystore/root-key.ts");
  const digest = randomBytes(32);
  return verifyRootSignature(opened.publicKey, digest, signWithRootKey(opened, digest));
}
