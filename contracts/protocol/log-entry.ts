import { encodeAbiParameters, type Hex, hexToBytes } from "viem";
import { CERTIFICATE_KINDS, type CertificateKind, certificateKindNumber } from "./certificate-kind.ts";
import { logLeafHash } from "./merkle-log.ts";

/** What a log entry records, in the order of `ICertificateRegistry.Action` without `None`. */
export const LOG_ACTIONS = [
  "admit-authority",
  "taint-authority",
  "revoke-authority",
  "hold-authority",
  "release-authority",
  "issue",
  "rotate",
  "revoke",
  "hold",
  "release",
] as const;

/** What a log entry records. */
export type LogAction = (typeof LOG_ACTIONS)[number];

/** An entry of the transparency log, `ICertificateRegistry.LogEntry`; what an action does not use is 0. Times: Unix seconds. */
export interface LogEntry {
  action: LogAction;
  /** Time of the block. */
  time: bigint;
  authorityId: number;
  serial: bigint;
  /** Undefined unless a certificate is issued. */
  kind: CertificateKind | undefined;
  subject: bigint;
  notBefore: bigint;
  notAfter: bigint;
  x509Hash: Hex;
  reason: number;
  effectiveAt: bigint;
}

/** An entry and where it is in the log. */
export interface IndexedLogEntry {
  index: number;
  entry: LogEntry;
}

/** A decoded event of the CertificateRegistry. */
export interface RegistryEvent {
  eventName: string;
  args: Readonly<Record<string, unknown>>;
}

const ENTRY_PARAMETERS = [
  { type: "uint8", name: "action" },
  { type: "uint64", name: "time" },
  { type: "uint32", name: "authorityId" },
  { type: "uint160", name: "serial" },
  { type: "uint8", name: "kind" },
  { type: "uint256", name: "subject" },
  { type: "uint40", name: "notBefore" },
  { type: "uint40", name: "notAfter" },
  { type: "bytes32", name: "x509Hash" },
  { type: "uint8", name: "reason" },
  { type: "uint40", name: "effectiveAt" },
] as const;

const NO_HASH: Hex = `0x${"00".repeat(32)}`;

type Fields = Partial<Omit<LogEntry, "action" | "time">>;

/** Arguments of an event as viem decodes them: numbers up to 48 bits, larger ones as bigint. */
interface Arguments {
  logIndex: bigint;
  authorityId: number;
  parent: number;
  terms: { notAfter: number; x509Hash: Hex };
  taintedFrom: number;
  rotateBy: number;
  serial: bigint;
  replaced: bigint;
  kind: number;
  subject: bigint;
  notBefore: number;
  notAfter: number;
  x509Hash: Hex;
  reason: number;
  revokedAt: number;
}

/** What each event records; those that are not here change nothing that the log knows. */
const RECORDED: Readonly<Record<string, readonly [LogAction, (args: Arguments) => Fields]>> = {
  AuthorityAdmitted: ["admit-authority", admitted],
  AuthorityTainted: [
    "taint-authority",
    (args) => ({ notAfter: BigInt(args.rotateBy), effectiveAt: BigInt(args.taintedFrom) }),
  ],
  AuthorityRevoked: ["revoke-authority", revoked],
  AuthorityHeld: ["hold-authority", () => ({})],
  AuthorityReleased: ["release-authority", () => ({})],
  CertificateIssued: ["issue", issued],
  CertificateRotated: ["rotate", ({ replaced }) => ({ subject: replaced })],
  CertificateRevoked: ["revoke", revoked],
  CertificateHeld: ["hold", () => ({})],
  CertificateReleased: ["release", () => ({})],
};

/** Names of the events that append to the log. */
export const LOGGED_EVENTS: readonly string[] = Object.keys(RECORDED);

/** Value of an action in `ICertificateRegistry.Action`. */
export function logActionNumber(action: LogAction): number {
  return LOG_ACTIONS.indexOf(action) + 1;
}

/** Bytes of an entry: `abi.encode` of its eleven fields. */
export function encodeLogEntry(entry: LogEntry): Uint8Array {
  const { serial, subject, x509Hash, reason, time, authorityId } = entry;
  const encoded = encodeAbiParameters(ENTRY_PARAMETERS, [
    ...([logActionNumber(entry.action), time, authorityId, serial] as const),
    entry.kind ? certificateKindNumber(entry.kind) : 0,
    subject,
    ...([Number(entry.notBefore), Number(entry.notAfter), x509Hash, reason, Number(entry.effectiveAt)] as const),
  ]);
  return hexToBytes(encoded);
}

/** Leaf hash of an entry. */
export function logEntryHash(entry: LogEntry): Hex {
  return logLeafHash(encodeLogEntry(entry));
}

/**
 * The entry that an event appended, undefined for events that append none.
 *
 * @param time Unix seconds of the event's block.
 */
export function logEntryOf({ eventName, args }: RegistryEvent, time: bigint): IndexedLogEntry | undefined {
  const recorded = RECORDED[eventName];
  if (!recorded) return undefined;
  const [action, fieldsOf] = recorded;
  const decoded = args as unknown as Arguments;
  const { authorityId, serial = 0n, logIndex } = decoded;
  const unused = { kind: undefined, subject: 0n, notBefore: 0n, notAfter: 0n, x509Hash: NO_HASH, reason: 0 };
  const entry = { ...unused, action, time, authorityId, serial, effectiveAt: 0n, ...fieldsOf(decoded) };
  return { index: Number(logIndex), entry };
}

function admitted({ parent, terms }: Arguments): Fields {
  return { subject: BigInt(parent), notAfter: BigInt(terms.notAfter), x509Hash: terms.x509Hash };
}

function issued({ kind, subject, notBefore, notAfter, x509Hash }: Arguments): Fields {
  const life = { notBefore: BigInt(notBefore), notAfter: BigInt(notAfter) };
  return { kind: CERTIFICATE_KINDS[kind - 1], subject, ...life, x509Hash };
}

function revoked({ reason, revokedAt }: Arguments): Fields {
  return { reason, effectiveAt: BigInt(revokedAt) };
}
