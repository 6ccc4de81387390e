/** Kinds of certificates, in the order of `ICertificateRegistry.Kind` without `None`. */
export const CERTIFICATE_KINDS = ["operator", "node", "voter", "relayer"] as const;

/** What a certificate certifies. */
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

/** Value of a kind in `ICertificateRegistry.Kind`. */
export function certificateKindNumber(kind: CertificateKind): number {
  return CERTIFICATE_KINDS.indexOf(kind) + 1;
}
