import type { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { z } from "zod";
import { inTransaction, type Migration } from "../store/database.ts";
import { ProposalRefused } from "./proposal-refused.ts";

/** Schema of the protection log; pass it to `openDatabase`. */
export const PROTECTION_MIGRATIONS: Migration[] = [
  {
    name: "protection-1",
    sql: `
      CREATE TABLE protection (
        epoch INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        round INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (epoch, shard, round)
      ) STRICT, WITHOUT ROWID;
      -- One row: whom the log protects, and the first epoch that may still be signed for.
      CREATE TABLE protection_owner (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        chain_id INTEGER NOT NULL,
        bridge TEXT NOT NULL,
        member TEXT NOT NULL,
        floor INTEGER NOT NULL
      ) STRICT;
    `,
  },
];

/** What a member signs once. */
export interface SigningPlace {
  epoch: bigint;
  shard: number;
  round: number;
}

/** Whom a protection log belongs to. */
export interface ProtectionOwner {
  chainId: number;
  bridge: Address;
  member: Address;
}

const exportSchema = z.strictObject({
  version: z.literal(1),
  chainId: z.number().int(),
  bridge: z.string(),
  member: z.string(),
  floor: z.string().regex(/^[0-9]+$/),
  records: z.array(
    z.strictObject({
      epoch: z.string().regex(/^[0-9]+$/),
      shard: z.number().int(),
      round: z.number().int(),
      digest: z.string().regex(/^0x[0-9a-f]{64}$/),
    }),
  ),
});

/** Content of a protection log as a file; operators move it with the key. */
export type ProtectionExport = z.infer<typeof exportSchema>;

/**
 * Remembers which digest a member signed for each epoch, shard and round, so that it never signs two.
 * A record is on disk before {@link ProtectionLog.record} returns; sign only after it.
 */
export class ProtectionLog {
  readonly #db: DatabaseSync;
  readonly #owner: ProtectionOwner;

  /**
   * @param db Opened with {@link PROTECTION_MIGRATIONS}, synchronous.
   * @throws Error when the log in it belongs to another member or deployment.
   */
  constructor(db: DatabaseSync, owner: ProtectionOwner) {
    this.#db = db;
    this.#owner = { ...owner, bridge: lower(owner.bridge), member: lower(owner.member) };
    const { chainId, bridge, member } = this.#owner;
    const claim = "INSERT OR IGNORE INTO protection_owner VALUES (1, ?, ?, ?, 0)";
    db.prepare(claim).run(chainId, bridge, member);
    const row = db.prepare("SELECT chain_id, bridge, member FROM protection_owner").get() as Record<string, unknown>;
    if (row.chain_id !== chainId || row.bridge !== bridge || row.member !== member) {
      const found = `member ${String(row.member)} of bridge ${String(row.bridge)} on chain ${String(row.chain_id)}`;
      throw new Error(`the protection log belongs to ${found}, not to ${member} of ${bridge} on chain ${chainId}`);
    }
  }

  /** Member whose log is in a database, undefined when there is none. */
  static memberIn(db: DatabaseSync): Address | undefined {
    const row = db.prepare("SELECT member FROM protection_owner").get() as { member: Address } | undefined;
    return row?.member;
  }

  /** Epochs before this one are never signed for. */
  get floor(): bigint {
    return BigInt((this.#db.prepare("SELECT floor FROM protection_owner").get() as { floor: number }).floor);
  }

  /** Digest recorded for a place. */
  digestOf({ epoch, shard, round }: SigningPlace): Hex | undefined {
    const select = "SELECT digest FROM protection WHERE epoch = ? AND shard = ? AND round = ?";
    return (this.#db.prepare(select).get(epoch, shard, round) as { digest: Hex } | undefined)?.digest;
  }

  /**
   * Checks that a digest may be signed, without recording it.
   *
   * @throws ProposalRefused `already-signed` when another digest is recorded, `protected-epoch` below the floor.
   */
  check(place: SigningPlace, digest: Hex): void {
    const { epoch, shard, round } = place;
    const recorded = this.digestOf(place);
    if (recorded === digest) return;
    if (recorded) {
      const where = `epoch ${epoch}, shard ${shard}, round ${round}`;
      throw new ProposalRefused("already-signed", `${where} is signed with digest ${recorded}, not ${digest}`);
    }
    const { floor } = this;
    if (epoch < floor) {
      throw new ProposalRefused("protected-epoch", `epoch ${epoch} may have been signed: first allowed is ${floor}`);
    }
  }

  /**
   * Records durably that a digest is about to be signed; the same digest may be recorded again.
   *
   * @throws ProposalRefused as {@link ProtectionLog.check}.
   */
  record(place: SigningPlace, digest: Hex): void {
    const { epoch, shard, round } = place;
    inTransaction(this.#db, () => {
      this.check(place, digest);
      this.#db.prepare("INSERT OR IGNORE INTO protection VALUES (?, ?, ?, ?)").run(epoch, shard, round, digest);
    });
  }

  /** Refuses all new signatures for epochs before `epoch` from now on. */
  raiseFloor(epoch: bigint): void {
    this.#db.prepare("UPDATE protection_owner SET floor = ? WHERE floor < ?").run(epoch, epoch);
  }

  /** Forgets records of epochs before `epoch`, which can then never be signed for again. */
  prune(epoch: bigint): void {
    inTransaction(this.#db, () => {
      this.raiseFloor(epoch);
      this.#db.prepare("DELETE FROM protection WHERE epoch < ?").run(epoch);
    });
  }

  /** The whole log as JSON. */
  export(): ProtectionExport {
    const { chainId, bridge, member } = this.#owner;
    const rows = this.#db.prepare("SELECT * FROM protection ORDER BY epoch, shard, round").all() as unknown as Row[];
    const records = rows.map((row) => ({ ...row, epoch: String(row.epoch) }));
    return { version: 1, chainId, bridge, member, floor: this.floor.toString(), records };
  }

  /**
   * Adds an exported log; all of it or nothing.
   *
   * @throws Error when it is malformed, belongs to another member, or contradicts this log.
   */
  import(value: unknown): void {
    const { chainId, bridge, member, floor, records } = exportSchema.parse(value);
    if (
      chainId !== this.#owner.chainId ||
      lower(bridge) !== this.#owner.bridge ||
      lower(member) !== this.#owner.member
    ) {
      throw new Error(`the file is the protection log of ${member} for bridge ${bridge} on chain ${chainId}`);
    }
    const insert = this.#db.prepare("INSERT OR IGNORE INTO protection VALUES (?, ?, ?, ?)");
    inTransaction(this.#db, () => {
      for (const { epoch, shard, round, digest } of records) {
        insert.run(BigInt(epoch), shard, round, digest);
        const kept = this.digestOf({ epoch: BigInt(epoch), shard, round });
        if (kept !== digest)
          throw new Error(`epoch ${epoch}, shard ${shard}, round ${round}: ${digest} contradicts ${kept}`);
      }
      this.raiseFloor(BigInt(floor));
    });
  }
}

interface Row {
  epoch: number;
  shard: number;
  round: number;
  digest: string;
}

function lower<Text extends string>(text: Text): Text {
  return text.toLowerCase() as Text;
}
