import { type Address, type Hex, isAddress, type TypedDataDefinition } from "viem";

/** What an operator offers to one client: EIP-712 `Offer` of `INodeListings`. */
export interface LeaseOffer {
  listingId: number;
  version: number;
  client: Address;
  units: number;
  /** Last Unix second in which it can be taken. */
  expiresAt: bigint;
  /** Number that the operator uses once. */
  nonce: bigint;
}

/** What a client owes in all for a metered lease: EIP-712 `Voucher` of `ILeaseVouchers`. */
export interface LeaseVoucher {
  leaseId: bigint;
  /** Cumulative, smallest units of the lease's token. */
  amount: bigint;
}

/** Where a statement counts: chain and contract that checks it. */
export interface MarketDomain {
  chainId: number;
  /** Address of NodeListings for offers, of LeaseVouchers for vouchers. */
  contract: Address;
}

/** A signed offer, as it is handed to the client. */
export interface SignedOffer extends MarketDomain {
  offer: LeaseOffer;
  /** Owner or hot wallet of the operator. */
  signer: Address;
  signature: Hex;
}

/** A signed voucher, as it is handed to the provider. */
export interface SignedVoucher extends MarketDomain {
  voucher: LeaseVoucher;
  signature: Hex;
}

const OFFER_FORMAT = "pqmesh-lease-offer";
const VOUCHER_FORMAT = "pqmesh-lease-voucher";
const VERSION = 1;
/** Longest file that is read; a signature of a contract wallet can be long. */
const MAX_CHARACTERS = 65_536;

/** What a wallet signs for an offer. */
export function offerTypedData({ chainId, contract }: MarketDomain, offer: LeaseOffer): TypedDataDefinition {
  return {
    domain: { name: "PQMesh", version: "1", chainId, verifyingContract: contract },
    types: {
      Offer: [
        { name: "listingId", type: "uint32" },
        { name: "version", type: "uint16" },
        { name: "client", type: "address" },
        { name: "units", type: "uint16" },
        { name: "expiresAt", type: "uint64" },
        { name: "nonce", type: "uint256" },
      ],
    },
    primaryType: "Offer",
    message: { ...offer },
  };
}

/** What a wallet signs for a voucher. */
export function voucherTypedData({ chainId, contract }: MarketDomain, voucher: LeaseVoucher): TypedDataDefinition {
  return {
    domain: { name: "PQMesh", version: "1", chainId, verifyingContract: contract },
    types: {
      Voucher: [
        { name: "leaseId", type: "uint256" },
        { name: "amount", type: "uint256" },
      ],
    },
    primaryType: "Voucher",
    message: { ...voucher },
  };
}

/** Text of an offer file. */
export function formatOffer({ chainId, contract, offer, signer, signature }: SignedOffer): string {
  const { expiresAt, nonce, ...rest } = offer;
  const said = { ...rest, expiresAt: String(expiresAt), nonce: String(nonce) };
  return toText({ format: OFFER_FORMAT, version: VERSION, chainId, contract, offer: said, signer, signature });
}

/** Text of a voucher file. */
export function formatVoucher({ chainId, contract, voucher, signature }: SignedVoucher): string {
  const said = { leaseId: String(voucher.leaseId), amount: String(voucher.amount) };
  return toText({ format: VOUCHER_FORMAT, version: VERSION, chainId, contract, voucher: said, signature });
}

/** Reads an offer file; the signature is for the contract to check. @throws Error naming the first field that is wrong. */
export function parseOffer(text: string): SignedOffer {
  const file = new Fields(text, OFFER_FORMAT, ["offer", "signer"]);
  const offer = file.inner("offer", ["listingId", "version", "client", "units", "expiresAt", "nonce"]);
  return {
    ...{ chainId: Number(file.natural("chainId", MAX_SAFE)), contract: file.address("contract") },
    offer: {
      listingId: Number(offer.natural("listingId", 2n ** 32n - 1n)),
      version: Number(offer.natural("version", 65_535n)),
      client: offer.address("client"),
      units: Number(offer.natural("units", 65_535n)),
      expiresAt: offer.natural("expiresAt", 2n ** 64n - 1n),
      nonce: offer.natural("nonce", MAX_UINT256),
    },
    ...{ signer: file.address("signer"), signature: file.hex("signature") },
  };
}

/** Reads a voucher file; the signature is for the contract to check. @throws Error naming the first field that is wrong. */
export function parseVoucher(text: string): SignedVoucher {
  const file = new Fields(text, VOUCHER_FORMAT, ["voucher"]);
  const voucher = file.inner("voucher", ["leaseId", "amount"]);
  return {
    ...{ chainId: Number(file.natural("chainId", MAX_SAFE)), contract: file.address("contract") },
    voucher: { leaseId: voucher.natural("leaseId", MAX_UINT256), amount: voucher.natural("amount", MAX_UINT256) },
    signature: file.hex("signature"),
  };
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_UINT256 = 2n ** 256n - 1n;

function toText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Fields of a file that nobody vouches for: exactly those that are known. */
class Fields {
  readonly #raw: Record<string, unknown>;
  readonly #path: string;

  constructor(content: unknown, format: string | undefined, own: readonly string[], path = "") {
    this.#raw = objectOf(content, path);
    this.#path = path;
    const known = format === undefined ? own : ["format", "version", "chainId", "contract", "signature", ...own];
    if (format !== undefined) {
      if (this.#raw.format !== format) throw new Error(`format must be "${format}"`);
      if (this.#raw.version !== VERSION) throw new Error(`version must be ${VERSION}`);
    }
    const unknown = Object.keys(this.#raw).find((field) => !known.includes(field));
    if (unknown !== undefined) throw new Error(`${path}${unknown.slice(0, 40)} is no known field`);
  }

  inner(field: string, own: readonly string[]): Fields {
    return new Fields(this.#raw[field] ?? null, undefined, own, `${this.#path}${field}.`);
  }

  natural(field: string, max: bigint): bigint {
    const value = this.#raw[field];
    const isNatural =
      (Number.isSafeInteger(value) && (value as number) >= 0) ||
      (typeof value === "string" && /^(0|[1-9][0-9]{0,77})$/.test(value));
    const number = isNatural ? BigInt(value as string) : -1n;
    if (number < 0n || number > max) throw new Error(`${this.#path}${field} must be a whole number from 0 to ${max}`);
    return number;
  }

  address(field: string): Address {
    const value = this.#raw[field];
    if (typeof value !== "string" || !isAddress(value, { strict: false })) {
      throw new Error(`${this.#path}${field} must be an address`);
    }
    return value;
  }

  hex(field: string): Hex {
    const value = this.#raw[field];
    if (typeof value !== "string" || !/^0x([0-9a-f]{2})+$/i.test(value)) {
      throw new Error(`${this.#path}${field} must be hex with 0x`);
    }
    return value as Hex;
  }
}

function objectOf(content: unknown, path: string): Record<string, unknown> {
  let value = content;
  if (typeof content === "string" && path === "") {
    if (content.length > MAX_CHARACTERS) {
      throw new Error(`the file has ${content.length} characters, at most ${MAX_CHARACTERS} are read`);
    }
    try {
      value = JSON.parse(content);
    } catch {
      throw new Error("the file is not JSON: it is cut short or another file");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${path === "" ? "the file" : path.slice(0, -1)} must be a JSON object`);
  }
  return value as Record<string, unknown>;
}
