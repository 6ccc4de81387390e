import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { bytesToHex, createPublicClient, http, parseEther } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import "../support/shared-network.ts";
import { installWallet, type TestWallet } from "../support/test-wallet.ts";

const ROOT_KEY = "5a".repeat(32);

describe("operating by wallet", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let opened: TestPage;
  let page: Page;
  let wallet: TestWallet;

  before(async () => {
    network = await startDappNetwork();
    opened = await openPage();
    page = opened.page;
    wallet = await installWallet(page, { chain: network.chain, account: USER, chainId: 1 });
    await page.goto(`${network.url}/operate`);
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const phase = (wanted: string) => page.locator(`[data-testid="transaction-state"][data-phase="${wanted}"]`).waitFor();
  const preview = () => page.getByTestId("preview").textContent();
  const confirm = () => page.getByRole("button", { name: /Continue in the wallet|Try again/ }).click();
  const close = () => page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  const outcome = () => page.getByTestId("transaction-state").textContent();
  const finish = async (): Promise<string> => {
    await confirm();
    await phase("mined");
    const sentence = (await outcome())!;
    await close();
    return sentence;
  };
  const ownCard = () => page.locator("[data-own-node]").first();

  it("offers each announced wallet once and no legacy one", async () => {
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    const dialog = page.getByRole("dialog");
    const names = (): Promise<string[]> => dialog.locator("li button").allTextContents();
    await waitUntil("both wallets are offered", async () => (await names()).length > 1);
    expect(await names()).to.deep.equal(["Alder Wallet", "Birch Wallet"]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  it("connects by keyboard alone", async () => {
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let i = 0; i < 6; i++) {
      if ((await page.evaluate("document.activeElement.textContent")) === "Birch Wallet") break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByTestId("wallet-menu").waitFor();
    expect(wallet.asked).to.include("eth_requestAccounts");
  });

  it("helps a wallet on another network to add this one", async () => {
    await page.getByText("Your wallet is on chain 1;").waitFor();
    await page.getByRole("button", { name: "Switch to PQMesh test" }).click();
    await page.getByText("Your wallet is on chain 1;").waitFor({ state: "hidden" });
    expect(wallet.added).to.include({ chainId: "0x7a69", chainName: "PQMesh test" });
    expect(wallet.added?.rpcUrls).to.deep.equal([network.config.rpcUrl]);
    expect(wallet.chainId).to.equal(31_337);
  });

  it("is still connected after a reload", async () => {
    await page.reload();
    await page.getByTestId("wallet-menu").waitFor();
  });

  it("pays test tokens by the faucet", async () => {
    await page.getByRole("button", { name: /Get test ETH/ }).click();
    await page.getByText("Arrived.").waitFor();
    await page.locator('[data-testid="mesh-balance"]', { hasText: "50,000" }).waitFor();
  });

  it("says why the faucet refuses", async () => {
    await page.getByRole("button", { name: /Get test ETH/ }).click();
    await page.getByText("This address was served already. Ask again in 60 s.").waitFor();
  });

  it("refuses a wrong root key before anything is signed", async () => {
    await page.getByLabel("Root key").fill("12ab");
    await page.getByRole("button", { name: "Preview registration" }).click();
    await page.getByText("A root key has 64 hex digits; this has 4.").waitFor();
    expect(await page.getByRole("dialog").count()).to.equal(0);
  });

  it("does not call a rejection in the wallet an error", async () => {
    await page.getByLabel("Root key").fill(ROOT_KEY);
    await page.getByRole("button", { name: "Preview registration" }).click();
    expect(await preview()).to.include("becomes the owner of a new identity");
    wallet.declineNext = true;
    await confirm();
    await page.getByText("You declined in the wallet. Nothing was sent.").waitFor();
    expect(await page.getByRole("alert").count()).to.equal(0);
  });

  it("registers an operator", async () => {
    expect(await finish()).to.include("You are operator 2 now");
    await page.getByRole("heading", { name: "Operator 2" }).waitFor();
  });

  it("registers a node with the key of its agent", async () => {
    const domain = { chainId: 31_337, bridge: network.config.contracts.AttestationBridge };
    const { publicKey } = new AttestingNode(99, domain);
    await page.getByLabel(/Public attestation key/).fill(bytesToHex(publicKey).slice(0, -4));
    await page.getByText("This has 1,950 bytes").waitFor();
    const file = { name: "agent.pub", mimeType: "application/octet-stream", buffer: Buffer.from(publicKey) };
    await page.getByLabel("Choose a file").setInputFiles(file);
    await page.getByText("A valid ML-DSA-65 public key").waitFor();
    await page.getByRole("button", { name: "Preview node" }).click();
    expect(await finish()).to.include("Your node has index 4");
    await page.locator('[data-own-node="4"]').waitFor();
  });

  it("stakes with a permit in one transaction", async () => {
    await ownCard().getByLabel("Stake").fill("25,000.5");
    await ownCard().getByRole("button", { name: "Preview stake" }).click();
    expect(await preview()).to.include("Exactly 25,000.5 MESH move from your wallet into the stake of node 4");
    const sent = () => wallet.asked.filter((method) => method === "eth_sendTransaction").length;
    const before = sent();
    expect(await finish()).to.include("It becomes active two epochs from now");
    expect(sent() - before, "transactions").to.equal(1);
    expect(wallet.asked).to.include("eth_signTypedData_v4");
    await ownCard().getByText("25,000.5 MESH", { exact: true }).waitFor();
    const client = createPublicClient({ transport: http(network.chain.url) });
    const stake = await client.readContract({
      address: network.config.contracts.NodeStaking,
      abi: nodeStakingAbi,
      functionName: "stakeOf",
      args: [4],
    });
    expect(stake).to.equal(parseEther("25000.5"));
  });

  it("refuses an unbonding that would leave too little", async () => {
    await ownCard().getByRole("button", { name: "Unbond", exact: true }).click();
    await ownCard().getByLabel("Unbond").fill("20000");
    await ownCard().getByText("5,000.5 MESH would stay").waitFor();
    expect(await ownCard().getByRole("button", { name: "Preview unbonding" }).isDisabled()).to.equal(true);
  });

  it("unbonds and says when it unlocks", async () => {
    await ownCard().getByLabel("Unbond").fill("15000");
    await ownCard().getByRole("button", { name: "Preview unbonding" }).click();
    expect(await preview()).to.match(/Exactly 15,000 MESH begins to unbond.*withdrawn to 0x.*\(in \d+/);
    expect(await finish()).to.include("15,000 MESH unlock at");
    await page.locator("[data-unbonding]").waitFor();
  });

  it("cancels an unbonding", async () => {
    await page.getByRole("button", { name: "Cancel unbonding" }).click();
    expect(await preview()).to.include("15,000 MESH that are unbonding go back");
    expect(await finish()).to.include("bonded again");
    await page.locator("[data-unbonding]").waitFor({ state: "detached" });
    await ownCard().getByText("25,000.5 MESH", { exact: true }).waitFor();
  });

  it("explains a contract's refusal in a sentence", async () => {
    await ownCard().getByRole("button", { name: "Top up" }).click();
    await ownCard().getByLabel("Add to the stake").fill("1000");
    await ownCard()
      .getByLabel(/cannot sign permits/)
      .check();
    await ownCard().getByRole("button", { name: "Preview stake" }).click();
    await drain(network);
    await confirm();
    await phase("failed");
    expect(await outcome()).to.match(/This wallet holds 0 MESH, but 1,000 MESH are needed\./);
    await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
  });

  it("exits a node for good", async () => {
    await ownCard().getByRole("button", { name: "Exit" }).click();
    expect(await preview()).to.include("Node 4 ends for good.");
    await page.getByRole("dialog").getByText("This cannot be undone").waitFor();
    expect(await finish()).to.include("Node 4 has exited. Next: unbond its stake.");
    await ownCard().getByRole("button", { name: "Exit" }).waitFor({ state: "detached" });
    await ownCard().locator('[data-standing="exited"]').waitFor();
    expect(await ownCard().getByRole("button").allTextContents()).to.deep.equal(["Unbond"]);
  });

  it("unbonds everything that an exited node has", async () => {
    await ownCard().getByRole("button", { name: "Unbond", exact: true }).click();
    await ownCard().getByRole("button", { name: "Everything" }).click();
    await ownCard().getByRole("button", { name: "Preview unbonding" }).click();
    expect(await preview()).to.include("The whole stake of 25,000.5 MESH begins to unbond");
    await finish();
    const unbonding = page.locator("[data-unbonding]");
    await unbonding.getByText("25,000.5 MESH").waitFor();
    expect(await unbonding.getByRole("button").count(), "nothing to withdraw or cancel yet").to.equal(0);
  });

  it("withdraws after the unbonding period", async () => {
    const client = createPublicClient({ transport: http(network.chain.url) });
    const { NodeStaking } = network.config.contracts;
    const staking = { address: NodeStaking, abi: nodeStakingAbi } as const;
    const [unbonding] = await client.readContract({ ...staking, functionName: "unbondingsOf", args: [4] });
    const { timestamp } = await network.chain.head();
    await network.chain.rpc("evm_increaseTime", Number(unbonding!.maturesAt) - timestamp);
    await page.locator("[data-unbonding]").getByRole("button", { name: "Withdraw" }).click();
    expect(await preview()).to.equal(`25,000.5 MESH of 1 matured unbonding are paid to ${USER.address}.`);
    expect(await finish()).to.include(`25,000.5 MESH were paid to ${USER.address}.`);
    await page.locator("[data-unbonding]").waitFor({ state: "detached" });
    await page.locator('[data-testid="mesh-balance"]', { hasText: "25,000.5" }).waitFor();
    expect(await client.readContract({ ...staking, functionName: "unbondingsOf", args: [4] })).to.deep.equal([]);
  });
});

/** Moves all MESH out of the user's wallet behind the dApp's back. */
async function drain({ network, config }: DappNetwork): Promise<void> {
  const client = createPublicClient({ transport: http(config.rpcUrl) });
  const balance = await client.readContract({
    address: config.contracts.MeshToken,
    abi: meshTokenAbi,
    functionName: "balanceOf",
    args: [USER.address],
  });
  await network.call("MeshToken", "transfer", [testAccount(0).address, balance], USER.address);
}
