import type { ReactNode } from "react";
import { type CertificateStatus, STATUS_WORDS } from "../lib/certificate-words.ts";

const LOOKS: Readonly<Record<CertificateStatus, readonly [mark: string, className: string]>> = {
  Unknown: ["?", "text-bad"],
  Good: ["✓", "text-ok"],
  NotYetValid: ["◔", "text-warn"],
  Expired: ["✕", "text-off"],
  Held: ["◔", "text-warn"],
  Revoked: ["✕", "text-bad"],
  Tainted: ["✕", "text-bad"],
  AuthorityNotGood: ["✕", "text-bad"],
};

/** Status of a certificate: a mark and a few words. */
export function CertificateBadge({ status }: { status: CertificateStatus }): ReactNode {
  const [mark, className] = LOOKS[status];
  return (
    <span
      data-status={status}
      className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${className}`}
    >
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {mark}
      </span>
      {STATUS_WORDS[status]}
    </span>
  );
}
