import type { DatabaseSync } from "node:sqlite";

import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import type { ListingQuery } from "@pqmesh/contracts/protocol/catalog-api";
import { describeSpecs, parseSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { regionOf } from "@pqmesh/contracts/protocol/region";
import type { BlockHeader } from "../engine/rpc/chain-types.ts";
import { openReader } from "../engine/store/database.ts";
import { IndexChanges } from "./index-changes.ts";
import { ListingColumns, type NodeFacts } from "./listing-columns.ts";
import { ListingSearch } from "./listing-search.ts";
import { ListingSource } from "./listing-source.ts";

/** Types whose entities the catalog follows. */
const FOLLOWED = ["Listing", "Node", "NodeCapacity", "TokenRule"];
/** Versions whose part of an answer is kept as text. */
const KEPT_VERSIONS = 2_048;

/** A page of listings, each as the text of its JSON. */
export interface FoundListings {
  readonly total: number;
  readonly listings: readonly string[];
  readonly next: string | undefined;
}

/** All listings of an index, in memory and as new as its database. */
export class Catalog {
  readonly #database: DatabaseSync;
  readonly #source: ListingSource;
  readonly #changes: IndexChanges;
  readonly #columns = new ListingColumns();
  readonly #search = new ListingSearch(this.#columns);
  readonly #versions = new Map<string, string>();
  #block: BlockHeader | undefined;
  #reading: Promise<void> | undefined;
  #isStale = false;

  /** @param database file of the index */
  constructor(database: string) {
    this.#database = openReader(database, true);
    this.#source = new ListingSource(this.#database);
    this.#changes = new IndexChanges(this.#database, FOLLOWED);
  }

  /** Block of the state that answers come from; undefined before the first. */
  get block(): BlockHeader | undefined {
    return this.#block;
  }

  /** Reads what changed in the index. While that is under way answers come from the state before. */
  refresh(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async close(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    this.#database.close();
  }

  /** @throws CatalogProblem when the query cannot be answered. */
  search(query: ListingQuery): FoundListings {
    const { total, rows, next } = this.#search.find(query);
    return { total, listings: rows.map((row) => this.#textOf(row)), next };
  }

  /** A listing as the text of its JSON; undefined when there is none. */
  listing(number: number): string | undefined {
    return this.#columns.has(number - 1) ? this.#textOf(number - 1) : undefined;
  }

  async #read(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#database.exec("BEGIN");
      try {
        await this.#readState();
      } finally {
        this.#database.exec("COMMIT");
      }
    }
  }

  async #readState(): Promise<void> {
    const row = this.#database.prepare("SELECT value FROM meta WHERE key = 'head'").get();
    if (row === undefined) {
      this.#forget();
      return;
    }
    const block = JSON.parse(String(row["value"])) as BlockHeader;
    const changes = this.#changes.since(block);
    if (changes === "everything") await this.#readEverything();
    else this.#readChanged(changes);
    this.#block = block;
  }

  #readChanged(changes: ReadonlyMap<string, ReadonlySet<string>>): void {
    const nodes = new Set([...(changes.get("Node") ?? []), ...(changes.get("NodeCapacity") ?? [])]);
    if (nodes.size > 0) this.#columns.putNodes(this.#source.nodes([...nodes]));
    if ((changes.get("TokenRule")?.size ?? 0) > 0) this.#readTokens();
    const listings = [...(changes.get("Listing") ?? [])];
    if (listings.length === 0) return;
    const missing = new Set(listings.map(Number));
    for (const listing of this.#source.listings(listings)) {
      this.#columns.put(listing);
      missing.delete(listing.number);
      this.#versions.delete(`${listing.number}-${listing.version}`);
    }
    for (const number of missing) this.#columns.remove(number);
  }

  async #readEverything(): Promise<void> {
    this.#forget();
    this.#readTokens();
    const nodes = new Map<number, NodeFacts>();
    for await (const [node, facts] of this.#source.allNodes()) nodes.set(node, facts);
    this.#columns.putNodes(nodes);
    for await (const listing of this.#source.allListings()) this.#columns.put(listing);
  }

  #readTokens(): void {
    this.#columns.putTokens(this.#source.allowedTokens());
  }

  #forget(): void {
    this.#columns.clear();
    this.#versions.clear();
    this.#block = undefined;
  }

  #textOf(row: number): string {
    const columns = this.#columns;
    const { node, operator, kind, privacy, units, soldUnits, shareBp, version, createdAt, updatedAt } = columns.values;
    const changing = JSON.stringify({
      ...{ id: row + 1, node: node[row], operator: operator[row], kind: ASSET_KINDS[kind[row]!] },
      ...{ privacy: PRIVACY_LEVELS[privacy[row]!], units: units[row], soldUnits: soldUnits[row] },
      ...{ freeUnits: columns.freeUnitsOf(row), shareBp: shareBp[row], isPaused: columns.paused.has(row) },
      ...{ isRetired: columns.retired.has(row), isOpen: columns.open.has(row), trustBp: columns.trustOf(row) },
      ...{ createdAt: createdAt[row], updatedAt: updatedAt[row] },
    });
    return `${changing.slice(0, -1)},${this.#versionText(row, version[row]!)}`;
  }

  /** What the newest version says, as the rest of the JSON of a listing. */
  #versionText(row: number, version: number): string {
    const key = `${row + 1}-${version}`;
    const kept = this.#versions.get(key);
    if (kept !== undefined) return kept;
    const columns = this.#columns;
    const { specs: text, ...facts } = this.#source.version(row + 1, version);
    const kind = ASSET_KINDS[columns.values.kind[row]!]!;
    const jurisdiction = columns.jurisdictionOf(row);
    const parsed = parseSpecs(kind, text);
    const specs = "specs" in parsed ? parsed.specs : null;
    const rest = JSON.stringify({
      ...{ version, token: columns.tokenOf(row), price: String(columns.priceOf(row)), ...facts },
      ...{ isMetered: columns.metered.has(row), jurisdiction, region: regionOf(jurisdiction ?? "") ?? null },
      ...{ specs, summary: specs === null ? null : describeSpecs(kind, specs) },
    }).slice(1);
    if (this.#versions.size >= KEPT_VERSIONS) this.#versions.delete(this.#versions.keys().next().value ?? "");
    this.#versions.set(key, rest);
    return rest;
  }
}
