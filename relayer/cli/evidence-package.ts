import { createHash, sign, verify, X509Certificate } from "node:crypto";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import { z } from "zod";
import { importMlDsa65PublicKey } from "../src/keystore/ml-dsa-65.ts";
import {
  type Cosignature,
  formatWitness,
  knownCosignatures,
  parseCheckpoint,
  parseWitness,
  type Witness,
  type WitnessSigner,
} from "../src/pki/checkpoint.ts";
import { certificateHash } from "../src/pki/peer-identity.ts";
import { readTextFile } from "./arguments.ts";
import { reasonText, serialText, subjectText } from "./certificate-argument.ts";
import { isoTime } from "./iso-time.ts";
import { headShape, headText, proofShape, provenEntryShape, shapeOf } from "./log-file.ts";
import { entryText } from "./log-monitor.ts";
import { isContinued, isProven, type ProvenEntry, provenEntryFromFile } from "./log-proof.ts";
import { usageError } from "./output.ts";

const seconds = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, "must be 32 bytes in lower-case hex with 0x");
const block = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, "must be a block number in decimal digits");
const shortText = z.string().min(1).max(10_000);

/** What the chain says about an entry beyond the log: where it is recorded, and who ordered it. */
const recordShape = z.strictObject({
  blockNumber: block,
  transactionHash: hash,
  /** Sender of the transaction, null when the chain node has it no more. */
  sender: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
    .nullable(),
  /** Function of the contract that was called, null when another contract called it. */
  functionName: shortText.nullable(),
  /** Who signed the order, for orders that somebody else sent. */
  signer: shortText.nullable(),
});

const contentShape = z.strictObject({
  format: z.literal("pqmesh-certificate-evidence"),
  version: z.literal(1),
  origin: z.string().min(1).max(255),
  period: z.strictObject({ from: seconds, to: seconds }),
  taken: z.strictObject({ blockNumber: block, blockHash: hash, time: seconds }),
  head: headShape,
  /** Newest head that the contract had stored by then, and the proof that `head` continues it. */
  published: z
    .strictObject({ head: headShape, blockNumber: block, transactionHash: hash, proof: proofShape })
    .nullable(),
  /** C2SP note of `head` with the signatures of witnesses. */
  checkpoint: z.string().max(131_072).nullable(),
  /** Last entry before the period and first after it: nothing between is left out. */
  before: provenEntryShape.nullable(),
  after: provenEntryShape.nullable(),
  entries: z.array(z.strictObject({ proven: provenEntryShape, record: recordShape })),
  /** Entries outside the period that issued what the period's entries are about. */
  context: z.array(provenEntryShape),
  /** DER certificates in base64. */
  certificates: z.array(z.string().max(100_000)),
});

const signatureShape = z.strictObject({ witness: z.string().max(10_000), value: z.string().max(10_000) });

/** A package before it is signed, in the form of its file. */
export type EvidenceContent = z.input<typeof contentShape>;

/** A package that was read from a file. */
export interface Evidence {
  content: z.infer<typeof contentShape>;
  signer: Witness;
  isSigned: boolean;
}

/** What a verification found. */
export interface EvidenceVerdict {
  /** What does not hold; the package is worth nothing then. */
  flaws: string[];
  /** Evidence that the package does not have. */
  absent: string[];
  /** Signatures of known witnesses on the checkpoint. */
  cosignatures: Cosignature[];
}

/** Separates the signature of a package from everything else that a witness signs. */
const LABEL = Buffer.from("pqmesh certificate evidence/v1\n\0", "latin1");

/** Signs a package: ML-DSA-65 over a label and the SHA-256 of its JSON without white space. Returns the text of the file. */
export function signEvidence(content: EvidenceContent, signer: WitnessSigner): string {
  const value = sign(null, signedMessage(content), signer.privateKey).toString("base64");
  return `${JSON.stringify({ ...content, signature: { witness: formatWitness(signer), value } }, null, 1)}\n`;
}

/** Reads a package and checks its form. @throws CliError naming file and field. */
export function readEvidence(file: string): Evidence {
  let whole: unknown;
  try {
    whole = JSON.parse(readTextFile(file));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw usageError(`${file} is not JSON: it is cut short or another file`, cause);
    throw cause;
  }
  const { signature, ...content } = shapeOf(file, whole, z.looseObject({ signature: signatureShape }));
  const parsed = shapeOf(file, content, contentShape);
  const signer = signerOf(file, signature.witness);
  const value = Buffer.from(signature.value, "base64");
  const isSigned = verify(null, signedMessage(content), importMlDsa65PublicKey(signer.publicKey), value);
  return { content: parsed, signer, isSigned };
}

/**
 * Verifies a package without any network.
 *
 * @param witnesses Whose signatures on the checkpoint count. That nothing was left out at the end of the period is shown by an
 *   entry after it or by their times; else it is the word of who signed the package.
 */
export function verifyEvidence(
  { content, isSigned, signer }: Evidence,
  witnesses: readonly Witness[],
): EvidenceVerdict {
  const { head, published } = content;
  const entries = content.entries.map(({ proven }) => provenEntryFromFile(proven));
  const around = [content.before, content.after, ...content.context].flatMap((one) =>
    one ? [provenEntryFromFile(one)] : [],
  );
  const unproven = [...entries, ...around].filter((entry) => !isProven(entry, head));
  const vouched = verifiedCosignatures(content, witnesses);
  const flaws = [
    ...(isSigned ? [] : [`the signature of ${signer.name} does not verify: the package is not what it signed`]),
    ...unproven.map(({ index }) => `entry ${index} is not in the log of ${headText(head)}`),
    ...periodFlaws(content, entries),
    ...(published && !isContinued(published, head)
      ? [`the head does not continue the one that the contract stored`]
      : []),
    ...vouched.flaws,
    ...certificateFlaws(content, entries),
  ];
  const { cosignatures } = vouched;
  return { flaws, cosignatures, absent: absentEvidence(content, entries, cosignatures) };
}

/** The DER certificates of a package by the SHA-256 of each. */
function certificatesOf({
  certificates,
}: Pick<EvidenceContent, "certificates">): Map<string, X509Certificate | undefined> {
  return new Map(
    certificates.map((der) => {
      try {
        const certificate = new X509Certificate(Buffer.from(der, "base64"));
        return [certificateHash(certificate), certificate];
      } catch {
        return [`no certificate: ${der.slice(0, 40)}`, undefined];
      }
    }),
  );
}

/** Entries follow each other from the one before the period to the one after it, and each is where its time says. */
function periodFlaws(content: Evidence["content"], entries: readonly ProvenEntry[]): string[] {
  const { period, head } = content;
  const [before, after] = [content.before, content.after];
  const first = before ? before.index + 1 : 0;
  const end = after ? after.index : head.size;
  const isIn = (time: bigint) => time >= BigInt(period.from) && time < BigInt(period.to);
  const isGapless = entries.length === end - first && entries.every(({ index }, i) => index === first + i);
  return [
    ...(isGapless ? [] : [`entries ${first} to ${end - 1} must be there, each once: some were left out`]),
    ...(before && before.time >= BigInt(period.from) ? [`entry ${before.index} is not before the period`] : []),
    ...(after && after.time < BigInt(period.to) ? [`entry ${after.index} is not after the period`] : []),
    ...entries.filter(({ entry }) => !isIn(entry.time)).map(({ index }) => `entry ${index} is not of the period`),
  ];
}

/** Who of the known witnesses vouches for the head, and what is wrong with the checkpoint. */
function verifiedCosignatures(
  { checkpoint, origin, head }: Evidence["content"],
  witnesses: readonly Witness[],
): { cosignatures: Cosignature[]; flaws: string[] } {
  if (checkpoint === null) return { cosignatures: [], flaws: [] };
  try {
    const note = parseCheckpoint(checkpoint);
    const found = note.checkpoint;
    const isSame = found.origin === origin && found.size === head.size && found.root === head.root;
    if (!isSame) throw new Error("it is of another head");
    return { cosignatures: knownCosignatures(note, witnesses), flaws: [] };
  } catch (error) {
    return { cosignatures: [], flaws: [`the checkpoint: ${(error as Error).message}`] };
  }
}

function certificateFlaws(content: Evidence["content"], entries: readonly ProvenEntry[]): string[] {
  const context = content.context.map(provenEntryFromFile);
  const recorded = new Map([...entries, ...context].map(({ entry }) => [entry.x509Hash as string, entry]));
  return [...certificatesOf(content)].flatMap(([found, certificate]) => {
    const record = recorded.get(found);
    if (!certificate) return [found];
    if (!record) return [`certificate ${certificate.serialNumber.toLowerCase()} is not of any entry`];
    const isSame = record.serial === 0n || record.serial === BigInt(`0x${certificate.serialNumber}`);
    return isSame ? [] : [`certificate ${certificate.serialNumber.toLowerCase()} has another serial than its entry`];
  });
}

function absentEvidence(
  content: Evidence["content"],
  entries: readonly ProvenEntry[],
  cosignatures: readonly Cosignature[],
): string[] {
  const { published } = content;
  const context = content.context.map(provenEntryFromFile);
  const issued = new Set(
    [...entries, ...context].flatMap(({ entry }) => (entry.action === "issue" ? [entry.serial] : [])),
  );
  const certificates = certificatesOf(content);
  const perEntry = entries.flatMap((one, i) => {
    const { entry, index } = one;
    const { sender } = content.entries[i]!.record;
    const lacks = [
      ...(sender === null ? ["who sent it"] : []),
      ...(entry.action === "revoke" && entry.reason === 0 ? ["why: the reason given is unspecified"] : []),
      ...(entry.action === "issue" && !certificates.has(entry.x509Hash) ? ["the X.509 certificate"] : []),
      ...(entry.serial !== 0n && !issued.has(entry.serial) ? ["the entry that issued it"] : []),
    ];
    return lacks.map((lack) => `entry ${index} (${entryText(one)}): ${lack}`);
  });
  return [
    ...(cosignatures.length === 0 ? [`checkpoint: ${nobodyVouches(content)}`] : []),
    ...(published === null ? ["published head: the contract had stored none"] : []),
    ...absentEnd(content, cosignatures),
    ...perEntry,
  ];
}

function nobodyVouches({ checkpoint }: Evidence["content"]): string {
  if (checkpoint === null) return "no witness vouches for the head";
  return `no known witness signed it, only ${readSigners(checkpoint).join(", ")}`;
}

/** The end of the period, unless an entry after it follows, or somebody states that none had come until then. */
function absentEnd({ period, taken, after }: Evidence["content"], cosignatures: readonly Cosignature[]): string[] {
  const stated = cosignatures.length > 0 ? Math.max(...cosignatures.map(({ time }) => time)) : taken.time;
  if (after !== null || stated >= period.to - 1) return [];
  const why = period.to > taken.time ? "the period was not over" : "no known witness signed a later head";
  return [`everything after ${isoTime(stated)}: ${why}`];
}

/** Names below a note, verified or not. */
function readSigners(note: string): string[] {
  return note.split("\n").flatMap((line) => /^\u2014 (\S+) /u.exec(line)?.[1] ?? []);
}

/** An entry of a package in one line: what, why, by whom. */
export function evidenceText({ proven, record }: Evidence["content"]["entries"][number]): string {
  const one = provenEntryFromFile(proven);
  const { action, reason, kind, subject, time, effectiveAt } = one.entry;
  const what = action === "issue" && kind ? `, ${subjectText(kind, subject)}` : "";
  const replaced = action === "rotate" ? `, in place of ${serialText(subject)}` : "";
  const start = effectiveAt > time ? ` from ${isoTime(effectiveAt)} on` : "";
  const why = action === "revoke" || action === "revoke-authority" ? `, ${reasonText(reason)}${start}` : "";
  const by = record.signer ? `signed by ${record.signer}, sent by ${record.sender}` : `by ${record.sender ?? "absent"}`;
  return `${one.index}  ${entryText(one)}${what}${replaced}${why}, ${by}`;
}

/** Head of a package in one line. */
export function evidenceHead({ head, taken }: { head: LogHead; taken: { blockNumber: string; time: number } }): string {
  return `${headText(head)}, taken at block ${taken.blockNumber}, ${isoTime(taken.time)}`;
}

function signerOf(file: string, text: string): Witness {
  try {
    const witness = parseWitness(text);
    if (witness.algorithm === "ML-DSA-65") return witness;
  } catch (cause) {
    throw usageError(`${file}: signature.witness: ${(cause as Error).message}`, cause);
  }
  throw usageError(`${file}: signature.witness: packages are signed with ML-DSA-65`);
}

function signedMessage(content: object): Buffer {
  return Buffer.concat([LABEL, createHash("sha256").update(JSON.stringify(content)).digest()]);
}
