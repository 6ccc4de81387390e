import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { CertificateFacts } from "../components/certificate-facts.tsx";
import { CertificateHistory } from "../components/certificate-history.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { IssuerDesk } from "../components/issuer-desk.tsx";
import { IssuerChain } from "../components/issuer-chain.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useCertificate } from "../hooks/use-certificate-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { serialInPath } from "../lib/certificate-search.ts";
import { serialHex, shortSerial } from "../lib/certificate-words.ts";

/** The public status page of one certificate. */
export function CertificatePage(): ReactNode {
  const { serial: text = "" } = useParams();
  const serial = serialInPath(text);
  usePageTitle(`Certificate ${serial === undefined ? text.slice(0, 20) : shortSerial(serial)}`);
  return serial === undefined ? <NoSuchCertificate text={text} /> : <KnownSerial key={text} serial={serial} />;
}

function KnownSerial({ serial }: { serial: bigint }): ReactNode {
  const query = useCertificate(serial);
  return (
    <QueryView query={query} height="24rem">
      {(certificate) =>
        certificate === null ? (
          <NoSuchCertificate text={serialHex(serial)} />
        ) : (
          <div className="grid gap-4">
            <header>
              <Link to="/certificates" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
                <Icon name="back" size={15} /> All certificates
              </Link>
              <h1 className="mt-1 break-all">Certificate {shortSerial(serial)}</h1>
            </header>
            <IssuerDesk {...{ certificate }} />
            <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
              <CertificateFacts {...{ certificate }} />
              <IssuerChain authorityId={certificate.authorityId} />
            </div>
            <CertificateHistory {...{ serial }} />
          </div>
        )
      }
    </QueryView>
  );
}

function NoSuchCertificate({ text }: { text: string }): ReactNode {
  return (
    <EmptyState title="This certificate is unknown">
      <p className="mb-2 break-all">
        No authority of this network ever recorded {text.slice(0, 60)}. Unknown is never good: do not trust it.
      </p>
      <Link className="link" to="/certificates">
        Look another one up
      </Link>
    </EmptyState>
  );
}
