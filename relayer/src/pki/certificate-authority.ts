import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type MemberDid, parseDid, parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { Address, Hex } from "viem";

import { importMlDsa65PublicKey, ML_DSA_65, mlDsa65PublicKeyRaw } from "../keystore/ml-dsa-65.ts";
import { mlDsa65PublicKeyInfo, readCertificateRequest } from "./certificate-request.ts";
import { certificateHash, normalizeSerial } from "./peer-identity.ts";
import { type DistributionPoints, distributionPointOf } from "./distribution-point.ts";
import {
  buildRevocationList,
  type EncodedRevocationList,
  type RevocationEntry,
  type RevocationListContent,
} from "./revocation-list.ts";
import { type DerSigner, signDer, splitSignedDer, toPem } from "./signed-der.ts";
import { formatSpiffe, type SpiffeName } from "./spiffe.ts";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "./x509-library.ts";

/** Life of leaf certificates in days unless asked otherwise. */
const DEFAULT_LEAF_DAYS = 47;

/** How long before its issue a certificate is valid, so that slow clocks accept it. */
const BACKDATE_SECONDS = 300;

const DAY_MS = 86_400_000;
const SERIAL_BYTES = 20;

/** The key to certify: a PKCS #10 request (verified here), or a raw ML-DSA-65 public key the caller has proof for. */
export type CertifiedKey = { request: string | Uint8Array } | { publicKey: Uint8Array };

/** When a certificate begins and how long it lives. */
export interface ValidityOptions {
  /** Default: the host's clock. */
  now?: Date;
  /** Default: 47 for leaves, 3,650 for authorities. */
  days?: number;
}

/** Names of a node's certificate. */
export interface NodeCertificate extends ValidityOptions {
  key: CertifiedKey;
  did: string;
  /** When given, a request for this very key is refused: attestation keys are never TLS keys. */
  attestationKey?: Uint8Array;
}

/** Names of a relayer's certificate. */
export interface RelayerCertificate extends ValidityOptions {
  key: CertifiedKey;
  address: Address;
  /** Host names and IP addresses besides `localhost` and `127.0.0.1`. */
  hosts?: readonly string[];
}

/** Names of an operator's or a voter's certificate. */
export interface HolderCertificate extends ValidityOptions {
  key: CertifiedKey;
  /** `did:pqmesh:<chainId>:<registry>:operator:<identityId>` or `…:voter:<nullifier>`. */
  did: string;
}

/** Names of an authority's certificate. */
export interface AuthorityCertificate extends ValidityOptions {
  commonName: string;
  /** How many authorities may follow below this one; default 0. */
  pathLength?: number;
}

/** A certificate just issued. */
export interface IssuedCertificate {
  pem: string;
  certificate: X509Certificate;
  serialNumber: string;
  /** SHA-256 of the DER certificate. */
  hash: Hex;
}

/** An ML-DSA-65 certificate authority (RFC 9881) of one trust domain. */
export class CertificateAuthority {
  readonly certificate: X509Certificate;
  readonly trustDomain: string;
  readonly #signer: DerSigner;
  readonly #points: DistributionPoints | undefined;

  /**
   * @param options.certificate PEM of the authority.
   * @param options.signer Holder of the authority's key.
   * @param options.points Where its revocation lists are served; certificates then name the list they may stand on.
   * @throws Error when the certificate is no authority's or belongs to another key.
   */
  constructor(options: { certificate: string; signer: DerSigner; trustDomain: string; points?: DistributionPoints }) {
    this.#points = options.points;
    this.certificate = new X509Certificate(options.certificate);
    this.trustDomain = options.trustDomain;
    this.#signer = options.signer;
    if (!this.certificate.ca) throw new Error("authority certificate is not marked as an authority's");
    if (!Buffer.from(mlDsa65PublicKeyRaw(this.certificate.publicKey)).equals(options.signer.publicKey)) {
      throw new Error("authority certificate belongs to another key than the signer's");
    }
  }

  /** Makes a self-signed root authority; its path length allows `pathLength` sub-authorities below it (default 0). */
  static async createRoot(
    options: AuthorityCertificate & { signer: DerSigner; trustDomain: string },
  ): Promise<CertificateAuthority> {
    const root = await issue({
      subject: options.commonName,
      publicKey: options.signer.publicKey,
      extensions: authorityExtensions(options.pathLength ?? 0),
      validity: validity(options, 3_650),
      signer: options.signer,
    });
    return new CertificateAuthority({
      certificate: root.pem,
      signer: options.signer,
      trustDomain: options.trustDomain,
    });
  }

  get pem(): string {
    return toPem("CERTIFICATE", this.certificate.raw);
  }

  /** Certifies a sub-authority. @throws Error when it would outlive this authority. */
  async issueAuthority(options: AuthorityCertificate & { key: CertifiedKey }): Promise<IssuedCertificate> {
    return this.#issue({
      subject: options.commonName,
      publicKey: soundKey(options.key),
      extensions: authorityExtensions(options.pathLength ?? 0),
      validity: validity(options, 3_650),
    });
  }

  /** Certifies the TLS key of a node. @throws Error when the DID, the key or the validity is unacceptable. */
  async issueNode(options: NodeCertificate): Promise<IssuedCertificate> {
    const { nodeIndex } = parseDid(options.did);
    const publicKey = soundKey(options.key);
    if (options.attestationKey && Buffer.from(options.attestationKey).equals(publicKey)) {
      throw new Error(`node ${nodeIndex} asks for a certificate on its attestation key: TLS needs a key of its own`);
    }
    const spiffe = formatSpiffe({ kind: "node", trustDomain: this.trustDomain, nodeIndex });
    return this.#issue({
      subject: `node ${nodeIndex}`,
      publicKey,
      extensions: leafExtensions([url(spiffe), url(options.did)]),
      validity: validity(options, DEFAULT_LEAF_DAYS),
    });
  }

  /** Certifies the TLS key of a relayer. @throws Error when a host, the key or the validity is unacceptable. */
  async issueRelayer(options: RelayerCertificate): Promise<IssuedCertificate> {
    const spiffe = formatSpiffe({ kind: "relayer", trustDomain: this.trustDomain, address: options.address });
    const hosts = new Set(["localhost", "127.0.0.1", ...(options.hosts ?? [])]);
    return this.#issue({
      subject: `relayer ${options.address.toLowerCase()}`,
      publicKey: soundKey(options.key),
      extensions: leafExtensions([url(spiffe), ...[...hosts].map(hostName)]),
      validity: validity(options, DEFAULT_LEAF_DAYS),
    });
  }

  /**
   * Certifies a key of an operator or a voter, for clients of TLS only: such a certificate is no peer of the mesh.
   *
   * @throws Error when the DID, the key or the validity is unacceptable.
   */
  async issueHolder(options: HolderCertificate): Promise<IssuedCertificate> {
    const member = parseMemberDid(options.did);
    const spiffe = formatSpiffe(holderName(member, this.trustDomain));
    return this.#issue({
      // A common name has at most 64 characters (RFC 5280 appendix A); the number of a voter stands in both URIs.
      subject: member.kind === "voter" ? "voter" : `${member.kind} ${member.subject}`,
      publicKey: soundKey(options.key),
      extensions: leafExtensions([url(spiffe), url(options.did)], [ExtendedKeyUsage.clientAuth]),
      validity: validity(options, DEFAULT_LEAF_DAYS),
    });
  }

  /** Signs a revocation list of this authority. @throws Error as {@link buildRevocationList}. */
  async signRevocationList(content: Omit<RevocationListContent, "issuer">): Promise<EncodedRevocationList> {
    return buildRevocationList({ ...content, issuer: this.certificate }, this.#signer);
  }

  /**
   * Builds this authority's revocation list.
   *
   * @param options.number Must be greater than that of every earlier list.
   * @param options.validDays Default 7; TLS refuses everybody once the newest list is older than that.
   */
  async revocationList(options: {
    entries: readonly RevocationEntry[];
    number: bigint;
    now?: Date;
    validDays?: number;
  }): Promise<EncodedRevocationList> {
    const now = options.now ?? new Date();
    return this.signRevocationList({
      number: options.number,
      entries: options.entries,
      thisUpdate: new Date(now.getTime() - BACKDATE_SECONDS * 1_000),
      nextUpdate: new Date(now.getTime() + (options.validDays ?? 7) * DAY_MS),
    });
  }

  async #issue(content: Omit<CertificateContent, "signer" | "issuer" | "points">): Promise<IssuedCertificate> {
    const end = this.certificate.validToDate;
    if (content.validity.notAfter > end) {
      throw new Error(`certificate of ${content.subject} would outlive its authority, which ends ${end.toISOString()}`);
    }
    const points = this.#points && { points: this.#points };
    return issue({ ...content, ...points, signer: this.#signer, issuer: this.certificate });
  }
}

interface CertificateContent {
  subject: string;
  publicKey: Uint8Array;
  extensions: Extension[];
  validity: { notBefore: Date; notAfter: Date };
  signer: DerSigner;
  /** Absent for a self-signed certificate. */
  issuer?: X509Certificate;
  points?: DistributionPoints;
}

/** Lets the library lay out the certificate, then replaces its placeholder by a signature over the same content. */
async function issue(content: CertificateContent): Promise<IssuedCertificate> {
  const serialNumber = randomSerial();
  const draft = await X509CertificateGenerator.create({
    serialNumber,
    subject: [{ CN: [content.subject] }],
    issuer: content.issuer ? commonName(content.issuer) : [{ CN: [content.subject] }],
    ...content.validity,
    publicKey: mlDsa65PublicKeyInfo(content.publicKey),
    signingAlgorithm: { name: "ML-DSA-65" },
    signature: new Uint8Array(ML_DSA_65.signatureBytes),
    extensions: [
      ...content.extensions,
      new SubjectKeyIdentifierExtension(keyIdentifier(content.publicKey)),
      new AuthorityKeyIdentifierExtension(keyIdentifier(content.signer.publicKey)),
      ...distributionPoints(serialNumber, content.points),
    ],
  });
  const { toBeSigned } = splitSignedDer(new Uint8Array(draft.rawData));
  const certificate = new X509Certificate(await signDer(toBeSigned, content.signer));
  return {
    pem: toPem("CERTIFICATE", certificate.raw),
    certificate,
    serialNumber: normalizeSerial(certificate.serialNumber),
    hash: certificateHash(certificate),
  };
}

function authorityExtensions(pathLength: number): Extension[] {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

function distributionPoints(serialNumber: string, points: DistributionPoints | undefined): Extension[] {
  if (!points) return [];
  return [new CRLDistributionPointsExtension([distributionPointOf(points, BigInt(`0x${serialNumber}`))])];
}

function leafExtensions(
  names: JsonGeneralName[],
  usages: ExtendedKeyUsage[] = [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth],
): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(usages),
    new SubjectAlternativeNameExtension(names),
  ];
}

function holderName({ kind, subject }: MemberDid, trustDomain: string): SpiffeName {
  if (kind === "operator") return { kind, trustDomain, identityId: Number(subject) };
  if (kind === "voter") return { kind, trustDomain, nullifier: subject };
  throw new Error(`a ${kind} is certified for the mesh, not as a holder`);
}

function soundKey(key: CertifiedKey): Uint8Array {
  if ("request" in key) return readCertificateRequest(key.request);
  return mlDsa65PublicKeyRaw(importMlDsa65PublicKey(key.publicKey));
}

function validity(options: ValidityOptions, defaultDays: number): CertificateContent["validity"] {
  const days = options.days ?? defaultDays;
  if (!(days > 0 && days <= 7_300))
    throw new RangeError(`certificate life of ${days} days must be over 0 and at most 7300`);
  const now = Math.floor((options.now ?? new Date()).getTime() / 1_000) * 1_000;
  return { notBefore: new Date(now - BACKDATE_SECONDS * 1_000), notAfter: new Date(now + days * DAY_MS) };
}

function commonName(certificate: X509Certificate): { CN: string[] }[] {
  const name = /^CN=(.+)$/.exec(certificate.subject)?.[1];
  if (!name) throw new Error(`authority's subject "${certificate.subject}" is not a single common name`);
  return [{ CN: [name] }];
}

function hostName(host: string): JsonGeneralName {
  if (isIP(host)) return { type: "ip", value: host };
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) return { type: "dns", value: host };
  throw new RangeError(`host "${host}" is neither an IP address nor a host name in lower case`);
}

function url(value: string): JsonGeneralName {
  return { type: "url", value };
}

/** RFC 7093 section 2, method 1: the first 160 bits of SHA-256 over the public key. */
function keyIdentifier(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 40);
}

/** 20 bytes, positive and never shortened by DER: the top bits are 01. */
function randomSerial(): string {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial.toString("hex");
}
