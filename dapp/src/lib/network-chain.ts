import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Chain, createClient, defineChain, http, type PublicClient } from "viem";
import {
  call,
  estimateContractGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getContractEvents,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
  simulateContract,
  waitForTransactionReceipt,
} from "viem/actions";

/** What the dApp asks a chain for; the rest of viem stays out of the bundle. */
const ACTIONS = {
  call,
  estimateContractGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getContractEvents,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
  simulateContract,
  waitForTransactionReceipt,
};

/** A client with the actions that the dApp uses, and JSON-RPC for what is no action. */
export type ChainClient = Pick<PublicClient, keyof typeof ACTIONS | "request">;

/** The chain of a network as viem and wagmi want it. */
export function networkChain({ chainId, name, rpcUrl }: NetworkConfig): Chain {
  return defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
}

/** A client that reads the chain by the RPC endpoint of `network.json`; calls of one moment travel together. */
export function networkClient(config: NetworkConfig): ChainClient {
  const client = createClient({
    chain: networkChain(config),
    transport: http(config.rpcUrl, { batch: { wait: 10, batchSize: 200 }, timeout: 8_000, retryCount: 1 }),
    pollingInterval: 1_000,
  });
  const bound = Object.entries(ACTIONS).map(([name, action]) => {
    const ask = action as (asked: typeof client, ...parameters: unknown[]) => unknown;
    return [name, (...parameters: unknown[]) => ask(client, ...parameters)] as const;
  });
  return { ...Object.fromEntries(bound), request: client.request } as unknown as ChainClient;
}
