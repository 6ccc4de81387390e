import type { Hex } from "viem";
import { keccak256, toBytes } from "viem/utils";
import type { PeerRecords } from "../transport/mesh-credentials.ts";
import type { AuthorityRecord, CertificateRecord, CertificateRecords } from "./certificate-records.ts";
import type { CertificateStatus } from "./certificate-status.ts";
import type { PeerIdentity } from "./peer-identity.ts";

/** What {@link recordedPeers} asks. */
export type PeerCertificates = Pick<CertificateRecords, "authorities" | "authority" | "certificate"> & {
  /** Status at chain time. */
  statusNow(serial: bigint): CertificateStatus;
};

type Refusal = ReturnType<PeerRecords["refusal"]>;

/** What TLS peers are told by each status that is not good. */
const REASONS: Record<Exclude<CertificateStatus, "good">, NonNullable<Refusal>["reason"]> = {
  unknown: "untrusted",
  "not-yet-valid": "untrusted",
  expired: "expired",
  held: "revoked",
  revoked: "revoked",
  tainted: "revoked",
  "authority-not-good": "revoked",
};

/**
 * Accepts exactly the peers whose certificate the chain records as they show it, by the authority that signed it, and whose
 * status is good. Until the chain
 * has an authority of the trust domain, the certificate alone decides: a fresh network has none.
 *
 * @param trustDomain SPIFFE trust domain of the network.
 */
export function recordedPeers(certificates: PeerCertificates, trustDomain: string): PeerRecords {
  const domain = keccak256(toBytes(trustDomain));
  return {
    refusal(identity, issuers) {
      if (!certificates.authorities().some((authority) => authority.trustDomain === domain)) return undefined;
      const serial = BigInt(`0x${identity.serialNumber}`);
      const record = certificates.certificate(serial);
      const flaw = record
        ? (recordFlaw(record, identity) ?? issuerFlaw(record, certificates.authority(record.authorityId), issuers))
        : "is not recorded on chain";
      if (flaw) return { reason: "untrusted", sentence: `certificate ${identity.serialNumber} ${flaw}` };
      const status = certificates.statusNow(serial);
      if (status === "good") return undefined;
      const words = status.replaceAll("-", " ");
      return {
        reason: REASONS[status],
        sentence: `certificate ${identity.serialNumber} is recorded on chain as ${words}`,
      };
    },
  };
}

/** In what a certificate differs from its record. */
function recordFlaw(record: CertificateRecord, identity: PeerIdentity): string | undefined {
  if (record.x509Hash !== identity.fingerprint) return "is not the one that the chain records under its number";
  const subject = identity.kind === "node" ? BigInt(identity.nodeIndex) : BigInt(identity.address);
  if (record.kind === identity.kind && record.subject === subject) return undefined;
  return `names ${identity.kind} ${subject}, the chain records it for ${record.kind} ${record.subject}`;
}

/** Another authority could record a certificate first: the one that signed it could not revoke it. */
function issuerFlaw(
  { authorityId }: CertificateRecord,
  recorder: AuthorityRecord | undefined,
  issuers: readonly Hex[],
): string | undefined {
  if (recorder && issuers.includes(recorder.x509Hash)) return undefined;
  return `is recorded by authority ${authorityId}, which did not sign it`;
}
