import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { formatSpecs, type ListingSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";

import type { BlockHeader } from "../../../indexer/engine/rpc/chain-types.ts";
import type { EntityField } from "../../../indexer/engine/schema/entity-schema.ts";
import { parseSchema } from "../../../indexer/engine/schema/parse-schema.ts";
import { type IndexIdentity, IndexStore } from "../../../indexer/engine/store/index-store.ts";
import type { EntityValue } from "../../../indexer/engine/values/entity-value.ts";
import type { Random } from "../fixture/random-activity.ts";

/** The subgraph's schema. */
const MARKET_SCHEMA = parseSchema(
  readFileSync(join(import.meta.dirname, "../../../indexer/subgraph/schema.graphql"), "utf8"),
);

/** A listing of a test, as plain values. */
export interface MarketListing {
  readonly number: number;
  readonly node: number;
  readonly kind: AssetKind;
  readonly privacy: PrivacyLevel;
  readonly units: number;
  readonly soldUnits: number;
  readonly isPaused: boolean;
  readonly isRetired: boolean;
  readonly isMetered: boolean;
  readonly version: number;
  readonly token: string;
  readonly price: bigint;
  readonly jurisdiction: string | null;
  readonly specs: string;
}

/** A node of a test. */
export interface MarketNode {
  readonly node: number;
  readonly trustBp: number;
  readonly exited: boolean;
  /** Kinds of which its listings take more than it attested. */
  readonly shortOf: readonly AssetKind[];
}

/** Tokens of the tests; leases can be opened in all but the last. */
export const TOKENS = ["aa", "bb", "cc"].map((digits) => `0x${digits.repeat(20)}`);
const COUNTRIES = ["DE", "FR", "US", "JP", "KE", "NZ", "BR", "IN", "ZZ", null, "GB", "CA"] as const;
/** Nodes of one operator. */
const NODES_PER_OPERATOR = 8;
const WHOLE = [10_000, 10_000, 10_000, 10_000, 10_000, 10_000];

const SPECS: { readonly [K in AssetKind]: (random: Random) => ListingSpecs<K> } = {
  CPU: (random) => ({ threads: 1 + random(64), architecture: "x86-64", clockMhz: 2_000 + 100 * random(30) }),
  GPU: (random) => ({ model: `H${100 + random(9)} SXM`, devices: 1 + random(8), memoryMib: 81_920 }),
  Memory: (random) => ({ memoryMib: 1_024 * (1 + random(512)), isErrorCorrecting: random(2) === 0 }),
  Storage: (random) => ({ storageGib: 1 + random(10_000), medium: "NVMe" }),
  Network: (random) => ({ megabitsPerSecond: 100 * (1 + random(100)) }),
  Container: (random) => ({
    milliThreads: 500 * (1 + random(16)),
    memoryMib: 2_048,
    storageGib: 20,
    architecture: "arm64",
  }),
};

/** A listing by chance. */
export function randomListing(random: Random, number: number, nodes: number): MarketListing {
  const kind = ASSET_KINDS[random(ASSET_KINDS.length)]!;
  const units = 1 + random(20);
  return {
    ...{ number, node: random(nodes), kind, privacy: PRIVACY_LEVELS[random(8) < 4 ? 4 : random(5)]!, units },
    ...{ soldUnits: Math.max(0, random(units + 6) - 5), isPaused: random(20) === 0, isRetired: random(20) === 0 },
    ...{ isMetered: random(5) === 0, version: 1 + random(3), token: TOKENS[random(10) < 8 ? 0 : random(3)]! },
    price: BigInt(1 + random(400)) * (random(50) === 0 ? 2n ** 54n : 10_000n),
    jurisdiction: COUNTRIES[random(COUNTRIES.length)]!,
    specs: random(10) === 0 ? "not JSON '; DROP TABLE e_Listing; --" : formatSpecs(kind, SPECS[kind](random) as never),
  };
}

/** A node by chance. */
export function randomNode(random: Random, node: number): MarketNode {
  const shortOf = random(20) === 0 ? [ASSET_KINDS[random(6)]!] : [];
  return { node, trustBp: random(10_001), exited: random(30) === 0, shortOf };
}

/** An index of a market that is written block by block, as the engine writes it. */
export class MarketIndex {
  readonly store: IndexStore;
  #fork = 0;

  /** @param identity what the database belongs to, for an index that a process is to open */
  constructor(file: string, identity: IndexIdentity = { deployment: "market", chainId: 1 }) {
    this.store = IndexStore.open(file, MARKET_SCHEMA, identity);
  }

  /** Writes blocks up to a number in one transaction; `history` as the engine does near the head. */
  write(number: number, work: (market: this) => void, history = true): void {
    this.store.begin();
    this.store.entities.beginBlock(number);
    work(this);
    this.store.entities.endBlock(history);
    this.store.setHead(this.header(number));
    if (!history) this.store.setHistoryFrom(number);
    this.store.commit();
  }

  /** Takes blocks back down to a number; blocks that are written from now on have other hashes. */
  unwind(number: number): void {
    this.store.begin();
    this.store.unwind(this.header(number));
    this.store.commit();
    this.#fork += 1;
  }

  putListing(listing: MarketListing): void {
    const { number, version, token, price, jurisdiction, specs, isMetered } = listing;
    const id = `${number}`;
    const terms = {
      ...{
        token: bytesOf(token),
        price,
        bondEpochs: 5,
        graceEpochs: 3,
        minEpochs: 4n,
        maxEpochs: 2_000n,
        uptimeBp: 9_000,
      },
      ...{
        maxMissedRun: 3,
        acceptEpochs: 2,
        noticeEpochs: 2,
        isMetered,
        metadata: new Uint8Array(32),
        jurisdiction,
        specs,
      },
    };
    const { node, kind, privacy, units, soldUnits, isPaused, isRetired } = listing;
    this.set("Listing", id, {
      ...{ number, node: `${node}`, operator: `${operatorOf(node)}`, kind, privacy, units, soldUnits, shareBp: 100 },
      ...{ freeUnits: units - soldUnits, isPaused, isRetired, version, terms: `${id}-${version}` },
      ...{ createdAt: BigInt(1_700_000_000 + number), updatedAt: BigInt(1_700_000_000 + number), ...terms },
    });
    // Immutable in the index: an equal one may be there already.
    const type = this.store.entities.entityType("ListingVersion");
    if (this.store.entities.get(type, `${id}-${version}`) === null) {
      this.set("ListingVersion", `${id}-${version}`, { listing: id, version, timestamp: 1n, ...terms });
    }
  }

  putNode({ node, trustBp, exited, shortOf }: MarketNode): void {
    const id = `${node}`;
    this.set("Node", id, { nodeIndex: node, operator: `${operatorOf(node)}`, trustScore: trustBp, exited });
    const attested = WHOLE.map((share, kind) => (shortOf.includes(ASSET_KINDS[kind]!) ? 0 : share));
    this.set("NodeCapacity", id, { node: id, offered: WHOLE, attested });
  }

  putToken(token: string, isAllowed: boolean): void {
    this.set("TokenRule", token, { token: bytesOf(token), isAllowed });
  }

  /** Writes an entity; fields that are needed and not given are zero. */
  set(typeName: string, id: string, values: Record<string, EntityValue>): void {
    const { entities } = this.store;
    const type = entities.entityType(typeName);
    entities.set(
      type,
      id,
      type.columns.map((field) => values[field.name] ?? (field.nonNull ? zeroOf(field) : null)),
    );
  }

  header(number: number): BlockHeader {
    const hash = (of: number): string => `0x${(of * 1_000 + this.#fork).toString(16).padStart(64, "0")}`;
    return { number, hash: hash(number), parentHash: hash(number - 1), timestamp: 1_700_000_000 + number };
  }
}

/** Operator of a node of these tests. */
export function operatorOf(node: number): number {
  return 1 + Math.floor(node / NODES_PER_OPERATOR);
}

function zeroOf({ list, valueType, enumValues }: EntityField): EntityValue {
  if (list) return [];
  switch (valueType) {
    case "Bytes":
      return new Uint8Array(32);
    case "Int":
      return 0;
    case "Boolean":
      return false;
    case "Enum":
      return enumValues[0] ?? "";
    case "String":
      return "0";
    default:
      return 0n;
  }
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}
