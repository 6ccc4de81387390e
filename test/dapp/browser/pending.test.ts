import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Hex, numberToHex } from "viem";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import "../support/shared-network.ts";
import { installWallet } from "../support/test-wallet.ts";

describe("transactions that outlive a page", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let opened: TestPage;
  let page: Page;

  before(async () => {
    network = await startDappNetwork({ nodes: 1 });
    opened = await openPage();
    page = opened.page;
    await installWallet(page, { chain: network.chain, account: USER, chainId: network.config.chainId });
    await page.goto(`${network.url}/operate`);
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("button", { name: "Alder Wallet" }).click();
    await page.getByTestId("wallet-menu").waitFor();
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
  });

  afterEach(async () => {
    await network.chain.rpc("evm_setIntervalMining", 1);
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const stopMining = () => network.chain.rpc("evm_setIntervalMining", 0);
  const listed = (state: string) => page.locator(`[data-pending="${state}"]`);
  const dismiss = async (): Promise<void> => {
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.locator("[data-pending]").waitFor({ state: "detached" });
  };
  const send = async (): Promise<void> => {
    await page.getByRole("button", { name: "Continue in the wallet" }).click();
    await page.locator('[data-testid="transaction-state"][data-phase="sent"]').waitFor();
  };
  /** Sends the registration of a node, and returns its hash once the page is loaded again. */
  const sendNodeAndReload = async (keySeed: number): Promise<Hex> => {
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const { publicKey } = new AttestingNode(keySeed, domain);
    const file = { name: "agent.pub", mimeType: "application/octet-stream", buffer: Buffer.from(publicKey) };
    await page.getByLabel("Choose a file").setInputFiles(file);
    await page.getByRole("button", { name: "Preview node" }).click();
    await stopMining();
    await send();
    const hash = await page.getByTestId("transaction-state").locator("[title]").first().getAttribute("title");
    await page.reload();
    await listed("waiting").waitFor();
    await page.waitForFunction(() => Object.values(localStorage).some((kept) => /"nonce":\d/.test(String(kept))));
    return hash as Hex;
  };

  it("shows one again after a reload, until it is mined and dismissed", async () => {
    await page.getByLabel("Root key").fill("5a".repeat(32));
    await page.getByRole("button", { name: "Preview registration" }).click();
    await stopMining();
    await send();
    expect(await page.locator("[data-pending]").count(), "listed while the dialog shows it").to.equal(0);
    await page.reload();
    await listed("waiting").filter({ hasText: "Register as an operator · ● sent" }).waitFor();
    await network.chain.rpc("evm_setIntervalMining", 1);
    await listed("mined")
      .filter({ hasText: /Mined in block/ })
      .waitFor();
    await page.getByRole("heading", { name: "Operator 2" }).waitFor();
    await page.reload();
    await listed("mined").waitFor();
    await dismiss();
    await page.reload();
    await page.getByRole("heading", { name: "Operator 2" }).waitFor();
    expect(await page.locator("[data-pending]").count()).to.equal(0);
  });

  it("shows one on every page when its dialog is closed", async () => {
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const { publicKey } = new AttestingNode(50, domain);
    const file = { name: "agent.pub", mimeType: "application/octet-stream", buffer: Buffer.from(publicKey) };
    await page.getByLabel("Choose a file").setInputFiles(file);
    await page.getByRole("button", { name: "Preview node" }).click();
    await stopMining();
    await send();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await listed("waiting").waitFor();
    await network.chain.rpc("evm_setIntervalMining", 1);
    await listed("mined").waitFor();
    await dismiss();
    await page.getByRole("link", { name: "Operate" }).click();
    await page.locator("[data-own-node]").waitFor();
  });

  it("says that one was replaced", async () => {
    const hash = await sendNodeAndReload(51);
    const sent = await network.chain.rpc<{ nonce: Hex; maxFeePerGas: Hex }>("eth_getTransactionByHash", hash);
    const fee = numberToHex(BigInt(sent.maxFeePerGas) * 3n);
    const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: fee };
    const cancel = { from: USER.address, to: USER.address, value: "0x0", nonce: sent.nonce, ...fees };
    await network.chain.rpc("eth_sendTransaction", cancel);
    await network.chain.rpc("evm_setIntervalMining", 1);
    await listed("replaced").filter({ hasText: "took its place" }).waitFor();
    await dismiss();
  });

  it("says that one was dropped", async () => {
    const hash = await sendNodeAndReload(52);
    await network.chain.rpc("anvil_dropTransaction", hash);
    await network.chain.rpc("evm_setIntervalMining", 1);
    await listed("dropped").filter({ hasText: "it was dropped, and nothing happened" }).waitFor({ timeout: 40_000 });
    await dismiss();
  });
});
