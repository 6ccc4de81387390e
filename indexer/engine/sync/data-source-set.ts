import type { EthValue } from "../abi/abi-type.ts";
import type { CurrentDataSource } from "../host/host-context.ts";
import type { BuiltHandler, BuiltMapping } from "../manifest/subgraph-build.ts";
import type { ChainLog, LogFilter } from "../rpc/chain-types.ts";
import { bytesOfHex } from "../values/hex.ts";

/** Addresses that one log request may name; above it all addresses are asked for and filtered here. */
const MAX_FILTER_ADDRESSES = 500;

/** A data source that takes part in indexing: one of the manifest, or one that a mapping created. */
export interface ActiveDataSource extends CurrentDataSource {
  /** Lower-case hex; undefined matches any address. */
  readonly addressHex: string | undefined;
  readonly startBlock: number;
  readonly endBlock: number | undefined;
  readonly mapping: BuiltMapping;
  /** What makes two created sources the same: name, address and context. */
  readonly identity: string;
  /** Block in which a mapping created it; undefined for sources of the manifest. */
  readonly createdAt: number | undefined;
}

/** A handler that a log calls, with its decoded parameters. */
export interface MatchedHandler {
  readonly source: ActiveDataSource;
  readonly handler: BuiltHandler;
  readonly parameters: readonly EthValue[];
}

interface Candidate {
  readonly order: number;
  readonly source: ActiveDataSource;
  readonly handler: BuiltHandler;
}

/** All active data sources; finds the handlers of a log in the order in which the sources were created. */
export class DataSourceSet {
  readonly #sources: ActiveDataSource[] = [];
  readonly #candidates = new Map<string, Candidate[]>();

  constructor(sources: Iterable<ActiveDataSource>) {
    for (const source of sources) this.add(source);
  }

  /** Adds a source; false when a created source equals one that exists. */
  add(source: ActiveDataSource): boolean {
    if (source.createdAt !== undefined && this.#sources.some((known) => known.identity === source.identity))
      return false;
    const order = this.#sources.push(source);
    for (const handler of source.mapping.handlers) {
      const key = `${handler.topic0}${source.addressHex ?? ""}`;
      const list = this.#candidates.get(key) ?? [];
      list.push({ order, source, handler });
      this.#candidates.set(key, list);
    }
    return true;
  }

  /** Drops sources that blocks after `block` created. */
  removeCreatedAfter(block: number): void {
    const kept = this.#sources.filter((source) => source.createdAt === undefined || source.createdAt <= block);
    if (kept.length === this.#sources.length) return;
    this.#sources.length = 0;
    this.#candidates.clear();
    for (const source of kept) this.add(source);
  }

  /** Handlers that a log calls; only those of `among` when given. */
  match(log: ChainLog, among?: ReadonlySet<ActiveDataSource>): MatchedHandler[] {
    const topic0 = log.topics[0] ?? "";
    const exact = this.#candidates.get(topic0 + log.address);
    const general = this.#candidates.get(topic0);
    if (exact === undefined && general === undefined) return [];
    const candidates = [...(exact ?? []), ...(general ?? [])];
    if (exact !== undefined && general !== undefined) candidates.sort((a, b) => a.order - b.order);
    const matched: MatchedHandler[] = [];
    let topics: Uint8Array[] | undefined;
    for (const { source, handler } of candidates) {
      if (!isActive(source, log.blockNumber) || !topicsMatch(handler, log) || among?.has(source) === false) continue;
      if (matched.at(-1)?.source === source) continue;
      topics ??= log.topics.map(bytesOfHex);
      const parameters = handler.decoder.decode(topics, bytesOfHex(log.data));
      if (parameters !== undefined) matched.push({ source, handler, parameters });
    }
    return matched;
  }

  /** Logs to ask the chain for; those of `among` only when given. */
  filter(among?: ReadonlySet<ActiveDataSource>): LogFilter {
    const sources = among === undefined ? this.#sources : [...among];
    const topics = new Set(sources.flatMap((source) => source.mapping.handlers.map((handler) => handler.topic0)));
    const addresses = new Set(sources.map((source) => source.addressHex));
    const anywhere = addresses.has(undefined) || addresses.size > MAX_FILTER_ADDRESSES;
    return { topics: [...topics], addresses: anywhere ? undefined : ([...addresses] as string[]) };
  }
}

function isActive(source: ActiveDataSource, block: number): boolean {
  return source.startBlock <= block && (source.endBlock === undefined || block <= source.endBlock);
}

function topicsMatch(handler: BuiltHandler, log: ChainLog): boolean {
  return handler.topics.every((accepted, i) => accepted.length === 0 || accepted.includes(log.topics[i + 1] ?? ""));
}
