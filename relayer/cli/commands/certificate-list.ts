import type { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { chainRevocationList } from "../../src/pki/chain-revocation-list.ts";
import { parseShard } from "../../src/pki/distribution-point.ts";
import { splitSignedDer } from "../../src/pki/signed-der.ts";
import {
  encodeRevocationList,
  readRevocationList,
  type RevocationList,
  type RevocationListContent,
} from "../../src/pki/revocation-list.ts";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { naturalArgument } from "../arguments.ts";
import { readCertificateFile } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { isoTime } from "../iso-time.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, refuted, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { recordedState } from "../recorded-state.ts";

interface ExportOptions extends NetworkOptions, PasswordOptions {
  ca: string[];
  caKeystore: string;
  out: string;
  pem?: boolean;
  block?: string;
  shard?: string;
  point?: string;
}

interface VerifyOptions extends NetworkOptions {
  ca: string[];
  offline?: boolean;
}

/** Adds `pqmesh cert crl` and `pqmesh cert verify-crl`. */
export function addCertificateListCommands(cert: Command): void {
  withExample(
    withPassword(withNetwork(cert.command("crl"))),
    "cert crl 1 --ca ca.pem --ca-keystore ca.json --out authority-1.crl",
  )
    .description(
      "make the revocation list of an authority from the chain alone, in DER, or in PEM as OpenSSL and Node take it",
    )
    .argument("<authorityId>", "number of the authority on chain")
    .requiredOption("--ca <file...>", "PEM certificates: the authority's, and those of revoked authorities below it")
    .requiredOption("--ca-keystore <file>", "keystore of the authority's key")
    .requiredOption("--out <file>", "file to write; never overwritten")
    .option("--pem", "write PEM instead of DER")
    .option("--block <n>", "state of the chain at this block instead of the newest")
    .option("--shard <i-of-n>", "one of n lists instead of the complete one; needs --point")
    .option("--point <uri>", "distribution point that the certificates of the shard name")
    .action(exportList);

  withExample(withNetwork(cert.command("verify-crl")), "cert verify-crl authority-1.crl --ca ca.pem")
    .description(
      "check who signed a revocation list, and that the chain gives the same, byte for byte; exit code 3: not",
    )
    .argument("<file>", "revocation list, DER or PEM")
    .requiredOption("--ca <file...>", "PEM certificates of authorities")
    .option("--offline", "check the signature only, without the chain")
    .action(verifyList);
}

async function exportList(text: string, options: ExportOptions, command: Command): Promise<void> {
  const authorityId = naturalArgument("authorityId", text, { least: 1 });
  const block = options.block === undefined ? undefined : BigInt(naturalArgument("--block", options.block));
  const shard = shardOption(options);
  const { certificates } = await recordedState(await openNetwork(options), block);
  const content = madeFrom(() =>
    chainRevocationList(certificates, { authorityId, authorities: options.ca.map(readCertificateFile), ...shard }),
  );
  const list = await sign(content, options);
  writeNewFile(options.out, options.pem ? list.pem : list.der);
  const { number, entries, unlisted, nextUpdate, state } = content;
  print(
    command,
    { file: options.out, authorityId, number: `${number}`, entries: entries.length, unlisted, ...state },
    `${options.out}: ${entries.length} revoked certificates at block ${number}, accepted until ${nextUpdate.toISOString()}${leftOut(unlisted)}`,
  );
}

function shardOption({ shard, point }: ExportOptions) {
  if ((shard === undefined) !== (point === undefined)) throw usageError("--shard and --point are given together");
  if (shard === undefined || point === undefined) return {};
  try {
    return { shard: { ...parseShard(shard), uri: point } };
  } catch (cause) {
    throw usageError(`--shard: ${(cause as Error).message}`, cause);
  }
}

async function sign(content: RevocationListContent, options: ExportOptions) {
  const [{ openKeystore, readKeystore }, { certificateKey }, { buildRevocationList }, { mlDsa65PublicKeyRaw }] =
    await Promise.all([
      import("../../src/keystore/keystore.ts"),
      import("../../src/pki/tls-key.ts"),
      import("../../src/pki/revocation-list.ts"),
      import("../../src/keystore/ml-dsa-65.ts"),
    ]);
  const { purpose } = await readKeystore(options.caKeystore);
  if (purpose !== "authority") throw usageError(`${options.caKeystore} holds a key for ${purpose}, not for authority`);
  const { secret } = await openKeystore(options.caKeystore, await keystorePassword(options));
  const signer = certificateKey(secret);
  if (Buffer.from(signer.publicKey).equals(mlDsa65PublicKeyRaw(content.issuer.publicKey))) {
    return buildRevocationList(content, signer);
  }
  throw usageError(`${options.caKeystore} holds the key of another authority`);
}

async function verifyList(file: string, options: VerifyOptions, command: Command): Promise<void> {
  const list = readList(file);
  const authorities = options.ca.map(readCertificateFile);
  const issuer = authorities.find((authority) => list.isSignedBy(authority));
  if (!issuer) throw refuted(`${file} is signed by none of the authorities given with --ca`);
  if (!options.offline) await requireSameOnChain(file, { list, authorities, options });
  const { number, state, revoked, nextUpdate, distributionPoint } = list;
  const agreed = options.offline ? "" : ", and the chain gives the same bytes";
  const scope = distributionPoint === undefined ? "complete list" : `shard ${distributionPoint}`;
  print(
    command,
    {
      ...{ file, isValid: true, issuer: issuer.subject, number: `${number}`, entries: revoked.size },
      ...{ comparedWithChain: !options.offline, nextUpdate: nextUpdate.toISOString(), ...state },
    },
    `${file}: signed by ${issuer.subject}${agreed}\n  ${scope}, ${revoked.size} revoked certificates at block ${number}, accepted until ${isoTime(BigInt(nextUpdate.getTime() / 1_000))}`,
  );
}

interface Compared {
  list: RevocationList;
  authorities: X509Certificate[];
  options: VerifyOptions;
}

async function requireSameOnChain(file: string, { list, authorities, options }: Compared): Promise<void> {
  const { state, number, distributionPoint: uri } = list;
  if (!state) throw refuted(`${file} does not say which state of the chain it was made from`);
  const session = await openNetwork(options);
  const { certificates } = await recordedState(session, number);
  const found = certificates.head().hash;
  if (found !== state.blockHash)
    throw refuted(`${file} is of block ${number} ${state.blockHash}, the chain has ${found}`);
  const shard = uri === undefined ? {} : { shard: { ...parseShard(uri.split("/").at(-1) ?? ""), uri } };
  const { authorityId } = state;
  const made = madeFrom(() => chainRevocationList(certificates, { authorityId, authorities, ...shard }));
  if (encodeRevocationList(made).equals(splitSignedDer(list.der).toBeSigned)) return;
  const expected = new Set(made.entries.map(({ serialNumber }) => serialNumber));
  const missing = [...expected].filter((serial) => !list.revoked.has(serial));
  const added = [...list.revoked].filter((serial) => !expected.has(serial));
  if (missing.length === 0 && added.length > 0 && added.length <= made.unlisted.length) {
    throw new CliError(`${file} cannot be compared${leftOut(made.unlisted)}`, EXIT_CODES.failure);
  }
  throw refuted(
    `${file} differs from what the chain gives at block ${number}: lacks ${named(missing)}, has ${named(added)} besides`,
  );
}

function leftOut(unlisted: readonly number[]): string {
  if (unlisted.length === 0) return "";
  return `; revoked authorities ${unlisted.join(", ")} are left out, no X.509 certificate of their own is given with --ca`;
}

function named(serials: readonly string[]): string {
  if (serials.length === 0) return "none";
  const rest = serials.length > 5 ? ` and ${serials.length - 5} more` : "";
  return `${serials.slice(0, 5).join(", ")}${rest}`;
}

function readList(file: string): RevocationList {
  try {
    return readRevocationList(readFileSync(file));
  } catch (cause) {
    throw usageError(`${file} is no revocation list: ${(cause as Error).message}`, cause);
  }
}

function madeFrom<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new CliError((cause as Error).message, EXIT_CODES.failure, { cause });
  }
}
