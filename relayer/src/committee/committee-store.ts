import type { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { bytesToHex, hexToBytes } from "viem/utils";
import type { Report } from "@pqmesh/contracts/protocol/report";
import type { Migration } from "../store/database.ts";
import type { HeldLeaf } from "../store/attestation-store.ts";
import type { SigningPlace } from "./protection-log.ts";
import { type MemberSignatures, type Proposal, reportFromJson, reportToJson, type SignedReport } from "./messages.ts";

/** Schema of proposals and signatures; pass it to `openDatabase`. */
export const COMMITTEE_MIGRATIONS: Migration[] = [
  {
    name: "committee-1",
    sql: `
      CREATE TABLE committee_proposal (
        digest TEXT PRIMARY KEY,
        epoch INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        round INTEGER NOT NULL,
        proposer TEXT NOT NULL,
        report TEXT NOT NULL,
        leaves BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX committee_proposal_place ON committee_proposal (epoch, shard, round);
      CREATE TABLE committee_signature (
        digest TEXT NOT NULL REFERENCES committee_proposal (digest) ON DELETE CASCADE,
        seat INTEGER NOT NULL,
        ecdsa BLOB NOT NULL,
        mldsa BLOB NOT NULL,
        PRIMARY KEY (digest, seat)
      ) STRICT;
    `,
  },
  {
    name: "committee-2",
    sql: `
      -- What leaders signed, as far as it was proposed to this member: at most two reports of one round.
      CREATE TABLE committee_statement (
        digest TEXT NOT NULL,
        seat INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        round INTEGER NOT NULL,
        report TEXT NOT NULL,
        mldsa BLOB NOT NULL,
        PRIMARY KEY (epoch, shard, round, seat, digest)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];

/** Every ML-DSA-65 signature on a report that is held, from whatever it came. */
const SIGNED = `
  SELECT epoch, shard, round, seat, digest, report, mldsa FROM committee_statement
  UNION ALL
  SELECT epoch, shard, round, seat, digest, report, mldsa
  FROM committee_proposal JOIN committee_signature USING (digest)`;
/** Reports of one round kept of one leader: two are evidence. */
const KEPT_STATEMENTS = 2;

/** A report and one member's ML-DSA-65 signature of it. */
interface SignedRound {
  report: Report;
  mldsa: Hex;
}

/** Bytes of a leaf in the stored list: node index, then digest. */
const LEAF_BYTES = 36;

/** Durable proposals and the signatures of members on them. */
export class CommitteeStore {
  readonly #db: DatabaseSync;

  /** @param db Opened with {@link COMMITTEE_MIGRATIONS}. */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Stores a proposal; one with this digest stays as it is. */
  addProposal(digest: Hex, proposer: Address, { report, leaves }: Proposal): void {
    const { epoch, shard, round } = report;
    const insert = "INSERT OR IGNORE INTO committee_proposal VALUES (?, ?, ?, ?, ?, ?, ?)";
    const json = JSON.stringify(reportToJson(report));
    this.#db.prepare(insert).run(digest, epoch, shard, round, proposer, json, encodeLeaves(leaves));
  }

  addSignatures(digest: Hex, seat: number, { ecdsaSignature, mldsaSignature }: MemberSignatures): void {
    const insert = "INSERT OR IGNORE INTO committee_signature VALUES (?, ?, ?, ?)";
    this.#db.prepare(insert).run(digest, seat, hexToBytes(ecdsaSignature), hexToBytes(mldsaSignature));
  }

  /**
   * Stores that a leader signed a report, unless two reports of the round that it signed are known.
   *
   * @param limit Reports of one epoch that are kept of one leader at most.
   * @returns false when it is not kept because of the limit.
   */
  addStatement(digest: Hex, seat: number, { report, mldsa }: SignedRound, limit: number): boolean {
    const { epoch, shard, round } = report;
    const select = "SELECT shard, round, digest FROM committee_statement WHERE epoch = ? AND seat = ?";
    const known = this.#db.prepare(select).all(epoch, seat);
    const ofRound = known.filter((row) => row.shard === shard && row.round === round);
    if (ofRound.length >= KEPT_STATEMENTS || ofRound.some((row) => row.digest === digest)) return true;
    if (known.length >= limit) return false;
    const insert = "INSERT INTO committee_statement VALUES (?, ?, ?, ?, ?, ?, ?)";
    const json = JSON.stringify(reportToJson(report));
    this.#db.prepare(insert).run(digest, seat, epoch, shard, round, json, hexToBytes(mldsa));
    return true;
  }

  /** Reports that leaders signed, as far as they are kept. */
  statements(): number {
    return (this.#db.prepare("SELECT COUNT(*) AS kept FROM committee_statement").get() as { kept: number }).kept;
  }

  /** Seats that signed two reports of one round, of epochs from `epoch` on, with two of the reports. */
  doubleSigned(epoch: bigint): { seat: number; signed: readonly [SignedRound, SignedRound] }[] {
    const places = `SELECT epoch, shard, round, seat FROM (${SIGNED}) WHERE epoch >= ?
      GROUP BY epoch, shard, round, seat HAVING COUNT(DISTINCT digest) > 1`;
    const select = `SELECT report, mldsa FROM (${SIGNED}) WHERE epoch = ? AND shard = ? AND round = ? AND seat = ?
      GROUP BY digest ORDER BY digest LIMIT 2`;
    return this.#db
      .prepare(places)
      .all(epoch)
      .flatMap((place) => {
        const at = [place.epoch, place.shard, place.round, place.seat] as number[];
        const rows = this.#db.prepare(select).all(...at) as { report: string; mldsa: Uint8Array }[];
        const [first, second] = rows.map(({ report, mldsa }) => {
          return { report: reportFromJson(JSON.parse(report)), mldsa: bytesToHex(mldsa) };
        });
        return first && second ? [{ seat: place.seat as number, signed: [first, second] as const }] : [];
      });
  }

  /** A proposal and the signatures held of it, by seat. */
  signedReport(digest: Hex): SignedReport | undefined {
    const row = this.#db.prepare("SELECT report, leaves FROM committee_proposal WHERE digest = ?").get(digest);
    if (!row) return undefined;
    const select = "SELECT seat, ecdsa, mldsa FROM committee_signature WHERE digest = ? ORDER BY seat";
    const signatures = this.#db.prepare(select).all(digest) as { seat: number; ecdsa: Uint8Array; mldsa: Uint8Array }[];
    return {
      report: reportFromJson(JSON.parse(row.report as string)),
      leaves: decodeLeaves(row.leaves as Uint8Array),
      signatures: signatures.map(({ seat, ecdsa, mldsa }) => {
        return { seat, ecdsaSignature: bytesToHex(ecdsa), mldsaSignature: bytesToHex(mldsa) };
      }),
    };
  }

  /** Proposal that a member made in a round. */
  proposalOf({ epoch, shard, round }: SigningPlace, proposer: Address): Proposal | undefined {
    const select = `SELECT digest FROM committee_proposal
      WHERE epoch = ? AND shard = ? AND round = ? AND proposer = ?`;
    const row = this.#db.prepare(select).get(epoch, shard, round, proposer) as { digest: Hex } | undefined;
    return row && this.signedReport(row.digest);
  }

  /** Own signatures on a digest, so that a question asked twice gets the same answer. */
  signaturesOf(digest: Hex, seat: number): MemberSignatures | undefined {
    return this.signedReport(digest)?.signatures.find((signatures) => signatures.seat === seat);
  }

  /** Forgets proposals and signatures of epochs before `epoch`. */
  prune(epoch: bigint): void {
    this.#db.prepare("DELETE FROM committee_proposal WHERE epoch < ?").run(epoch);
  }

  /** Forgets what leaders signed about epochs before `epoch`. */
  pruneStatements(epoch: bigint): void {
    this.#db.prepare("DELETE FROM committee_statement WHERE epoch < ?").run(epoch);
  }
}

function encodeLeaves(leaves: readonly HeldLeaf[]): Uint8Array {
  const bytes = new Uint8Array(LEAF_BYTES * leaves.length);
  leaves.forEach(({ nodeIndex, digest }, i) => {
    new DataView(bytes.buffer).setUint32(LEAF_BYTES * i, nodeIndex);
    bytes.set(hexToBytes(digest), LEAF_BYTES * i + 4);
  });
  return bytes;
}

function decodeLeaves(bytes: Uint8Array): HeldLeaf[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / LEAF_BYTES }, (_, i) => ({
    nodeIndex: view.getUint32(LEAF_BYTES * i),
    digest: bytesToHex(bytes.subarray(LEAF_BYTES * i + 4, LEAF_BYTES * (i + 1))),
  }));
}
