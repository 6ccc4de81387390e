import { existsSync } from "node:fs";
import { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Command } from "commander";
import { sha256 } from "viem";
import {
  readCertificateFile,
  readSubject,
  reasonText,
  serialArgument,
  serialText,
  subjectText,
} from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { momentText, timeFigure } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { isoTime } from "../iso-time.ts";
import { CliError, print, refuted } from "../output.ts";
import { CERTIFICATE_STATUSES, type CertificateStatus } from "../../src/pki/certificate-status.ts";

/** What each status but `good` means. */
const MEANINGS: Readonly<Record<Exclude<CertificateStatus, "good">, string>> = {
  unknown: "nobody issued it: never good",
  "not-yet-valid": "its life has not begun",
  expired: "its life is over",
  held: "on hold: refused until it is released",
  revoked: "refused for ever",
  tainted: "issued after its authority, or one above, was tainted: refused for ever",
  "authority-not-good": "its authority, or one above, is revoked, on hold or expired",
};

/** What a good certificate is good for. */
const USES: Readonly<Record<CertificateKind, string>> = {
  node: "peers accept it",
  relayer: "peers accept it",
  operator: "the operator's account votes by its newest one, where votes follow certificates; no peer accepts it",
  voter: "the voter's account votes by its newest one, where votes follow certificates; no peer accepts it",
};

/** Adds `pqmesh cert status`. */
export function addCertificateStatusCommand(cert: Command): void {
  withExample(withNetwork(cert.command("status")), "cert status node.pem", "cert status 5f0c…e1 --json")
    .description("print what the chain says of a certificate, and of every authority above it")
    .argument("<certificate>", "PEM file or serial number")
    .action(status);
}

async function status(text: string, options: NetworkOptions, command: Command): Promise<void> {
  const serial = serialArgument("certificate", text);
  const session = await openNetwork(options);
  const registry = contractOf(session, "CertificateRegistry");
  const [number, record, now] = await Promise.all([
    session.client.readContract({ ...registry, functionName: "statusOf", args: [serial] }),
    session.client.readContract({ ...registry, functionName: "certificateOf", args: [serial] }),
    chainTime(session),
  ]);
  const name = CERTIFICATE_STATUSES[number] ?? "unknown";
  if (name === "unknown") {
    if (existsSync(text) && (await showAuthority(session, { file: text, now, command }))) return;
    throw new CliError(`certificate ${serialText(serial)} is unknown: ${MEANINGS.unknown}`);
  }
  if (existsSync(text)) requireSameBytes(text, record.x509Hash);
  const authorities = await readAuthorities(session, record.authorityId);
  const kind = CERTIFICATE_KINDS[record.kind - 1]!;
  const { subject, issuedAt, notBefore, notAfter, revokedAt, reason, x509Hash } = record;
  const rows = [
    `certificate ${serialText(serial)}: ${name.toUpperCase()}, ${name === "good" ? USES[kind] : MEANINGS[name]}`,
    `  names    ${subjectText(kind, subject)}`,
    `  life     ${timeText(BigInt(notBefore), now)} to ${timeText(BigInt(notAfter), now)}`,
    `  recorded ${timeText(BigInt(issuedAt), now)}`,
    ...(revokedAt > 0 ? [`  revoked  ${timeText(BigInt(revokedAt), now)} (${reasonText(reason)})`] : []),
    `  SHA-256  ${x509Hash}`,
    ...authorities.map(({ authorityId, sentence }) => `  issued by authority ${authorityId}: ${sentence(now)}`),
  ];
  const shown = {
    ...{ serial: serialText(serial), status: name, kind, subject, authorityId: record.authorityId, x509Hash },
    ...{ issuedAt: timeFigure(BigInt(issuedAt), now), notBefore: timeFigure(BigInt(notBefore), now) },
    ...{ notAfter: timeFigure(BigInt(notAfter), now), held: record.held },
    revokedAt: revokedAt > 0 ? timeFigure(BigInt(revokedAt), now) : null,
    reason: revokedAt > 0 ? reasonText(reason) : null,
    authorities: authorities.map(({ authorityId, state }) => ({ authorityId, state: state(now) })),
  };
  print(command, shown, rows.join("\n"));
}

/** Shows the authority whose own certificate a file holds: the chain knows it by its hash. Tells whether there is one. */
async function showAuthority(
  session: Session,
  { file, now, command }: { file: string; now: bigint; command: Command },
): Promise<boolean> {
  const registry = contractOf(session, "CertificateRegistry");
  const { raw } = readCertificateFile(file);
  const x509Hash = sha256(raw);
  const count = await session.client.readContract({ ...registry, functionName: "authorityCount" });
  for (let authorityId = 1; authorityId <= count; authorityId++) {
    const authority = await session.client.readContract({
      ...registry,
      ...{ functionName: "authorityOf", args: [authorityId] },
    });
    if (authority.terms.x509Hash !== x509Hash) continue;
    const above = await readAuthorities(session, authorityId);
    const shown = above.map((one) => ({ authorityId: one.authorityId, state: one.state(now) }));
    const rows = above.map((one) => `  authority ${one.authorityId}: ${one.sentence(now)}`);
    const text = [`the certificate of authority ${authorityId}, which issues those of others`, ...rows].join("\n");
    print(command, { authorityId, x509Hash, authorities: shown }, text);
    return true;
  }
  return false;
}

function requireSameBytes(file: string, recorded: string): void {
  const { serial, x509Hash } = readSubject(file);
  if (x509Hash === recorded) return;
  throw refuted(
    `${file} is not the certificate that the chain records as ${serialText(serial)}: SHA-256 ${x509Hash}, recorded ${recorded}`,
  );
}

interface ShownAuthority {
  authorityId: number;
  state(now: bigint): string;
  sentence(now: bigint): string;
}

/** An authority and those above it, nearest first. */
async function readAuthorities(session: Session, authorityId: number): Promise<ShownAuthority[]> {
  if (authorityId === 0) return [];
  const authority = await session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "authorityOf", args: [authorityId] },
  });
  const { parent, depth, held, taintedFrom, revokedAt, terms } = authority;
  const state = (now: bigint): string => {
    if (revokedAt > 0 && BigInt(revokedAt) <= now) return "revoked";
    if (held) return "on hold";
    if (now > BigInt(terms.notAfter)) return "expired";
    return taintedFrom > 0 ? "tainted" : "good";
  };
  const sentence = (now: bigint): string => {
    const taint = taintedFrom > 0 ? `, what it issued from ${timeText(BigInt(taintedFrom), now)} on is refused` : "";
    const end = revokedAt > 0 ? `, revoked ${timeText(BigInt(revokedAt), now)}` : "";
    return `${state(now)}, depth ${depth}, account ${terms.account}${taint}${end}`;
  };
  return [{ authorityId, state, sentence }, ...(await readAuthorities(session, parent))];
}

/** A moment, with how far ahead it lies when it has not come. */
function timeText(at: bigint, now: bigint): string {
  return at <= now ? isoTime(at) : momentText(at, now);
}
