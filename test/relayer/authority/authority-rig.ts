import type { DatabaseSync } from "node:sqlite";
import {
  type CertificateRequest,
  certificateRequestTypedData,
  hashCertificateRequest,
} from "@pqmesh/contracts/protocol/certificate-request";
import { pino } from "pino";
import { type Address, type Hex, bytesToHex, hexToBytes, sha256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { CertificateIssuer, type SignedRequest } from "../../../relayer/src/authority/certificate-issuer.ts";
import { CertificateRecorder } from "../../../relayer/src/authority/certificate-recorder.ts";
import {
  AUTHORITY_MIGRATIONS,
  CertificateStore,
  type StoredRequest,
} from "../../../relayer/src/authority/certificate-store.ts";
import type { Subject } from "../../../relayer/src/authority/refused-subjects.ts";
import type { SubjectDirectory } from "../../../relayer/src/authority/request-permission.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { fromPem } from "../../../relayer/src/pki/signed-der.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { REGISTRY, TRUST_DOMAIN } from "../transport/test-authority.ts";
import { AUTHORITY_ACCOUNT, ModelRegistry } from "./model-registry.ts";

/** Wallets of the tests: the operator of every node, a member of the committee, and somebody else. */
export const OWNER = privateKeyToAccount(`0x${"11".repeat(32)}`);
export const MEMBER = privateKeyToAccount(`0x${"22".repeat(32)}`);
export const STRANGER = privateKeyToAccount(`0x${"33".repeat(32)}`);
/** Contract that accepts {@link CONTRACT_SIGNATURE}. */
const CONTRACT_WALLET: Address = "0x00000000000000000000000000000000000000d1";
export const CONTRACT_SIGNATURE: Hex = "0xc0ffee";
/** Identity whose owner is {@link CONTRACT_WALLET}; every node below 1,000,000 belongs to identity 1. */
const CONTRACT_IDENTITY = 2;

const START_SECONDS = Math.floor(Date.UTC(2026, 0, 1) / 1_000);
const log = pino({ level: process.env.TEST_LOG ?? "silent" });

interface RigOptions {
  /** Unix seconds of the first block. */
  startSeconds: number;
  /** Path of its database. */
  file: string;
}

/** A certificate authority as a relayer runs it, on a model of the registry. */
export class AuthorityRig {
  readonly registry: ModelRegistry;
  readonly db: DatabaseSync;
  readonly store: CertificateStore;
  readonly attestationKeys = new Map<number, CertificateKey>();
  /** Relayers with a seat. */
  readonly members = new Set<Address>([MEMBER.address]);
  /** Questions to the chain that take a call. */
  chainCalls = 0;
  /** Subjects that get no certificate. */
  readonly refused: Subject[] = [];
  readonly authority: CertificateAuthority;
  readonly authorityId: number;
  readonly issuer: CertificateIssuer;
  readonly recorder: CertificateRecorder;

  private constructor(authority: CertificateAuthority, { startSeconds, file }: RigOptions) {
    this.registry = new ModelRegistry(startSeconds);
    this.db = openDatabase(file, AUTHORITY_MIGRATIONS);
    this.store = new CertificateStore(this.db);
    this.authority = authority;
    this.authorityId = this.registry.admit(authority);
    const { registry, store, authorityId } = this;
    this.issuer = new CertificateIssuer({
      ...{ authority, authorityId, store, records: registry, account: AUTHORITY_ACCOUNT },
      directory: this.#directory(),
      names: { nodeRegistry: REGISTRY, hostsOf: () => ["relayer.example"] },
      lives: { operator: 90, node: 47, relayer: 90 },
      refused: this.refused,
      nowMs: () => registry.nowMs(),
    });
    this.recorder = new CertificateRecorder({
      ...{ records: registry, store, submitter: registry, authorityId, log },
      events: registry.events,
      request: registry.request,
      registry: REGISTRY,
      overlapSeconds: 7 * 86_400,
      objection: (request) => this.issuer.objection(request),
      flaw: () => this.issuer.flaw(),
    });
  }

  static async create({
    startSeconds = START_SECONDS,
    file = ":memory:",
  }: Partial<RigOptions> = {}): Promise<AuthorityRig> {
    const identity = {
      commonName: "root",
      signer: certificateKey(),
      trustDomain: TRUST_DOMAIN,
      now: new Date(startSeconds * 1_000),
    };
    return new AuthorityRig(await CertificateAuthority.createRoot(identity), { startSeconds, file });
  }

  /** Registers a node and returns its attestation key. */
  addNode(nodeIndex: number): CertificateKey {
    const key = certificateKey();
    this.attestationKeys.set(nodeIndex, key);
    return key;
  }

  /** A request for a node's certificate on a key, signed by a wallet or by the node's attestation key. */
  async nodeRequest(
    nodeIndex: number,
    {
      key = certificateKey(),
      by = OWNER,
      deadline,
    }: { key?: CertificateKey; by?: typeof OWNER | "attestation-key"; deadline?: bigint } = {},
  ): Promise<SignedRequest> {
    const request = await createCertificateRequest(key, "any");
    const asked = this.statement("node", BigInt(nodeIndex), { request, deadline });
    const signature = by === "attestation-key" ? this.signAsNode(nodeIndex, asked) : await this.signAs(by, asked);
    return { ...asked, request, signature };
  }

  statement(
    kind: CertificateRequest["kind"],
    subject: bigint,
    { request, deadline }: { request: string; deadline?: bigint | undefined },
  ): CertificateRequest {
    const requestHash = sha256(fromPem("CERTIFICATE REQUEST", request));
    return {
      authorityId: this.authorityId,
      kind,
      subject,
      requestHash,
      deadline: deadline ?? this.registry.head().timestamp + 3_600n,
    };
  }

  signAs(account: typeof OWNER, asked: CertificateRequest): Promise<Hex> {
    return account.signTypedData(certificateRequestTypedData(this.registry, asked));
  }

  signAsNode(nodeIndex: number, asked: CertificateRequest): Hex {
    const digest = hexToBytes(hashCertificateRequest(this.registry, asked));
    return bytesToHex(this.attestationKeys.get(nodeIndex)!.sign(digest) as Uint8Array);
  }

  /** Mines blocks, with the recorder at work in each. */
  async mine(blocks = 1, seconds = 12): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await this.recorder.record();
      this.registry.mine(seconds);
    }
    await this.recorder.record();
  }

  /** Issues a node's certificate and waits until it is final. */
  async certify(nodeIndex: number, options: Parameters<AuthorityRig["nodeRequest"]>[1] = {}): Promise<StoredRequest> {
    const { requestHash } = await this.issuer.issue(await this.nodeRequest(nodeIndex, options));
    await this.mine(14);
    return this.store.byRequest(requestHash)!;
  }

  #directory(): SubjectDirectory {
    return {
      identityOfNode: (nodeIndex) => (this.attestationKeys.has(nodeIndex) ? 1 : undefined),
      attestationKey: (nodeIndex) => this.attestationKeys.get(nodeIndex)?.publicKey,
      walletsOf: (identityId) => {
        this.chainCalls += 1;
        if (identityId === CONTRACT_IDENTITY) return Promise.resolve([CONTRACT_WALLET]);
        return Promise.resolve(identityId === 1 ? [OWNER.address] : []);
      },
      isContractSignature: (account, _digest, signature) =>
        Promise.resolve(account === CONTRACT_WALLET && signature === CONTRACT_SIGNATURE),
      isMember: (relayer) => this.members.has(relayer),
    };
  }
}
