import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { createPublicClient, http, keccak256, maxUint256 } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { setParameters } from "../support/call-contract.ts";
import { type DappNetwork, USER } from "../support/dapp-network.ts";
import { passWord, startWalletVisit, type WalletVisit } from "../support/wallet-visit.ts";
import type { WalletWalk } from "../support/wallet-walk.ts";

/** Periods that leave time to act in a browser; what unbonds must outlast them. */
const PERIODS = { unbondingPeriod: 900n, committeeReleaseDelay: 900n, disputePeriod: 180n, vetoPeriod: 120n };

/** Sets the periods, and lets a word of rewards pass. */
async function prepare(network: DappNetwork): Promise<void> {
  await setParameters(network, PERIODS);
  await passWord(network);
}

describe("the operator's economy by wallet", function () {
  this.timeout(180_000);
  let visit: WalletVisit;
  let network: DappNetwork;
  let page: Page;
  let walk: WalletWalk;

  before(async () => {
    visit = await startWalletVisit({ account: testAccount(0), userMesh: 5_000, path: "/operate", prepare });
    ({ network, page, walk } = visit);
  });

  after(() => visit?.stop());

  afterEach(() => {
    expect(visit.errors, "errors in the page").to.deep.equal([]);
  });

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
    await network.network.call("MeshToken", "approve", [SlashProposals, maxUint256], USER.address);
    const args = [2, epoch, 1_000n, keccak256("0x1234")];
    await network.network.call("SlashProposals", "propose", args, USER.address);
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
