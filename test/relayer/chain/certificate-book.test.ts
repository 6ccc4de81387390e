import { expect } from "chai";
import { type Hex, numberToHex, zeroAddress } from "viem";
import { MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import { logEntryHash, logEntryOf } from "@pqmesh/contracts/protocol/log-entry";
import { CertificateBook, type CertificateScope } from "../../../relayer/src/chain/certificate-book.ts";
import type { ChainEvent } from "../../../relayer/src/chain/chain-events.ts";
import { FollowedCertificates } from "../../../relayer/src/chain/followed-certificates.ts";

const ACCOUNT: Hex = `0x${"ac".repeat(20)}`;
const hash = (number: number): Hex => numberToHex(number, { size: 32 });

/** Events as the registry would emit them, one a block, a second apart from 1,000 on. */
class Script {
  readonly events: ChainEvent[] = [];
  #logged = 0n;

  emit(eventName: string, args: object): this {
    const logIndex = eventName === "AuthorityAccountSet" ? undefined : this.#logged++;
    const number = this.events.length;
    const place = { blockNumber: BigInt(number), transactionHash: hash(number), timestamp: BigInt(1_000 + number) };
    this.events.push({ eventName, args: { ...args, logIndex }, ...place } as unknown as ChainEvent);
    return this;
  }

  admit(authorityId: number, parent = 0): this {
    const terms = {
      ...{ account: ACCOUNT, recoveryKey: hash(1), trustDomain: hash(2), x509Hash: hash(900 + authorityId) },
      ...{ notAfter: 9_000, pathLength: 3, kinds: 30, identityFrom: 1, identityUntil: 99 },
    };
    return this.emit("AuthorityAdmitted", { authorityId, parent, predecessor: 0, terms });
  }

  issue(serial: number, { kind = 2, subject = 7n, authorityId = 1 } = {}): this {
    const life = { notBefore: 900, notAfter: 5_000 };
    const certified = { kind, subject, account: kind === 3 ? ACCOUNT : zeroAddress, ...life, x509Hash: hash(serial) };
    return this.emit("CertificateIssued", { serial: BigInt(serial), authorityId, ...certified });
  }

  revoke(serial: number, revokedAt: number, reason = 1): this {
    return this.emit("CertificateRevoked", { serial: BigInt(serial), authorityId: 1, reason, revokedAt, by: ACCOUNT });
  }
}

/** All kinds of events, each of which changes something. */
function everything(): Script {
  return new Script()
    .admit(1)
    .admit(2, 1)
    .issue(10)
    .issue(11, { kind: 4, subject: BigInt(ACCOUNT) })
    .issue(12, { kind: 3, subject: 2n ** 40n, authorityId: 2 })
    .emit("CertificateHeld", { serial: 10n, authorityId: 1, by: ACCOUNT })
    .emit("CertificateReleased", { serial: 10n, authorityId: 1, by: ACCOUNT })
    .issue(13)
    .revoke(10, 1_500, 4)
    .emit("CertificateRotated", { replaced: 10n, serial: 13n, authorityId: 1, overlapUntil: 1_500 })
    .revoke(10, 1_011)
    .emit("AuthorityAccountSet", { authorityId: 2, account: zeroAddress })
    .emit("AuthorityHeld", { authorityId: 2 })
    .emit("AuthorityReleased", { authorityId: 2 })
    .emit("AuthorityTainted", { authorityId: 1, taintedFrom: 1_003, rotateBy: 2_000 })
    .emit("AuthorityRevoked", { authorityId: 1, reason: 1, revokedAt: 1_016 });
}

function contentOf(book: CertificateBook): object {
  return {
    log: book.logHead(),
    authorities: book.authorities(),
    certificates: [1, 2].map((authorityId) => [...book.issuedBy(authorityId)]),
    ofNode: book.certificatesOf("node", 7n),
    byHash: [10, 11, 12, 13].map((serial) => book.certificatesByHash(hash(serial))),
    issueIndexes: [10n, 11n, 12n, 13n].map((serial) => book.issueIndex(serial)),
    places: [10n, 11n, 12n, 13n].map((serial) => book.recordedAt(serial)),
    changedAt: book.changedAt,
  };
}

function bookOf({ events }: Script, scope?: CertificateScope): CertificateBook {
  const book = new CertificateBook(scope);
  for (const event of events) book.apply(event);
  return book;
}

function statusesOf(book: CertificateBook, at: number): Record<string, string> {
  const followed = new FollowedCertificates({
    ...{ chainId: 1, registry: ACCOUNT, book: () => book, nowMs: () => at * 1_000 },
    head: () => ({ number: 1n, hash: hash(1), timestamp: BigInt(at) }),
  });
  return Object.fromEntries([10n, 11n, 12n, 99n].map((serial) => [serial, followed.statusNow(serial)]));
}

describe("CertificateBook", () => {
  it("keeps what was recorded", () => {
    const book = bookOf(new Script().admit(1).issue(12, { kind: 3, subject: 2n ** 40n }));
    expect(book.certificate(12n)).to.deep.equal({
      ...{ serial: 12n, authorityId: 1, kind: "voter", subject: 2n ** 40n, x509Hash: hash(12) },
      ...{ account: book.authority(1)?.account, issuedAt: 1_001n, notBefore: 900n, notAfter: 5_000n },
      ...{ heldAt: undefined, revokedAt: undefined, reason: 0, replacedBy: undefined },
    });
    expect(book.authority(1)).to.include({ parent: 0, depth: 1, notBefore: 1_000n, notAfter: 9_000n });
    expect(book.recordedAt(12n)).to.deep.equal({ blockNumber: 1n, transactionHash: hash(1) });
  });

  it("takes back every event, to the state before it", () => {
    const book = new CertificateBook();
    const before: object[] = [];
    const undos = everything().events.map((event) => {
      before.push(contentOf(book));
      return book.apply(event);
    });
    expect(before).to.have.length(16);
    for (const undo of undos.reverse()) {
      undo?.();
      expect(contentOf(book)).to.deep.equal(before.pop());
    }
  });

  it("goes on after a reorg as one that never saw it", () => {
    const { events } = everything();
    const book = new CertificateBook();
    const undos = events.map((event) => book.apply(event));
    for (const undo of undos.slice(5).reverse()) undo?.();
    for (const event of events.slice(5)) book.apply(event);
    expect(contentOf(book)).to.deep.equal(contentOf(bookOf(everything())));
  });

  it("keeps a certificate whose hash another records under another serial number", () => {
    const script = new Script().admit(1).admit(2, 1).issue(10).revoke(10, 1_100);
    const copied = { x509Hash: hash(10), kind: 2, subject: 7n, account: zeroAddress, notBefore: 900, notAfter: 5_000 };
    const book = bookOf(script.emit("CertificateIssued", { serial: 66n, authorityId: 2, ...copied }).issue(11));
    expect(book.certificatesByHash(hash(10)).map(({ serial }) => serial)).to.deep.equal([10n, 66n]);
    expect([10n, 66n, 11n, 99n].map((serial) => book.issueIndex(serial))).to.deep.equal([0, 0, 1, undefined]);
  });

  it("lets a revocation only come earlier", () => {
    const script = new Script().admit(1).issue(10).revoke(10, 1_400, 4);
    expect(bookOf(script).certificate(10n)).to.include({ revokedAt: 1_400n, reason: 4 });
    expect(bookOf(script.revoke(10, 1_200)).certificate(10n)).to.include({ revokedAt: 1_200n, reason: 1 });
    expect(bookOf(script.revoke(10, 1_300, 5)).certificate(10n)).to.include({ revokedAt: 1_200n, reason: 1 });
  });

  it("answers as the registry does", () => {
    const issued = () => new Script().admit(1).admit(2, 1).issue(10).issue(11).issue(12, { authorityId: 2 });
    const all = (status: string) => ({ 10: status, 11: status, 12: status, 99: "unknown" });
    expect(statusesOf(bookOf(issued()), 1_100)).to.deep.equal(all("good"));
    expect(statusesOf(bookOf(issued()), 899)).to.deep.equal(all("not-yet-valid"));
    expect(statusesOf(bookOf(issued()), 5_000), "last moment").to.deep.equal(all("good"));
    expect(statusesOf(bookOf(issued()), 5_001)).to.deep.equal(all("expired"));
    const revoked = bookOf(issued().revoke(10, 1_200));
    expect(statusesOf(revoked, 1_199), "before the date").to.deep.equal(all("good"));
    expect(statusesOf(revoked, 1_200)).to.deep.equal({ ...all("good"), 10: "revoked" });
    const held = bookOf(issued().emit("AuthorityHeld", { authorityId: 2 }));
    expect(statusesOf(held, 1_100)).to.deep.equal({ ...all("good"), 12: "authority-not-good" });
    const taint = { authorityId: 1, taintedFrom: 1_004, rotateBy: 1_500 };
    const tainted = bookOf(issued().emit("AuthorityTainted", taint));
    expect(statusesOf(tainted, 1_100), "issued after the taint").to.deep.equal({ ...all("good"), 12: "tainted" });
    expect(statusesOf(tainted, 1_500), "after the last day").to.deep.equal(all("authority-not-good"));
  });

  it("knows the head of the log", () => {
    const { events } = everything();
    const entries = events.map(({ eventName, args, timestamp }) => logEntryOf({ eventName, args }, timestamp ?? 0n));
    const leaves = entries.flatMap((indexed) => (indexed ? [logEntryHash(indexed.entry)] : []));
    expect(bookOf(everything()).logHead()).to.deep.equal({ size: 15n, root: new MerkleLog(leaves).root() });
  });

  it("refuses a log with a gap", () => {
    const { events } = new Script().admit(1).issue(10).issue(11);
    const book = new CertificateBook();
    book.apply(events[0]!);
    expect(() => book.apply(events[2]!)).to.throw("log entry 2 where entry 1 is next");
  });

  it("keeps with a scope only what belongs to it", () => {
    const book = bookOf(everything(), { keeps: (kind) => kind === "relayer" });
    expect([...book.issuedBy(1)].map(({ serial }) => serial)).to.deep.equal([11n]);
    expect(book.certificatesOf("node", 7n)).to.deep.equal([]);
    expect(book.authorities()).to.have.length(2);
    expect(() => book.logHead()).to.throw("does not keep the transparency log");
  });
});
