import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { type Region, regionOf } from "@pqmesh/contracts/protocol/region";
import { Bitmap } from "./bitmap.ts";
import { ListingOrder } from "./listing-order.ts";

/** Rows for which there is room at first. */
const FIRST_ROOM = 64;
const TRUST_VALUES = 10_001;
/** Values of 16 bits. */
const HALF_WORD = 65_536;

/** A listing as the index has it, without what only its versions say. */
export interface ListingRow {
  readonly number: number;
  readonly node: number;
  readonly operator: number;
  /** Position in `ASSET_KINDS`. */
  readonly kind: number;
  /** Position in `PRIVACY_LEVELS`. */
  readonly privacy: number;
  readonly units: number;
  readonly soldUnits: number;
  readonly shareBp: number;
  readonly version: number;
  readonly isPaused: boolean;
  readonly isRetired: boolean;
  readonly isMetered: boolean;
  /** Address of the token, lower case. */
  readonly token: string;
  readonly price: bigint;
  readonly jurisdiction: string | null;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the index says of a node that concerns its listings. */
export interface NodeFacts {
  readonly trustBp: number;
  readonly hasExited: boolean;
  /** One bit for each kind of which listings take more than the node attested. */
  readonly overOffered: number;
}

/** Bit beside those of the kinds in what keeps listings of a node shut. */
const EXITED = 1 << ASSET_KINDS.length;
const FLAGS = { paused: 1, retired: 2, metered: 4, present: 8 } as const;

function roomFor(rows: number) {
  return {
    ...{ node: new Uint32Array(rows), operator: new Uint32Array(rows), kind: new Uint8Array(rows) },
    ...{ privacy: new Uint8Array(rows), units: new Uint16Array(rows), soldUnits: new Uint16Array(rows) },
    ...{ shareBp: new Uint16Array(rows), version: new Uint16Array(rows), flags: new Uint8Array(rows) },
    ...{ token: new Uint32Array(rows), priceHigh: new Uint32Array(rows), priceLow: new Uint32Array(rows) },
    ...{ country: new Uint16Array(rows), createdAt: new Uint32Array(rows), updatedAt: new Uint32Array(rows) },
  };
}

type Columns = ReturnType<typeof roomFor>;

/** Numbers names in the order in which they come up. */
class Names {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.all.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }
}

/**
 * All listings in memory, one row each: listing n is row n - 1. Columns are typed arrays, and for everything that is
 * filtered by there is a bitmap, so that a search touches no object and no database. There can be as many tokens as
 * listings, so they have no bitmaps: the order by price has those of one token in a row.
 */
export class ListingColumns {
  #columns = roomFor(FIRST_ROOM);
  #count = 0;
  /** By node index, which has no gaps. */
  #trust = new Uint16Array(FIRST_ROOM);
  /** By node index: a bit for each kind that is offered beyond what is attested, and {@link EXITED}. */
  #shut = new Uint8Array(FIRST_ROOM);
  #allowedTokens: ReadonlySet<string> = new Set();
  #tokens = new Names();
  #countries = new Names();
  readonly byKind = ASSET_KINDS.map(() => new Bitmap());
  readonly byPrivacy = PRIVACY_LEVELS.map(() => new Bitmap());
  readonly #byCountry: Bitmap[] = [];
  readonly #byRegion = new Map<Region, Bitmap>();
  readonly present = new Bitmap();
  readonly open = new Bitmap();
  readonly paused = new Bitmap();
  readonly retired = new Bitmap();
  readonly metered = new Bitmap();
  readonly orders = {
    price: new ListingOrder({
      compare: (a, b) => this.comparePrice(a, b) || a - b,
      digits: [
        { count: HALF_WORD, of: (row) => this.#columns.priceLow[row]! & 0xffff },
        { count: HALF_WORD, of: (row) => this.#columns.priceLow[row]! >>> 16 },
        { count: HALF_WORD, of: (row) => this.#columns.priceHigh[row]! & 0xffff },
        { count: HALF_WORD, of: (row) => this.#columns.priceHigh[row]! >>> 16 },
        { count: HALF_WORD, of: (row) => this.#columns.token[row]! & 0xffff },
        { count: HALF_WORD, of: (row) => this.#columns.token[row]! >>> 16 },
      ],
    }),
    trust: new ListingOrder({
      compare: (a, b) => this.trustOf(a) - this.trustOf(b) || a - b,
      digits: [{ count: TRUST_VALUES, of: (row) => this.trustOf(row) }],
    }),
    "free-units": new ListingOrder({
      compare: (a, b) => this.freeUnitsOf(a) - this.freeUnitsOf(b) || a - b,
      digits: [{ count: HALF_WORD, of: (row) => this.freeUnitsOf(row) }],
    }),
  };

  /** Rows in use, those of listings that a reorg took back included. */
  get count(): number {
    return this.#count;
  }

  // Changes

  /** Puts a listing in, or what it is now. */
  put(listing: ListingRow): void {
    const row = listing.number - 1;
    this.#makeRoom(row);
    if (this.present.has(row)) this.#unmark(row);
    const c = this.#columns;
    for (const name of ["node", "operator", "kind", "privacy", "units", "soldUnits", "shareBp", "version"] as const) {
      c[name][row] = listing[name];
    }
    [c.createdAt[row], c.updatedAt[row]] = [listing.createdAt, listing.updatedAt];
    c.flags[row] =
      FLAGS.present |
      (listing.isPaused ? FLAGS.paused : 0) |
      (listing.isRetired ? FLAGS.retired : 0) |
      (listing.isMetered ? FLAGS.metered : 0);
    c.token[row] = this.#tokens.numberOf(listing.token);
    c.priceHigh[row] = Number(listing.price >> 32n);
    c.priceLow[row] = Number(listing.price & 0xffff_ffffn);
    c.country[row] = this.#countries.numberOf(listing.jurisdiction ?? "");
    this.#mark(row, true);
    for (const order of Object.values(this.orders)) order.touch(row);
  }

  /** Takes a listing out that a reorg took back. */
  remove(number: number): void {
    const row = number - 1;
    if (!this.present.has(row)) return;
    this.#unmark(row);
    this.#columns.flags[row] = 0;
    while (this.#count > 0 && !this.present.has(this.#count - 1)) this.#count--;
  }

  /** Sets what is known of nodes; listings of those that changed are open, or not, accordingly. */
  putNodes(nodes: ReadonlyMap<number, NodeFacts>): void {
    const changed = new Set<number>();
    let isTrustNew = false;
    for (const [node, { trustBp, hasExited, overOffered }] of nodes) {
      this.#makeRoomForNode(node);
      const shut = overOffered | (hasExited ? EXITED : 0);
      if (this.#trust[node] !== trustBp) isTrustNew = true;
      if (this.#shut[node] !== shut) changed.add(node);
      [this.#trust[node], this.#shut[node]] = [trustBp, shut];
    }
    if (isTrustNew) this.orders.trust.touchAll();
    if (changed.size === 0) return;
    const { node } = this.#columns;
    for (let row = 0; row < this.#count; row++) if (changed.has(node[row]!) && this.has(row)) this.#markOpen(row);
  }

  /** Sets in which tokens leases can be opened. */
  putTokens(allowed: ReadonlySet<string>): void {
    const changed = new Set([...allowed].filter((token) => !this.#allowedTokens.has(token)));
    for (const token of this.#allowedTokens) if (!allowed.has(token)) changed.add(token);
    this.#allowedTokens = allowed;
    if (changed.size === 0) return;
    for (let row = 0; row < this.#count; row++)
      if (changed.has(this.tokenOf(row)) && this.has(row)) this.#markOpen(row);
  }

  /** Forgets everything. */
  clear(): void {
    this.#columns = roomFor(FIRST_ROOM);
    this.#count = 0;
    this.#trust = new Uint16Array(FIRST_ROOM);
    this.#shut = new Uint8Array(FIRST_ROOM);
    this.#allowedTokens = new Set();
    this.#tokens = new Names();
    this.#countries = new Names();
    const all = [...this.byKind, ...this.byPrivacy, ...this.#byCountry, ...this.#byRegion.values()];
    for (const bitmap of [...all, this.present, this.open, this.paused, this.retired, this.metered]) {
      bitmap.words = new Uint32Array(0);
    }
    for (const order of Object.values(this.orders)) order.touchAll();
  }

  // Reads

  /** The columns that answers are made from. */
  get values(): Readonly<Columns> {
    return this.#columns;
  }

  has(row: number): boolean {
    return this.present.has(row);
  }

  tokenOf(row: number): string {
    return this.#tokens.all[this.#columns.token[row]!] ?? "";
  }

  priceOf(row: number): bigint {
    return (BigInt(this.#columns.priceHigh[row]!) << 32n) | BigInt(this.#columns.priceLow[row]!);
  }

  freeUnitsOf(row: number): number {
    return this.#columns.units[row]! - this.#columns.soldUnits[row]!;
  }

  trustOf(row: number): number {
    return this.#trust[this.#columns.node[row]!] ?? 0;
  }

  jurisdictionOf(row: number): string | null {
    return this.#countries.all[this.#columns.country[row]!] || null;
  }

  /** Tokens first, then prices: prices of different tokens have no order. */
  comparePrice(a: number, b: number): number {
    const { token, priceHigh, priceLow } = this.#columns;
    return token[a]! - token[b]! || priceHigh[a]! - priceHigh[b]! || priceLow[a]! - priceLow[b]!;
  }

  /** True when a row comes before a price of a token in the order by price. */
  isBelow(row: number, token: string, price: bigint): boolean {
    const difference = this.#columns.token[row]! - (this.#tokens.find(token) ?? -1);
    return difference < 0 || (difference === 0 && this.priceOf(row) < price);
  }

  byCountry(country: string): Bitmap {
    return this.#byCountry[this.#countries.find(country) ?? -1] ?? new Bitmap();
  }

  byRegion(region: Region): Bitmap {
    return this.#byRegion.get(region) ?? new Bitmap();
  }

  // Bitmaps

  #makeRoom(row: number): void {
    const room = this.#columns.node.length;
    if (row >= room) {
      const next = roomFor(Math.max(row + 1, 2 * room));
      for (const [name, column] of Object.entries(this.#columns)) next[name as keyof Columns].set(column);
      this.#columns = next;
    }
    if (row >= this.#count) this.#count = row + 1;
  }

  #makeRoomForNode(node: number): void {
    if (node < this.#trust.length) return;
    const [trust, shut] = [new Uint16Array(2 * node), new Uint8Array(2 * node)];
    trust.set(this.#trust);
    shut.set(this.#shut);
    [this.#trust, this.#shut] = [trust, shut];
  }

  #unmark(row: number): void {
    this.#mark(row, false);
  }

  /** Puts a row into the bitmaps of what it is, or takes it out of them. */
  #mark(row: number, isIn: boolean): void {
    const { kind, privacy, country, flags } = this.#columns;
    this.byKind[kind[row]!]!.put(row, isIn);
    this.byPrivacy[privacy[row]!]!.put(row, isIn);
    (this.#byCountry[country[row]!] ??= new Bitmap()).put(row, isIn);
    const region = regionOf(this.jurisdictionOf(row) ?? "");
    if (region !== undefined) {
      const bitmap = this.#byRegion.get(region) ?? new Bitmap();
      this.#byRegion.set(region, bitmap);
      bitmap.put(row, isIn);
    }
    this.present.put(row, isIn);
    this.paused.put(row, isIn && (flags[row]! & FLAGS.paused) !== 0);
    this.retired.put(row, isIn && (flags[row]! & FLAGS.retired) !== 0);
    this.metered.put(row, isIn && (flags[row]! & FLAGS.metered) !== 0);
    if (isIn) this.#markOpen(row);
    else this.open.clear(row);
  }

  #markOpen(row: number): void {
    const { node, kind, flags } = this.#columns;
    const isOffered = flags[row] === FLAGS.present || flags[row] === (FLAGS.present | FLAGS.metered);
    const isServed = ((this.#shut[node[row]!] ?? 0) & (EXITED | (1 << kind[row]!))) === 0;
    const isOpen = isOffered && isServed && this.freeUnitsOf(row) > 0 && this.#allowedTokens.has(this.tokenOf(row));
    this.open.put(row, isOpen);
  }
}
