import { existsSync } from "node:fs";
import type { Command } from "commander";
import { bytesToHex, keccak256 } from "viem";
import { ABIS } from "../contracts.ts";
import { readDeliveryKeyFile } from "../delivery-key-file.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { print, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Adds `pqmesh lease key …`. */
export function addLeaseKeyCommands(lease: Command): void {
  const key = withExample(
    lease.command("key").description("a client's ML-KEM-768 key, for which providers seal what they deliver"),
    "lease key new --out delivery.json",
  );

  withExample(
    withPassword(key.command("new")),
    "lease key new --out delivery.json",
    "lease key new --plain --out delivery-key.json",
  )
    .description("make a key in a new keystore")
    .requiredOption("--out <file>", "file to write; never overwritten")
    .option("--plain", "write it without a password, as the dApp imports and exports it; keep that file to yourself")
    .action(newKey);

  withExample(withPassword(key.command("show")), "lease key show delivery.json")
    .description("print the public key of a keystore or of a file that the dApp exported")
    .argument("<file>", "keystore or key file")
    .action(showKey);

  withExample(
    withWallet(key.command("publish")),
    "lease key publish --key delivery.json --wallet client.json --dry-run",
    "lease key publish --key delivery.json --wallet client.json --yes",
  )
    .description("name the key on chain: leases are delivered for it from now on, those that are open again")
    .requiredOption("--key <file>", "keystore or key file")
    .action(publishKey);
}

interface NewKeyOptions extends PasswordOptions {
  out: string;
  plain?: boolean;
}

async function newKey(options: NewKeyOptions, command: Command): Promise<void> {
  const { out } = options;
  if (existsSync(out)) throw usageError(`${out} exists already and is not overwritten`);
  const { deliveryKey, formatDeliveryKey } = await import("@pqmesh/contracts/protocol/delivery-key");
  const { assertEntropyHealth } = await import("../../src/keystore/entropy-health.ts");
  assertEntropyHealth();
  const key = deliveryKey();
  if (options.plain) writeNewFile(out, formatDeliveryKey(key), 0o600);
  else {
    const { createKeystore, writeKeystore } = await import("../../src/keystore/keystore.ts");
    const password = await keystorePassword(options, { again: true });
    const secret = { kind: "ml-kem-768", purpose: "delivery", secret: key.seed } as const;
    await writeKeystore(out, await createKeystore({ ...secret, password }));
  }
  const shown = { file: out, isEncrypted: options.plain !== true, ...publicPart(key.publicKey) };
  const warning = options.plain ? "\nIt is not encrypted: whoever reads it opens what is delivered to you." : "";
  print(command, shown, `${out}: ml-kem-768 key for delivery\nkey hash ${shown.keyHash} (keccak-256)${warning}`);
}

async function showKey(file: string, options: PasswordOptions, command: Command): Promise<void> {
  const { publicKey } = await readDeliveryKeyFile(file, options);
  const shown = { file, ...publicPart(publicKey) };
  print(command, shown, `${file}: ml-kem-768 key for delivery\nkey hash ${shown.keyHash} (keccak-256)`);
}

async function publishKey(options: WalletOptions & { key: string }, command: Command): Promise<void> {
  const { publicKey } = await readDeliveryKeyFile(options.key, options);
  const session = await openWalletSession(options);
  const { address } = session.account;
  await runCall(
    session,
    {
      ...{ contract: "LeaseEscrow", abi: ABIS.LeaseEscrow, functionName: "setDeliveryKey" },
      args: [bytesToHex(publicKey)],
      sentence: `Name the delivery key ${keccak256(publicKey)} for ${address}.`,
      after: () => [
        `What is delivered to ${address} is sealed for this key from now on.`,
        "Providers deliver leases that are active again, as often as they allow.",
      ],
    },
    { options, command },
  );
}

function publicPart(publicKey: Uint8Array) {
  return { kind: "ml-kem-768", publicKey: bytesToHex(publicKey), keyHash: keccak256(publicKey) };
}
