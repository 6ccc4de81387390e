import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { numberToHex } from "viem";

/** The part of an EIP-1193 provider that this needs. */
export interface WalletRequester {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** Code with which wallets say that they do not know a chain (EIP-3326). */
const UNKNOWN_CHAIN = 4902;

/** Asks the wallet to add the network by its RPC endpoint; most wallets then offer to switch to it. */
export async function addNetwork(wallet: WalletRequester, { chainId, name, rpcUrl }: NetworkConfig): Promise<void> {
  const chain = {
    chainId: numberToHex(chainId),
    chainName: name,
    rpcUrls: [rpcUrl],
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  };
  await wallet.request({ method: "wallet_addEthereumChain", params: [chain] });
}

/** Switches the wallet to the network, adding it first when the wallet does not know it. */
export async function switchToNetwork(wallet: WalletRequester, config: NetworkConfig): Promise<void> {
  const switchChain = (): Promise<unknown> =>
    wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId: numberToHex(config.chainId) }] });
  try {
    await switchChain();
  } catch (error) {
    if (!isUnknownChain(error)) throw error;
    await addNetwork(wallet, config);
    await switchChain();
  }
}

function isUnknownChain(error: unknown): boolean {
  const { code, data, message } = (error ?? {}) as {
    code?: number;
    data?: { originalError?: { code?: number } };
    message?: string;
  };
  const codes = [code, data?.originalError?.code];
  return codes.includes(UNKNOWN_CHAIN) || /unrecognized chain/i.test(message ?? "");
}
