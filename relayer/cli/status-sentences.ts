import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";

/** What is true once certificates are released from a hold. */
export const RELEASE_SENTENCE = "They are good again, unless something else speaks against them (cert status).";

/** What is true once certificates of some kinds are revoked. */
export function revocationSentences(kinds: ReadonlySet<CertificateKind>): string[] {
  return [...refusals(kinds), ...lossesOf(kinds)];
}

function refusals(kinds: ReadonlySet<CertificateKind>): string[] {
  return isOfMesh(kinds)
    ? ["Peers refuse them within seconds and end their sessions; revocation lists carry them from the next number on."]
    : ["Revocation lists carry them from the next number on."];
}

function lossesOf(kinds: ReadonlySet<CertificateKind>): string[] {
  return [
    ...(kinds.has("node")
      ? ["A revoked node earns nothing from two epochs later on, and its leases are refunded."]
      : []),
    ...(isOfVotes(kinds)
      ? ["An account votes no more by a certificate that is revoked, where votes follow certificates."]
      : []),
  ];
}

/** What is true while certificates of some kinds are on hold. */
export function holdSentences(kinds: ReadonlySet<CertificateKind>): string[] {
  const until = "until they are released or revoked";
  return [
    ...(isOfMesh(kinds) ? [`Peers refuse them within seconds, ${until}; a node on hold earns nothing.`] : []),
    ...(isOfVotes(kinds) ? [`Accounts do not vote by them, ${until}.`] : []),
  ];
}

/** Whether peers of the mesh judge by one of them. */
export function isOfMesh(kinds: ReadonlySet<CertificateKind>): boolean {
  return kinds.has("node") || kinds.has("relayer");
}

/** Whether an account votes by one of them. */
export function isOfVotes(kinds: ReadonlySet<CertificateKind>): boolean {
  return kinds.has("operator") || kinds.has("voter");
}
