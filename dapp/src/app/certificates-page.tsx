import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { CertificateSearchForm } from "../components/certificate-search-form.tsx";
import { CertificateTable } from "../components/certificate-table.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { AuthorityRow } from "../components/issuer-chain.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TrustTabs } from "../components/trust-tabs.tsx";
import { X509Verdict } from "../components/x509-verdict.tsx";
import { useAuthorities, useCertificatesOf, useNewestCertificates } from "../hooks/use-certificate-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { CertificateSubject } from "../lib/certificate-list.ts";
import type { CertificateSearch } from "../lib/certificate-search.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";

/** Where anybody looks a certificate up. */
export function CertificatesPage(): ReactNode {
  usePageTitle("Certificates");
  const navigate = useNavigate();
  const [search, setSearch] = useState<CertificateSearch>();
  const look = (wanted: CertificateSearch): void => {
    if (wanted.by === "serial") void navigate(`/certificates/${serialHex(wanted.serial)}`);
    else setSearch(wanted);
  };
  return (
    <div className="grid gap-4">
      <TrustTabs title="Certificates">
        Who is who in this network, by the record on chain. Whoever is revoked there is refused everywhere.
      </TrustTabs>
      <Panel title="Look a certificate up">
        <CertificateSearchForm onSearch={look} />
      </Panel>
      {search?.by === "x509" && <X509Verdict record={search.record} />}
      {search?.by === "subject" && <OfSubject kind={search.kind} subject={search.subject} />}
      <Newest />
      <Authorities />
    </div>
  );
}

function OfSubject({ kind, subject }: CertificateSubject): ReactNode {
  const query = useCertificatesOf({ kind, subject });
  return (
    <Panel title={`Certificates of ${subjectWords(kind, subject)}`} flush>
      <QueryView query={query}>
        {(certificates) =>
          certificates.length === 0 ? (
            <EmptyState title="It never had a certificate">Do not trust whoever claims to be it.</EmptyState>
          ) : (
            <CertificateTable {...{ certificates }} />
          )
        }
      </QueryView>
    </Panel>
  );
}

function Newest(): ReactNode {
  const query = useNewestCertificates();
  return (
    <Panel title="Newest certificates" flush>
      <QueryView query={query} height="12rem">
        {(certificates) =>
          certificates.length === 0 ? (
            <EmptyState title="No certificate was issued yet" />
          ) : (
            <CertificateTable {...{ certificates }} />
          )
        }
      </QueryView>
    </Panel>
  );
}

function Authorities(): ReactNode {
  const query = useAuthorities();
  return (
    <Panel title="Authorities" hint="The DAO admits roots; an authority admits others below it, within its own limits">
      <QueryView query={query}>
        {(authorities) =>
          authorities.length === 0 ? (
            <EmptyState title="No authority was admitted yet">A proposal admits one.</EmptyState>
          ) : (
            <ol className="grid gap-3">
              {authorities.map((authority) => (
                <AuthorityRow key={authority.authorityId} {...{ authority }} />
              ))}
            </ol>
          )
        }
      </QueryView>
    </Panel>
  );
}
