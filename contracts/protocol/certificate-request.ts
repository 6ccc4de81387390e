import { type Address, type Hex, hashTypedData } from "viem";
import { type CertificateKind, certificateKindNumber } from "./certificate-kind.ts";

/** The CertificateRegistry for whose authorities a request is. */
export interface CertificateDomain {
  chainId: number;
  /** Address of the CertificateRegistry. */
  registry: Address;
}

/** What whoever a certificate is for asks its authority, beside the request for the key itself (PKCS #10). */
export interface CertificateRequest {
  /** The authority that is asked; no other one takes the request. */
  authorityId: number;
  kind: CertificateKind;
  /** identityId, nodeIndex, nullifier, or address as a number. */
  subject: bigint;
  /** SHA-256 of the DER of the PKCS #10 request. */
  requestHash: Hex;
  /** Unix seconds after which no authority takes the request. */
  deadline: bigint;
}

/** EIP-712 types of {@link CertificateRequest}. */
export const certificateRequestTypes = {
  CertificateRequest: [
    { name: "authorityId", type: "uint32" },
    { name: "kind", type: "uint8" },
    { name: "subject", type: "uint256" },
    { name: "requestHash", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
} as const;

/** What a wallet signs to ask for a certificate; {@link hashCertificateRequest} is its digest. */
export function certificateRequestTypedData(domain: CertificateDomain, request: CertificateRequest) {
  return {
    domain: {
      name: "PQMesh CertificateRegistry",
      version: "1",
      chainId: domain.chainId,
      verifyingContract: domain.registry,
    },
    types: certificateRequestTypes,
    primaryType: "CertificateRequest",
    message: { ...request, kind: certificateKindNumber(request.kind) },
  } as const;
}

/** EIP-712 digest of a request: what a node's attestation key signs (pure ML-DSA-65, empty context). */
export function hashCertificateRequest(domain: CertificateDomain, request: CertificateRequest): Hex {
  return hashTypedData(certificateRequestTypedData(domain, request));
}
