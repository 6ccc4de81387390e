import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { CertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import { formatDid, formatMemberDid } from "@pqmesh/contracts/protocol/did";
import type { Address, Hex } from "viem";
import { sha256 } from "viem/utils";
import type { CertificateAuthority, IssuedCertificate } from "../pki/certificate-authority.ts";
import type { CertificateRecord, CertificateRecords } from "../pki/certificate-records.ts";
import { readCertificateRequest } from "../pki/certificate-request.ts";
import { fromPem } from "../pki/signed-der.ts";
import { Problem } from "../service/problem.ts";
import { authorityFlaw, endedAuthority } from "./authority-standing.ts";
import type { CertificateStore, SignedCertificate, StoredRequest } from "./certificate-store.ts";
import { refusalOf, type Subject } from "./refused-subjects.ts";
import { isIssuedBy, reissueObjection, replacedCertificate } from "./reissue-rule.ts";
import { permitRequest, relayerAddress, type SubjectDirectory } from "./request-permission.ts";

/** Certificates that one subject gets in a day at most: renewals need one in weeks. */
const MAX_IN_A_DAY = 3;
const DAY_SECONDS = 86_400;

/** Farthest deadline of a request, seconds from now: a request must not wait in a drawer. */
const MAX_DEADLINE_SECONDS = BigInt(DAY_SECONDS);

/** Days that certificates of each kind live; voters' are not issued over HTTP. */
export type CertificateLives = Readonly<Record<Exclude<CertificateKind, "voter">, number>>;

/** Names of subjects that the chain or the network's file tells. */
export interface SubjectNames {
  /** Address of the NodeRegistry, which DIDs name. */
  nodeRegistry: Address;
  /** Hosts of a relayer, by its endpoint on chain. */
  hostsOf(relayer: Address): string[];
}

/** What {@link CertificateIssuer} needs. */
export interface CertificateIssuerOptions {
  authority: CertificateAuthority;
  authorityId: number;
  /** Account of the authority on chain. */
  account: Address;
  records: CertificateRecords;
  directory: SubjectDirectory;
  names: SubjectNames;
  store: CertificateStore;
  lives: CertificateLives;
  /** Who gets no certificate. */
  refused: readonly Subject[];
  /** Chain time, milliseconds. */
  nowMs(): number;
}

/** A request for a certificate with everything that proves it. */
export interface SignedRequest extends Subject {
  /** The authority that is asked. */
  authorityId: number;
  /** PKCS #10 request: PEM. */
  request: string;
  /** Unix seconds. */
  deadline: bigint;
  /** Over `CertificateRequest`: of a wallet, or of the node's attestation key. */
  signature: Hex;
}

/** Signs certificates for whoever may have them, each key once, each request once. */
export class CertificateIssuer {
  readonly #options: CertificateIssuerOptions;

  constructor(options: CertificateIssuerOptions) {
    this.#options = options;
  }

  /** Why nothing can be issued now, undefined when it can. */
  flaw(): string | undefined {
    const { records, authority, authorityId, account, nowMs } = this.#options;
    const { certificate, trustDomain } = authority;
    const now = BigInt(Math.floor(nowMs() / 1_000));
    return authorityFlaw(records, { authorityId, account, certificate, trustDomain }, now);
  }

  /**
   * Answers a request: signs and stores its certificate, or finds the one that its subject was answered with before. The
   * chain is asked last, and only about requests that may be granted.
   *
   * @throws Problem saying which part is wrong, or that the authority cannot issue now.
   */
  async issue(asked: SignedRequest): Promise<StoredRequest> {
    const { records, account } = this.#options;
    this.#requireOwn(asked);
    const der = derOf(asked.request);
    const requestHash = sha256(der);
    const { authorityId, kind, subject, deadline, signature } = asked;
    const answered = this.#answered({ requestHash, kind, subject });
    if (answered) return answered;
    const nowMs = this.#options.nowMs();
    const now = BigInt(Math.floor(nowMs / 1_000));
    requireDeadline(deadline, now);
    const flaw = this.flaw();
    if (flaw) throw new Problem(503, "cannot-issue", `the authority cannot issue now: ${flaw}`);
    const keyHash = this.#freshKey(der);
    this.#requireTurn(asked, Number(now));
    const request: CertificateRequest = { authorityId, kind, subject, requestHash, deadline };
    const asker = await permitRequest(this.#options.directory, records, { request, signature });
    const replaced = replacedCertificate(records, { kind, subject, asker, account }, now);
    const issued = await this.#sign(asked, der, new Date(nowMs));
    const replaces = replaced && this.#isReplaceable(replaced) ? replaced.serial : undefined;
    const signedAt = Number(now);
    const names = { requestHash, keyHash, authorityId, asker, kind, subject };
    return this.#keep({ ...describe(issued), ...names, replaces, signedAt });
  }

  /**
   * Tells why a certificate that is not on chain yet must not get there: what was against its request came after it.
   *
   * @returns One sentence, undefined when nothing is against it.
   */
  objection({ authorityId, kind, subject, asker, serial }: StoredRequest): string | undefined {
    const { records, account, refused, directory, nowMs } = this.#options;
    const own = this.#options.authorityId;
    if (authorityId !== own) return `authority ${authorityId}, which signed it, does not issue here any more`;
    const now = BigInt(Math.floor(nowMs() / 1_000));
    const ended = endedAuthority(records, own, now);
    if (ended !== undefined) return ended;
    const taken = records.certificate(serial);
    if (taken) return `its serial number was taken by authority ${taken.authorityId}: ask again with a new key`;
    const refusal = refusalOf({ kind, subject }, { refused, identityOfNode: directory.identityOfNode });
    return refusal ?? reissueObjection(records, { kind, subject, asker, account }, now);
  }

  /** @throws Problem when a subject gets no certificate, not now, or not yet another one. */
  #requireTurn({ kind, subject }: Subject, now: number): void {
    const { store, refused, directory } = this.#options;
    const refusal = refusalOf({ kind, subject }, { refused, identityOfNode: directory.identityOfNode });
    if (refusal !== undefined) throw new Problem(403, "not-permitted", refusal);
    const underWay = store.underWay(kind, subject);
    if (underWay) throw conflict(`request ${underWay.requestHash} of ${kind} ${subject} is on its way to the chain`);
    const signed = store.signedSince(kind, subject, now - DAY_SECONDS + 1);
    const [first] = signed.slice(-MAX_IN_A_DAY);
    if (first === undefined || signed.length < MAX_IN_A_DAY) return;
    const detail = `${kind} ${subject} got ${signed.length} certificates in a day, and no more than ${MAX_IN_A_DAY} are given`;
    throw new Problem(429, "too-many-requests", detail, first + DAY_SECONDS - now);
  }

  #requireOwn({ authorityId }: SignedRequest): void {
    const own = this.#options.authorityId;
    if (authorityId === own) return;
    throw new Problem(
      400,
      "bad-request",
      `authorityId: this relayer issues for authority ${own}, not for ${authorityId}`,
    );
  }

  /** A request names no subject by itself: whoever sees one could hand it in for another. @throws Problem when somebody did. */
  #answered({
    requestHash,
    kind,
    subject,
  }: Pick<StoredRequest, "requestHash" | "kind" | "subject">): StoredRequest | undefined {
    const answered = this.#options.store.byRequest(requestHash);
    if (!answered || (answered.kind === kind && answered.subject === subject)) return answered;
    throw conflict(
      `request ${requestHash} was answered for another subject: make a new key (key create --purpose tls)`,
    );
  }

  /** Whether the account may revoke what another certificate replaces. */
  #isReplaceable(record: CertificateRecord): boolean {
    const { records, account } = this.#options;
    return record.revokedAt === undefined && isIssuedBy(records, record, account);
  }

  /** Hash of the key that a request is for. @throws Problem when the request is malformed or its key was certified before. */
  #freshKey(der: Uint8Array): Hex {
    const keyHash = sha256(keyOf(der));
    if (!this.#options.store.byKey(keyHash)) return keyHash;
    throw conflict("the key of the request was certified before: make a new one (key create --purpose tls)");
  }

  /** Somebody else may have asked the same while this certificate was signed; it is forgotten then. */
  #keep(certificate: SignedCertificate): StoredRequest {
    const isAdded = this.#options.store.add(certificate);
    const stored = this.#answered(certificate);
    if (stored) return stored;
    const { kind, subject } = certificate;
    throw conflict(`another request of ${kind} ${subject} or for its key came first${isAdded ? " and is lost" : ""}`);
  }

  async #sign({ kind, subject }: SignedRequest, request: Uint8Array, now: Date): Promise<IssuedCertificate> {
    const { authority, lives, names, directory, records } = this.#options;
    const key = { request };
    try {
      switch (kind) {
        case "node": {
          const nodeIndex = Number(subject);
          const did = formatDid({ chainId: records.chainId, registry: names.nodeRegistry, nodeIndex });
          const attestationKey = directory.attestationKey(nodeIndex);
          return await authority.issueNode({
            key,
            did,
            now,
            days: lives.node,
            ...(attestationKey && { attestationKey }),
          });
        }
        case "relayer": {
          const address = relayerAddress(subject);
          return await authority.issueRelayer({
            key,
            address,
            hosts: names.hostsOf(address),
            now,
            days: lives.relayer,
          });
        }
        case "operator": {
          const did = formatMemberDid({ chainId: records.chainId, registry: names.nodeRegistry, kind, subject });
          return await authority.issueHolder({ key, did, now, days: lives.operator });
        }
        default:
          throw new Problem(403, "not-permitted", `certificates of kind ${kind} are not issued here`);
      }
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      throw new Problem(409, "not-issued", (cause as Error).message);
    }
  }
}

function describe({ certificate, serialNumber, hash, pem }: IssuedCertificate) {
  return {
    serial: BigInt(`0x${serialNumber}`),
    notBefore: certificate.validFromDate.getTime() / 1_000,
    notAfter: certificate.validToDate.getTime() / 1_000,
    x509Hash: hash,
    pem,
  };
}

function derOf(request: string): Uint8Array {
  try {
    return fromPem("CERTIFICATE REQUEST", request);
  } catch (cause) {
    throw new Problem(400, "bad-request", `request: ${(cause as Error).message}`);
  }
}

function keyOf(der: Uint8Array): Uint8Array {
  try {
    return readCertificateRequest(der);
  } catch (cause) {
    throw new Problem(400, "bad-request", `request: ${(cause as Error).message}`);
  }
}

function requireDeadline(deadline: bigint, now: bigint): void {
  if (deadline < now) throw new Problem(400, "bad-request", `deadline ${deadline} is over: it is ${now}`);
  if (deadline <= now + MAX_DEADLINE_SECONDS) return;
  throw new Problem(
    400,
    "bad-request",
    `deadline ${deadline} is more than ${MAX_DEADLINE_SECONDS} seconds after ${now}`,
  );
}

function conflict(detail: string): Problem {
  return new Problem(409, "conflict", detail);
}
