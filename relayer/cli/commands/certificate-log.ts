import type { IndexedLogEntry } from "@pqmesh/contracts/protocol/log-entry";
import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { type ChainLog, readChainLog, requireSoundLog, sizeOption, stated } from "../certificate-log.ts";
import { readCertificateFile, serialArgument } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { withExample } from "../help.ts";
import { isoTime } from "../iso-time.ts";
import { readLogCopy, writeLogCopy } from "../log-copy.ts";
import { headText } from "../log-file.ts";
import {
  compareCertificate,
  compareHeads,
  compareWithCopy,
  entryText,
  type LogFinding,
  rebuildLog,
  splitViews,
  type StatedHead,
} from "../log-monitor.ts";
import { formatLogProof, proveLog, readLogProof, requireValidProof } from "../log-proof.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, refuted, usageError } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { withWitnesses, type WitnessesOptions, verifiedCheckpoint } from "../witness.ts";
import { addCheckpointCommands } from "./certificate-checkpoint.ts";

/** Adds `pqmesh cert log …`: the transparency log of certificates. */
export function addCertificateLogCommands(cert: Command): void {
  const log = withExample(
    cert.command("log").description("the transparency log of certificates: heads, proofs, checkpoints, monitoring"),
    "cert log head",
    "cert log monitor --copy log.json",
  );
  withExample(withNetwork(log.command("head")), "cert log head --json")
    .description("print size and root of the log, rebuilt from its events, and the heads that were published")
    .action(showHead);
  withExample(withWallet(log.command("publish")), "cert log publish --wallet wallet.json --yes")
    .description("have the contract store the present head, for ever; anyone may")
    .action(publishHead);
  withExample(
    withNetwork(log.command("prove")),
    "cert log prove --certificate node.pem --out proof.json",
    "cert log prove --index 7 --since 5 --out proof.json",
  )
    .description("write proofs that entries are in the log, and that it continues an older one")
    .option("--certificate <file or serial>", "all entries of a certificate: a PEM file, or a serial number in hex")
    .option("--index <n>", "the entry with this index")
    .option("--size <n>", "in the log of the first so many entries; default: all")
    .option("--since <n>", "also that the log continues that of the first so many entries")
    .requiredOption("--out <file>", "proof to write; never overwritten")
    .action(prove);
  withExample(
    withWitnesses(log.command("verify")),
    "cert log verify proof.json",
    "cert log verify proof.json --checkpoint log.note --witness w1.vkey",
  )
    .description("verify a proof without any network; with a checkpoint, that it is of the log that witnesses signed")
    .argument("<proof>", "file of cert log prove")
    .option("--checkpoint <note>", "checkpoint whose head the proof must have")
    .action(verifyProof);
  withExample(
    withWitnesses(withNetwork(log.command("monitor"))),
    "cert log monitor --copy log.json",
    "cert log monitor --checkpoint w1.note w2.note --witness w1.vkey w2.vkey --certificate node.pem",
  )
    .description("rebuild the log and name what was dropped, rewritten or forked, and certificates unlike their record")
    .option("--copy <file>", "copy of the log to compare with, then to bring up to date; made if it is not there")
    .option("--checkpoint <note...>", "checkpoints that the log must continue")
    .option("--certificate <file...>", "PEM certificates that must be as recorded")
    .action(monitor);
  addCheckpointCommands(log);
}

async function showHead(options: NetworkOptions, command: Command): Promise<void> {
  const chain = await readChainLog(await openNetwork(options));
  requireSoundLog(chain);
  const { origin, block, head, published } = chain;
  const rows = [
    ...[`log        ${origin}`, `head       ${headText(head)}`],
    `block      ${block.number}, ${isoTime(block.timestamp)}`,
    ...published.map((one) => `published  ${headText(one)}, block ${one.blockNumber}`),
  ];
  print(command, { origin, head, block, published }, rows.join("\n"));
}

async function publishHead(options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const { abi } = contractOf(session, "CertificateRegistry");
  await runCall(
    session,
    {
      ...{ contract: "CertificateRegistry", abi, functionName: "publishHead", args: [] },
      sentence: "Store the present head of the transparency log",
      after: (simulated) => {
        const [size, root] = simulated as [bigint, `0x${string}`];
        return [`The head of ${headText({ size: Number(size), root })} is stored for ever.`];
      },
    },
    { options, command },
  );
}

interface ProveOptions extends NetworkOptions {
  certificate?: string;
  index?: string;
  size?: string;
  since?: string;
  out: string;
}

async function prove(options: ProveOptions, command: Command): Promise<void> {
  const { certificate, index, since } = options;
  const serial = certificate === undefined ? undefined : serialArgument("--certificate", certificate);
  const wanted = index === undefined ? undefined : naturalArgument("--index", index);
  if ([serial, wanted, since].every((value) => value === undefined)) {
    throw usageError("name what to prove with --certificate, --index or --since");
  }
  const chain = await readChainLog(await openNetwork(options));
  const rebuilt = requireSoundLog(chain);
  const largest = rebuilt.log.size;
  const size =
    options.size === undefined ? largest : sizeOption("--size", naturalArgument("--size", options.size), largest);
  const entries = rebuilt.entries.filter(
    ({ index: at, entry }) => at < size && (entry.serial === serial || at === wanted),
  );
  if (since === undefined && entries.length === 0) throw new CliError(`the log of ${size} entries has no such entry`);
  const older = since === undefined ? undefined : sizeOption("--since", naturalArgument("--since", since), size);
  const proof = proveLog(rebuilt.log, { origin: chain.origin, size, entries, older });
  writeNewFile(options.out, formatLogProof(proof));
  const rows = [
    ...entries.map((entry) => `entry ${entry.index}: ${entryText(entry)}`),
    ...(older === undefined ? [] : [`continues the log of ${older} entries`]),
    `${options.out}: proven in the log of ${headText(proof.head)}`,
  ];
  print(
    command,
    { file: options.out, head: proof.head, entries: entries.map((entry) => entry.index) },
    rows.join("\n"),
  );
}

function verifyProof(file: string, options: WitnessesOptions & { checkpoint?: string }, command: Command): void {
  const proof = readLogProof(file);
  requireValidProof(proof, file);
  const { origin, head, entries, older } = proof;
  const signed = options.checkpoint === undefined ? undefined : verifiedCheckpoint(options.checkpoint, options);
  if (signed) {
    const { checkpoint } = signed;
    const isSame = checkpoint.origin === origin && checkpoint.size === head.size && checkpoint.root === head.root;
    if (!isSame) throw refuted(`${file} is of the log ${origin} with ${headText(head)}, the checkpoint is of another`);
  }
  const rows = [
    ...entries.map((one) => `entry ${one.index}: ${entryText(one)}`),
    ...(older ? [`continues the log of ${headText(older.head)}`] : []),
    `proven in the log ${origin} with ${headText(head)}`,
    signed
      ? `signed by ${signed.by.join(", ")}`
      : "nobody vouches for this root here: compare it with a checkpoint, or with publishedRoot of the contract",
  ];
  print(
    command,
    { valid: true, origin, head, entries: entries.map(({ index }) => index), signedBy: signed?.by ?? [] },
    rows.join("\n"),
  );
}

interface MonitorOptions extends NetworkOptions, WitnessesOptions {
  copy?: string;
  checkpoint?: string[];
  certificate?: string[];
}

async function monitor(options: MonitorOptions, command: Command): Promise<void> {
  const certificates = (options.certificate ?? []).map(readCertificateFile);
  const checkpoints = (options.checkpoint ?? []).map((file) => ({ file, ...verifiedCheckpoint(file, options) }));
  const copy = options.copy === undefined ? undefined : readLogCopy(options.copy);
  const chain = await readChainLog(await openNetwork(options));
  for (const { file, checkpoint } of checkpoints) requireOrigin(file, checkpoint.origin, chain);
  if (copy) requireOrigin(options.copy!, copy.origin, chain);
  const rebuilt = rebuildLog(chain.recorded);
  const seen: StatedHead[] = checkpoints.map(({ checkpoint, by }) => ({
    ...checkpoint,
    by: `the checkpoint of ${by.join(", ")}`,
  }));
  const heads = [{ by: "the contract", ...chain.head }, ...chain.published.map(stated), ...seen];
  const findings: LogFinding[] = [
    ...rebuilt.findings,
    ...compareWithCopy(copy?.entries ?? [], rebuilt),
    ...splitViews(heads),
    ...compareHeads(rebuilt, heads),
    ...certificates.flatMap((one) => compareCertificate(one, { ...rebuilt, trustDomains: chain.trustDomains })),
  ];
  if (findings.length > 0) {
    print(command, { sound: false, origin: chain.origin, head: chain.head, findings }, "");
    throw refuted(findings.map(({ sentence }) => sentence).join("\n"));
  }
  if (options.copy !== undefined) writeLogCopy(options.copy, { origin: chain.origin, entries: finalEntries(chain) });
  const rows = [`${chain.origin}: ${headText(chain.head)}, nothing dropped, rewritten or forked`];
  print(command, { sound: true, origin: chain.origin, head: chain.head, findings }, rows.join("\n"));
}

/** Entries in blocks that no supported reorg replaces: only those are held against the chain later. */
function finalEntries({ recorded, block }: ChainLog): IndexedLogEntry[] {
  const final = recorded.filter(({ blockNumber }) => blockNumber + REORG_DEPTH <= block.number);
  return final.map(({ index, entry }) => ({ index, entry })).toSorted((a, b) => a.index - b.index);
}

function requireOrigin(file: string, origin: string, chain: ChainLog): void {
  if (origin !== chain.origin) throw usageError(`${file} is of the log ${origin}, this network's is ${chain.origin}`);
}
