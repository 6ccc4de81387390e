import { type Command, Option } from "commander";
import { bytesToHex, hexToBytes } from "viem";
import { readNetworkFile } from "../../src/service/network-file.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { isJson, print, refuted } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { affirmed } from "../question.ts";
import { readSignable, type Signable, type SigningKey } from "../signable.ts";
import { isoTime } from "../iso-time.ts";

/** Adds `pqmesh key sign`. */
export function addKeySignCommand(key: Command): void {
  withExample(
    withPassword(key.command("sign")),
    "key sign --request order.json --keystore root.json --out signed.json",
    "key sign --request rotation.json --keystore root.json --out signed.json --yes",
  )
    .description("say what a request means and sign it, on a machine that needs no network")
    .requiredOption(
      "--request <file>",
      "request to sign (root-order, lock, key rotate, pq-account, cert emergency, cert order)",
    )
    .requiredOption(
      "--keystore <file>",
      "keystore of the operator's root key; for a rotation also of the key in force; of the account's key for its calls and ballots; of the delegate's for its orders",
    )
    .option("--contracts <file>", "network.json, whose names are then said of the contracts that an account calls")
    .requiredOption("--out <file>", "signed request to write; never overwritten")
    .option("--yes", "sign; without it, a person at the terminal is asked")
    .addOption(new Option("--dry-run", "only check the request and say what would be signed").conflicts("yes"))
    .action(signRequest);
}

interface SignOptions extends PasswordOptions {
  request: string;
  keystore: string;
  contracts?: string;
  out: string;
  yes?: boolean;
  dryRun?: boolean;
}

async function signRequest(options: SignOptions, command: Command): Promise<void> {
  const { readKeystore } = await import("../../src/keystore/keystore.ts");
  const contracts = options.contracts === undefined ? {} : readNetworkFile(options.contracts).contracts;
  const request = readSignable(options.request, { contracts });
  if (Number(request.deadline) * 1_000 < Date.now()) {
    throw refuted(`the request was valid until ${isoTime(request.deadline)}`);
  }
  const { kind, purpose, publicKey } = await readKeystore(options.keystore);
  const key: SigningKey = { kind, purpose, file: options.keystore, publicKey: `0x${publicKey}` };
  request.requireSigner(key);
  const isSigned = await isWanted(request, options, command);
  if (isSigned) writeNewFile(options.out, request.withSignature(await signatureOf(request, options), key));
  const rows = [
    ...request.rows,
    isSigned
      ? `${options.out}: signed; take it to any wallet that sends it (${request.submit}).`
      : "Nothing was signed; repeat with --yes to sign.",
  ];
  print(command, { signed: isSigned, file: isSigned ? options.out : null, ...request.summary }, rows.join("\n"));
}

/** True with `--yes`, or when the person at the terminal has read what is signed and says so. */
async function isWanted({ rows }: Signable, options: SignOptions, command: Command): Promise<boolean> {
  if (options.yes === true) return true;
  if (options.dryRun === true || isJson(command)) return false;
  return affirmed(`${rows.join("\n")}\nSign this?`);
}

async function signatureOf({ digest }: Signable, options: SignOptions): Promise<`0x${string}`> {
  const [{ openKeystore }, { signWithRootKey }, { signWithAccountKey }, { AttestationSigner }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/keystore/root-key.ts"),
    import("../../src/keystore/account-key.ts"),
    import("../../src/keystore/attestation-signer.ts"),
  ]);
  const opened = await openKeystore(options.keystore, await keystorePassword(options));
  const bytes = hexToBytes(digest);
  if (opened.purpose === "root") return bytesToHex(signWithRootKey(opened, bytes));
  if (opened.purpose === "account") return bytesToHex(signWithAccountKey(opened, bytes));
  return bytesToHex(new AttestationSigner(opened).sign(bytes));
}
