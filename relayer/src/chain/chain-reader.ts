import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData, numberToHex } from "viem/utils";
import type { ChainScope } from "./chain-state.ts";
import {
  type ChainEvent,
  decodeChainEvent,
  followedTopics,
  lastingTopics,
  type RawLog,
  timedTopics,
} from "./chain-events.ts";
import { type RpcRequest, RpcResponseError } from "./json-rpc.ts";
import { WrongNetworkError } from "./rpc-pool.ts";

/** The part of a block header that the follower needs. */
export interface BlockHeader {
  number: bigint;
  hash: Hex;
  parentHash: Hex;
  timestamp: bigint;
  baseFeePerGas: bigint;
}

/** Thrown when the chain changed between two requests that must belong together: try again. */
export class ChainMovedError extends Error {
  override readonly name = "ChainMovedError";
}

/** Blocks asked for at once at first; halved when an endpoint refuses a range, doubled after success up to this. */
const MAX_LOG_RANGE = 10_000n;

/** Reads blocks and the followed contracts' events. */
export class ChainReader {
  readonly #request: RpcRequest;
  readonly #addresses: Address[];

  /** @param scope What the view keeps: words of rewards, fees of reports and leases are asked for without one only. */
  constructor(request: RpcRequest, { contracts }: NetworkConfig, scope?: ChainScope) {
    this.#request = request;
    const withDisputes = scope?.withDisputes ?? scope === undefined;
    this.#addresses = [
      contracts.NodeRegistry,
      contracts.RelayerCommittee,
      contracts.AttestationBridge,
      contracts.NetworkParameters,
      contracts.CertificateRegistry,
      ...(scope ? [] : [contracts.NodeRewards, contracts.CommitteeFees, contracts.LeaseEscrow]),
      ...(withDisputes ? [contracts.AttestationDisputes, contracts.MemberOffences, contracts.NodeOffences] : []),
    ];
  }

  /** @throws ChainMovedError when the endpoint has no such block. */
  async block(which: bigint | "latest" | { hash: Hex }): Promise<BlockHeader> {
    const byHash = typeof which === "object";
    const method = byHash ? "eth_getBlockByHash" : "eth_getBlockByNumber";
    const id = byHash ? which.hash : which === "latest" ? which : numberToHex(which);
    const block = (await this.#request(method, [id, false])) as Record<keyof BlockHeader, Hex> | null;
    if (!block) throw new ChainMovedError(`the RPC endpoint does not have block ${id}`);
    const { number, hash, parentHash, timestamp, baseFeePerGas = "0x0" } = block;
    const numbers = { number: BigInt(number), timestamp: BigInt(timestamp), baseFeePerGas: BigInt(baseFeePerGas) };
    return { hash, parentHash, ...numbers };
  }

  /** Events of exactly one block. */
  async eventsOf(blockHash: Hex): Promise<ChainEvent[]> {
    try {
      return await this.#events({ blockHash, topics: [followedTopics] });
    } catch (error) {
      if (error instanceof RpcResponseError)
        throw new ChainMovedError(`no logs of block ${blockHash}: ${error.message}`);
      throw error;
    }
  }

  /**
   * Calls `take` with the events of a range of blocks, in order; both ends inclusive.
   *
   * @param passingFrom First block whose passing events (reports, beacons) are wanted.
   */
  async eventsOfRange(
    range: { from: bigint; to: bigint; passingFrom: bigint },
    take: (events: ChainEvent[]) => void,
  ): Promise<void> {
    let span = MAX_LOG_RANGE;
    for (let from = range.from; from <= range.to;) {
      const border = from < range.passingFrom && range.passingFrom <= range.to ? range.passingFrom - 1n : range.to;
      const to = from + span - 1n < border ? from + span - 1n : border;
      const topics = [from < range.passingFrom ? lastingTopics : followedTopics];
      try {
        take(await this.#events({ fromBlock: numberToHex(from), toBlock: numberToHex(to), topics }));
        from = to + 1n;
        span = span * 2n < MAX_LOG_RANGE ? span * 2n : MAX_LOG_RANGE;
      } catch (error) {
        if (!(error instanceof RpcResponseError) || span <= 1n) throw error;
        span = (to - from + 1n) / 2n || 1n;
      }
    }
  }

  /** First block at or after a time, between two blocks, by bisection. */
  async firstBlockSince(timestamp: bigint, { from, to }: { from: bigint; to: bigint }): Promise<bigint> {
    while (from < to) {
      const middle = (from + to) / 2n;
      if ((await this.block(middle)).timestamp < timestamp) from = middle + 1n;
      else to = middle;
    }
    return from;
  }

  async #events(filter: object): Promise<ChainEvent[]> {
    const logs = (await this.#request("eth_getLogs", [{ address: this.#addresses, ...filter }])) as RawLog[];
    const kept = logs.filter(({ removed }) => !removed);
    await this.#addTimes(kept);
    return kept.map(decodeChainEvent);
  }

  /** Asks for the blocks of events whose time matters, where the endpoint does not say it. */
  async #addTimes(logs: RawLog[]): Promise<void> {
    const times = new Map<Hex, Hex>();
    for (const log of logs) {
      if (log.blockTimestamp !== undefined || !timedTopics.has(log.topics[0])) continue;
      const known = times.get(log.blockHash) ?? numberToHex((await this.block({ hash: log.blockHash })).timestamp);
      times.set(log.blockHash, known);
      log.blockTimestamp = known;
    }
  }
}

/** What the bridge fixed at its deployment. */
export interface BridgeConstants {
  genesisBeacon: Hex;
  /** Epochs after its end in which an epoch can be reported. */
  reportWindowEpochs: bigint;
  horizonEpochs: bigint;
}

/** Reads what never changes in a bridge. */
export async function readBridgeConstants(request: RpcRequest, bridge: Address): Promise<BridgeConstants> {
  const [genesisBeacon, reportWindow, horizon] = await Promise.all([
    readBridge(request, bridge, "genesisBeacon"),
    readBridge(request, bridge, "reportWindow"),
    readBridge(request, bridge, "horizonEpochs"),
  ]);
  return {
    genesisBeacon: genesisBeacon as Hex,
    reportWindowEpochs: BigInt(reportWindow),
    horizonEpochs: BigInt(horizon),
  };
}

/**
 * Checks that an endpoint serves the configured chain and the configured bridge with the configured schedule.
 *
 * @throws WrongNetworkError naming what differs.
 */
export async function checkNetwork(request: RpcRequest, network: NetworkConfig): Promise<void> {
  const chainId = Number(await request("eth_chainId", []));
  if (chainId !== network.chainId) {
    throw new WrongNetworkError(`the RPC endpoint serves chain ${chainId}, the configuration says ${network.chainId}`);
  }
  const bridge = network.contracts.AttestationBridge;
  const { genesis, lengthSeconds } = network.epoch;
  for (const [field, expected] of [["epochGenesis", genesis] as const, ["epochLength", lengthSeconds] as const]) {
    const actual = await readBridge(request, bridge, field);
    if (Number(actual) !== expected) {
      throw new WrongNetworkError(`the bridge's ${field} is ${actual}, the configuration says ${expected}`);
    }
  }
}

type BridgeGetter = "epochGenesis" | "epochLength" | "genesisBeacon" | "reportWindow" | "horizonEpochs";

async function readBridge(request: RpcRequest, bridge: Address, functionName: BridgeGetter): Promise<Hex | bigint> {
  const call = { to: bridge, data: encodeFunctionData({ abi: attestationBridgeAbi, functionName }) };
  const data = (await request("eth_call", [call, "latest"])) as Hex;
  if (data === "0x") throw new WrongNetworkError(`the RPC endpoint's chain has no AttestationBridge at ${bridge}`);
  return decodeFunctionResult({ abi: attestationBridgeAbi, functionName, data });
}
