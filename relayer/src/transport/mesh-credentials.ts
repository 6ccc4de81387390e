import { createPrivateKey, KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { Hex } from "viem";

import { mlDsa65PublicKeyRaw } from "../keystore/ml-dsa-65.ts";
import { verifyCertificateChain } from "../pki/certificate-chain.ts";
import { certificateHash, memberName, normalizeSerial, type PeerIdentity, peerIdentity } from "../pki/peer-identity.ts";
import { type RevocationList, verifiedRevocationList } from "../pki/revocation-list.ts";
import { TLS_POLICY } from "./tls-policy.ts";

/** What one end of the mesh proves itself with, and whom it accepts. */
export interface MeshMaterial {
  /** Private ML-DSA-65 key of the certificate: PEM (PKCS #8) or a key object. Never an attestation key. */
  key: string | KeyObject;
  /** PEM of the own certificate. */
  cert: string;
  /** PEM of every accepted authority, roots and sub-authorities. */
  ca: readonly string[];
  /**
   * Newest complete revocation list of each authority in `ca`, PEM or DER. An empty list switches revocation off.
   * Once a list is older than its nextUpdate every certificate of that authority is refused.
   */
  crl: readonly (string | Uint8Array)[];
  /** Trust domain that peers' SPIFFE names must have. */
  trustDomain: string;
}

/** Why a certificate is not accepted any more. */
export type PeerRefusal = "revoked" | "untrusted" | "expired";

/** What is recorded about certificates elsewhere than in authorities and revocation lists: on the chain. */
export interface PeerRecords {
  /**
   * Why a certificate of a trusted chain is refused all the same; undefined when it is not.
   *
   * @param issuers SHA-256 of the certificate of the authority that issued it; several when it has several of one key.
   */
  refusal(identity: PeerIdentity, issuers: readonly Hex[]): { reason: PeerRefusal; sentence: string } | undefined;
}

/** Thrown when a peer's certificate is refused although the TLS stack accepted it. */
export class PeerRefusedError extends Error {
  override readonly name = "PeerRefusedError";
  readonly reason: PeerRefusal;

  constructor(reason: PeerRefusedError["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

interface CheckedMaterial {
  material: MeshMaterial;
  key: KeyObject;
  certificate: X509Certificate;
  identity: PeerIdentity;
  authorities: X509Certificate[];
  /** In the order of `authorities`; an authority of which no list came yet has none. */
  lists: (RevocationList | undefined)[];
}

/** Whom a certificate names, and the SHA-256 of the accepted certificates of the authority that issued it. */
interface Peer {
  identity: PeerIdentity;
  issuers: Hex[];
}

/** A certificate of a peer's chain. */
interface ListedLink {
  /** In the spelling of `normalizeSerial`. */
  serial: string;
  /** Name of the authority that issued it. */
  issuer: string;
  /** The authority's list, if it has one. */
  list: RevocationList | undefined;
}

/**
 * Checked TLS material that servers, sessions and HTTP agents share. `replace` swaps any part while they run: new
 * handshakes use it at once and sessions of peers that it refuses are ended.
 */
export class MeshCredentials {
  #checked: CheckedMaterial;
  #clientContext: SecureContext | undefined;
  #records: PeerRecords | undefined;
  /** Of certificates that were asked for. */
  readonly #peers = new WeakMap<X509Certificate, Peer>();
  readonly #listeners = new Set<() => void>();

  /** @throws Error naming the part that is malformed, does not fit the others, expired, or is weaker than the policy. */
  constructor(material: MeshMaterial) {
    this.#checked = checkMaterial(material);
    if (material.crl.length > 0) requireEveryList(this.#checked);
  }

  /** Whom the own certificate names. */
  get identity(): PeerIdentity {
    return this.#checked.identity;
  }

  /** The own certificate. */
  get certificate(): X509Certificate {
    return this.#checked.certificate;
  }

  /** Every accepted authority, roots and sub-authorities. */
  get authorities(): readonly X509Certificate[] {
    return this.#checked.authorities;
  }

  /** Names of the accepted authorities of which no revocation list is in use. */
  get unlisted(): string[] {
    const { authorities, lists } = this.#checked;
    return authorities.filter((_, i) => !lists[i]).map(({ subject }) => subject);
  }

  /**
   * Replaces some of the material, for a renewed certificate or a newer revocation list; all of it or nothing.
   *
   * @throws Error as the constructor, when the certificate names another member than the one in use, and when a revocation
   * list has a lower number than the one in use.
   */
  replace(changes: Partial<MeshMaterial>): void {
    const next = checkMaterial({ ...this.#checked.material, ...changes });
    refuseOtherMember(this.#checked, next);
    refuseRollback(this.#checked, next);
    if (next.material.crl.length > 0 && (changes.ca ?? changes.crl)) requireEveryList(next);
    this.#use(next);
  }

  /**
   * Puts the revocation list of one authority into use, unless it has one that is as new. While another authority has no
   * list, the TLS stack is given none, as it would refuse all members of that one; `verifyPeer` obeys every list.
   *
   * @returns The list, read after its signature was verified.
   * @throws Error when the list is malformed, one shard, or of no accepted authority.
   */
  adoptList(der: Uint8Array): RevocationList {
    const { material, authorities, lists } = this.#checked;
    const { list, issuers } = completeList(der, authorities);
    const isOlder = issuers.every((issuer) => (lists[authorities.indexOf(issuer)]?.number ?? -1n) >= list.number);
    if (isOlder) return list;
    const inUse = lists.flatMap((known) => known?.der ?? []);
    this.#use(checkMaterial({ ...material, crl: [...inUse, der] }));
    return list;
  }

  /** From now on peers must also be acceptable to these records, whose answers may change at any time. */
  consult(records: PeerRecords): void {
    this.#records = records;
  }

  /** Calls `listener` after every `replace`; returns how to stop that. */
  onReplace(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** TLS options of a context with this material and the network's policy. */
  contextOptions(): SecureContextOptions {
    const { key, certificate, authorities, lists } = this.#checked;
    return {
      ...TLS_POLICY,
      key: String(key.export({ format: "pem", type: "pkcs8" })),
      cert: certificate.toString(),
      ca: authorities.map((authority) => authority.toString()),
      ...(lists.every((list) => list !== undefined) && { crl: lists.map((list) => list.pem) }),
    };
  }

  /** A TLS context for connections out; made once for each state of the material. */
  clientContext(): SecureContext {
    return (this.#clientContext ??= createSecureContext(this.contextOptions()));
  }

  /**
   * Checks a certificate the TLS stack received: every link ML-DSA-65 up to an accepted root, none revoked, and a
   * member of this trust domain.
   *
   * @throws PeerRefusedError saying what is wrong.
   */
  verifyPeer(certificate: X509Certificate): PeerIdentity {
    const { material, authorities } = this.#checked;
    const identity = trusted(() => {
      verifyCertificateChain(certificate, authorities);
      return peerIdentity(certificate);
    });
    if (identity.trustDomain !== material.trustDomain) {
      throw new PeerRefusedError(
        "untrusted",
        `peer is of trust domain ${identity.trustDomain}, not ${material.trustDomain}`,
      );
    }
    if (this.#listRefusal(certificate) === "revoked") {
      throw new PeerRefusedError("revoked", `certificate ${identity.serialNumber} or an authority above it is revoked`);
    }
    this.#requireFreshLists(certificate);
    const { issuers } = this.#peerOf(certificate);
    const recorded = this.#records?.refusal(identity, issuers);
    if (recorded) throw new PeerRefusedError(recorded.reason, recorded.sentence);
    return identity;
  }

  /**
   * Tells why a certificate that `verifyPeer` once accepted is no longer acceptable, without verifying signatures again.
   */
  refusal(certificate: X509Certificate): PeerRefusal | undefined {
    return this.#listRefusal(certificate) ?? this.#recordRefusal(certificate);
  }

  #recordRefusal(certificate: X509Certificate): PeerRefusal | undefined {
    if (!this.#records) return undefined;
    const { identity, issuers } = this.#peers.get(certificate) ?? this.#peerOf(certificate);
    return this.#records.refusal(identity, issuers)?.reason;
  }

  #peerOf(certificate: X509Certificate): Peer {
    const peer = {
      identity: peerIdentity(certificate),
      issuers: issuersOf(certificate, this.#checked.authorities),
    };
    this.#peers.set(certificate, peer);
    return peer;
  }

  #listRefusal(certificate: X509Certificate): PeerRefusal | undefined {
    if (certificate.validToDate < new Date()) return "expired";
    const links = this.#links(certificate);
    if (!links) return "untrusted";
    return links.some(({ serial, list }) => list?.revoked.has(serial)) ? "revoked" : undefined;
  }

  /** What the TLS stack does too, once it is given the lists. */
  #requireFreshLists(certificate: X509Certificate): void {
    const now = new Date();
    for (const { issuer, list } of this.#links(certificate) ?? []) {
      if (!list || list.nextUpdate >= now) continue;
      const ended = list.nextUpdate.toISOString();
      throw new PeerRefusedError("untrusted", `the revocation list of authority "${issuer}" ended at ${ended}`);
    }
  }

  /** Every link up to the root with the list that may name it; undefined when no accepted authority issued one. */
  #links(certificate: X509Certificate): ListedLink[] | undefined {
    const { authorities, lists } = this.#checked;
    const links: ListedLink[] = [];
    for (let link = certificate; ;) {
      const position = authorities.findIndex((authority) => link.checkIssued(authority));
      const issuer = authorities[position];
      if (!issuer) return undefined;
      links.push({ serial: normalizeSerial(link.serialNumber), issuer: issuer.subject, list: lists[position] });
      if (issuer.fingerprint256 === link.fingerprint256) return links;
      link = issuer;
    }
  }

  #use(next: CheckedMaterial): void {
    this.#checked = next;
    this.#clientContext = undefined;
    for (const listener of this.#listeners) listener();
  }
}

function checkMaterial(material: MeshMaterial): CheckedMaterial {
  const key = material.key instanceof KeyObject ? material.key : createPrivateKey(material.key);
  const certificate = new X509Certificate(material.cert);
  if (key.asymmetricKeyType !== "ml-dsa-65") throw new Error(`TLS key is ${key.asymmetricKeyType}, not ml-dsa-65`);
  if (!Buffer.from(mlDsa65PublicKeyRaw(key)).equals(mlDsa65PublicKeyRaw(certificate.publicKey))) {
    throw new Error("TLS certificate belongs to another key");
  }
  const authorities = material.ca.map((pem) => new X509Certificate(pem));
  verifyCertificateChain(certificate, authorities);
  for (const authority of authorities) verifyCertificateChain(authority, authorities);
  const identity = peerIdentity(certificate);
  if (identity.trustDomain !== material.trustDomain) {
    throw new Error(`own certificate is of trust domain ${identity.trustDomain}, not ${material.trustDomain}`);
  }
  return { material, key, certificate, identity, authorities, lists: newestLists(authorities, material.crl) };
}

/** OpenSSL looks at one list only when an authority has several, so exactly the newest of each is kept. */
function newestLists(authorities: readonly X509Certificate[], inputs: MeshMaterial["crl"]): CheckedMaterial["lists"] {
  const opened = inputs.map((input) => completeList(input, authorities));
  return authorities.map((authority) => {
    const own = opened.filter(({ issuers }) => issuers.includes(authority)).map(({ list }) => list);
    return own.sort((a, b) => Number(b.number - a.number))[0];
  });
}

function completeList(
  input: string | Uint8Array,
  authorities: readonly X509Certificate[],
): ReturnType<typeof verifiedRevocationList> {
  const opened = verifiedRevocationList(input, authorities);
  const { number, distributionPoint } = opened.list;
  if (distributionPoint === undefined) return opened;
  throw new Error(`revocation list number ${number} is one shard, ${distributionPoint}, not the complete list`);
}

function refuseOtherMember(current: CheckedMaterial, next: CheckedMaterial): void {
  const [own, other] = [memberName(current.identity), memberName(next.identity)];
  if (own !== other) throw new Error(`new certificate is of ${other}, not of ${own}`);
}

function issuersOf(certificate: X509Certificate, authorities: readonly X509Certificate[]): Hex[] {
  return authorities.filter((authority) => certificate.checkIssued(authority)).map(certificateHash);
}

function requireEveryList({ authorities, lists }: CheckedMaterial): void {
  const position = lists.indexOf(undefined);
  if (position >= 0) throw new Error(`authority "${authorities[position]?.subject}" has no revocation list`);
}

function refuseRollback(current: CheckedMaterial, next: CheckedMaterial): void {
  if (current.material.crl.length > 0 && next.material.crl.length === 0)
    throw new Error("revocation cannot be switched off while running");
  current.lists.forEach((list, i) => {
    if (!list) return;
    const fingerprint = current.authorities[i]?.fingerprint256;
    const position = next.authorities.findIndex((authority) => authority.fingerprint256 === fingerprint);
    const newer = next.lists[position];
    if (newer && newer.number < list.number) {
      throw new Error(`revocation list number ${newer.number} is older than ${list.number}, which is in use`);
    }
  });
}

function trusted<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    throw new PeerRefusedError("untrusted", cause instanceof Error ? cause.message : String(cause), cause);
  }
}
