import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { createPublicClient, formatEther, http, parseEther } from "viem";
import { formatMesh } from "../../../dapp/src/lib/format.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { openPage } from "../support/browser.ts";
import { type DappNetwork, USER } from "../support/dapp-network.ts";
import { passWord, startWalletVisit, type WalletVisit } from "../support/wallet-visit.ts";
import type { WalletWalk } from "../support/wallet-walk.ts";

describe("delegating by wallet", function () {
  this.timeout(180_000);
  let visit: WalletVisit;
  let network: DappNetwork;
  let page: Page;
  let walk: WalletWalk;

  before(async () => {
    visit = await startWalletVisit({ account: USER, userMesh: 50_000, path: "/token" });
    ({ network, page, walk } = visit);
  });

  after(() => visit?.stop());

  afterEach(() => {
    expect(visit.errors, "errors in the page").to.deep.equal([]);
  });

  const delegated = (): Promise<[bigint, bigint]> => {
    const client = createPublicClient({ transport: http(network.config.rpcUrl) });
    const address = network.config.contracts.NodeDelegation;
    const args = [1, USER.address] as const;
    return client.readContract({ address, abi: nodeDelegationAbi, functionName: "delegationOf", args }) as Promise<
      [bigint, bigint]
    >;
  };
  const own = () => page.locator('[data-own-delegation="1"]');

  it("votes with what it holds once it says who casts", async () => {
    await page.getByTestId("votes-by").getByText("nobody").waitFor();
    await page.getByRole("button", { name: "Vote yourself" }).click();
    expect(await walk.preview()).to.include("now 50,000, are cast by your wallet");
    await walk.finish();
    await page.getByTestId("votes-by").getByText("yourself").waitFor();
    await page.getByTestId("token-votes").getByText("50,000", { exact: true }).waitFor();
  });

  it("shows what vests and pays it to the owner of the vault", async () => {
    const vault = page.locator('[data-vault="Team"]');
    const release = vault.getByRole("button", { name: "Release to the owner" });
    await waitUntil("something has vested", () => release.isEnabled(), 90_000);
    await release.click();
    expect(await walk.preview()).to.include("is paid to the vault's owner 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
    expect(await walk.finish()).to.match(/^✓ [\d.]+ MESH were paid to 0x3C44/);
  });

  it("refuses to delegate too little", async () => {
    await page.getByRole("link", { name: "Delegate" }).click();
    await page.getByText("You delegate nothing yet").waitFor();
    await page.getByRole("button", { name: "Choose node 1", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator('section[aria-label="Delegate to node 1"] input:focus').waitFor();
    await page.getByLabel("Amount").fill("0.5");
    await page.getByText("The smallest delegation is 1 MESH.").waitFor();
    expect(await page.getByRole("button", { name: "Preview delegation" }).isDisabled()).to.equal(true);
  });

  it("delegates with a permit in one transaction", async () => {
    await page.getByLabel("Amount").fill("20000");
    await page.getByRole("button", { name: "Preview delegation" }).click();
    expect(await walk.preview()).to.include("Exactly 20,000 MESH move from your wallet into the pool of node 1");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 min 12 s", { exact: true }).waitFor();
    await dialog.getByText(/slashed with its own stake/).waitFor();
    expect(await walk.finish()).to.include("You delegate 20,000 MESH more to node 1");
    await own().getByTestId("delegated").getByText("20,000 MESH").waitFor();
    expect((await delegated())[1]).to.equal(parseEther("20000"));
  });

  it("asks the wallet for more gas than the call took, since an epoch may end before its block", async () => {
    const client = createPublicClient({ transport: http(network.config.rpcUrl) });
    const [delegation] = await client.getContractEvents({
      ...{ address: network.config.contracts.NodeDelegation, abi: nodeDelegationAbi, eventName: "Delegated" },
      ...{ args: { delegator: USER.address }, fromBlock: 0n },
    });
    const hash = delegation!.transactionHash;
    const [{ gas }, { gasUsed }] = await Promise.all([
      client.getTransaction({ hash }),
      client.getTransactionReceipt({ hash }),
    ]);
    expect(gas * 10n >= gasUsed * 11n, `${gas} for ${gasUsed}`).to.equal(true);
    expect(gas < gasUsed * 2n, `${gas} for ${gasUsed}`).to.equal(true);
  });

  it("earns once the rewards of a word are claimed", async () => {
    await passWord(network);
    await own().getByRole("button", { name: "Claim for the pool" }).click({ timeout: 40_000 });
    expect(await walk.preview()).to.include("the delegators' part into the pool");
    expect(await walk.finish()).to.match(/^✓ [\d.,]+ MESH were paid\./);
    const [, worth] = await delegated();
    expect(worth > parseEther("20000"), `worth ${formatEther(worth)} MESH`).to.equal(true);
    await own()
      .getByText(/[\d.]+ earned/)
      .waitFor();
    const row = page.locator('[data-delegable="1"]');
    await row
      .getByText(/^[\d.,]+ %$/)
      .first()
      .waitFor();
  });

  it("counts as paid what claims paid, and as held what waits for them", async () => {
    const client = createPublicClient({ transport: http(network.config.rpcUrl) });
    const claims = await client.getContractEvents({
      ...{ address: network.config.contracts.NodeRewards, abi: nodeRewardsAbi, eventName: "RewardsClaimed" },
      ...{ fromBlock: 0n, strict: true },
    });
    const paid = claims.reduce((sum, { args }) => sum + args.toOperator + args.toPool, 0n);
    expect(paid > 0n, "claims paid something").to.equal(true);
    const reader = await openPage();
    try {
      await reader.page.goto(`${network.url}/token`);
      await reader.page.getByText("Earned, returned or not claimed yet").waitFor();
      const shown = await reader.page.getByTestId("emissions-paid").textContent();
      expect(shown).to.equal(`${formatMesh(paid)} MESH`);
      expect(reader.errors, "errors in the page").to.deep.equal([]);
    } finally {
      await reader.close();
    }
  });

  it("undelegates everything and says when it unlocks", async () => {
    await own().getByRole("button", { name: "Undelegate" }).click();
    await own().getByRole("button", { name: "Everything" }).click();
    await own().getByRole("button", { name: "Preview undelegation" }).click();
    expect(await walk.preview()).to.include("Your whole delegation of 20,0");
    expect(await walk.finish()).to.include("MESH unlock at");
    await own().locator("[data-undelegation]").waitFor();
    expect((await delegated())[0]).to.equal(0n);
  });

  it("delegates an unbonding again and takes it out once more", async () => {
    await own().getByRole("button", { name: "Delegate again" }).click();
    expect(await walk.finish()).to.include("are delegated again");
    await own().locator("[data-undelegation]").waitFor({ state: "detached" });
    await own().getByRole("button", { name: "Undelegate" }).click();
    await own().getByRole("button", { name: "Everything" }).click();
    await own().getByRole("button", { name: "Preview undelegation" }).click();
    await walk.finish();
    await own().locator("[data-undelegation]").waitFor();
  });

  it("withdraws after the unbonding period", async () => {
    await network.chain.rpc("evm_increaseTime", 90);
    await network.chain.mine(1);
    await own().getByRole("button", { name: "Withdraw" }).click({ timeout: 40_000 });
    expect(await walk.preview()).to.include("of 1 matured unbonding are paid to your wallet");
    expect(await walk.finish()).to.match(/20,0[\d.]+ MESH were paid to your wallet/);
    await page.getByText("You delegate nothing yet").waitFor();
    await page.getByRole("link", { name: "Token" }).click();
    await page
      .getByTestId("token-balance")
      .getByText(/^50,0\d\d(\.\d+)? MESH$/)
      .waitFor();
  });
});
