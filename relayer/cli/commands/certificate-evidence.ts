import type { Command } from "commander";
import { decodeFunctionData, isAddressEqual } from "viem";
import { formatWitness, type Witness } from "../../src/pki/checkpoint.ts";
import { type ChainLog, readChainLog, type RecordedEntry, requireSoundLog } from "../certificate-log.ts";
import { readCertificateFile } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import {
  type Evidence,
  evidenceHead,
  evidenceText,
  type EvidenceContent,
  readEvidence,
  signEvidence,
  verifyEvidence,
} from "../evidence-package.ts";
import { withExample } from "../help.ts";
import { isoTime } from "../iso-time.ts";
import { headText } from "../log-file.ts";
import { proveEntry, proveOlder, provenEntryToFile } from "../log-proof.ts";
import type { RebuiltLog } from "../log-monitor.ts";
import { writeNewFile } from "../new-file.ts";
import { print, refuted, usageError } from "../output.ts";
import { withPassword } from "../password.ts";
import {
  openWitness,
  readWitnesses,
  verifiedCheckpoint,
  type WitnessesOptions,
  type WitnessSignerOptions,
  withWitnesses,
} from "../witness.ts";
import { readTextFile } from "../arguments.ts";

/** Adds `pqmesh cert evidence` and `pqmesh cert verify-evidence`: packages for auditors. */
export function addEvidenceCommands(cert: Command): void {
  const signer = "--keystore w1.json --name auditor.example/w1";
  withExample(
    withPassword(withWitnesses(withNetwork(cert.command("evidence")))),
    `cert evidence --from 2026-10-01 --to 2026-11-01 ${signer} --out october.json`,
    `cert evidence --from 2026-10-01 --to 2026-11-01 --checkpoint log.note --witness w1.vkey ${signer} --out october.json`,
  )
    .description("write a signed package: what happened to certificates in a period, by whom and why, with proofs")
    .requiredOption("--from <time>", "begin of the period, as 2026-10-01 or 2026-10-01T12:00:00Z")
    .requiredOption("--to <time>", "end of the period, not in it any more")
    .requiredOption("--keystore <file>", "keystore of who signs (key create --purpose witness)")
    .requiredOption("--name <name>", "name of who signs, as a URL without scheme")
    .requiredOption("--out <file>", "package to write; never overwritten")
    .option("--checkpoint <note>", "checkpoint whose head the proofs lead to; default: the present head, without one")
    .option("--certificate <file...>", "PEM certificates to put in; one that no entry issued is refused")
    .action(writeEvidence);
  withExample(withWitnesses(cert.command("verify-evidence")), "cert verify-evidence october.json --witness w1.vkey")
    .description("verify a package without any network, and say what it has no evidence of")
    .argument("<package>", "file of cert evidence")
    .action(checkEvidence);
}

interface EvidenceOptions extends NetworkOptions, WitnessesOptions, WitnessSignerOptions {
  from: string;
  to: string;
  out: string;
  checkpoint?: string;
  certificate?: string[];
}

async function writeEvidence(options: EvidenceOptions, command: Command): Promise<void> {
  const period = { from: timeArgument("--from", options.from), to: timeArgument("--to", options.to) };
  if (period.from >= period.to) throw usageError("--from must be before --to");
  const certificates = (options.certificate ?? []).map((file) => readCertificateFile(file).raw.toString("base64"));
  const signed = options.checkpoint === undefined ? undefined : verifiedCheckpoint(options.checkpoint, options);
  const signer = await openWitness(options);
  const session = await openNetwork(options);
  const chain = await readChainLog(session);
  const rebuilt = requireSoundLog(chain);
  const head = signed ? signed.checkpoint : chain.head;
  const isOwn = !signed || (signed.checkpoint.origin === chain.origin && head.size <= rebuilt.log.size);
  if (!isOwn || rebuilt.log.root(head.size) !== head.root) throw refuted(`${options.checkpoint} is of another log`);
  requireWholePeriod(options, { period, size: head.size, rebuilt });
  const content: EvidenceContent = {
    ...{ format: "pqmesh-certificate-evidence", version: 1, origin: chain.origin, period },
    taken: takenAt(chain),
    head: { size: head.size, root: head.root },
    published: newestPublished(chain, rebuilt, head.size),
    checkpoint: options.checkpoint === undefined ? null : readTextFile(options.checkpoint),
    ...(await entriesOf(session, { chain, rebuilt, size: head.size, period })),
    certificates,
  };
  writeNewFile(options.out, signEvidence(content, signer));
  report(readEvidence(options.out), { file: options.out, witnesses: readWitnesses(options), command });
}

/** @throws CliError when entries of the period are newer than the checkpoint. */
function requireWholePeriod(
  { checkpoint }: EvidenceOptions,
  { period, size, rebuilt: { entries } }: { period: EvidenceContent["period"]; size: number; rebuilt: RebuiltLog },
): void {
  const newer = entries.slice(size).filter(({ entry: { time } }) => time < BigInt(period.to)).length;
  if (newer === 0) return;
  const which = newer === 1 ? `entry ${size}` : `entries ${size} to ${size + newer - 1}`;
  throw usageError(`${checkpoint} is too old: ${which} followed before the period was over; give a newer one`);
}

function checkEvidence(file: string, options: WitnessesOptions, command: Command): void {
  const witnesses = readWitnesses(options);
  const evidence = readEvidence(file);
  const { signer } = evidence;
  const isSignerKnown = witnesses.map(formatWitness).includes(formatWitness(signer));
  if (witnesses.length > 0 && !isSignerKnown) {
    throw refuted(`${file} is signed by ${signer.name} with a key that --witness does not name`);
  }
  report(evidence, { file, witnesses, isSignerKnown, command });
}

/** Verifies a package and prints what it shows and what it does not. @throws CliError when something does not hold. */
function report(
  evidence: Evidence,
  context: { file: string; witnesses: readonly Witness[]; isSignerKnown?: boolean; command: Command },
): void {
  const { file, witnesses, isSignerKnown = true, command } = context;
  const { content, signer } = evidence;
  const { flaws, absent, cosignatures } = verifyEvidence(evidence, witnesses);
  if (flaws.length > 0) throw refuted(`${file}: ${flaws.join("; ")}`);
  const { origin, period, entries, published, head } = content;
  const vouching = cosignatures.map(({ witness, time }) => `${witness.name} at ${isoTime(time)}`);
  const rows = [
    ...[`log        ${origin}`, `period     ${isoTime(period.from)} to ${isoTime(period.to)}`],
    `head       ${evidenceHead(content)}`,
    `published  ${published ? `${headText(published.head)}, block ${published.blockNumber}` : "absent"}`,
    `checkpoint ${vouching.join(", ") || "absent"}`,
    `signed by  ${signer.name}${isSignerKnown ? "" : ", whose key only the package names: compare it"}`,
    `entries    ${entries.length}, each with its proof; between them none is left out`,
    ...entries.map(evidenceText),
    ...absent.map((what) => `absent     ${what}`),
  ];
  const summary = {
    origin,
    period,
    head,
    signer: formatWitness(signer),
    isSignerKnown,
    vouching,
    entries: entries.length,
    absent,
  };
  print(command, { file, valid: true, ...summary }, rows.join("\n"));
}

function takenAt({ block }: ChainLog): EvidenceContent["taken"] {
  return { blockNumber: String(block.number), blockHash: block.hash, time: Number(block.timestamp) };
}

function newestPublished({ published }: ChainLog, { log }: RebuiltLog, size: number): EvidenceContent["published"] {
  const newest = published
    .filter((one) => one.size <= size)
    .toSorted((a, b) => a.size - b.size)
    .at(-1);
  if (!newest) return null;
  const { blockNumber, transactionHash } = newest;
  return { ...proveOlder(log, newest.size, size), blockNumber: String(blockNumber), transactionHash };
}

async function entriesOf(
  session: Session,
  {
    chain,
    rebuilt,
    size,
    period,
  }: { chain: ChainLog; rebuilt: RebuiltLog; size: number; period: EvidenceContent["period"] },
): Promise<Pick<EvidenceContent, "before" | "after" | "entries" | "context">> {
  const known = chain.recorded.toSorted((a, b) => a.index - b.index).slice(0, size);
  const proven = (one: RecordedEntry) =>
    provenEntryToFile(proveEntry(rebuilt.log, { index: one.index, entry: one.entry }, size));
  const inside = known.filter(({ entry: { time } }) => time >= BigInt(period.from) && time < BigInt(period.to));
  const before = known.findLast(({ entry }) => entry.time < BigInt(period.from));
  const after = known.find(({ entry }) => entry.time >= BigInt(period.to));
  const serials = new Set(inside.map(({ entry }) => entry.serial));
  const context = known.filter(
    (one) => one.entry.action === "issue" && serials.has(one.entry.serial) && !inside.includes(one),
  );
  const entries: EvidenceContent["entries"] = [];
  for (const one of inside) entries.push({ proven: proven(one), record: await recordOf(session, one) });
  return {
    ...{ before: before ? proven(before) : null, after: after ? proven(after) : null },
    ...{ entries, context: context.map(proven) },
  };
}

type Record = EvidenceContent["entries"][number]["record"];

/** Where an entry is recorded and who ordered it; null where the chain node does not know. */
async function recordOf(session: Session, { blockNumber, transactionHash, by }: RecordedEntry): Promise<Record> {
  const place = { blockNumber: String(blockNumber), transactionHash };
  const transaction = await session.client.getTransaction({ hash: transactionHash }).catch(() => undefined);
  const sender = transaction?.from ?? by ?? null;
  const { address, abi } = contractOf(session, "CertificateRegistry");
  if (!transaction?.to || !isAddressEqual(transaction.to, address)) {
    return { ...place, sender, functionName: null, signer: null };
  }
  const { functionName, args = [] } = decodeFunctionData({ abi, data: transaction.input });
  return { ...place, sender, functionName, signer: signerOf(functionName, args) };
}

/** Who signed an order that anyone may send. */
function signerOf(functionName: string, args: readonly unknown[]): string | null {
  if (functionName === "executeStatusOrder") {
    const { authorityId } = args[0] as { authorityId: number };
    return `delegate ${String(args[1])} of authority ${authorityId}`;
  }
  if (functionName !== "executeEmergencyOrder") return null;
  const { authorityId, identityId } = args[0] as { authorityId: number; identityId: number };
  return authorityId === 0 ? `the root key of operator ${identityId}` : `the recovery key of authority ${authorityId}`;
}

function timeArgument(name: string, text: string): number {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;
  const time = form.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time / 1_000;
  throw usageError(`${name} is "${text.slice(0, 40)}", it must be a time as 2026-10-01 or 2026-10-01T12:00:00Z (UTC)`);
}
