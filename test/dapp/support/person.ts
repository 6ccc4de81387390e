import type { Page } from "playwright-core";
import type { HDAccount } from "viem";
import type { TestChain } from "../../helpers/anvil.ts";
import { openPage, type TestPage } from "./browser.ts";
import type { DappNetwork } from "./dapp-network.ts";
import { installWallet, type TestWallet } from "./test-wallet.ts";
import { WalletWalk } from "./wallet-walk.ts";

/** Somebody with a browser of their own, at a page of the dApp, with a connected wallet. */
export interface Person extends Omit<TestPage, "context"> {
  page: Page;
  wallet: TestWallet;
  walk: WalletWalk;
}

/** Opens a page as the owner of an account. */
export async function openPerson(
  { chain, config, url }: Pick<DappNetwork, "config" | "url"> & { chain: Pick<TestChain, "rpc"> },
  { account, path }: { account: HDAccount; path: string },
): Promise<Person> {
  const { page, errors, close } = await openPage();
  const wallet = await installWallet(page, { chain, account, chainId: config.chainId });
  const walk = new WalletWalk(page);
  await page.goto(`${url}${path}`);
  await walk.connect();
  return { page, errors, close, wallet, walk };
}
