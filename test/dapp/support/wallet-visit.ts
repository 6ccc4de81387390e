import type { Page } from "playwright-core";
import { type HDAccount, parseEther } from "viem";
import { openPage, type TestPage } from "./browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "./dapp-network.ts";
import "./shared-network.ts";
import { installWallet } from "./test-wallet.ts";
import { WalletWalk } from "./wallet-walk.ts";

/** Seconds of a word of rewards and of the finality horizon after it. */
const WORD_AND_HORIZON = 256 * 6 + 60;

/** A network that no other test uses, and a page of its site with a wallet connected. */
export interface WalletVisit {
  network: DappNetwork;
  page: Page;
  walk: WalletWalk;
  /** What went wrong in the page. */
  errors: string[];
  stop(): Promise<void>;
}

/** Who visits which page. */
export interface VisitOptions {
  account: HDAccount;
  /** Whole MESH that `USER` is given. */
  userMesh: number;
  /** Of the page. */
  path: string;
  /** Sets the network up before the page is opened. */
  prepare?(network: DappNetwork): Promise<void>;
}

/** Starts a network, waits for its first reports, and connects a wallet to a page of its site. */
export async function startWalletVisit({ account, userMesh, path, prepare }: VisitOptions): Promise<WalletVisit> {
  const network = await startDappNetwork();
  let opened: TestPage | undefined;
  const stop = async (): Promise<void> => {
    await opened?.close();
    await network.stop();
  };
  try {
    await network.network.call("MeshToken", "transfer", [USER.address, parseEther(`${userMesh}`)]);
    await network.driver.untilReported(4);
    await prepare?.(network);
    opened = await openPage();
    const { page, errors } = opened;
    await installWallet(page, { chain: network.chain, account, chainId: network.config.chainId });
    const walk = new WalletWalk(page);
    await page.goto(`${network.url}${path}`);
    await walk.connect();
    return { network, page, walk, errors, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Moves the chain's clock until a word of rewards is over and final. */
export async function passWord({ chain }: DappNetwork): Promise<void> {
  await chain.rpc("evm_increaseTime", WORD_AND_HORIZON);
  await chain.mine(1);
}
