import type { X509Certificate } from "node:crypto";
import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { CertificateRecords } from "../pki/certificate-records.ts";
import { type CertificateStatus, certificateStatus } from "../pki/certificate-status.ts";

const RENEW = "get the next one (pqmesh cert renew)";
/** What a status says of a certificate, and what its holder does about it. */
const TROUBLES: Readonly<Record<Exclude<CertificateStatus, "good">, readonly [state: string, remedy: string]>> = {
  unknown: ["is not recorded on chain", "its authority records it (pqmesh cert issue)"],
  "not-yet-valid": ["is not valid yet", "wait"],
  expired: ["is expired", RENEW],
  held: ["is on hold", "ask its authority to release it"],
  revoked: ["is revoked", RENEW],
  tainted: ["was issued by a tainted authority", RENEW],
  "authority-not-good": [
    "has an authority above it that is revoked, on hold or expired",
    "another authority certifies anew",
  ],
};

/** What {@link ownCertificate} looks at. */
export interface OwnCertificateSources {
  /** The TLS material in use. */
  credentials: { readonly certificate: X509Certificate };
  chain: { readonly certificates: CertificateRecords; nowMs(): number };
}

/** The part of a service's health that says when no peer accepts its own certificate, by the own view of the chain. */
export function ownCertificate({ credentials, chain }: OwnCertificateSources): {
  health(): { ok: boolean; reasons: string[] };
} {
  return {
    health() {
      const serial = BigInt(`0x${credentials.certificate.serialNumber}`);
      const records = chain.certificates;
      const status = certificateStatus(records, serial, BigInt(Math.floor(chain.nowMs() / 1_000)));
      if (status === "good") return { ok: true, reasons: [] };
      const [state, remedy] = TROUBLES[status];
      const why = status === "revoked" ? ` (${reasonWords(records.certificate(serial)?.reason ?? 0)})` : "";
      return { ok: false, reasons: [`${serial.toString(16)} ${state}${why}, and no peer accepts it: ${remedy}`] };
    },
  };
}
