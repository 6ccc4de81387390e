import type { X509Certificate } from "node:crypto";

import { ML_DSA_65_OID } from "./signed-der.ts";

/** Most certificates between a leaf and the end of its chain, both included. */
const MAX_CHAIN_LENGTH = 5;

/**
 * Walks from a leaf to a self-signed root using only the given authorities and checks every link:
 * ML-DSA-65 key, ML-DSA-65 signature by the next certificate, validity at `now`. A TLS stack checks more (purposes,
 * path lengths, critical extensions), but accepts links that are signed with weaker algorithms.
 *
 * @param leaf Certificate of the peer.
 * @param authorities Every accepted root and sub-authority; certificates sent by the peer are not used.
 * @returns The chain, leaf first.
 * @throws Error naming the first link that fails.
 */
export function verifyCertificateChain(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  now: Date = new Date(),
): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let current = leaf; chain.length < MAX_CHAIN_LENGTH;) {
    requireMlDsa65(current);
    requireValid(current, now);
    chain.push(current);
    const issuer = authorities.find((candidate) => isIssuer(candidate, current));
    if (!issuer) throw new Error(`no accepted authority issued certificate ${describe(current)}`);
    if (issuer.fingerprint256 === current.fingerprint256) return chain;
    current = issuer;
  }
  throw new Error(`certificate chain of ${describe(leaf)} is longer than ${MAX_CHAIN_LENGTH} certificates`);
}

function isIssuer(candidate: X509Certificate, certificate: X509Certificate): boolean {
  return candidate.ca && certificate.checkIssued(candidate) && certificate.verify(candidate.publicKey);
}

function requireMlDsa65(certificate: X509Certificate): void {
  const keyType = certificate.publicKey.asymmetricKeyType;
  if (keyType !== "ml-dsa-65")
    throw new Error(`certificate ${describe(certificate)} has a ${keyType} key, not ml-dsa-65`);
  if (certificate.signatureAlgorithmOid === ML_DSA_65_OID) return;
  throw new Error(
    `certificate ${describe(certificate)} is signed with ${certificate.signatureAlgorithm}, not ML-DSA-65`,
  );
}

function requireValid(certificate: X509Certificate, now: Date): void {
  if (now < certificate.validFromDate) {
    throw new Error(
      `certificate ${describe(certificate)} is valid only from ${certificate.validFromDate.toISOString()}`,
    );
  }
  if (now <= certificate.validToDate) return;
  throw new Error(`certificate ${describe(certificate)} expired at ${certificate.validToDate.toISOString()}`);
}

function describe(certificate: X509Certificate): string {
  return `"${certificate.subject.replaceAll("\n", ", ")}"`;
}
