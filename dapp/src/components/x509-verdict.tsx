import type { ReactNode } from "react";
import { Link } from "react-router";
import { useAuthorities, useCertificate } from "../hooks/use-certificate-queries.ts";
import { serialHex, STATUS_SENTENCES, subjectWords } from "../lib/certificate-words.ts";
import type { X509Record } from "../lib/x509-record.ts";
import { CertificateBadge } from "./certificate-badge.tsx";
import { AuthorityRow } from "./issuer-chain.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Whether an X.509 certificate is the one that the chain records, and its status. */
export function X509Verdict({ record: { serial, x509Hash } }: { record: X509Record }): ReactNode {
  const query = useCertificate(serial);
  return (
    <Panel title="The certificate that you entered">
      <QueryView query={query}>
        {(recorded) => {
          if (recorded === null) return <AuthorityVerdict {...{ x509Hash }} />;
          if (recorded.x509Hash !== x509Hash) {
            return (
              <Notice tone="bad">
                It differs from its record: it carries the serial number of the certificate of{" "}
                {subjectWords(recorded.kind, recorded.subject)}, but has another SHA-256. It is forged; tell the
                authority.
              </Notice>
            );
          }
          return (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1" data-testid="x509-verdict">
              <CertificateBadge status={recorded.status} />
              <span>
                It is the recorded certificate of {subjectWords(recorded.kind, recorded.subject)}.{" "}
                {STATUS_SENTENCES[recorded.status]}
              </span>
              <Link className="link" to={`/certificates/${serialHex(serial)}`}>
                See its record
              </Link>
            </div>
          );
        }}
      </QueryView>
    </Panel>
  );
}

/** Authorities have no record of a certificate; theirs is known by its hash. */
function AuthorityVerdict({ x509Hash }: Pick<X509Record, "x509Hash">): ReactNode {
  return (
    <QueryView query={useAuthorities()}>
      {(authorities) => {
        const authority = authorities.find((one) => one.x509Hash === x509Hash);
        if (!authority) return <Notice tone="bad">{STATUS_SENTENCES.Unknown}</Notice>;
        return (
          <div className="grid gap-3" data-testid="x509-verdict">
            <p>It is the certificate of authority {authority.authorityId}, which issues those of others.</p>
            <ol>
              <AuthorityRow {...{ authority }} />
            </ol>
          </div>
        );
      }}
    </QueryView>
  );
}
