import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { parseSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType, Hex } from "viem";
import {
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  hexToBytes,
  keccak256,
} from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { RpcRequest } from "../chain/json-rpc.ts";
import { newestLog } from "./lease-logs.ts";

/** What a provider has to know of a lease and its listing before it accepts. */
export interface LeaseTerms {
  /** Version of the listing that is on offer now. */
  newestVersion: number;
  isRetired: boolean;
  isMetered: boolean;
  /** Resource that is leased, as `INodeListings.AssetKind` counts. */
  kind: number;
  /** Shares of the node that listings take, and that its newest shown attestation claims, packed. */
  capacity: { offered: bigint; attested: bigint };
  /** Bond that accepting locks, and what is free of it, smallest units of the lease's token. */
  bond: { needed: bigint; free: bigint };
}

type Reading = "view" | "pure";

const GIB = 2 ** 30;

/** Delivery keys that are remembered; the one that was found first is forgotten first. */
const KEPT_KEYS = 1_024;

const NO_KEY: Hex = `0x${"00".repeat(32)}`;

/** Reads about leases that the chain answers for its newest block. */
export class LeaseReads {
  readonly #chain: Pick<ChainFollower, "request" | "head">;
  readonly #network: Pick<NetworkConfig, "contracts" | "startBlock">;
  /** Bytes that a unit promises, by listing and version: neither changes any more. */
  readonly #promised = new Map<string, number | undefined>();
  /** Delivery keys by their hashes, which the chain gives: no reorg makes one wrong. */
  readonly #keys = new Map<Hex, Uint8Array>();

  constructor(
    chain: Pick<ChainFollower, "request" | "head">,
    network: Pick<NetworkConfig, "contracts" | "startBlock">,
  ) {
    this.#chain = chain;
    this.#network = network;
  }

  async terms(lease: { leaseId: bigint; listingId: number; version: number; rate: bigint }): Promise<LeaseTerms> {
    const { leaseId, listingId, version, rate } = lease;
    const [listing, tenancy, [stored]] = await Promise.all([
      this.#listings("listingOf", [listingId]),
      this.#listings("tenancyOf", [listingId, version]),
      this.#escrow("leaseOf", [leaseId]),
    ]);
    const [capacity, { free }] = await Promise.all([
      this.capacity(listing.nodeIndex),
      this.#escrow("bondOf", [tenancy.identityId, tenancy.token]),
    ]);
    return {
      newestVersion: listing.version,
      isRetired: listing.isRetired,
      isMetered: stored.isMetered,
      kind: listing.kind,
      capacity,
      bond: { needed: rate * BigInt(tenancy.bondEpochs), free },
    };
  }

  /** Bytes of storage that the specs of a version promise for each unit; undefined where they promise none. */
  async promisedBytes({ listingId, version }: { listingId: number; version: number }): Promise<number | undefined> {
    const name = `${listingId}:${version}`;
    if (!this.#promised.has(name)) this.#promised.set(name, await this.#readPromised(listingId, version));
    return this.#promised.get(name);
  }

  capacity(nodeIndex: number): Promise<{ offered: bigint; attested: bigint; epoch: bigint }> {
    return this.#listings("capacityOf", [nodeIndex]);
  }

  /** First epoch in which a lease that is active is not served any more, unless more is paid in. */
  async servedUntil(leaseId: bigint): Promise<bigint> {
    const [, graceUntil] = await this.#escrow("runwayOf", [leaseId]);
    return graceUntil;
  }

  /** Hash of a client's delivery key, undefined when it has none. */
  async deliveryKeyHash(client: Address): Promise<Hex | undefined> {
    const hash = await this.#escrow("deliveryKeyHashOf", [client]);
    return hash === NO_KEY ? undefined : hash;
  }

  /** The delivery key with that hash, undefined when the chain does not show it as the client's newest. */
  async deliveryKey(client: Address, hash: Hex): Promise<Uint8Array | undefined> {
    const known = this.#keys.get(hash) ?? (await this.#readKey(client, hash));
    if (!known) return undefined;
    if (!this.#keys.has(hash) && this.#keys.size >= KEPT_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
    this.#keys.set(hash, known);
    return known;
  }

  async #readKey(client: Address, hash: Hex): Promise<Uint8Array | undefined> {
    const topics = encodeEventTopics({ abi: leaseEscrowAbi, eventName: "DeliveryKeySet", args: { client } }) as Hex[];
    const range = { from: BigInt(this.#network.startBlock), to: this.#chain.head().number };
    const filter = { address: this.#network.contracts.LeaseEscrow, topics };
    const log = await newestLog(this.#chain.request, filter, range);
    if (!log) return undefined;
    const { args } = decodeEventLog({ abi: leaseEscrowAbi, eventName: "DeliveryKeySet", ...log });
    return keccak256(args.key) === hash ? hexToBytes(args.key) : undefined;
  }

  async #readPromised(listingId: number, version: number): Promise<number | undefined> {
    const { kind } = await this.#listings("listingOf", [listingId]);
    if (ASSET_KINDS[kind] !== "Storage") return undefined;
    const published = {
      abi: nodeListingsAbi,
      eventName: "ListingVersionPublished",
      args: { listingId, version },
    } as const;
    const filter = { address: this.#network.contracts.NodeListings, topics: encodeEventTopics(published) as Hex[] };
    const range = { from: BigInt(this.#network.startBlock), to: this.#chain.head().number };
    const log = await newestLog(this.#chain.request, filter, range);
    if (!log) return undefined;
    const { args } = decodeEventLog({ abi: nodeListingsAbi, eventName: "ListingVersionPublished", ...log });
    const parsed = parseSpecs("Storage", args.specs);
    return "specs" in parsed ? parsed.specs.storageGib * GIB : undefined;
  }

  #listings<Name extends ContractFunctionName<typeof nodeListingsAbi, Reading>>(
    functionName: Name,
    args: ContractFunctionArgs<typeof nodeListingsAbi, Reading, Name>,
  ): Promise<ContractFunctionReturnType<typeof nodeListingsAbi, Reading, Name>> {
    const call = { to: this.#network.contracts.NodeListings, abi: nodeListingsAbi, functionName, args };
    return read(this.#chain.request, call);
  }

  #escrow<Name extends ContractFunctionName<typeof leaseEscrowAbi, Reading>>(
    functionName: Name,
    args: ContractFunctionArgs<typeof leaseEscrowAbi, Reading, Name>,
  ): Promise<ContractFunctionReturnType<typeof leaseEscrowAbi, Reading, Name>> {
    const call = { to: this.#network.contracts.LeaseEscrow, abi: leaseEscrowAbi, functionName, args };
    return read(this.#chain.request, call);
  }
}

/** Calls a contract; what the ABI says of the answer is the only thing known of its type. */
async function read<T>(
  request: RpcRequest,
  { to, ...call }: { to: Address; abi: Abi; functionName: string; args: unknown },
): Promise<T> {
  const args = call.args as readonly unknown[];
  const data = encodeFunctionData({ ...call, args });
  const answer = (await request("eth_call", [{ to, data }, "latest"])) as Hex;
  return decodeFunctionResult({ ...call, args, data: answer }) as T;
}
