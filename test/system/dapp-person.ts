import { createWalletClient, type HDAccount, type Hex, http } from "viem";
import type { TestChain } from "../helpers/anvil.ts";
import { openPerson, type Person } from "../dapp/support/person.ts";
import type { StartedNetwork } from "./devnet.ts";

/** Opens the dApp of a started network as the owner of an account. */
export function openDappPerson(
  network: StartedNetwork,
  { account, path, ports }: { account: HDAccount; path: string; ports: string[] },
): Promise<Person> {
  const config = network.network();
  const url = `http://127.0.0.1:${ports[ports.indexOf("--dapp-port") + 1]}`;
  return openPerson({ config, url, chain: signingFor(config.rpcUrl, account) }, { account, path });
}

/** Node of the chain that signs for the person, as its wallet does: a devnet's node holds no keys. */
function signingFor(rpcUrl: string, account: HDAccount): Pick<TestChain, "rpc"> {
  const wallet = createWalletClient({ account, transport: http(rpcUrl) });
  return {
    rpc: async <T>(method: string, ...params: unknown[]): Promise<T> => {
      const request = wallet.request as (call: { method: string; params: unknown[] }) => Promise<T>;
      if (method !== "eth_sendTransaction") return request({ method, params });
      const { to, data, value = "0x0" } = params[0] as { to: Hex; data: Hex; value?: Hex };
      return wallet.sendTransaction({ to, data, value: BigInt(value), chain: null }) as Promise<T>;
    },
  };
}
