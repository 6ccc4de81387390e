import type { Page } from "playwright-core";
import type { HDAccount, Hex, TypedDataDefinition } from "viem";
import { numberToHex } from "viem";
import type { TestChain } from "../../helpers/anvil.ts";

/** A wallet that tests drive: its keys stay in Node, the page sees an EIP-1193 provider announced by EIP-6963. */
export interface TestWallet {
  /** Methods asked for, in order. */
  readonly asked: string[];
  /** Chain that the wallet is on. */
  chainId: number;
  /** Chains that it knows. */
  readonly known: Set<number>;
  /** Declines the next request to sign or send. */
  declineNext: boolean;
  /** Parameters of the newest `wallet_addEthereumChain`. */
  added: { chainId: Hex; rpcUrls: string[]; chainName: string } | undefined;
  /** Moves the wallet to another chain by itself, as its owner does in its menu. */
  moveTo(chainId: number): Promise<void>;
}

/** What a wallet starts with. */
export interface WalletOptions {
  chain: Pick<TestChain, "rpc">;
  account: HDAccount;
  /** Chain that the wallet is on at first. */
  chainId: number;
}

const SIGNING = new Set(["eth_sendTransaction", "eth_signTypedData_v4", "personal_sign"]);

/** Puts two announced wallets and a legacy `window.ethereum` into every document of the page. */
export async function installWallet(page: Page, { chain, account, chainId }: WalletOptions): Promise<TestWallet> {
  const wallet: TestWallet = {
    ...{ asked: [], chainId, known: new Set([chainId]), declineNext: false, added: undefined },
    async moveTo(id) {
      wallet.chainId = id;
      await page.evaluate(`window.testWalletEmit("chainChanged", "${numberToHex(id)}")`);
    },
  };
  let connected = false;
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    wallet.asked.push(method);
    if (SIGNING.has(method) && wallet.declineNext) {
      wallet.declineNext = false;
      throw new WalletError(4001, "User rejected the request.");
    }
    switch (method) {
      case "eth_requestAccounts":
        connected = true;
        return [account.address];
      case "eth_accounts":
        return connected ? [account.address] : [];
      case "eth_chainId":
        return numberToHex(wallet.chainId);
      case "wallet_addEthereumChain":
        wallet.added = params[0] as NonNullable<TestWallet["added"]>;
        wallet.known.add(Number(wallet.added.chainId));
        return null;
      case "wallet_switchEthereumChain":
        return switchTo(Number((params[0] as { chainId: Hex }).chainId));
      case "eth_signTypedData_v4":
        return account.signTypedData(JSON.parse(params[1] as string) as TypedDataDefinition);
      case "wallet_requestPermissions":
      case "wallet_revokePermissions":
        throw new WalletError(4200, "not supported");
      default:
        return chain.rpc(method, ...params);
    }
  };
  const switchTo = (id: number): null => {
    if (!wallet.known.has(id)) throw new WalletError(4902, "Unrecognized chain ID.");
    wallet.chainId = id;
    return null;
  };
  await page.exposeFunction("testWalletRequest", async (method: string, params: unknown[]) => {
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      const { code = -32_603, message } = error as { code?: number; message: string };
      return { error: { code, message } };
    }
  });
  await page.addInitScript(PROVIDER_SCRIPT);
  return wallet;
}

class WalletError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const PROVIDER_SCRIPT = `(() => {
  const listeners = {};
  const emit = (event, value) => (listeners[event] ?? []).forEach((listener) => listener(value));
  const provider = {
    on(event, listener) { (listeners[event] ??= []).push(listener); return provider; },
    removeListener(event, listener) { listeners[event] = (listeners[event] ?? []).filter((l) => l !== listener); },
    async request({ method, params = [] }) {
      const answer = await window.testWalletRequest(method, params);
      if (answer.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      if (method === "wallet_switchEthereumChain") emit("chainChanged", params[0].chainId);
      return answer.result;
    },
  };
  window.ethereum = provider;
  window.testWalletEmit = emit;
  const icon = (color) => "data:image/svg+xml," + encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="' + color + '"/></svg>');
  const wallets = [
    { uuid: "11111111-1111-4111-8111-111111111111", name: "Alder Wallet", rdns: "test.alder", icon: icon("#7a4") },
    { uuid: "22222222-2222-4222-8222-222222222222", name: "Birch Wallet", rdns: "test.birch", icon: icon("#47a") },
  ];
  const announce = () => wallets.forEach((info) => window.dispatchEvent(
    new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) })));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})();`;
