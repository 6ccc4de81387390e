import type { X509Certificate } from "node:crypto";
import { type IndexedLogEntry, type LogEntry, logEntryHash } from "@pqmesh/contracts/protocol/log-entry";
import { type LogHead, MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import { type Hex, keccak256, toBytes } from "viem";
import { certifiedSubject } from "../src/pki/peer-identity.ts";
import { serialText } from "./certificate-argument.ts";
import { isoTime } from "./iso-time.ts";

/** Something that an honest log never shows. */
export interface LogFinding {
  kind: "dropped" | "rewritten" | "forked" | "missing" | "doubled" | "unrecorded" | "certificate-differs";
  /** Index of the entry, for findings about one. */
  index?: number;
  serial?: string;
  sentence: string;
}

/** A head and who states it. */
export interface StatedHead extends LogHead {
  /** For sentences: "the contract", "the checkpoint of w1". */
  by: string;
}

/** The log that entries make. */
export interface RebuiltLog {
  log: MerkleLog;
  /** Entries in order; where one is missing or doubled, those from there on are left out. */
  entries: IndexedLogEntry[];
  findings: LogFinding[];
}

/** Builds the tree of entries as they were found; names missing and doubled ones. */
export function rebuildLog(found: readonly IndexedLogEntry[]): RebuiltLog {
  const entries: IndexedLogEntry[] = [];
  for (const entry of found.toSorted((a, b) => a.index - b.index)) {
    const next = entries.length;
    if (entry.index === next) {
      entries.push(entry);
      continue;
    }
    const isMissing = entry.index > next;
    const sentence = isMissing
      ? `entry ${next} is missing: no event records it, and entry ${entry.index} follows`
      : `entry ${entry.index} is recorded twice: ${entryText(entries[entry.index]!)}; ${entryText(entry)}`;
    const finding: LogFinding = {
      kind: isMissing ? "missing" : "doubled",
      index: Math.min(next, entry.index),
      sentence,
    };
    return { ...treeOf(entries.slice(0, finding.index)), findings: [finding] };
  }
  return { ...treeOf(entries), findings: [] };
}

/** Compares a copy of the log that was kept with the log of now: names entries that were dropped or rewritten. */
export function compareWithCopy(
  copy: readonly IndexedLogEntry[],
  { entries }: Pick<RebuiltLog, "entries">,
): LogFinding[] {
  return copy.flatMap((kept): LogFinding[] => {
    const { index } = kept;
    const now = entries[index];
    if (!now) return [{ kind: "dropped", index, sentence: `entry ${index} was dropped: ${entryText(kept)}` }];
    const fields = differingFields(kept.entry, now.entry);
    if (fields.length === 0) return [];
    return [{ kind: "rewritten", index, sentence: `entry ${index} was rewritten: ${fields.join(", ")}` }];
  });
}

/** Compares heads that were stated with the log: names those of another history, and those of more than the log has. */
export function compareHeads({ log }: Pick<RebuiltLog, "log">, heads: readonly StatedHead[]): LogFinding[] {
  return heads.flatMap(({ by, size, root }): LogFinding[] => {
    if (size > log.size) {
      const sentence = `${by} states ${size} entries, the events record ${log.size}: entries ${log.size} to ${size - 1} were dropped`;
      return [{ kind: "dropped", index: log.size, sentence }];
    }
    const own = log.root(size);
    if (own === root) return [];
    return [
      {
        kind: "forked",
        sentence: `${by} states root ${root} for ${size} entries, the events make ${own}: the log forked`,
      },
    ];
  });
}

/** Compares heads with each other: names two of one size that differ, a view for each reader. */
export function splitViews(heads: readonly StatedHead[]): LogFinding[] {
  const first = new Map<number, StatedHead>();
  return heads.flatMap((head): LogFinding[] => {
    const other = first.get(head.size);
    if (!other) first.set(head.size, head);
    if (!other || other.root === head.root) return [];
    const sentence = `split view: ${other.by} states root ${other.root} for ${head.size} entries, ${head.by} states ${head.root}`;
    return [{ kind: "forked", sentence }];
  });
}

/**
 * Compares an X.509 certificate with its record: names it if it is not recorded, and every field that differs.
 *
 * @param trustDomains Hash of the trust domain of each authority.
 */
export function compareCertificate(
  certificate: X509Certificate,
  { entries, trustDomains }: { entries: readonly IndexedLogEntry[]; trustDomains: ReadonlyMap<number, Hex> },
): LogFinding[] {
  const value = BigInt(`0x${certificate.serialNumber}`);
  const serial = serialText(value);
  const issued = entries.find(({ entry }) => entry.action === "issue" && entry.serial === value);
  if (!issued) {
    return [{ kind: "unrecorded", serial, sentence: `certificate ${serial} is not recorded: no entry issues it` }];
  }
  const { index, entry } = issued;
  const flaws = certificateFlaws(certificate, entry, trustDomains.get(entry.authorityId));
  if (flaws.length === 0) return [];
  const sentence = `certificate ${serial} differs from its record, entry ${index}: ${flaws.join(", ")}`;
  return [{ kind: "certificate-differs", index, serial, sentence }];
}

/** An entry in one line. */
export function entryText({ entry }: IndexedLogEntry): string {
  const what = entry.serial === 0n ? `authority ${entry.authorityId}` : `certificate ${serialText(entry.serial)}`;
  return `${entry.action} ${what} at ${isoTime(entry.time)}`;
}

/** What a certificate says otherwise than its record. */
function certificateFlaws(certificate: X509Certificate, record: LogEntry, trustDomain: Hex | undefined): string[] {
  try {
    const { kind, subject, trustDomain: named, x509Hash } = certifiedSubject(certificate);
    const notBefore = BigInt(certificate.validFromDate.getTime()) / 1_000n;
    const notAfter = BigInt(certificate.validToDate.getTime()) / 1_000n;
    const fields = differingFields(record, { ...record, kind, subject, notBefore, notAfter, x509Hash });
    const isOfAuthority = trustDomain === undefined || keccak256(toBytes(named)) === trustDomain;
    return isOfAuthority ? fields : [...fields, `trust domain is ${named}, which is not its authority's`];
  } catch (error) {
    return [(error as Error).message];
  }
}

function treeOf(entries: IndexedLogEntry[]): Pick<RebuiltLog, "log" | "entries"> {
  return { log: new MerkleLog(entries.map(({ entry }) => logEntryHash(entry))), entries };
}

/** "field was … and is …" for each that differs. */
function differingFields(before: LogEntry, after: LogEntry): string[] {
  const fields = Object.keys(before) as (keyof LogEntry)[];
  const differing = fields.filter((field) => before[field] !== after[field]);
  return differing.map((field) => `${field} was ${shown(before, field)} and is ${shown(after, field)}`);
}

function shown(entry: LogEntry, field: keyof LogEntry): string {
  return field === "serial" ? serialText(entry.serial) : String(entry[field] ?? "none");
}
