import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import type { ListingQuery } from "@pqmesh/contracts/protocol/catalog-api";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { countRows, fillRows, listRows, narrow, narrowToAny, type Rows, wordsFor } from "./bitmap.ts";
import { CatalogProblem } from "./catalog-problem.ts";
import type { ListingColumns } from "./listing-columns.ts";

/** Rows up to which it is cheaper to sort what was found than to walk along an order. */
const FEW_ROWS = 1_024;
const MAX_PRICE = 2n ** 64n - 1n;

/** One page of a search. */
export interface FoundRows {
  /** Rows that the filters let through, on all pages. */
  readonly total: number;
  readonly rows: readonly number[];
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
}

type Sort = ListingQuery["sort"];

/** Where a page begins: behind the row with this key. */
interface Place {
  readonly key: bigint;
  readonly row: number;
}

/** Finds listings in the columns. One search at a time: the set that it narrows down is used again. */
export class ListingSearch {
  readonly #columns: ListingColumns;
  #set: Rows = new Uint32Array(0);

  constructor(columns: ListingColumns) {
    this.#columns = columns;
  }

  /** @throws CatalogProblem when filters contradict each other, or the cursor is of another search. */
  find(query: ListingQuery): FoundRows {
    requirePossible(query);
    const isAscending = (query.direction ?? (query.sort === "price" ? "asc" : "desc")) === "asc";
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor, query.sort, isAscending);
    const set = this.#filter(query);
    const total = countRows(set);
    const order = { query, isAscending, after };
    const wanted = query.limit + 1;
    const rows = total <= FEW_ROWS ? this.#sorted(set, order, wanted) : this.#walked(set, order, wanted);
    const last = rows[query.limit - 1];
    const isMore = rows.length === wanted && last !== undefined;
    return {
      total,
      rows: rows.slice(0, query.limit),
      next: isMore
        ? writeCursor({ key: this.#keyOf(query.sort, last), row: last }, query.sort, isAscending)
        : undefined,
    };
  }

  /** The set of rows that the filters let through. */
  #filter(query: ListingQuery): Rows {
    const columns = this.#columns;
    const words = wordsFor(columns.count);
    if (this.#set.length !== words) this.#set = new Uint32Array(words);
    const set = this.#set;
    fillRows(set, columns.count);
    narrow(set, query.status === "all" ? columns.present : columns[query.status]);
    const { kind, privacy, jurisdiction, region, metered } = query;
    if (kind !== undefined)
      narrowToAny(
        set,
        kind.map((name) => columns.byKind[ASSET_KINDS.indexOf(name)]!),
      );
    if (privacy !== undefined)
      narrowToAny(
        set,
        privacy.map((name) => columns.byPrivacy[PRIVACY_LEVELS.indexOf(name)]!),
      );
    if (jurisdiction !== undefined)
      narrowToAny(
        set,
        jurisdiction.map((code) => columns.byCountry(code)),
      );
    if (region !== undefined)
      narrowToAny(
        set,
        region.map((name) => columns.byRegion(name)),
      );
    if (metered !== undefined) narrow(set, columns.metered, metered === "true");
    this.#narrowToRanges(set, query);
    this.#narrowToOwner(set, query);
    return set;
  }

  #narrowToRanges(set: Rows, query: ListingQuery): void {
    const { orders, count } = this.#columns;
    for (const sort of ["price", "trust", "free-units"] as const) {
      const range = this.#rangeOf(sort, query);
      if (range.from > 0 || range.until < count) orders[sort].narrow(set, count, range);
    }
  }

  /** Positions in an order that the filter by its key leaves; the order by price has those of one token in a row. */
  #rangeOf(sort: Sort, { token, priceMin, priceMax, minTrust, minFreeUnits }: ListingQuery): Range {
    const { orders, count } = this.#columns;
    const all = { from: 0, until: count };
    if (sort === "price" && token !== undefined) {
      const position = (price: bigint) =>
        orders.price.position(count, (row) => this.#columns.isBelow(row, token, price));
      return { from: position(priceMin ?? 0n), until: position((priceMax ?? MAX_PRICE) + 1n) };
    }
    if (sort === "trust" && minTrust !== undefined) {
      return { ...all, from: orders.trust.position(count, (row) => this.#columns.trustOf(row) < minTrust) };
    }
    if (sort === "free-units" && minFreeUnits !== undefined) {
      const comesBefore = (row: number) => this.#columns.freeUnitsOf(row) < minFreeUnits;
      return { ...all, from: orders["free-units"].position(count, comesBefore) };
    }
    return all;
  }

  #narrowToOwner(set: Rows, { node, operator }: ListingQuery): void {
    const { values, count } = this.#columns;
    if (node !== undefined) narrowToValue(set, values.node, { value: node, count });
    if (operator !== undefined) narrowToValue(set, values.operator, { value: operator, count });
  }

  /** Few rows: sorts them and takes the page. */
  #sorted(set: Rows, { query, isAscending, after }: PageOrder, wanted: number): number[] {
    const sign = isAscending ? 1 : -1;
    const rows = listRows(set).sort((a, b) => sign * this.#compare(query.sort, a, b));
    if (after === undefined) return rows.slice(0, wanted);
    const first = rows.findIndex((row) => sign * this.#compareToPlace(query.sort, row, after) > 0);
    return first < 0 ? [] : rows.slice(first, first + wanted);
  }

  /** Many rows: walks along the order until the page is full. */
  #walked(set: Rows, { query, isAscending, after }: PageOrder, wanted: number): number[] {
    const { count, orders } = this.#columns;
    const { sort } = query;
    const order = sort === "newest" ? undefined : orders[sort].rows(count);
    const rowAt = (position: number): number => (order === undefined ? position : order[position]!);
    let { from, until } = this.#rangeOf(sort, query);
    if (after !== undefined) {
      const [low, high] = [from, until];
      if (isAscending) from = partition(low, high, (at) => this.#compareToPlace(sort, rowAt(at), after) <= 0);
      else until = partition(low, high, (at) => this.#compareToPlace(sort, rowAt(at), after) < 0);
    }
    const found: number[] = [];
    for (let at = 0; at < until - from && found.length < wanted; at++) {
      const row = rowAt(isAscending ? from + at : until - 1 - at);
      if (((set[row >>> 5]! >>> (row & 31)) & 1) === 1) found.push(row);
    }
    return found;
  }

  #compare(sort: Sort, a: number, b: number): number {
    switch (sort) {
      case "price":
        return this.#columns.comparePrice(a, b) || a - b;
      case "trust":
        return this.#columns.trustOf(a) - this.#columns.trustOf(b) || a - b;
      case "free-units":
        return this.#columns.freeUnitsOf(a) - this.#columns.freeUnitsOf(b) || a - b;
      case "newest":
        return a - b;
    }
  }

  /** Negative when a row comes before a place, by ascending key. */
  #compareToPlace(sort: Sort, row: number, place: Place): number {
    const key = this.#keyOf(sort, row);
    if (key !== place.key) return key < place.key ? -1 : 1;
    return row - place.row;
  }

  #keyOf(sort: Sort, row: number): bigint {
    switch (sort) {
      case "price":
        return this.#columns.priceOf(row);
      case "trust":
        return BigInt(this.#columns.trustOf(row));
      case "free-units":
        return BigInt(this.#columns.freeUnitsOf(row));
      case "newest":
        return 0n;
    }
  }
}

/** Leaves those rows of a set whose column has a value; a plain loop over a column is faster than one over the set. */
function narrowToValue(set: Rows, column: Uint32Array, { value, count }: { value: number; count: number }): void {
  const wanted = new Uint32Array(set.length);
  for (let row = 0; row < count; row++) if (column[row] === value) wanted[row >>> 5]! |= 1 << (row & 31);
  for (let i = 0; i < set.length; i++) set[i]! &= wanted[i]!;
}

interface Range {
  readonly from: number;
  readonly until: number;
}

interface PageOrder {
  readonly query: ListingQuery;
  readonly isAscending: boolean;
  readonly after: Place | undefined;
}

/** First position from `low` on, and at most `high`, of which `isBefore` is not true. */
function partition(low: number, high: number, isBefore: (position: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function requirePossible({ token, priceMin, priceMax, sort }: ListingQuery): void {
  const needsToken = sort === "price" ? "sort=price" : priceMin !== undefined ? "priceMin" : "priceMax";
  if (token === undefined && (sort === "price" || priceMin !== undefined || priceMax !== undefined)) {
    throw new CatalogProblem(
      "token",
      `\`token\` is needed with \`${needsToken}\`: prices of different tokens have no order`,
    );
  }
  if (priceMin !== undefined && priceMax !== undefined && priceMin > priceMax) {
    throw new CatalogProblem("priceMin", `\`priceMin\` must be at most \`priceMax\`, ${priceMax}`);
  }
}

function writeCursor({ key, row }: Place, sort: Sort, isAscending: boolean): string {
  return Buffer.from(`${sort} ${isAscending ? "asc" : "desc"} ${key} ${row + 1}`).toString("base64url");
}

function readCursor(text: string, sort: Sort, isAscending: boolean): Place {
  const plain = Buffer.from(text, "base64url").toString("latin1");
  const [, ofSort, direction, key, number] = /^([a-z-]+) (asc|desc) (\d{1,20}) (\d{1,10})$/.exec(plain) ?? [];
  if (key === undefined || number === undefined) {
    throw new CatalogProblem("cursor", "`cursor` must be `next` of the page before");
  }
  if (ofSort !== sort || direction !== (isAscending ? "asc" : "desc")) {
    throw new CatalogProblem("cursor", `\`cursor\` is of a search with sort=${ofSort} and direction=${direction}`);
  }
  return { key: BigInt(key), row: Number(number) - 1 };
}
