import { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";

/** Kinds of certificates as the chain records them; none for a serial number that it does not know. */
export async function recordedKinds(session: Session, serials: readonly bigint[]): Promise<Set<CertificateKind>> {
  const records = await Promise.all(serials.map((serial) => readCertificateRecord(session, serial)));
  return new Set(records.flatMap(({ kind }) => CERTIFICATE_KINDS[kind - 1] ?? []));
}

/**
 * Certificates that others took the place of and that are good still, as the overlap of their rotation is not over: who
 * revokes the newer ones means their holder.
 *
 * @param now Unix seconds of the chain.
 * @returns Serial numbers that `serials` do not have.
 */
export async function replacedInOverlap(session: Session, serials: readonly bigint[], now: bigint): Promise<bigint[]> {
  const found = new Set<bigint>();
  for (let newer = [...serials]; newer.length > 0;) {
    const replaced = await replacedBy(session, newer);
    const unknown = replaced.filter((serial) => !serials.includes(serial) && !found.has(serial));
    const records = await Promise.all(unknown.map((serial) => readCertificateRecord(session, serial)));
    newer = unknown.filter((_, i) => BigInt(records[i]!.revokedAt) > now);
    for (const serial of newer) found.add(serial);
  }
  return [...found];
}

async function replacedBy(session: Session, serials: readonly bigint[]): Promise<bigint[]> {
  const rotations = await findEvents<{ replaced: bigint }>(session, {
    ...{ contract: "CertificateRegistry", eventName: "CertificateRotated", args: { serial: serials } },
  });
  return rotations.map(({ replaced }) => replaced);
}

/** What the chain records of a certificate; all zero for a serial number that it does not know. */
export function readCertificateRecord(session: Session, serial: bigint) {
  return session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "certificateOf", args: [serial] },
  });
}
