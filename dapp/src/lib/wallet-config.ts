import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { http } from "viem";
import { type Config, createConfig, createStorage, injected } from "wagmi";
import { networkChain } from "./network-chain.ts";

/**
 * Wallet settings of a network: every wallet announced by EIP-6963, and `window.ethereum` for those that are not. What is remembered
 * is kept per deployment, because local chains share one chain id.
 */
export function walletConfig(network: NetworkConfig): Config {
  const chain = networkChain(network);
  return createConfig({
    chains: [chain],
    connectors: [injected({ unstable_shimAsyncInject: 500 })],
    multiInjectedProviderDiscovery: true,
    transports: { [chain.id]: http(network.rpcUrl) },
    storage: createStorage({
      storage: localStorage,
      key: `pqmesh.${network.contracts.AttestationBridge.slice(2, 12).toLowerCase()}`,
    }),
  });
}
