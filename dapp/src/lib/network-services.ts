import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { ApplicationBook } from "./application-book.ts";
import { ChainClock } from "./chain-clock.ts";
import { epochAt } from "./epoch-schedule.ts";
import { DeliveryKeyBox } from "./delivery-key-box.ts";
import { IndexerAwayError, IndexerClient } from "./indexer-client.ts";
import { type ChainClient, networkClient } from "./network-chain.ts";
import { PendingBook } from "./pending-book.ts";
import { PresenceWatch } from "./presence-watch.ts";
import { SourceHealth } from "./source-health.ts";

/** Everything that screens read a network through. */
export interface NetworkServices {
  config: NetworkConfig;
  client: ChainClient;
  indexer: IndexerClient;
  clock: ChainClock;
  health: SourceHealth;
  presence: PresenceWatch;
  pending: PendingBook;
  deliveryKeys: DeliveryKeyBox;
  applications: ApplicationBook;
}

/** Opens the sources of a network; nothing is asked yet. */
export function openNetwork(config: NetworkConfig): NetworkServices {
  const scope = `${config.chainId}.${config.contracts.NodeRegistry.toLowerCase()}`;
  return {
    config,
    client: networkClient(config),
    indexer: new IndexerClient(config.indexerUrl),
    clock: new ChainClock(),
    health: new SourceHealth(),
    presence: new PresenceWatch(config.relayers.map(({ url }) => url)),
    pending: new PendingBook(localStorage, scope),
    deliveryKeys: new DeliveryKeyBox(localStorage, scope),
    applications: new ApplicationBook(localStorage, scope),
  };
}

/** Reads from the indexer, or from the chain while the indexer is away. */
export async function readEither<T>(
  services: NetworkServices,
  read: { fromIndexer: () => Promise<T>; fromChain: () => Promise<T> },
): Promise<T> {
  try {
    const value = await read.fromIndexer();
    services.health.note("indexer");
    return value;
  } catch (error) {
    if (!(error instanceof IndexerAwayError)) throw error;
    return readChain(services, read.fromChain);
  }
}

async function readChain<T>(services: NetworkServices, read: () => Promise<T>): Promise<T> {
  try {
    const value = await read();
    services.health.note("chain");
    return value;
  } catch (error) {
    services.health.note("none");
    throw error;
  }
}

/** Chain time in Unix seconds; asks the chain when no block has been seen yet. */
export async function chainSeconds({ clock, client }: NetworkServices): Promise<number> {
  const known = clock.seconds();
  if (known !== undefined) return known;
  const { timestamp } = await client.getBlock();
  clock.note(Number(timestamp));
  return Number(timestamp);
}

/** The running epoch by chain time. */
export async function runningEpoch(services: NetworkServices): Promise<number> {
  return epochAt(services.config.epoch, await chainSeconds(services));
}
