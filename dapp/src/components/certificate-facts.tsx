import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import { formatMemberDid } from "@pqmesh/contracts/protocol/did";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useNetwork } from "../hooks/use-network.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, STATUS_SENTENCES, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { CertificateBadge } from "./certificate-badge.tsx";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** A certificate as the chain records it, and what its status means. */
export function CertificateFacts({ certificate }: { certificate: CertificateView }): ReactNode {
  const { config } = useNetwork();
  const { serial, kind, subject, notBefore, notAfter, issuedAt, x509Hash, status, revokedAt, reason } = certificate;
  const { chainId, contracts } = config;
  const did = formatMemberDid({ chainId, registry: contracts.NodeRegistry, kind, subject });
  return (
    <Panel
      title={`Certificate of ${subjectWords(kind, subject)}`}
      actions={
        <span role="status" data-testid="certificate-status">
          <CertificateBadge {...{ status }} />
        </span>
      }
      hint={STATUS_SENTENCES[status]}
    >
      <dl className="grid gap-4 sm:grid-cols-2">
        <Fact name="Serial number" wide>
          <Copyable value={serialHex(serial)} label="serial number" full verbatim />
        </Fact>
        <Fact name="DID" wide>
          <Copyable value={did} label="DID" full />
        </Fact>
        <Fact name="Valid from">{formatTime(notBefore)}</Fact>
        <Fact name="Valid until">{formatTime(notAfter)}</Fact>
        <Fact name="Recorded">{formatTime(issuedAt)}</Fact>
        {revokedAt !== undefined && (
          <Fact name="Revoked from">
            {formatTime(revokedAt)}
            <span className="text-muted block text-sm">{reasonWords(reason)}</span>
          </Fact>
        )}
        <Fact name="SHA-256 of the X.509 certificate" wide>
          <Copyable value={x509Hash} label="hash of the certificate" full />
        </Fact>
        {kind === "node" && (
          <Fact name="Node">
            <Link className="link" to={`/nodes/${subject}`}>
              Node {String(subject)}
            </Link>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}
