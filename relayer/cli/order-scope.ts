import { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { serialText, subjectText } from "./certificate-argument.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError, refuted } from "./output.ts";
import { readCertificateRecord } from "./recorded-certificates.ts";

/** Whose key signs an order about certificates: an operator's, with its identity, or else an authority's. */
export interface OrderSigner {
  authorityId: number;
  identityId: number;
}

/**
 * Checks that who signs an order may give it about every certificate: they are the operator's or its nodes', or below the
 * authority.
 *
 * @throws CliError naming the first certificate that is another's, or that was never recorded.
 */
export async function requireWithin(
  session: Session,
  serials: readonly bigint[],
  { authorityId, identityId }: OrderSigner,
): Promise<void> {
  for (const serial of serials) {
    const record = await readCertificateRecord(session, serial);
    const kind = CERTIFICATE_KINDS[record.kind - 1];
    const name = `certificate ${serialText(serial)}`;
    if (!kind) throw new CliError(`${name} was never recorded`);
    const { subject } = record;
    if (identityId !== 0) await requireOwn(session, { name, kind, subject, identityId });
    else if (!(await isBelow(session, record.authorityId, authorityId)))
      throw refuted(`${name} is not below authority ${authorityId}: authority ${record.authorityId} issued it`);
  }
}

async function requireOwn(
  session: Session,
  { name, kind, subject, identityId }: { name: string; kind: CertificateKind; subject: bigint; identityId: number },
): Promise<void> {
  const holder = await identityOf(session, kind, Number(subject));
  if (holder === identityId) return;
  const whose = kind === "node" ? `, which operator ${holder} has` : "";
  throw refuted(
    `${name} is none of operator ${identityId} or its nodes: it is of ${subjectText(kind, subject)}${whose}`,
  );
}

/** Operator that a certificate's subject is or belongs to, undefined for voters and relayers. */
async function identityOf(session: Session, kind: CertificateKind, subject: number): Promise<number | undefined> {
  if (kind === "operator") return subject;
  if (kind !== "node") return undefined;
  const { identityId } = await session.client.readContract({
    ...contractOf(session, "NodeRegistry"),
    ...{ functionName: "nodeOf", args: [subject] },
  });
  return identityId;
}

/** Whether an authority is another one or has it above itself. */
async function isBelow(session: Session, authorityId: number, above: number): Promise<boolean> {
  for (let current = authorityId; current !== 0;) {
    if (current === above) return true;
    const { parent } = await session.client.readContract({
      ...contractOf(session, "CertificateRegistry"),
      ...{ functionName: "authorityOf", args: [current] },
    });
    current = parent;
  }
  return false;
}
