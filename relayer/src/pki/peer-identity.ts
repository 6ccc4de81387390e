import type { X509Certificate } from "node:crypto";
import { parseDid, parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { Address, Hex } from "viem";

import type { CertificateKind } from "./certificate-records.ts";
import { parseSpiffe, type SpiffeName } from "./spiffe.ts";

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

interface CertifiedIdentity {
  trustDomain: string;
  /** Lower-case hexadecimal without leading zero bytes. */
  serialNumber: string;
  notAfter: Date;
  /** SHA-256 of the DER certificate: the certificate hash that chain records carry. */
  fingerprint: Hex;
}

/** Identity of an agent's certificate. */
export interface NodeIdentity extends CertifiedIdentity {
  kind: "node";
  nodeIndex: number;
  /** `did:pqmesh:<chainId>:<registry>:<nodeIndex>`. */
  did: string;
}

/** Identity of a relayer's certificate. */
export interface RelayerIdentity extends CertifiedIdentity {
  kind: "relayer";
  address: Address;
}

/** Whom a certificate of this network names. */
export type PeerIdentity = NodeIdentity | RelayerIdentity;

/**
 * Reads the identity that a leaf certificate names. Only its alternative names count, never its subject text.
 * It does not verify the certificate: pass only one that a TLS stack or `verifyCertificateChain` accepted.
 *
 * @throws Error when the certificate is an authority's, serves another purpose, or names not exactly one member.
 */
export function peerIdentity(certificate: X509Certificate): PeerIdentity {
  if (certificate.ca) throw new Error("certificate belongs to an authority, not to a node or relayer");
  const usages = certificate.keyUsage ?? [];
  if (!usages.includes(SERVER_AUTH) || !usages.includes(CLIENT_AUTH)) {
    throw new Error("certificate is not made for both TLS client and TLS server");
  }
  const uris = uriNames(certificate);
  const name = spiffeName(uris);
  const certified = {
    trustDomain: name.trustDomain,
    serialNumber: normalizeSerial(certificate.serialNumber),
    notAfter: certificate.validToDate,
    fingerprint: certificateHash(certificate),
  };
  if (name.kind === "relayer") return { kind: "relayer", address: name.address, ...certified };
  if (name.kind !== "node")
    throw new Error(`certificate belongs to ${name.kind} ${subjectOf(name)}, no peer of the mesh`);
  return { kind: "node", nodeIndex: name.nodeIndex, did: onlyDid(uris, name.nodeIndex), ...certified };
}

/** Whom a certificate of any kind names, in the terms of the chain's record. */
export interface CertifiedSubject {
  kind: CertificateKind;
  /** identityId, nodeIndex, nullifier, or the address as a number. */
  subject: bigint;
  trustDomain: string;
  serial: bigint;
  /** SHA-256 of the DER certificate. */
  x509Hash: Hex;
}

/**
 * Reads whom a leaf certificate of any kind names, for comparison with its record. As {@link peerIdentity} it trusts what
 * it reads.
 *
 * @throws Error when the certificate is an authority's, has not exactly one SPIFFE name, or a DID that names another.
 */
export function certifiedSubject(certificate: X509Certificate): CertifiedSubject {
  if (certificate.ca) throw new Error("certificate belongs to an authority");
  const uris = uriNames(certificate);
  const name = spiffeName(uris);
  const certified = { kind: name.kind, subject: subjectOf(name), trustDomain: name.trustDomain };
  for (const did of uris.filter((uri) => uri.startsWith("did:"))) {
    const named = parseMemberDid(did);
    if (named.kind === certified.kind && named.subject === certified.subject) continue;
    throw new Error(`certificate names ${certified.kind} ${certified.subject}, but its DID is ${did}`);
  }
  return { ...certified, serial: BigInt(`0x${certificate.serialNumber}`), x509Hash: certificateHash(certificate) };
}

function spiffeName(uris: readonly string[]): SpiffeName {
  const names = uris.filter((uri) => uri.startsWith("spiffe:"));
  if (names.length !== 1) throw new Error(`certificate has ${names.length} SPIFFE names, not one`);
  return parseSpiffe(names[0] ?? "");
}

function subjectOf(name: SpiffeName): bigint {
  switch (name.kind) {
    case "node":
      return BigInt(name.nodeIndex);
    case "operator":
      return BigInt(name.identityId);
    case "voter":
      return name.nullifier;
    case "relayer":
      return BigInt(name.address);
  }
}

/** SHA-256 of a certificate's DER bytes. */
export function certificateHash(certificate: X509Certificate): Hex {
  return `0x${certificate.fingerprint256.replaceAll(":", "").toLowerCase()}`;
}

/** One spelling for serial numbers: lower-case hexadecimal, whole bytes, no leading zero bytes. */
export function normalizeSerial(hex: string): string {
  const digits = hex.toLowerCase().replace(/^0+(?=.)/, "");
  return digits.length % 2 ? `0${digits}` : digits;
}

/** One text per member, equal for all certificates of the same node or relayer. */
export function memberName(identity: PeerIdentity): string {
  return identity.kind === "node" ? `node ${identity.nodeIndex}` : `relayer ${identity.address}`;
}

function onlyDid(uris: readonly string[], nodeIndex: number): string {
  const dids = uris.filter((uri) => uri.startsWith("did:"));
  const did = dids[0];
  if (did === undefined || dids.length !== 1) throw new Error(`certificate has ${dids.length} DIDs, not one`);
  if (parseDid(did).nodeIndex !== nodeIndex)
    throw new Error(`certificate names node ${nodeIndex}, but its DID is ${did}`);
  return did;
}

/** Node quotes any name that could be mistaken for two, so a quote means a name no authority of this network issues. */
function uriNames(certificate: X509Certificate): string[] {
  const names = certificate.subjectAltName ?? "";
  if (names.includes('"')) throw new Error("certificate has an alternative name with forbidden characters");
  return names
    .split(", ")
    .filter((name) => name.startsWith("URI:"))
    .map((name) => name.slice("URI:".length));
}
