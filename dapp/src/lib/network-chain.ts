import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Chain, createPublicClient, defineChain, http, type PublicClient } from "viem";

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
export function networkClient(config: NetworkConfig): PublicClient {
  return createPublicClient({
    chain: networkChain(config),
    transport: http(config.rpcUrl, { batch: { wait: 10, batchSize: 200 }, timeout: 8_000, retryCount: 1 }),
    pollingInterval: 1_000,
  });
}
