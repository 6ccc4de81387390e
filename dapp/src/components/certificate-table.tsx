import type { ReactNode } from "react";
import { Link } from "react-router";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { endWords } from "../lib/certificate-days.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, shortSerial, subjectWords } from "../lib/certificate-words.ts";
import { CertificateBadge } from "./certificate-badge.tsx";

/** Certificates as rows that lead to their pages. */
export function CertificateTable({
  certificates,
  actions,
}: {
  certificates: readonly CertificateView[];
  /** What can be done with a certificate, right of it. */
  actions?: (certificate: CertificateView) => ReactNode;
}): ReactNode {
  const { seconds = 0 } = useChainTime();
  return (
    <ul>
      {certificates.map((certificate) => {
        const { serial, kind, subject, status } = certificate;
        return (
          <li
            key={String(serial)}
            data-certificate={String(serial)}
            className="border-line flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-3 first:border-t-0 sm:px-5"
          >
            <Link
              className="link min-w-0 flex-1 basis-44 font-mono text-[0.92em]"
              to={`/certificates/${serialHex(serial)}`}
            >
              {shortSerial(serial)}
            </Link>
            <span className="min-w-0 flex-1 basis-36 truncate">{subjectWords(kind, subject)}</span>
            <span className="text-muted text-sm">{endWords(certificate, seconds)}</span>
            <CertificateBadge status={status} />
            {actions?.(certificate)}
          </li>
        );
      })}
    </ul>
  );
}
