import { logEntryHash, logEntryOf } from "@pqmesh/contracts/protocol/log-entry";
import { MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import type { Hex } from "viem";
import { getAddress } from "viem/utils";
import {
  type AuthorityRecord,
  CERTIFICATE_KINDS,
  type CertificateKind,
  type CertificateRecord,
} from "../pki/certificate-records.ts";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import type { ChainPlace } from "./dispute-records.ts";
import { pushWithUndo, setWithUndo, type Undo } from "./undo.ts";

/** RFC 5280 reason of a certificate that another one replaces. */
const SUPERSEDED = 4;
/** RFC 5280 reason of an authority that a taint ends. */
const CA_COMPROMISE = 2;

/** Events after which a revocation list is not what it was. */
const CHANGES: ReadonlySet<string> = new Set([
  "AuthorityTainted",
  "AuthorityRevoked",
  "AuthorityHeld",
  "AuthorityReleased",
  "CertificateRevoked",
  "CertificateHeld",
  "CertificateReleased",
]);

/** What a {@link CertificateBook} keeps. */
export interface CertificateScope {
  /** The events of other certificates are passed over. */
  keeps(kind: CertificateKind, subject: bigint): boolean;
}

/** Authorities and certificates, from the events of the CertificateRegistry. */
export class CertificateBook {
  readonly #authorities = new Map<number, AuthorityRecord>();
  readonly #certificates = new Map<bigint, CertificateRecord>();
  readonly #byAuthority = new Map<number, bigint[]>();
  readonly #bySubject = new Map<string, bigint[]>();
  readonly #byHash = new Map<Hex, bigint[]>();
  /** Places in the lists of `#byAuthority`. */
  readonly #issueIndexes = new Map<bigint, number>();
  /** Blocks in which something began or ceased to be good, oldest first. */
  readonly #changes: bigint[] = [];
  readonly #places = new Map<bigint, ChainPlace>();
  readonly #log = new MerkleLog();
  readonly #scope: CertificateScope | undefined;

  /** @param scope What is kept; without one everything, with the transparency log. */
  constructor(scope?: CertificateScope) {
    this.#scope = scope;
  }

  /** Size and root hash of the transparency log. @throws Error when a scope leaves it out. */
  logHead(): { size: bigint; root: Hex } {
    if (this.#scope) throw new Error("a view with a scope does not keep the transparency log");
    return { size: BigInt(this.#log.size), root: this.#log.root() };
  }

  authority(authorityId: number): AuthorityRecord | undefined {
    return this.#authorities.get(authorityId);
  }

  /** All authorities, by number. */
  authorities(): AuthorityRecord[] {
    return [...this.#authorities.values()];
  }

  certificate(serial: bigint): CertificateRecord | undefined {
    return this.#certificates.get(serial);
  }

  certificatesByHash(x509Hash: Hex): CertificateRecord[] {
    return (this.#byHash.get(x509Hash) ?? []).map((serial) => this.#known(serial));
  }

  /** Where a certificate was recorded. */
  recordedAt(serial: bigint): ChainPlace | undefined {
    return this.#places.get(serial);
  }

  *issuedBy(authorityId: number): IterableIterator<CertificateRecord> {
    for (const serial of this.#byAuthority.get(authorityId) ?? []) yield this.#known(serial);
  }

  issueIndex(serial: bigint): number | undefined {
    return this.#issueIndexes.get(serial);
  }

  certificatesOf(kind: CertificateKind, subject: bigint): CertificateRecord[] {
    return (this.#bySubject.get(subjectKey(kind, subject)) ?? []).map((serial) => this.#known(serial));
  }

  /** Newest block in which a certificate or an authority was revoked, tainted, held or released; 0 when there is none. */
  get changedAt(): bigint {
    return this.#changes.at(-1) ?? 0n;
  }

  apply(event: ChainEvent): Undo | undefined {
    const undo = this.#applyToAuthority(event) ?? this.#applyToCertificate(event);
    if (!undo) return undefined;
    const undos = [undo, this.#append(event)];
    if (CHANGES.has(event.eventName)) undos.push(pushWithUndo(this.#changes, event.blockNumber));
    return () => undos.reverse().forEach((undoOne) => undoOne?.());
  }

  #append(event: ChainEvent): Undo | undefined {
    const entry = this.#scope ? undefined : logEntryOf(event, timeOf(event));
    if (!entry) return undefined;
    const { size } = this.#log;
    if (entry.index !== size) throw new Error(`chain has log entry ${entry.index} where entry ${size} is next`);
    this.#log.append(logEntryHash(entry.entry));
    return () => this.#log.truncate(size);
  }

  #applyToAuthority(event: ChainEvent): Undo | undefined {
    switch (event.eventName) {
      case "AuthorityAdmitted":
        return this.#admit(event.args, timeOf(event));
      case "AuthorityAccountSet":
        return this.#changeAuthority(event.args.authorityId, { account: getAddress(event.args.account) });
      case "AuthorityTainted":
        return this.#taint(event.args);
      case "AuthorityRevoked":
        return this.#revokeAuthority(event.args.authorityId, {
          revokedAt: BigInt(event.args.revokedAt),
          reason: event.args.reason,
        });
      case "AuthorityHeld":
        return this.#changeAuthority(event.args.authorityId, { heldAt: timeOf(event) });
      case "AuthorityReleased":
        return this.#changeAuthority(event.args.authorityId, { heldAt: undefined });
      default:
        return undefined;
    }
  }

  #applyToCertificate(event: ChainEvent): Undo | undefined {
    switch (event.eventName) {
      case "CertificateIssued":
        return this.#issue(event.args, event);
      case "CertificateRotated":
        return this.#change(event.args.replaced, {
          replacedBy: event.args.serial,
          ...this.#earlier(event.args.replaced, BigInt(event.args.overlapUntil), SUPERSEDED),
        });
      case "CertificateRevoked": {
        const { serial, revokedAt, reason } = event.args;
        return this.#change(serial, this.#earlier(serial, BigInt(revokedAt), reason));
      }
      case "CertificateHeld":
        return this.#change(event.args.serial, { heldAt: timeOf(event) });
      case "CertificateReleased":
        return this.#change(event.args.serial, { heldAt: undefined });
      default:
        return undefined;
    }
  }

  #admit({ authorityId, parent, terms }: ChainEventArgs<"AuthorityAdmitted">, notBefore: bigint): Undo {
    return setWithUndo(this.#authorities, authorityId, {
      ...{ authorityId, parent, depth: (this.#authorities.get(parent)?.depth ?? 0) + 1 },
      ...{ account: getAddress(terms.account), trustDomain: terms.trustDomain, x509Hash: terms.x509Hash },
      ...{ notBefore, notAfter: BigInt(terms.notAfter) },
      ...{ taintedFrom: undefined, heldAt: undefined, revokedAt: undefined, reason: 0 },
    });
  }

  #taint({ authorityId, taintedFrom, rotateBy }: ChainEventArgs<"AuthorityTainted">): Undo {
    const before = this.#knownAuthority(authorityId).taintedFrom;
    const from = BigInt(taintedFrom);
    const undos = [
      this.#changeAuthority(authorityId, { taintedFrom: before !== undefined && before < from ? before : from }),
      this.#revokeAuthority(authorityId, { revokedAt: BigInt(rotateBy), reason: CA_COMPROMISE }),
    ];
    return () => undos.reverse().forEach((undo) => undo());
  }

  #revokeAuthority(authorityId: number, { revokedAt, reason }: { revokedAt: bigint; reason: number }): Undo {
    const before = this.#knownAuthority(authorityId).revokedAt;
    const isEarlier = before === undefined || revokedAt <= before;
    return this.#changeAuthority(authorityId, isEarlier ? { revokedAt, reason } : {});
  }

  #changeAuthority(authorityId: number, change: Partial<AuthorityRecord>): Undo {
    return setWithUndo(this.#authorities, authorityId, { ...this.#knownAuthority(authorityId), ...change });
  }

  #issue(args: ChainEventArgs<"CertificateIssued">, event: ChainEvent): Undo | undefined {
    const { serial, authorityId, subject, x509Hash } = args;
    const kind = CERTIFICATE_KINDS[args.kind - 1];
    if (!kind) throw new Error(`chain issued certificate ${serial} of kind ${args.kind}, which has no name`);
    if (this.#scope && !this.#scope.keeps(kind, subject)) return undefined;
    const record: CertificateRecord = {
      ...{ serial, authorityId, kind, subject, x509Hash },
      account: kind === "voter" ? getAddress(args.account) : undefined,
      ...{ issuedAt: timeOf(event), notBefore: BigInt(args.notBefore), notAfter: BigInt(args.notAfter) },
      ...{ heldAt: undefined, revokedAt: undefined, reason: 0, replacedBy: undefined },
    };
    const { blockNumber, transactionHash } = event;
    const undos = [
      setWithUndo(this.#certificates, serial, record),
      pushWithUndo(listIn(this.#byHash, x509Hash), serial),
      setWithUndo(this.#places, serial, { blockNumber, transactionHash }),
      setWithUndo(this.#issueIndexes, serial, listIn(this.#byAuthority, authorityId).length),
      pushWithUndo(listIn(this.#byAuthority, authorityId), serial),
      pushWithUndo(listIn(this.#bySubject, subjectKey(kind, subject)), serial),
    ];
    return () => undos.forEach((undo) => undo());
  }

  /** A date of revocation only ever moves earlier. */
  #earlier(serial: bigint, revokedAt: bigint, reason: number): Partial<CertificateRecord> {
    const before = this.#certificates.get(serial)?.revokedAt;
    return before === undefined || revokedAt <= before ? { revokedAt, reason } : {};
  }

  #change(serial: bigint, change: Partial<CertificateRecord>): Undo | undefined {
    const record = this.#certificates.get(serial);
    return record && setWithUndo(this.#certificates, serial, { ...record, ...change });
  }

  #known(serial: bigint): CertificateRecord {
    const record = this.#certificates.get(serial);
    if (!record) throw new Error(`certificate ${serial} is listed but not kept`);
    return record;
  }

  #knownAuthority(authorityId: number): AuthorityRecord {
    const authority = this.#authorities.get(authorityId);
    if (!authority) throw new Error(`chain has an event of authority ${authorityId} before its admission`);
    return authority;
  }
}

function timeOf({ timestamp, eventName }: ChainEvent): bigint {
  if (timestamp === undefined) throw new Error(`event ${eventName} came without the time of its block`);
  return timestamp;
}

function subjectKey(kind: CertificateKind, subject: bigint): string {
  return `${kind} ${subject}`;
}

function listIn<K>(lists: Map<K, bigint[]>, key: K): bigint[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
