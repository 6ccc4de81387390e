import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { createPublicClient, http } from "viem";
import { waitUntil } from "../../helpers/wait-until.ts";
import { answerChallenge, RESPONDER } from "../support/answer-challenge.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import "../support/shared-network.ts";
import { installWallet } from "../support/test-wallet.ts";

/** Windows that leave a person time to challenge and to look at a running clock. */
const WINDOWS = { report: 2, commit: 1, challenge: 2, response: 3 };

describe("disputes by wallet", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let opened: TestPage;
  let page: Page;
  /** Epochs that were challenged, by number of the challenge. */
  const epochs = new Map<number, number>();

  before(async () => {
    network = await startDappNetwork({ windows: WINDOWS });
    await network.driver.untilReported(2);
    opened = await openPage();
    page = opened.page;
    await installWallet(page, { chain: network.chain, account: USER, chainId: network.config.chainId });
    await page.goto(`${network.url}/reports`);
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Alder Wallet" }).click();
    await page.getByTestId("wallet-menu").waitFor();
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const newest = (): number => Math.max(...network.driver.epochs.keys());
  const preview = () => page.getByTestId("preview").textContent();
  const phase = (wanted: string) => page.locator(`[role="status"] [data-phase="${wanted}"]`).waitFor();
  const finish = async (): Promise<string> => {
    await page.getByRole("button", { name: "Continue in the wallet" }).click();
    await page.locator('[data-testid="transaction-state"][data-phase="mined"]').waitFor();
    const sentence = (await page.getByTestId("transaction-state").textContent())!;
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    return sentence;
  };
  /** Challenges a node in the newest epoch by the page of its report. */
  const challenge = async (id: number, nodeIndex: number): Promise<void> => {
    const epoch = newest();
    epochs.set(id, epoch);
    await page.goto(`${network.url}/reports/0/${epoch}?node=${nodeIndex}`);
    await page.getByRole("button", { name: /^Preview challenge for/ }).click();
    expect(await preview()).to.include(`to show the attestation of node ${nodeIndex}, and leave a bond of 0.008 ETH.`);
    expect(await finish()).to.include(`Challenge ${id} is made.`);
  };
  /** Moves the chain's clock over the end of what runs. */
  const passClock = async (id: number): Promise<void> => {
    const client = createPublicClient({ transport: http(network.chain.url) });
    const { until } = await client.readContract({
      address: network.config.contracts.AttestationDisputes,
      abi: attestationDisputesAbi,
      functionName: "challengeOf",
      args: [BigInt(id)],
    });
    const { timestamp } = await network.chain.head();
    await network.chain.rpc("evm_increaseTime", Math.max(0, Number(until) - timestamp));
  };

  it("lists reports and shows new ones without a reload", async () => {
    await page.goto(`${network.url}/reports`);
    const first = page.locator("tbody tr td a").first();
    const shown = async (): Promise<number> => Number((await first.textContent())!.replace(/\D/g, ""));
    const before = await shown();
    await waitUntil("a newer report is shown", async () => (await shown()) > before, 20_000);
    await page.getByLabel("Which reports").selectOption("troubled");
    await page.waitForURL(/only=troubled/);
    await page.getByText("No report fits").waitFor();
    await page.getByRole("button", { name: "Show all reports" }).click();
    await first.waitFor();
  });

  it("checks a report against the chain in the browser", async () => {
    await page.goto(`${network.url}/reports/0/${newest()}`);
    await page.locator('[data-testid="report-check"][data-holds="true"]').waitFor();
    expect(await page.locator("[data-seat]", { hasText: "signed" }).count()).to.equal(4);
    await page.getByText("Nobody: every active node attested.").waitFor();
  });

  it("says that an epoch has no report", async () => {
    await page.goto(`${network.url}/reports/0/999999`);
    await page.getByText("Epoch 999,999 is not over yet, so shard 0 has no report of it").waitFor();
  });

  it("says why a node cannot be challenged", async () => {
    await page.goto(`${network.url}/reports/0/${newest()}?node=600`);
    await page.getByText("Shard 0 has the nodes 0 to 511.").waitFor();
    expect(await page.getByRole("button", { name: /^Preview challenge/ }).count()).to.equal(0);
  });

  it("checks the leaf in the browser before it is challenged", async () => {
    await page.goto(`${network.url}/reports/0/${newest()}`);
    await page.getByLabel("Node", { exact: true }).fill("1");
    await page.waitForURL(/node=1/);
    await page.getByTestId("challenge-deadline").waitFor();
    await page.getByRole("button", { name: /^Verify epoch/ }).click();
    expect(await page.getByTestId("verdict").textContent()).to.include("Everything holds");
  });

  it("challenges a leaf with a bond and shows its clock", async () => {
    await challenge(1, 2);
    await page.getByRole("link", { name: "challenge 1", exact: true }).click();
    await phase("open");
    const clock = async (): Promise<number> =>
      Number(/(\d+) s/.exec((await page.getByTestId("challenge-clock").textContent())!)![1]);
    const before = await clock();
    expect(before).to.be.within(1, 12);
    await waitUntil("the clock runs down", async () => (await clock()) < before, 10_000);
  });

  it("shows an answer without a reload, with the time to prove it invalid", async () => {
    await answerChallenge(network, { id: 1, nodeIndex: 2, epoch: epochs.get(1)! });
    await phase("answered");
    await page.getByTestId("challenge-clock").waitFor();
    await page.getByText("Leaf shown").waitFor();
    expect(await page.getByTestId("challenge-sentence").textContent()).to.include("anyone can prove it invalid");
  });

  it("dismisses a challenge whose answer stood and says who was paid", async () => {
    await passClock(1);
    await page.getByRole("button", { name: "Dismiss it" }).click();
    expect(await preview()).to.include("Whoever showed it gets the bond of 0.008 ETH.");
    expect(await finish()).to.include("Challenge 1 is dismissed; the report stands.");
    await phase("dismissed");
    const payment = page.getByTestId("payment");
    await payment.waitFor();
    expect(await payment.textContent()).to.include("0.008 ETH to");
    expect((await payment.locator("[title]").getAttribute("title"))!.toLowerCase()).to.equal(
      RESPONDER.address.toLowerCase(),
    );
  });

  it("expires a challenge that nobody answered", async () => {
    await network.driver.untilReported(network.driver.epochs.size + 1);
    await challenge(2, 3);
    await page.goto(`${network.url}/challenges/2`);
    await phase("open");
    await passClock(2);
    await phase("expired");
    await page.getByRole("button", { name: "Expire it" }).click();
    expect(await preview()).to.include("Nobody showed the leaf of node 3");
    expect(await finish()).to.include("Challenge 2 is upheld. What the signers lose is frozen as slash 1.");
    await phase("upheld");
    await page.getByText("Ended: nobody answered in time").waitFor();
  });

  it("gives the bond back", async () => {
    await page.getByTestId("bond-credit").waitFor();
    expect(await page.getByTestId("bond-credit").textContent()).to.include("0.008 ETH");
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    expect(await finish()).to.include("0.008 ETH were paid to your wallet.");
    await page.getByTestId("bond-credit").waitFor({ state: "detached" });
  });

  it("explains the voided epoch on the page of the node and of the report", async () => {
    await page.goto(`${network.url}/nodes/3`);
    await page.locator(`[data-epoch="${epochs.get(2)}"][data-status="Absent"]`).click();
    await page.getByTestId("correction").waitFor();
    expect(await page.getByTestId("correction").textContent()).to.include(
      "nobody showed the leaf when it was challenged",
    );
    await page.getByRole("link", { name: /^Report of epoch/ }).click();
    await page.getByText("Overruled: a leaf was invalid or withheld").waitFor();
    await page.getByText("its signers answer for it").waitFor();
  });

  it("shows what the signers lost and pays it out after its delay", async () => {
    await page.goto(`${network.url}/offences`);
    const card = page.locator('[data-offence="ForgedReport"]');
    await card.getByText("−4,000 MESH").nth(3).waitFor();
    await card.locator('[data-slash="1"][data-state="Frozen"]').waitFor();
    await network.chain.rpc("evm_increaseTime", 30);
    await card.getByRole("button", { name: "Pay out" }).click();
    expect(await preview()).to.equal("1,600 MESH go to the reporter and 14,400 MESH to the treasury of the DAO.");
    expect(await finish()).to.include("Slash 1 is paid out.");
    await card.locator('[data-state="Paid"]').waitFor();
  });

  it("shows the same without the indexer", async () => {
    await network.indexer.pause();
    await page.goto(`${network.url}/challenges?state=upheld`);
    await page.getByText("The indexer is away: reading the chain directly").waitFor();
    await page.locator('[data-challenge="2"] [data-phase="upheld"]').waitFor();
    expect(await page.locator("[data-challenge]").count(), "dismissed ones are filtered").to.equal(1);
    await page.goto(`${network.url}/challenges/1`);
    await page.getByTestId("payment").waitFor();
    await page.goto(`${network.url}/offences`);
    await page.locator('[data-offence="ForgedReport"] [data-state="Paid"]').waitFor();
    await page.goto(`${network.url}/reports/0/${epochs.get(2)}`);
    await page.getByText("Overruled: a leaf was invalid or withheld").waitFor();
    await page.goto(`${network.url}/nodes/3`);
    await page.locator(`[data-epoch="${epochs.get(2)}"][data-status="Absent"]`).click();
    await page.getByTestId("correction").waitFor();
  });
});
