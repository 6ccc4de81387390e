import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { rootOrderArgument } from "@pqmesh/contracts/protocol/root-order";
import { parseSignedRootOrder } from "@pqmesh/contracts/protocol/root-order-file";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Page } from "playwright-core";
import { bytesToHex, createPublicClient, http, parseEther, zeroAddress, zeroHash } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { OfflineRootKey } from "../support/offline-root-key.ts";
import "../support/shared-network.ts";
import { installWallet } from "../support/test-wallet.ts";

const STAKE = parseEther("25000");

describe("the quantum lock by wallet and offline root key", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let key: OfflineRootKey;
  let next: OfflineRootKey;
  let opened: TestPage;
  let page: Page;
  /** Signature file of the newest order. */
  let signed: string;

  before(async () => {
    [network, key, next] = await Promise.all([startDappNetwork(), OfflineRootKey.create(), OfflineRootKey.create()]);
    await registerUser(network, key);
    opened = await openPage();
    page = opened.page;
    await installWallet(page, { chain: network.chain, account: USER, chainId: network.config.chainId });
    await page.goto(`${network.url}/operate`);
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Alder Wallet" }).click();
    await page.getByTestId("wallet-menu").waitFor();
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
    key?.remove();
    next?.remove();
  });

  afterEach(() => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const lockState = (locked: boolean) => page.locator(`[data-testid="lock-state"][data-locked="${locked}"]`).waitFor();
  const preview = () => page.getByTestId("preview").textContent();
  const confirm = () => page.getByRole("button", { name: "Continue in the wallet" }).click();
  const phase = (wanted: string) => page.locator(`[data-testid="transaction-state"][data-phase="${wanted}"]`).waitFor();
  const finish = async (): Promise<string> => {
    await confirm();
    await phase("mined");
    const sentence = (await page.getByTestId("transaction-state").textContent())!;
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    return sentence;
  };
  /** Downloads the request that the form holds and lets the offline machine sign it. */
  const signRequest = async (): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the request" }).click(),
    ]);
    return key.sign(await download.path());
  };
  const upload = async (file: string): Promise<string> => {
    await page.getByTestId("signature-file").setInputFiles(file);
    const answer = page.getByTestId("signed-order").filter({ hasText: `${basename(file)}: ` });
    await answer.waitFor();
    return (await answer.textContent())!;
  };
  const send = async (): Promise<string> => {
    await page.getByRole("button", { name: "Preview order" }).click();
    return finish();
  };

  it("says what locking would cancel", async () => {
    await lockState(false);
    await network.network.call(
      "NodeRegistry",
      "proposeBeneficiary",
      [await identity(), testAccount(14).address],
      USER.address,
    );
    const pending = page.locator('[data-pending-change="beneficiary"]');
    await pending.waitFor();
    await page.getByText("Under way; locking cancels it:").waitFor();
    await page.getByTestId("order-sentence").getByText("only its root key can").waitFor();
  });

  it("refuses a signature file that was changed on the way", async () => {
    signed = await signRequest();
    const flipped = key.altered(signed, (file) => {
      file.signature = `${file.signature.slice(0, -1)}${file.signature.endsWith("0") ? "1" : "0"}`;
    });
    expect(await upload(flipped)).to.include("the root key did not sign this order");
    const elsewhere = key.altered(signed, (file) => (file.chainId = 1));
    expect(await upload(elsewhere)).to.include("digest does not belong to the other fields");
    const bigger = key.altered(signed, (file) => (file.order.amount = "1"));
    expect(await upload(bigger)).to.include("order.amount is not empty");
  });

  it("locks with a signature that was made offline", async () => {
    expect(await upload(signed)).to.include("✓ Signed by the root key.");
    await page.getByRole("button", { name: "Preview order" }).click();
    expect(await preview()).to.include("only its root key can");
    expect(await finish()).to.include("The operator is quantum-locked.");
    await lockState(true);
    await page.locator("[data-pending-change]").waitFor({ state: "detached" });
  });

  it("refuses a signature file that was used", async () => {
    expect(await upload(signed)).to.include("number 1 comes next: it was executed already");
  });

  it("orders an unbonding by the root key instead", async () => {
    await page.getByRole("button", { name: "Order an unbonding" }).click();
    await page.locator("select:focus").waitFor();
    await page.getByLabel("MESH", { exact: true }).fill("5000");
    await page.getByTestId("order-sentence").getByText("Start to unbond 5000 MESH of node 4").waitFor();
    signed = await signRequest();
    await upload(signed);
    expect(await send()).to.include("The unbonding has begun.");
    await page.locator("[data-unbonding]").getByText("5,000 MESH").waitFor();
    expect(await page.getByRole("button", { name: "Cancel unbonding" }).count(), "not while locked").to.equal(0);
  });

  it("requests an unlock without the root key, one year away", async () => {
    await page.getByRole("button", { name: "Lost the root key?" }).click();
    expect(await preview()).to.include("one year from now");
    expect(await finish()).to.include("The owner wallet can unlock from");
    const date = await page.getByTestId("unlock-at").textContent();
    expect(date).to.match(/possible from .* on, in 36[45] d/);
  });

  it("cancels that unlock by an order to lock", async () => {
    await page.getByLabel("What").selectOption("Lock");
    await upload(await signRequest());
    await send();
    await page.getByTestId("unlock-at").waitFor({ state: "detached" });
    await lockState(true);
  });

  it("refuses to unbond while locked, in a sentence", async () => {
    await page.getByLabel("What").selectOption("Unlock");
    await upload(await signRequest());
    expect(await send()).to.include("The operator is unlocked");
    await lockState(false);
    const card = page.locator('[data-own-node="4"]');
    await card.getByRole("button", { name: "Unbond" }).click();
    await card.getByLabel("Unbond").fill("1000");
    // Locked behind the page's back, while it shows the preview of an unbonding.
    await page.getByLabel("What").selectOption("Lock");
    signed = await signRequest();
    await card.getByRole("button", { name: "Preview unbonding" }).click();
    await page.getByTestId("preview").waitFor();
    const { order, signature } = parseSignedRootOrder(readFileSync(signed, "utf8"));
    await network.network.call("NodeRegistry", "executeRootOrder", [rootOrderArgument(order), signature]);
    await confirm();
    await phase("failed");
    expect(await page.getByTestId("transaction-state").textContent()).to.include(
      `Identity ${order.identityId} is quantum-locked: only its root key can do this, with a signature made offline.`,
    );
    await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
  });

  it("changes the root key, which voids what the old one signed", async () => {
    await lockState(true);
    await page.getByLabel("What").selectOption("ChangeRootKey");
    await page.getByLabel("New root key").fill(next.publicKey);
    await upload(await signRequest());
    expect(await send()).to.include("The new root key is in force.");
    await page.locator(`[title="${next.publicKey}"]`).first().waitFor();
    expect(await upload(signed)).to.include("is not the one in force");
  });

  it("shows what happened, also without the indexer", async () => {
    const kinds = async (): Promise<string[]> => {
      await page.getByText(/What happened so far \(\d+\)/).click();
      const events = await page.locator("[data-lock-event]").all();
      return Promise.all(events.map(async (event) => (await event.getAttribute("data-lock-event"))!));
    };
    const count = (all: string[], kind: string): number => all.filter((one) => one === kind).length;
    await page.getByText("What happened so far (12)").waitFor();
    const indexed = await kinds();
    expect(
      ["Locked", "Unlocked", "UnlockRequested", "OrderExecuted", "RootKeyChanged"].map((kind) => count(indexed, kind)),
    ).to.deep.equal([3, 1, 1, 6, 1]);
    await network.indexer.pause();
    await page.reload();
    await page.getByText("The indexer is away").waitFor();
    await page.getByText("What happened so far (12)").waitFor();
    expect((await kinds()).toSorted()).to.deep.equal(indexed.toSorted());
  });

  it("names the attestation key in force of each node", async () => {
    const keys = page.locator('[data-keys-of="4"]');
    await keys.getByText("in force").waitFor();
    expect(await keys.locator("li").count()).to.equal(1);
  });

  const identity = (): Promise<number> =>
    createPublicClient({ transport: http(network.chain.url) }).readContract({
      address: network.config.contracts.NodeRegistry,
      abi: nodeRegistryAbi,
      functionName: "identityOf",
      args: [USER.address],
    });
});

/** Makes the user an operator with a staked node, node 4. */
async function registerUser({ network: { call }, config }: DappNetwork, key: OfflineRootKey): Promise<void> {
  const from = USER.address;
  const { publicKey } = new AttestingNode(4, { chainId: 1, bridge: zeroAddress }, "locked node");
  await call("MeshToken", "transfer", [from, STAKE]);
  await call("NodeRegistry", "registerOperator", [zeroAddress, zeroAddress, key.publicKey], from);
  await call("NodeRegistry", "registerNode", [bytesToHex(publicKey), zeroHash], from);
  await call("MeshToken", "approve", [config.contracts.NodeStaking, STAKE], from);
  await call("NodeStaking", "stake", [4, STAKE], from);
}
