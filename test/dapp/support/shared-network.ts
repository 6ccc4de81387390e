import { after } from "mocha";
import { closeBrowser } from "./browser.ts";
import { type DappNetwork, startDappNetwork } from "./dapp-network.ts";

let started: Promise<DappNetwork> | undefined;

/** The network that all browser tests of a run share; it is started by the first and stopped after the last. */
export function sharedNetwork(): Promise<DappNetwork> {
  started ??= startDappNetwork();
  return started;
}

after("stop browser and network", async () => {
  await closeBrowser();
  await (await started?.catch(() => undefined))?.stop();
});
