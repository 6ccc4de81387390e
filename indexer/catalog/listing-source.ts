import { setImmediate as nextTurn } from "node:timers/promises";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";

import { decodeSortableInteger } from "../engine/values/sortable-number.ts";
import { toHex } from "../engine/values/hex.ts";
import { CatalogProblem } from "./catalog-problem.ts";
import type { ListingRow, NodeFacts } from "./listing-columns.ts";

/** Rows that are read at once while everything is read, so that other requests have their turn. */
const CHUNK = 10_000;
/** Identifiers of one statement. */
const BATCH = 500;

type Row = Record<string, SQLOutputValue>;

const LISTING =
  `SELECT rowid AS position, number, CAST(node AS INTEGER) AS node, CAST(operator AS INTEGER) AS operator, kind, privacy, units, "soldUnits", "shareBp", ` +
  `version, "isPaused", "isRetired", "isMetered", token, price, jurisdiction, "createdAt", "updatedAt" FROM "e_Listing"`;
const NODE = `SELECT rowid AS position, "nodeIndex", "trustScore", exited, c.offered, c.attested FROM "e_Node" n LEFT JOIN "e_NodeCapacity" c ON c.id = n.id`;

/** What a version of a listing says. */
export interface VersionFacts {
  readonly bondEpochs: number;
  readonly graceEpochs: number;
  readonly minEpochs: number;
  readonly maxEpochs: number;
  readonly uptimeBp: number;
  readonly maxMissedRun: number;
  readonly acceptEpochs: number;
  readonly noticeEpochs: number;
  readonly metadata: string;
  readonly specs: string;
}

/** Reads what the catalog keeps from the tables of the index. */
export class ListingSource {
  readonly #database: DatabaseSync;
  readonly #version: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#version = database.prepare(
      `SELECT "bondEpochs", "graceEpochs", "minEpochs", "maxEpochs", "uptimeBp", "maxMissedRun", "acceptEpochs",
        "noticeEpochs", metadata, specs FROM "e_ListingVersion" WHERE id = ?`,
    );
  }

  /** Every listing, with a pause now and then. */
  async *allListings(): AsyncGenerator<ListingRow> {
    for await (const row of this.#all(`${LISTING} WHERE rowid > ? ORDER BY rowid LIMIT ${CHUNK}`)) yield listingOf(row);
  }

  /** Every node, with a pause now and then. */
  async *allNodes(): AsyncGenerator<[number, NodeFacts]> {
    for await (const row of this.#all(
      `${NODE.replace("rowid", "n.rowid")} WHERE n.rowid > ? ORDER BY n.rowid LIMIT ${CHUNK}`,
    )) {
      yield nodeOf(row);
    }
  }

  /** Listings by their numbers; those that do not exist are missing. */
  listings(ids: readonly string[]): ListingRow[] {
    return this.#some(`${LISTING} WHERE id IN`, ids).map(listingOf);
  }

  nodes(ids: readonly string[]): Map<number, NodeFacts> {
    return new Map(this.#some(`${NODE.replace("rowid", "n.rowid")} WHERE n.id IN`, ids).map(nodeOf));
  }

  /** Tokens in which leases can be opened. */
  allowedTokens(): Set<string> {
    const rows = this.#database.prepare(`SELECT id FROM "e_TokenRule" WHERE "isAllowed" = 1`).all();
    return new Set(rows.map(({ id }) => String(id)));
  }

  /** @throws CatalogProblem when a reorg took the version back and the columns do not know yet. */
  version(listing: number, version: number): VersionFacts {
    const row = this.#version.get(`${listing}-${version}`);
    if (row === undefined) {
      const detail = `listing ${listing} is changing, ask again`;
      throw new CatalogProblem(undefined, detail, { status: 503, type: "not-ready" });
    }
    return {
      ...(row as unknown as VersionFacts),
      ...{ minEpochs: numberOf(row["minEpochs"]), maxEpochs: numberOf(row["maxEpochs"]) },
      metadata: toHex(row["metadata"] as Uint8Array),
    };
  }

  async *#all(sql: string): AsyncGenerator<Row> {
    const statement = this.#database.prepare(sql);
    for (let last = 0; ; await nextTurn()) {
      const rows = statement.all(last);
      yield* rows;
      if (rows.length < CHUNK) return;
      last = Number(rows.at(-1)!["position"]);
    }
  }

  #some(sql: string, ids: readonly string[]): Row[] {
    const rows: Row[] = [];
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      rows.push(...this.#database.prepare(`${sql} (${batch.map(() => "?").join(", ")})`).all(...batch));
    }
    return rows;
  }
}

function listingOf(row: Row): ListingRow {
  return {
    ...(row as unknown as ListingRow),
    ...{ isPaused: row["isPaused"] === 1, isRetired: row["isRetired"] === 1, isMetered: row["isMetered"] === 1 },
    token: toHex(row["token"] as Uint8Array),
    price: decodeSortableInteger(row["price"] as Uint8Array),
    ...{ createdAt: numberOf(row["createdAt"]), updatedAt: numberOf(row["updatedAt"]) },
  };
}

function nodeOf(row: Row): [number, NodeFacts] {
  const offered = sharesOf(row["offered"]);
  const attested = sharesOf(row["attested"]);
  const overOffered = offered.reduce(
    (bits, share, kind) => (share > (attested[kind] ?? 0) ? bits | (1 << kind) : bits),
    0,
  );
  return [
    Number(row["nodeIndex"]),
    { trustBp: Number(row["trustScore"]), hasExited: row["exited"] === 1, overOffered },
  ];
}

/** Lists are JSON in the tables of the index. */
function sharesOf(value: SQLOutputValue | undefined): number[] {
  return typeof value === "string" ? (JSON.parse(value) as number[]) : [];
}

function numberOf(value: SQLOutputValue | undefined): number {
  return Number(decodeSortableInteger(value as Uint8Array));
}
