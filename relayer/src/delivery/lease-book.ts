import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address, Hex } from "viem";
import { decodeEventLog, encodeEventTopics, keccak256, numberToHex, toEventSelector } from "viem/utils";
import type { RawLog } from "../chain/chain-events.ts";
import type { ChainPlace } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { type BlockRange, readLogs } from "./lease-logs.ts";

/** Blocks that are read again each time: a reorg within them needs nothing else. */
const REREAD_BLOCKS = 64n;

/** A lease of the own node, as the chain has it now. */
export interface OwnLease {
  leaseId: bigint;
  listingId: number;
  client: Address;
  version: number;
  units: number;
  /** Rent of an epoch, smallest units of its token. */
  rate: bigint;
  /** Last epoch in which it can be accepted. */
  acceptBy: bigint;
  accepted: ChainPlace | undefined;
  closed: ChainPlace | undefined;
  /** Hashes of what was delivered for it, oldest first. */
  deliveries: (ChainPlace & { hash: Hex })[];
}

type BookEvent = (
  | { name: "opened"; lease: Omit<OwnLease, "accepted" | "closed" | "deliveries"> }
  | { name: "accepted" | "closed"; leaseId: bigint }
  | { name: "delivered"; leaseId: bigint; hash: Hex }
) &
  ChainPlace;

/** What {@link LeaseBook} needs. */
export interface LeaseBookOptions {
  nodeIndex: number;
  network: Pick<NetworkConfig, "contracts" | "startBlock">;
  chain: Pick<ChainFollower, "head" | "request" | "events">;
}

const FATES = ["LeaseAccepted", "CredentialDelivered", "LeaseClosed"] as const;
const fateTopics = FATES.map((name) => {
  return toEventSelector(leaseEscrowAbi.find((item) => item.type === "event" && item.name === name) as never);
});

/**
 * The leases of one node, read from the chain and nowhere else. The newest blocks are read again at each refresh, so that the
 * book follows every reorg that the chain view survives; a deeper one has it start anew.
 */
export class LeaseBook {
  readonly #options: LeaseBookOptions;
  readonly #listings = new Set<number>();
  /** Events up to `#settledTo`, then those after it. */
  #settled: BookEvent[] = [];
  #settledTo: bigint;
  #leases: ReadonlyMap<bigint, OwnLease> = new Map();
  #isLoaded = false;

  constructor(options: LeaseBookOptions) {
    this.#options = options;
    this.#settledTo = this.#start;
    options.chain.events.on("reorg", this.#onReorg);
  }

  /** False until the chain was read once. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Leases that are pending or active, and those that closed lately. */
  leases(): OwnLease[] {
    return [...this.#leases.values()];
  }

  lease(leaseId: bigint): OwnLease | undefined {
    return this.#leases.get(leaseId);
  }

  /** Reads what is new up to the head of the chain view. */
  async refresh(): Promise<void> {
    const settledBefore = this.#settledTo;
    const range = { from: settledBefore + 1n, to: this.#options.chain.head().number };
    await this.#readListings(range);
    const recent = await this.#readEvents(range);
    if (this.#settledTo !== settledBefore) return this.refresh();
    const settledTo = range.to - REREAD_BLOCKS;
    this.#leases = replay([...this.#settled, ...recent]);
    if (settledTo > settledBefore) this.#settle(recent, settledTo);
    this.#isLoaded = true;
    return undefined;
  }

  stop(): void {
    this.#options.chain.events.off("reorg", this.#onReorg);
  }

  get #start(): bigint {
    return BigInt(this.#options.network.startBlock) - 1n;
  }

  readonly #onReorg = ({ depth }: { depth: number }): void => {
    if (BigInt(depth) <= REREAD_BLOCKS) return;
    this.#settled = [];
    this.#settledTo = this.#start;
    this.#listings.clear();
  };

  #settle(recent: readonly BookEvent[], settledTo: bigint): void {
    const kept = [...this.#settled, ...recent.filter(({ blockNumber }) => blockNumber <= settledTo)];
    const over = new Set(kept.filter(({ name }) => name === "closed").map(leaseIdOf));
    this.#settled = kept.filter((event) => !over.has(leaseIdOf(event)));
    this.#settledTo = settledTo;
  }

  async #readListings(range: BlockRange): Promise<void> {
    const { nodeIndex, network, chain } = this.#options;
    const topics = encodeEventTopics({ abi: nodeListingsAbi, eventName: "ListingCreated", args: { nodeIndex } });
    const filter = { address: network.contracts.NodeListings, topics: topics as Hex[] };
    for (const log of await readLogs(chain.request, filter, range)) this.#listings.add(Number(log.topics[1]));
  }

  async #readEvents(range: BlockRange): Promise<BookEvent[]> {
    if (this.#listings.size === 0) return [];
    const { network, chain } = this.#options;
    const address = network.contracts.LeaseEscrow;
    const [opened] = encodeEventTopics({ abi: leaseEscrowAbi, eventName: "LeaseOpened" });
    const ofListings = [...this.#listings].map(word);
    const openings = await readLogs(chain.request, { address, topics: [opened, null, ofListings] }, range);
    const known = [...this.#settled.map(leaseIdOf), ...openings.map(({ topics }) => BigInt(topics[1] ?? 0))];
    if (known.length === 0) return [];
    const topics = [fateTopics, [...new Set(known)].map(word)];
    const fates = await readLogs(chain.request, { address, topics }, range);
    return [...openings, ...fates].map(toEvent);
  }
}

/** An opening comes before what became of it, since lease ids are handed out in the order of the chain. */
function replay(events: readonly BookEvent[]): Map<bigint, OwnLease> {
  const leases = new Map<bigint, OwnLease>();
  for (const event of events) {
    if (event.name === "opened") {
      leases.set(event.lease.leaseId, { ...event.lease, accepted: undefined, closed: undefined, deliveries: [] });
    }
  }
  for (const event of events) {
    const lease = leases.get(leaseIdOf(event));
    const { blockNumber, transactionHash } = event;
    if (!lease || event.name === "opened") continue;
    if (event.name === "delivered") lease.deliveries.push({ blockNumber, transactionHash, hash: event.hash });
    else lease[event.name] = { blockNumber, transactionHash };
  }
  return leases;
}

function leaseIdOf(event: BookEvent): bigint {
  return event.name === "opened" ? event.lease.leaseId : event.leaseId;
}

function toEvent({ topics, data, blockNumber, transactionHash }: RawLog): BookEvent {
  const place = { blockNumber: BigInt(blockNumber), transactionHash };
  const { eventName, args } = decodeEventLog({ abi: leaseEscrowAbi, topics, data });
  switch (eventName) {
    case "LeaseOpened": {
      const { leaseId, listingId, client, version, units, rate, acceptBy } = args;
      return { name: "opened", lease: { leaseId, listingId, client, version, units, rate, acceptBy }, ...place };
    }
    case "LeaseAccepted":
      return { name: "accepted", leaseId: args.leaseId, ...place };
    case "LeaseClosed":
      return { name: "closed", leaseId: args.leaseId, ...place };
    case "CredentialDelivered":
      return { name: "delivered", leaseId: args.leaseId, hash: keccak256(args.sealed_), ...place };
    default:
      throw new Error(`no event of a lease is named ${eventName}`);
  }
}

function word(value: number | bigint): Hex {
  return numberToHex(value, { size: 32 });
}
