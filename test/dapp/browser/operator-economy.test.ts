import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { expect } from "chai";
import type { Page } from "playwright-core";
import {
  type Abi,
  type Address,
  createPublicClient,
  encodeFunctionData,
  http,
  keccak256,
  maxUint256,
  parseEther,
  stringToHex,
} from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import "../support/shared-network.ts";
import { installWallet } from "../support/test-wallet.ts";
import { WalletWalk } from "../support/wallet-walk.ts";

const OWNER = testAccount(0);
/** Seconds of a word of rewards and of the finality horizon after it. */
const WORD_AND_HORIZON = 256 * 6 + 60;
/** Periods that leave time to act in a browser; what unbonds must outlast them. */
const PERIODS = { unbondingPeriod: 900n, committeeReleaseDelay: 900n, disputePeriod: 180n, vetoPeriod: 120n };

describe("the operator's economy by wallet", function () {
  this.timeout(180_000);
  let network: DappNetwork;
  let opened: TestPage;
  let page: Page;
  let walk: WalletWalk;

  before(async () => {
    network = await startDappNetwork();
    await network.network.call("MeshToken", "transfer", [USER.address, parseEther("5000")]);
    await network.driver.untilReported(4);
    const changes = Object.entries(PERIODS).map(([name, value]) => ({ id: stringToHex(name, { size: 32 }), value }));
    await send(OWNER.address, "NetworkParameters", { abi: networkParametersAbi, name: "setMany", args: [changes] });
    await network.chain.rpc("evm_increaseTime", WORD_AND_HORIZON);
    await network.chain.mine(1);
    opened = await openPage();
    page = opened.page;
    await installWallet(page, { chain: network.chain, account: OWNER, chainId: network.config.chainId });
    walk = new WalletWalk(page);
    await page.goto(`${network.url}/operate`);
    await walk.connect();
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const send = async (
    from: Address,
    contract: keyof DappNetwork["config"]["contracts"],
    { abi, name, args }: { abi: Abi; name: string; args: unknown[] },
  ): Promise<void> => {
    const data = encodeFunctionData({ abi, functionName: name, args });
    await network.chain.send({ from, to: network.config.contracts[contract]!, data });
  };
  const stakeOf = (node: number): Promise<bigint> => {
    const client = createPublicClient({ transport: http(network.config.rpcUrl) });
    const address = network.config.contracts.NodeStaking;
    return client.readContract({ address, abi: nodeStakingAbi, functionName: "stakeOf", args: [node] });
  };
  const rewards = () => page.locator("section", { has: page.getByRole("heading", { name: "Rewards", exact: true }) });

  it("adds the rewards of a node to its stake", async () => {
    const before = await stakeOf(0);
    await page.locator('[data-rewards-of="0"]').getByRole("button", { name: "Claim and stake" }).click();
    expect(await walk.preview()).to.include("becomes its own stake instead of being paid out");
    expect(await walk.finish()).to.include("were claimed; your part is staked.");
    expect((await stakeOf(0)) > before).to.equal(true);
  });

  it("claims what the other nodes earned, and shows it by day", async () => {
    await page.locator('[data-rewards-of="0"]').getByRole("button").waitFor({ state: "detached" });
    await rewards().getByRole("button", { name: "Claim all" }).click();
    expect(await walk.preview()).to.include("MESH that nodes 1, 2, 3 earned are paid");
    expect(await walk.finish()).to.match(/^✓ [\d.,]+ MESH were paid\./);
    await rewards()
      .getByRole("img", { name: /^Rewards by day, 1 day: [\d.]+ MESH/ })
      .waitFor();
    await page.getByTestId("claimable").getByText("0 MESH", { exact: true }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      rewards().getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("pqmesh-rewards.csv");
  });

  it("raises the commission later and shows the raise until then", async () => {
    const card = page.locator('[data-commission-of="1"]');
    await card.getByLabel("New commission of node 1, %").fill("31");
    await card.getByText("At most 30.00 % are allowed.").waitFor();
    await card.getByLabel("New commission of node 1, %").fill("7.5");
    await card.getByRole("button", { name: "Preview" }).click();
    expect(await walk.preview()).to.match(/^From about .* on you keep 7\.50 %/);
    expect(await walk.finish()).to.include("The commission rises to 7.50 % at");
    await card.getByText(/7\.50 % from/).waitFor();
  });

  it("proposes a payout address, shows its clock and cancels it", async () => {
    await page.getByRole("button", { name: "Change: Payout address" }).click();
    await page.getByLabel("New address: Payout address").fill(USER.address);
    await page.getByRole("button", { name: "Preview change" }).click();
    expect(await walk.preview()).to.include(`can be paid to ${USER.address}`);
    await walk.finish();
    await page.locator('[data-pending="Payout address"]').waitFor();
    await page.getByRole("button", { name: "Cancel changes" }).click();
    expect(await walk.finish()).to.include("Nothing is pending any more.");
    await page.locator('[data-pending="Payout address"]').waitFor({ state: "detached" });
  });

  it("disputes a slash that somebody proposes", async () => {
    const { timestamp } = await network.chain.head();
    const { genesis, lengthSeconds } = network.config.epoch;
    const epoch = BigInt(Math.floor((timestamp - genesis) / lengthSeconds) - 3);
    const { SlashProposals } = network.config.contracts;
    await send(USER.address, "MeshToken", { abi: meshTokenAbi, name: "approve", args: [SlashProposals, maxUint256] });
    const args = [2, epoch, 1_000n, keccak256("0x1234")];
    await send(USER.address, "SlashProposals", { abi: slashProposalsAbi, name: "propose", args });
    const card = page.locator('[data-slash-proposal="1"]');
    await card.getByText("20,000 MESH at stake").waitFor();
    await card
      .getByTestId("slash-clock")
      .getByText(/Can be disputed until/)
      .waitFor();
    await card.getByRole("button", { name: "Dispute" }).click();
    expect(await walk.preview()).to.include("You bond 1,000 MESH against it.");
    expect(await walk.finish()).to.include("Disputed: now the DAO must decide");
    await page.locator('[data-slash-proposal="1"][data-state="Disputed"]').waitFor();
    await page.goto(`${network.url}/slashes`);
    await page.locator('[data-slash-proposal="1"]').getByText("disputed", { exact: true }).waitFor();
  });
});
