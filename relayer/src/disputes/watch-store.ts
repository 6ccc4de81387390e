import type { DatabaseSync } from "node:sqlite";
import type { Hex } from "viem";
import type { Migration } from "../store/database.ts";

/** Schema of the watchtower; pass it to `openDatabase`. */
export const WATCH_MIGRATIONS: Migration[] = [
  {
    name: "watch-1",
    sql: `
      CREATE TABLE watch_report (
        digest TEXT PRIMARY KEY,
        epoch INTEGER NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('sound', 'faulty'))
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE watch_case (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('invalid-leaf', 'withheld-leaf', 'forgery')),
        epoch INTEGER NOT NULL,
        node_index INTEGER,
        report_digest TEXT NOT NULL,
        sentence TEXT NOT NULL,
        evidence TEXT,
        salt TEXT,
        data TEXT,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'void'))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX watch_case_open ON watch_case (state);
    `,
  },
  {
    name: "watch-2",
    sql: `
      CREATE TABLE watch_case_2 (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (
          kind IN ('invalid-leaf', 'withheld-leaf', 'forgery', 'node-equivocation', 'member-equivocation')
        ),
        epoch INTEGER NOT NULL,
        node_index INTEGER,
        report_digest TEXT,
        sentence TEXT NOT NULL,
        evidence TEXT,
        salt TEXT,
        data TEXT,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'void'))
      ) STRICT, WITHOUT ROWID;
      INSERT INTO watch_case_2 SELECT * FROM watch_case;
      DROP TABLE watch_case;
      ALTER TABLE watch_case_2 RENAME TO watch_case;
      CREATE INDEX watch_case_open ON watch_case (state);
      -- How far a growing table was looked through.
      CREATE TABLE watch_cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: "watch-3",
    sql: `
      -- What stood at the position: an older copy of the table may have been restored since.
      ALTER TABLE watch_cursor ADD COLUMN mark TEXT NOT NULL DEFAULT '';
    `,
  },
];

/** How far a growing table was looked through. */
export interface WatchCursor {
  /** Number of the last row that was looked at. */
  position: number;
  /** What tells that row from another one with its number. */
  mark: string;
}

/** What a case can be about. */
export const CASE_KINDS = [
  "invalid-leaf",
  "withheld-leaf",
  "forgery",
  "node-equivocation",
  "member-equivocation",
] as const;

/** Something to be brought before the chain. */
export interface WatchCase {
  /** What it is about; one case for each. */
  id: string;
  /** All have evidence but withheld-leaf, which is a challenge. */
  kind: (typeof CASE_KINDS)[number];
  epoch: bigint;
  /** Undefined for what a member did. */
  nodeIndex: number | undefined;
  /** Undefined for equivocations. */
  reportDigest: Hex | undefined;
  /** What was found, for people. */
  sentence: string;
  /** Evidence, salt of its claim and the whole call that shows it. */
  proof: { evidence: Hex; salt: Hex; data: Hex } | undefined;
}

interface CaseRow {
  id: string;
  kind: WatchCase["kind"];
  epoch: number;
  node_index: number | null;
  report_digest: Hex | null;
  sentence: string;
  evidence: Hex | null;
  salt: Hex | null;
  data: Hex | null;
}

/** What a watchtower found, durable. Every write is on disk when its method returns. */
export class WatchStore {
  readonly #db: DatabaseSync;

  /** @param db Opened with {@link WATCH_MIGRATIONS}. */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  verdictOf(digest: Hex): "sound" | "faulty" | undefined {
    const row = this.#db.prepare("SELECT verdict FROM watch_report WHERE digest = ?").get(digest);
    return row?.verdict as "sound" | "faulty" | undefined;
  }

  setVerdict({ digest, epoch }: { digest: Hex; epoch: bigint }, verdict: "sound" | "faulty"): void {
    this.#db.prepare("INSERT OR REPLACE INTO watch_report VALUES (?, ?, ?)").run(digest, epoch, verdict);
  }

  /** Adds a case. @returns false when there is one with this id, in whatever state. */
  add({ id, kind, epoch, nodeIndex, reportDigest, sentence, proof }: WatchCase): boolean {
    const insert = `INSERT OR IGNORE INTO watch_case
      (id, kind, epoch, node_index, report_digest, sentence, evidence, salt, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const evidence = [proof?.evidence ?? null, proof?.salt ?? null, proof?.data ?? null];
    const subject = [id, kind, epoch, nodeIndex ?? null, reportDigest ?? null, sentence] as const;
    return this.#db.prepare(insert).run(...subject, ...evidence).changes === 1;
  }

  /** True when there is a case with this id, in whatever state. */
  has(id: string): boolean {
    return this.#db.prepare("SELECT 1 FROM watch_case WHERE id = ?").get(id) !== undefined;
  }

  /** Cases that are not settled, oldest epoch first. */
  open(): WatchCase[] {
    const select = "SELECT * FROM watch_case WHERE state = 'open' ORDER BY epoch, id";
    return (this.#db.prepare(select).all() as unknown as CaseRow[]).map((row) => ({
      ...{ id: row.id, kind: row.kind, epoch: BigInt(row.epoch), nodeIndex: row.node_index ?? undefined },
      ...{ reportDigest: row.report_digest ?? undefined, sentence: row.sentence },
      proof:
        row.evidence && row.salt && row.data ? { evidence: row.evidence, salt: row.salt, data: row.data } : undefined,
    }));
  }

  close(id: string, state: "done" | "void"): void {
    this.#db.prepare("UPDATE watch_case SET state = ? WHERE id = ?").run(state, id);
  }

  /** How far a growing table was looked through; undefined at first. */
  cursor(name: string): WatchCursor | undefined {
    const row = this.#db.prepare("SELECT position, mark FROM watch_cursor WHERE name = ?").get(name);
    return row && { position: row.position as number, mark: row.mark as string };
  }

  setCursor(name: string, { position, mark }: WatchCursor): void {
    this.#db.prepare("INSERT OR REPLACE INTO watch_cursor VALUES (?, ?, ?)").run(name, position, mark);
  }

  /** Forgets reports and settled cases of epochs before `epoch`. */
  prune(epoch: bigint): void {
    this.#db.prepare("DELETE FROM watch_report WHERE epoch < ?").run(epoch);
    this.#db.prepare("DELETE FROM watch_case WHERE epoch < ? AND state <> 'open'").run(epoch);
  }
}
