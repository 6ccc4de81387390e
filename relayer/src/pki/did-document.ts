import { type MemberDid, formatMemberDid } from "@pqmesh/contracts/protocol/did";
import { type Address, type Hex, hexToBytes } from "viem";

import type { CertificateRecord, CertificateRecords } from "./certificate-records.ts";
import { certificateStatus } from "./certificate-status.ts";
import { normalizeSerial } from "./peer-identity.ts";
import { isoTime } from "./status-list.ts";

/** What the chain says of a node's keys. */
export interface NodeFacts {
  identityId: number;
  /** Key history, oldest first. */
  keys: readonly { fromEpoch: bigint; publicKey: Uint8Array }[];
  isActive: boolean;
}

/** What the chain says of an operator's keys. */
export interface OperatorFacts {
  owner: Address;
  operatorWallet: Address;
  /** SLH-DSA-SHA2-128s public key, 32 bytes. */
  rootKey: Hex;
}

/** Everything a DID document is made from. */
export interface DidFacts {
  records: CertificateRecords;
  /** Given for nodes that are registered. */
  node?: NodeFacts | undefined;
  /** Given for operators that are registered. */
  operator?: OperatorFacts | undefined;
  /** Start of an epoch in Unix seconds. */
  epochStart(epoch: bigint): bigint;
}

/** A DID resolution result (W3C DID Resolution, section 4). */
export interface DidResolution {
  "@context": string;
  didDocument: object | null;
  didResolutionMetadata: { contentType: string } | { error: { type: string; detail: string } };
  didDocumentMetadata: object;
}

/** Media type of a resolution result over HTTP. */
export const DID_RESOLUTION_TYPE = "application/did-resolution";

/** Most certificates in a document's metadata. */
const MOST_CERTIFICATES = 50;

const DID_CONTEXT = "https://www.w3.org/ns/did/v1.1";
const WALLET_METHOD = "EcdsaSecp256k1RecoveryMethod2020";
/** Defines {@link WALLET_METHOD}, which the context of DIDs does not. */
const WALLET_CONTEXT = "https://w3id.org/security/suites/secp256k1recovery-2020/v2";
const RESOLUTION_CONTEXT = "https://w3id.org/did-resolution/v1";

/**
 * Resolves a member's DID to its document at the newest block: the keys that the chain records, past ones with the moment
 * their force ended; only those in force make assertions. TLS keys are known to the chain by the hashes of their certificates only, so the metadata lists the
 * newest {@link MOST_CERTIFICATES} certificates with their status, oldest first, and the number of those before them.
 *
 * @returns `undefined` when the chain knows neither keys nor certificates of the member.
 */
export function resolveDid(member: MemberDid, facts: DidFacts): DidResolution | undefined {
  const certificates = facts.records.certificatesOf(member.kind, member.subject);
  if (certificates.length === 0 && !facts.node && !facts.operator) return undefined;
  const { number, hash, timestamp } = facts.records.head();
  return {
    "@context": RESOLUTION_CONTEXT,
    didDocument: didDocument(member, facts),
    didResolutionMetadata: { contentType: "application/did" },
    didDocumentMetadata: {
      versionId: number.toString(),
      blockHash: hash,
      retrieved: isoTime(timestamp),
      ...(facts.node && { active: facts.node.isActive }),
      certificates: certificates.slice(-MOST_CERTIFICATES).map((record) => shownCertificate(facts.records, record)),
      olderCertificates: Math.max(certificates.length - MOST_CERTIFICATES, 0),
    },
  };
}

/** Answer for a DID that is malformed (`INVALID_DID`) or unknown (`NOT_FOUND`). */
export function failedResolution(type: "INVALID_DID" | "NOT_FOUND", detail: string): DidResolution {
  return {
    "@context": RESOLUTION_CONTEXT,
    didDocument: null,
    didResolutionMetadata: { error: { type: `https://www.w3.org/ns/did#${type}`, detail } },
    didDocumentMetadata: {},
  };
}

/** A certificate and what is true of it at the newest block. */
export function shownCertificate(records: CertificateRecords, record: CertificateRecord) {
  const { timestamp } = records.head();
  const status = certificateStatus(records, record.serial, timestamp);
  return {
    serial: normalizeSerial(record.serial.toString(16)),
    kind: record.kind,
    subject: record.subject.toString(),
    authorityId: record.authorityId,
    status,
    issuedAt: isoTime(record.issuedAt),
    notBefore: isoTime(record.notBefore),
    notAfter: isoTime(record.notAfter),
    heldAt: optionalTime(record.heldAt),
    revokedAt: optionalTime(record.revokedAt),
    reason: record.revokedAt === undefined ? null : record.reason,
    replacedBy: record.replacedBy === undefined ? null : normalizeSerial(record.replacedBy.toString(16)),
    x509Hash: record.x509Hash,
  };
}

function didDocument(member: MemberDid, { node, operator, records, epochStart }: DidFacts): object {
  const id = formatMemberDid(member);
  const { chainId, registry } = member;
  const controller = node && formatMemberDid({ chainId, registry, kind: "operator", subject: BigInt(node.identityId) });
  const methods = [
    ...(node ? attestationKeys(id, node, epochStart, records.head().timestamp) : []),
    ...(operator ? operatorKeys(id, operator, chainId) : []),
    ...(member.kind === "relayer" ? [wallet(id, "account", member, addressOf(member.subject))] : []),
  ];
  const upcoming = node?.keys.filter(({ fromEpoch }) => epochStart(fromEpoch) > records.head().timestamp).length ?? 0;
  const inForce = methods
    .slice(0, methods.length - upcoming)
    .filter(({ expires }) => expires === undefined)
    .map((method) => method.id);
  return {
    "@context": [DID_CONTEXT, ...(methods.some(({ type }) => type === WALLET_METHOD) ? [WALLET_CONTEXT] : [])],
    id,
    ...(controller && { controller }),
    verificationMethod: methods,
    assertionMethod: inForce,
    authentication: operator || member.kind === "relayer" ? inForce : [],
  };
}

interface VerificationMethod {
  id: string;
  type: "JsonWebKey" | typeof WALLET_METHOD;
  controller: string;
  /** When its force ended, for keys that were replaced. */
  expires?: string;
  publicKeyJwk?: { kty: "AKP"; alg: string; pub: string };
  blockchainAccountId?: string;
}

function attestationKeys(
  id: string,
  { keys }: NodeFacts,
  epochStart: DidFacts["epochStart"],
  now: bigint,
): VerificationMethod[] {
  return keys.map(({ publicKey }, i) => {
    const next = keys[i + 1];
    const end = next && epochStart(next.fromEpoch);
    return {
      id: `${id}#attestation-${i + 1}`,
      type: "JsonWebKey",
      controller: id,
      ...(end !== undefined && end <= now && { expires: isoTime(end) }),
      publicKeyJwk: jwk("ML-DSA-65", publicKey),
    };
  });
}

function operatorKeys(id: string, operator: OperatorFacts, chainId: number): VerificationMethod[] {
  return [
    {
      id: `${id}#root`,
      type: "JsonWebKey",
      controller: id,
      publicKeyJwk: jwk("SLH-DSA-SHA2-128s", hexToBytes(operator.rootKey)),
    },
    wallet(id, "owner", { chainId }, operator.owner),
    ...(operator.operatorWallet === operator.owner ? [] : [wallet(id, "hot", { chainId }, operator.operatorWallet)]),
  ];
}

function wallet(id: string, name: string, { chainId }: { chainId: number }, address: Address): VerificationMethod {
  return {
    id: `${id}#${name}`,
    type: WALLET_METHOD,
    controller: id,
    blockchainAccountId: `eip155:${chainId}:${address}`,
  };
}

/** Key of an algorithm key pair, as JOSE writes post-quantum keys. */
function jwk(alg: string, publicKey: Uint8Array): NonNullable<VerificationMethod["publicKeyJwk"]> {
  return { kty: "AKP", alg, pub: Buffer.from(publicKey).toString("base64url") };
}

function addressOf(subject: bigint): Address {
  return `0x${subject.toString(16).padStart(40, "0")}`;
}

function optionalTime(seconds: bigint | undefined): string | null {
  return seconds === undefined ? null : isoTime(seconds);
}
