import { z } from "zod";
import { ASSET_KINDS } from "./asset-kind.ts";
import { LEASE_STATUSES } from "./lease-status.ts";
import { ADMISSIONS, BUYERS, PRIVACY_LEVELS } from "./privacy-level.ts";
import { REGIONS } from "./region.ts";

/** Listings or leases that a page has at most. */
export const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
/** Largest uint64, which a price is at most. */
const MAX_PRICE = 2n ** 64n - 1n;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hex digits")
  .transform((text) => text.toLowerCase());
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const country = z.string().regex(/^[A-Z]{2}$/, "must be ISO 3166-1 alpha-2 codes in capitals, for example DE,FR");
/** Numbers of 64 bits and more travel as decimal text. */
const bigNumber = z.string().regex(/^(0|[1-9][0-9]*)$/);
const natural = z.int().min(0);
const bp = z.int().min(0).max(10_000);

/** A whole number in a query. */
function numberIn(least: number, most: number) {
  const expected = `must be a whole number from ${least} to ${most} in decimal digits`;
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,9})$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

const price = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})$/, `must be smallest units of the token in decimal digits, at most ${MAX_PRICE}`)
  .transform(BigInt)
  .refine((value) => value <= MAX_PRICE, `must be at most ${MAX_PRICE}`);

/** Several values of a query, separated by commas. */
function several<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .max(1_000)
    .transform((text) => text.split(","))
    .pipe(z.array(item).min(1).max(64));
}

const limit = numberIn(1, MAX_PAGE).default(DEFAULT_PAGE);
const cursor = z.string().max(200).optional();

/** What listings can be in the order of. */
export const LISTING_SORTS = ["newest", "price", "trust", "free-units"] as const;

/** Query of `GET /v1/listings`. */
export const listingQueryShape = z.strictObject({
  kind: several(z.enum(ASSET_KINDS)).optional().describe("Kinds of asset, separated by commas"),
  token: address.optional().describe("Token that is paid; needed for prices, which have no order across tokens"),
  priceMin: price.optional().describe("Smallest units of the token for one unit and epoch"),
  priceMax: price.optional().describe("Smallest units of the token for one unit and epoch"),
  jurisdiction: several(country).optional().describe("ISO 3166-1 alpha-2 codes, separated by commas"),
  region: several(z.enum(REGIONS)).optional().describe("Parts of the world, separated by commas"),
  privacy: several(z.enum(PRIVACY_LEVELS)).optional().describe("Levels of privacy, separated by commas"),
  minTrust: numberIn(0, 10_000).optional().describe("Least Trust Score of the node, basis points"),
  minFreeUnits: numberIn(1, 65_535).optional().describe("Least number of units that can be leased"),
  metered: z.enum(["true", "false"]).optional().describe("Paid by vouchers, or for proven epochs"),
  node: numberIn(0, 4_294_967_295).optional().describe("Index of the node"),
  operator: numberIn(1, 4_294_967_295).optional().describe("Identity of the operator"),
  status: z.enum(["open", "paused", "retired", "all"]).default("open").describe("`open`: a lease can be opened now"),
  sort: z.enum(LISTING_SORTS).default("newest").describe("Order; `price` needs `token`"),
  direction: z.enum(["asc", "desc"]).optional().describe("`asc` for prices, `desc` for everything else unless given"),
  limit: limit.describe(`Listings in a page, at most ${MAX_PAGE}`),
  cursor: cursor.describe("`next` of the page before"),
});

/** A search that was checked. */
export type ListingQuery = z.output<typeof listingQueryShape>;

const blockShape = z.strictObject({ number: natural, hash: hex, timestamp: natural });

/** A listing as it is now. */
export const listingShape = z.strictObject({
  id: natural,
  node: natural,
  operator: natural,
  kind: z.enum(ASSET_KINDS),
  privacy: z.enum(PRIVACY_LEVELS),
  units: natural,
  soldUnits: natural,
  freeUnits: natural,
  shareBp: bp,
  isPaused: z.boolean(),
  isRetired: z.boolean(),
  isOpen: z.boolean().describe("A lease can be opened now, by whom its privacy level admits"),
  trustBp: bp,
  version: natural,
  token: address,
  price: bigNumber,
  bondEpochs: natural,
  graceEpochs: natural,
  minEpochs: natural,
  maxEpochs: natural,
  uptimeBp: bp,
  maxMissedRun: natural,
  acceptEpochs: natural,
  noticeEpochs: natural,
  isMetered: z.boolean(),
  jurisdiction: z.string().nullable(),
  region: z.enum(REGIONS).nullable(),
  metadata: hex,
  specs: z.record(z.string(), z.unknown()).nullable().describe("Null when the operator's text does not fit its kind"),
  summary: z.string().nullable().describe("Specs on one line"),
  createdAt: natural,
  updatedAt: natural,
});

/** A listing as the catalog serves it. */
export type CatalogListing = z.output<typeof listingShape>;

/** Answer of `GET /v1/listings`. */
export const listingPageShape = z.strictObject({
  block: blockShape,
  total: natural.describe("Listings that the filters let through, on all pages"),
  listings: z.array(listingShape),
  next: z.string().nullable().describe("Cursor of the next page; null on the last"),
});

/** Answer of `GET /v1/listings/{id}`. */
export const oneListingShape = z.strictObject({ block: blockShape, listing: listingShape });

/** Query of `GET /v1/leases`. */
export const leaseQueryShape = z.strictObject({
  client: address.optional().describe("Wallet that opened them"),
  provider: numberIn(1, 4_294_967_295).optional().describe("Identity of the operator"),
  listing: numberIn(1, 4_294_967_295).optional().describe("Number of the listing"),
  status: several(z.enum(LEASE_STATUSES.slice(1) as [string]))
    .optional()
    .describe("Where leases are, separated by commas"),
  limit: limit.describe(`Leases in a page, at most ${MAX_PAGE}`),
  cursor: cursor.describe("`next` of the page before"),
});

/** A query for leases that was checked. */
export type LeaseQuery = z.output<typeof leaseQueryShape>;

/** A lease as it is now; amounts are smallest units of its token. */
export const leaseShape = z.strictObject({
  id: bigNumber,
  listing: natural,
  version: natural,
  node: natural,
  operator: natural,
  client: address,
  token: address,
  units: natural,
  rate: bigNumber,
  status: z.enum(LEASE_STATUSES),
  isMetered: z.boolean(),
  feeBp: bp,
  term: bigNumber,
  acceptBy: bigNumber,
  start: bigNumber.nullable(),
  end: bigNumber.nullable(),
  settledUntil: bigNumber.nullable(),
  fundedUntil: bigNumber.nullable(),
  graceUntil: bigNumber.nullable(),
  deposited: bigNumber,
  balance: bigNumber,
  janitorFee: bigNumber,
  provenEpochs: bigNumber,
  missedEpochs: bigNumber,
  unreportedEpochs: bigNumber,
  paidToProvider: bigNumber,
  fees: bigNumber,
  returnedToClient: bigNumber,
  earned: bigNumber,
  redeemed: bigNumber,
  vouchersUntil: bigNumber.nullable(),
  bond: bigNumber,
  bondPaid: bigNumber,
  noticeEnd: bigNumber.nullable(),
  isNoticeByProvider: z.boolean().nullable(),
  isDisputed: z.boolean(),
  disputedUntil: bigNumber.nullable(),
  clientShareBp: bp,
  deliveryCount: natural,
  openedAt: bigNumber,
  acceptedAt: bigNumber.nullable(),
  closedAt: bigNumber.nullable(),
  janitor: address.nullable(),
  janitorPaid: bigNumber,
});

/** A lease as the catalog serves it. */
export type CatalogLease = z.output<typeof leaseShape>;

/** Answer of `GET /v1/leases`. */
export const leasePageShape = z.strictObject({
  block: blockShape,
  leases: z.array(leaseShape),
  next: z.string().nullable(),
});

/** Answer of `GET /v1/leases/{id}`. */
export const oneLeaseShape = z.strictObject({ block: blockShape, lease: leaseShape });

/** Answer of `GET /v1/privacy`. */
export const privacyShape = z.strictObject({
  levels: z.array(z.strictObject({ privacy: z.enum(PRIVACY_LEVELS), admits: z.array(z.enum(BUYERS)) })),
});

/** The published table of who may lease. */
export const PRIVACY_TABLE: z.output<typeof privacyShape> = {
  levels: PRIVACY_LEVELS.map((privacy) => ({ privacy, admits: [...ADMISSIONS[privacy]] })),
};

/** An error of the catalog, as problem details (RFC 9457). */
export const problemShape = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  field: z.string().optional().describe("What of the request is wrong"),
  error: z.string().optional().describe("Error of the contract that the transaction would end with"),
});

const unsignedShape = z.strictObject({ to: address, data: hex, value: bigNumber, gas: bigNumber.nullable() });

/** Answer of `POST /v1/transactions/{action}`: nothing in it is signed. */
export const transactionShape = z.strictObject({
  chainId: natural,
  ...unsignedShape.shape,
  sentence: z.string().describe("What the transaction does, for whoever signs it"),
  approval: unsignedShape
    .extend({ sentence: z.string() })
    .nullable()
    .describe("To be sent first, when the contract may not take the tokens yet; `gas` of the other one is null then"),
});

/** A transaction that a wallet can sign. */
export type UnsignedTransaction = z.output<typeof transactionShape>;

/** An error that the catalog answered with; `type` is for programs, the message for people. */
export class CatalogError extends Error {
  readonly status: number;
  readonly type: string;
  readonly field: string | undefined;
  /** Error of the contract that the transaction would end with. */
  readonly contractError: string | undefined;

  constructor({ type, status, detail, field, error }: z.output<typeof problemShape>) {
    super(detail);
    this.type = type;
    this.status = status;
    this.field = field;
    this.contractError = error;
  }
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Reads the catalog of an indexer, and has it build transactions; whatever it answers is checked. */
export class CatalogClient {
  readonly #url: string;
  readonly #fetch: typeof fetch;

  /** @param url address of the indexer, as `indexerUrl` in network.json */
  constructor(url: string, send: typeof fetch = (input, init) => fetch(input, init)) {
    this.#url = url.replace(/\/$/, "");
    this.#fetch = send;
  }

  /** A page of listings. @throws CatalogError when the catalog refuses, Error when it cannot be reached. */
  listings(
    query: { readonly [Field in keyof z.input<typeof listingQueryShape>]: string | number } = {},
    signal?: AbortSignal,
  ) {
    return this.#get("/v1/listings", listingPageShape, { query, signal });
  }

  listing(id: number, signal?: AbortSignal) {
    return this.#get(`/v1/listings/${id}`, oneListingShape, { signal });
  }

  /** A page of leases, newest first. */
  leases(
    query: { readonly [Field in keyof z.input<typeof leaseQueryShape>]: string | number } = {},
    signal?: AbortSignal,
  ) {
    return this.#get("/v1/leases", leasePageShape, { query, signal });
  }

  lease(id: bigint | number, signal?: AbortSignal) {
    return this.#get(`/v1/leases/${id}`, oneLeaseShape, { signal });
  }

  privacy(signal?: AbortSignal) {
    return this.#get("/v1/privacy", privacyShape, { signal });
  }

  /** An unsigned transaction; bigints in `body` become decimal text. */
  async transaction(action: string, body: object, signal?: AbortSignal): Promise<UnsignedTransaction> {
    const text = JSON.stringify(body, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body: text, headers, ...(signal && { signal }) };
    return this.#send(`/v1/transactions/${action}`, transactionShape, init);
  }

  #get<Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    { query = {}, signal }: { query?: Query; signal?: AbortSignal | undefined },
  ) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(
      given.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return this.#send(search === "" ? path : `${path}?${search}`, shape, signal ? { signal } : {});
  }

  async #send<Shape extends z.ZodType>(path: string, shape: Shape, init: RequestInit): Promise<z.output<Shape>> {
    const response = await this.#fetch(this.#url + path, init);
    const answer: unknown = await response.json();
    if (response.ok) return shape.parse(answer);
    const { data } = problemShape.safeParse(answer);
    throw new CatalogError(
      data ?? { type: "bad-answer", title: "", status: response.status, detail: `${path}: HTTP ${response.status}` },
    );
  }
}
