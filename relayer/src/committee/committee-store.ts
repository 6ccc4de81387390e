import type { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { bytesToHex, hexToBytes } from "viem/utils";
import { inTransaction, type Migration } from "../store/database.ts";
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
];

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
    inTransaction(this.#db, () => {
      this.#db.prepare("DELETE FROM committee_proposal WHERE epoch < ?").run(epoch);
    });
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
