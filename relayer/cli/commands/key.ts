import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { CliError, EXIT_CODES, print } from "../output.ts";

const USES = {
  attestation: { kind: "ml-dsa-65", purpose: "attestation" },
  report: { kind: "ml-dsa-65", purpose: "report" },
  tls: { kind: "ml-dsa-65", purpose: "tls" },
  authority: { kind: "ml-dsa-65", purpose: "authority" },
  root: { kind: "slh-dsa-sha2-128s", purpose: "root" },
  wallet: { kind: "secp256k1", purpose: "wallet" },
} as const;

type Use = keyof typeof USES;

/** Adds `pqmesh key …`. */
export function addKeyCommands(program: Command): void {
  const key = program
    .command("key")
    .description("keys in encrypted keystores; passwords come from a file or the environment");

  key
    .command("create")
    .description("make a key in a new keystore; the password is read from PQMESH_PASSWORD_FILE or PQMESH_PASSWORD")
    .addOption(
      new Option(
        "--for <use>",
        "attestation, report, tls or authority (ML-DSA-65), root (SLH-DSA-SHA2-128s, offline), wallet (secp256k1)",
      )
        .choices(Object.keys(USES))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <file>", "keystore to write; never overwritten")
    .option("--public-out <file>", "also write the public key as hex")
    .action(createKey);

  key
    .command("show")
    .description("print what a keystore says of its key; no password needed")
    .argument("<file>", "keystore")
    .action(showKey);
}

async function createKey(options: { for: Use; out: string; publicOut?: string }, command: Command): Promise<void> {
  const [{ createKeystore, writeKeystore }, { readPassword }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/keystore/password.ts"),
  ]);
  const password = await readPassword().catch((error: Error) => {
    throw new CliError(error.message, EXIT_CODES.usage, { cause: error });
  });
  const keystore = await createKeystore({ ...USES[options.for], password });
  await writeKeystore(options.out, keystore);
  const publicKey = `0x${keystore.publicKey}`;
  if (options.publicOut !== undefined) writeFileSync(options.publicOut, `${publicKey}\n`, { flag: "wx" });
  print(
    command,
    { file: options.out, kind: keystore.kind, purpose: keystore.purpose, publicKey },
    describe(options.out, keystore),
  );
}

async function showKey(file: string, _options: unknown, command: Command): Promise<void> {
  const { readKeystore } = await import("../../src/keystore/keystore.ts");
  const keystore = await readKeystore(file);
  const { kind, purpose, createdAt } = keystore;
  print(command, { file, kind, purpose, createdAt, publicKey: `0x${keystore.publicKey}` }, describe(file, keystore));
}

function describe(
  file: string,
  { kind, purpose, publicKey }: { kind: string; purpose: string; publicKey: string },
): string {
  return `${file}: ${kind} key for ${purpose}\npublic key 0x${publicKey}`;
}
