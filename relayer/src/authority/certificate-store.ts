import type { DatabaseSync } from "node:sqlite";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";
import type { Migration } from "../store/database.ts";
import type { Asker } from "./request-permission.ts";

/** Schema of an authority's requests; pass it to `openDatabase`. */
export const AUTHORITY_MIGRATIONS: Migration[] = [
  {
    name: "authority-1",
    sql: `
      CREATE TABLE certificate_request (
        id INTEGER PRIMARY KEY,
        request_hash TEXT NOT NULL UNIQUE,
        key_hash TEXT NOT NULL UNIQUE,
        authority_id INTEGER NOT NULL,
        asker TEXT NOT NULL CHECK (asker IN ('wallet', 'attestation-key')),
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        serial TEXT NOT NULL UNIQUE,
        replaces TEXT,
        signed_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        not_after INTEGER NOT NULL,
        x509_hash TEXT NOT NULL,
        pem TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'signed' CHECK (state IN ('signed', 'final', 'refused')),
        reason TEXT,
        intent_key TEXT
      ) STRICT;
      CREATE UNIQUE INDEX certificate_request_open ON certificate_request (kind, subject) WHERE state = 'signed';
      CREATE INDEX certificate_request_subject ON certificate_request (kind, subject, signed_at);
      CREATE INDEX certificate_request_signed ON certificate_request (id) WHERE state = 'signed';
    `,
  },
];

/** A certificate that was signed for a request. Times are Unix seconds. */
export interface SignedCertificate {
  /** SHA-256 of the DER of the PKCS #10 request. */
  requestHash: Hex;
  /** SHA-256 of the raw public key. */
  keyHash: Hex;
  /** Authority that signed it. */
  authorityId: number;
  asker: Asker;
  kind: CertificateKind;
  subject: bigint;
  serial: bigint;
  /** Good certificate whose place it takes, undefined when there is none. */
  replaces: bigint | undefined;
  signedAt: number;
  notBefore: number;
  notAfter: number;
  /** SHA-256 of the DER certificate. */
  x509Hash: Hex;
  pem: string;
}

/** A request and what became of it. */
export interface StoredRequest extends SignedCertificate {
  /** `signed`: on its way to the chain. `final`: recorded where no reorg reaches. `refused`: the chain never takes it. */
  state: "signed" | "final" | "refused";
  /** Why it was refused. */
  reason: string | undefined;
  /** Intent that records it, while one was made. */
  intentKey: string | undefined;
}

interface RequestRow {
  request_hash: Hex;
  key_hash: Hex;
  authority_id: number;
  asker: Asker;
  kind: CertificateKind;
  subject: string;
  serial: string;
  replaces: string | null;
  signed_at: number;
  not_before: number;
  not_after: number;
  x509_hash: Hex;
  pem: string;
  state: StoredRequest["state"];
  reason: string | null;
  intent_key: string | null;
}

/** Requests and the certificates signed for them. Every write is on disk when its method returns; nothing is forgotten. */
export class CertificateStore {
  readonly #db: DatabaseSync;

  /** @param db Opened with {@link AUTHORITY_MIGRATIONS}. */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Adds a certificate.
   *
   * @returns false when its request, its key or its serial number is known, or another one of its subject is on its way.
   */
  add(certificate: SignedCertificate): boolean {
    const { requestHash, keyHash, authorityId, asker, kind, subject, serial, replaces } = certificate;
    const { signedAt, notBefore, notAfter, x509Hash, pem } = certificate;
    const insert = `INSERT OR IGNORE INTO certificate_request
      (request_hash, key_hash, authority_id, asker, kind, subject, serial, replaces,
       signed_at, not_before, not_after, x509_hash, pem)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const names = [requestHash, keyHash, authorityId, asker, kind, `${subject}`, `${serial}`];
    const replaced = replaces === undefined ? null : `${replaces}`;
    const { changes } = this.#db.prepare(insert).run(...names, replaced, signedAt, notBefore, notAfter, x509Hash, pem);
    return changes === 1;
  }

  byRequest(requestHash: Hex): StoredRequest | undefined {
    return this.#one("request_hash = ?", requestHash);
  }

  byKey(keyHash: Hex): StoredRequest | undefined {
    return this.#one("key_hash = ?", keyHash);
  }

  /** The certificate of a subject that is on its way to the chain. */
  underWay(kind: CertificateKind, subject: bigint): StoredRequest | undefined {
    return this.#one("state = 'signed' AND kind = ? AND subject = ?", kind, `${subject}`);
  }

  /** When certificates were signed for a subject since a moment, Unix seconds, oldest first. */
  signedSince(kind: CertificateKind, subject: bigint, since: number): number[] {
    const select =
      "SELECT signed_at FROM certificate_request WHERE kind = ? AND subject = ? AND signed_at >= ? ORDER BY signed_at";
    const rows = this.#db.prepare(select).all(kind, `${subject}`, since) as { signed_at: number }[];
    return rows.map(({ signed_at: signedAt }) => signedAt);
  }

  /** Every certificate that is on its way to the chain, oldest first. */
  allUnderWay(): StoredRequest[] {
    const select = "SELECT * FROM certificate_request WHERE state = 'signed' ORDER BY id";
    return (this.#db.prepare(select).all() as unknown as RequestRow[]).map(toRequest);
  }

  /** Notes which intent records certificates. */
  assign(serials: readonly bigint[], intentKey: string): void {
    const update = this.#db.prepare("UPDATE certificate_request SET intent_key = ? WHERE serial = ?");
    for (const serial of serials) update.run(intentKey, `${serial}`);
  }

  finish(serial: bigint): void {
    this.#db.prepare("UPDATE certificate_request SET state = 'final' WHERE serial = ?").run(`${serial}`);
  }

  refuse(serial: bigint, reason: string): void {
    const update = "UPDATE certificate_request SET state = 'refused', reason = ? WHERE serial = ?";
    this.#db.prepare(update).run(reason, `${serial}`);
  }

  #one(condition: string, ...values: string[]): StoredRequest | undefined {
    const row = this.#db.prepare(`SELECT * FROM certificate_request WHERE ${condition}`).get(...values);
    return row && toRequest(row as unknown as RequestRow);
  }
}

function toRequest(row: RequestRow): StoredRequest {
  return {
    requestHash: row.request_hash,
    keyHash: row.key_hash,
    authorityId: row.authority_id,
    asker: row.asker,
    kind: row.kind,
    subject: BigInt(row.subject),
    serial: BigInt(row.serial),
    replaces: row.replaces === null ? undefined : BigInt(row.replaces),
    signedAt: row.signed_at,
    notBefore: row.not_before,
    notAfter: row.not_after,
    x509Hash: row.x509_hash,
    pem: row.pem,
    state: row.state,
    reason: row.reason ?? undefined,
    intentKey: row.intent_key ?? undefined,
  };
}
