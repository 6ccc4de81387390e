import { EventEmitter } from "node:events";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { type Address, decodeFunctionData, type Hex, keccak256, stringToHex } from "viem";
import type { ChainPlace } from "../../../relayer/src/chain/dispute-records.ts";
import type { ChainFollowerEvents } from "../../../relayer/src/chain/follow-chain.ts";
import { RpcResponseError } from "../../../relayer/src/chain/json-rpc.ts";
import type { PlacedRecords } from "../../../relayer/src/authority/record-intent.ts";
import type { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import type { AuthorityRecord, CertificateRecord } from "../../../relayer/src/pki/certificate-records.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import type { Intent } from "../../../relayer/src/submit/intent.ts";
import { REGISTRY, TRUST_DOMAIN } from "../transport/test-authority.ts";

/** Account of the authority that a {@link ModelRegistry} has admitted. */
export const AUTHORITY_ACCOUNT: Address = "0x00000000000000000000000000000000000000c1";

const SUPERSEDED = 4;

interface Issuance {
  serial: bigint;
  kind: number;
  subject: bigint;
  notBefore: number;
  notAfter: number;
  x509Hash: Hex;
}

/**
 * A CertificateRegistry in memory whose clock and blocks a test moves: it takes the calls that a service sends, by the rules
 * of the contract that matter to it, and mines what is submitted with the next block.
 */
export class ModelRegistry implements PlacedRecords {
  readonly chainId = 31_337;
  readonly registry: Address = REGISTRY;
  readonly events = new EventEmitter<ChainFollowerEvents>();
  readonly address = AUTHORITY_ACCOUNT;
  /** Calls mined, oldest first. */
  readonly mined: Hex[] = [];
  /** While true, transactions wait. */
  isStuck = false;
  #number = 100n;
  #timestamp: bigint;
  readonly #authorities = new Map<number, AuthorityRecord>();
  readonly #certificates = new Map<bigint, CertificateRecord & { place: ChainPlace }>();
  readonly #bySubject = new Map<string, CertificateRecord[]>();
  #pending: Intent[] = [];
  readonly #open = new Map<string, Intent>();

  constructor(startSeconds: number) {
    this.#timestamp = BigInt(startSeconds);
  }

  admit(authority: CertificateAuthority, change: Partial<AuthorityRecord> = {}): number {
    const authorityId = this.#authorities.size + 1;
    this.#authorities.set(authorityId, {
      ...{ authorityId, parent: 0, depth: 1, account: AUTHORITY_ACCOUNT },
      trustDomain: keccak256(stringToHex(TRUST_DOMAIN)),
      x509Hash: certificateHash(authority.certificate),
      ...{ notBefore: this.#timestamp, notAfter: BigInt(authority.certificate.validToDate.getTime() / 1_000) },
      ...{ taintedFrom: undefined, heldAt: undefined, revokedAt: undefined, reason: 0 },
      ...change,
    });
    return authorityId;
  }

  changeAuthority(authorityId: number, change: Partial<AuthorityRecord>): void {
    Object.assign(this.#authorities.get(authorityId)!, change);
  }

  changeCertificate(serial: bigint, change: Partial<CertificateRecord>): void {
    Object.assign(this.#certificates.get(serial)!, change);
  }

  /** Another authority issues something under a serial number. */
  take(serial: bigint, authorityId: number): void {
    this.#issue(
      authorityId,
      { serial, kind: 4, subject: 5n, notBefore: 0, notAfter: 1, x509Hash: `0x${"0f".repeat(32)}` },
      true,
    );
  }

  /** An authority issues what is good for a day. */
  issue(authorityId: number, { kind, subject, serial }: Pick<CertificateRecord, "kind" | "subject" | "serial">): void {
    const period = { notBefore: Number(this.#timestamp), notAfter: Number(this.#timestamp) + 86_400 };
    const x509Hash = `0x${"0e".repeat(32)}` as const;
    this.#issue(authorityId, { serial, kind: CERTIFICATE_KINDS.indexOf(kind) + 1, subject, ...period, x509Hash }, true);
  }

  /** Mines what waits and goes on by some seconds. */
  mine(seconds = 12): void {
    this.#timestamp += BigInt(seconds);
    this.#number += 1n;
    const pending = this.isStuck ? [] : this.#pending;
    if (!this.isStuck) this.#pending = [];
    for (const { key, data } of pending) {
      this.#apply(data, true);
      this.mined.push(data);
      this.#open.delete(key);
    }
    this.events.emit("head", { ...this.head(), parentHash: "0x", baseFeePerGas: 1n });
  }

  submit(intent: Intent): boolean {
    if (this.#open.has(intent.key)) return false;
    this.#open.set(intent.key, intent);
    this.#pending.push(intent);
    return true;
  }

  isOpen({ key }: { key: string }): boolean {
    return this.#open.has(key);
  }

  /** Answers `eth_call` with a call of the service. */
  readonly request = (_method: string, [call]: readonly unknown[]): Promise<unknown> => {
    this.#apply((call as { data: Hex }).data, false);
    return Promise.resolve("0x");
  };

  nowMs(): number {
    return Number(this.#timestamp) * 1_000;
  }

  head(): { number: bigint; hash: Hex; timestamp: bigint } {
    return {
      number: this.#number,
      hash: `0x${this.#number.toString(16).padStart(64, "0")}`,
      timestamp: this.#timestamp,
    };
  }

  logHead(): { size: bigint; root: Hex } {
    return { size: BigInt(this.#certificates.size), root: "0x" };
  }

  authority(authorityId: number): AuthorityRecord | undefined {
    return this.#authorities.get(authorityId);
  }

  authorities(): AuthorityRecord[] {
    return [...this.#authorities.values()];
  }

  certificate(serial: bigint): CertificateRecord | undefined {
    return this.#certificates.get(serial);
  }

  certificatesByHash(hash: Hex): CertificateRecord[] {
    return [...this.#certificates.values()].filter(({ x509Hash }) => x509Hash === hash);
  }

  issueIndex(serial: bigint): number | undefined {
    const record = this.#certificates.get(serial);
    return record && [...this.issuedBy(record.authorityId)].indexOf(record);
  }

  *issuedBy(authorityId: number): Iterable<CertificateRecord> {
    for (const record of this.#certificates.values()) if (record.authorityId === authorityId) yield record;
  }

  certificatesOf(kind: CertificateKind, subject: bigint): CertificateRecord[] {
    return this.#bySubject.get(`${kind} ${subject}`) ?? [];
  }

  recordedAt(serial: bigint): ChainPlace | undefined {
    return this.#certificates.get(serial)?.place;
  }

  #apply(data: Hex, keeps: boolean): void {
    const { functionName, args } = decodeFunctionData({ abi: certificateRegistryAbi, data });
    if (functionName === "issueMany") {
      for (const issuance of args[1]) this.#issue(args[0], issuance, keeps);
      return;
    }
    if (functionName !== "rotateMany") throw new Error(`the service calls ${functionName}`);
    const [authorityId, replaced, issuances, overlapUntil] = args;
    issuances.forEach((issuance, i) => {
      this.#supersede(replaced[i]!, issuance, { overlapUntil: BigInt(overlapUntil), keeps });
      this.#issue(authorityId, issuance, keeps);
    });
  }

  #issue(
    authorityId: number,
    { serial, kind, subject, notBefore, notAfter, x509Hash }: Issuance,
    keeps: boolean,
  ): void {
    if (this.#certificates.has(serial)) throw reverts(`SerialTaken(${serial})`);
    if (!keeps) return;
    const name = CERTIFICATE_KINDS[kind - 1]!;
    const record = {
      ...{ serial, authorityId, kind: name, subject, x509Hash, account: undefined, issuedAt: this.#timestamp },
      ...{ notBefore: BigInt(notBefore), notAfter: BigInt(notAfter) },
      ...{ heldAt: undefined, revokedAt: undefined, reason: 0, replacedBy: undefined },
      place: { blockNumber: this.#number, transactionHash: `0x${"a".repeat(64)}` as const },
    };
    this.#certificates.set(serial, record);
    this.#bySubject.set(`${name} ${subject}`, [...this.certificatesOf(name, subject), record]);
  }

  #supersede(
    replaced: bigint,
    issuance: Issuance,
    { overlapUntil, keeps }: { overlapUntil: bigint; keeps: boolean },
  ): void {
    const record = this.#certificates.get(replaced);
    if (record?.subject !== issuance.subject) throw reverts(`NotReplaceable(${replaced})`);
    if (record.revokedAt !== undefined) throw reverts(`AlreadyRevoked(${replaced})`);
    if (overlapUntil <= this.#timestamp || overlapUntil > record.notAfter)
      throw reverts(`InvalidOverlap(${overlapUntil})`);
    if (keeps) Object.assign(record, { revokedAt: overlapUntil, reason: SUPERSEDED, replacedBy: issuance.serial });
  }
}

function reverts(reason: string): RpcResponseError {
  return new RpcResponseError(reason, 3, undefined);
}
