import { expect } from "chai";
import type { Page } from "playwright-core";
import { openPage, type TestPage } from "../support/browser.ts";
import type { DappNetwork } from "../support/dapp-network.ts";
import { sharedNetwork } from "../support/shared-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

describe("what happens while somebody looks", function () {
  this.timeout(180_000);
  let network: DappNetwork;
  let opened: TestPage;
  let page: Page;

  before(async () => {
    network = await sharedNetwork();
    await network.driver.untilReported(2);
  });

  beforeEach(async () => {
    opened = await openPage();
    page = opened.page;
  });

  afterEach(async () => {
    network.driver.silent.clear();
    expect(opened.errors, "errors in the page").to.deep.equal([]);
    await opened.close();
  });

  const standing = (index: number): Promise<string | null> =>
    page.locator(`[data-node="${index}"] [data-standing]`).getAttribute("data-standing");
  const becomes = (index: number, wanted: string, withinMs: number): Promise<void> =>
    waitUntil(`node ${index} is ${wanted}`, async () => (await standing(index)) === wanted, withinMs);

  it("shows a node that dies as silent, then absent, and clears both", async () => {
    await page.goto(`${network.url}/nodes`);
    await becomes(1, "live", 20_000);
    network.driver.silent.add(1);
    await becomes(1, "silent", 20_000);
    const row = page.locator('[data-node="1"]');
    await row.getByText(/absent in epoch \d+/).waitFor();
    expect(await standing(0)).to.equal("live");
    network.driver.silent.clear();
    await becomes(1, "live", 40_000);
    await row.getByText(/absent in epoch/).waitFor({ state: "detached" });
  });

  it("reads the chain while the indexer is away, and goes back", async () => {
    await network.indexer.pause();
    try {
      await page.goto(network.url);
      await page.getByText("The indexer is away: reading the chain directly").waitFor();
      await page.getByRole("heading", { name: "All" }).waitFor();
      const reports = page.locator("section", { hasText: "Latest reports" }).locator("tbody tr");
      await reports.first().waitFor();
      await page.goto(`${network.url}/nodes/2`);
      await page.locator('[data-status="Attested"]').first().waitFor();
      await page.getByRole("button", { name: /^Verify epoch/ }).click();
      expect(await page.getByTestId("verdict").textContent()).to.include("Everything holds");
    } finally {
      await network.indexer.resume();
    }
    await page.getByText("The indexer is away").waitFor({ state: "detached", timeout: 30_000 });
    await page.getByTestId("trust-score").waitFor();
  });

  it("says that no relayer answers instead of calling nodes dead", async () => {
    await page.route(`${network.relayer.url}/**`, (route) => route.abort());
    await page.goto(`${network.url}/nodes`);
    await becomes(0, "unheard", 20_000);
    await page.goto(`${network.url}/nodes/0`);
    await page.getByText(`The relayer at ${network.relayer.url} does not answer.`).waitFor();
  });

  it("does not take a network that it cannot read for an empty one", async () => {
    const { rpcUrl, indexerUrl } = network.config;
    for (const url of [rpcUrl, indexerUrl]) await page.route(`${url}/**`, (route) => route.abort());
    await page.goto(network.url);
    await page.getByRole("heading", { name: "The network cannot be read now" }).waitFor();
    await page.getByText("How the nodes are is not known").waitFor();
    expect(await page.getByText("No node is registered yet").count()).to.equal(0);
    for (const url of [rpcUrl, indexerUrl]) await page.unroute(`${url}/**`);
    await page.getByRole("heading", { name: "All 4 nodes are live" }).waitFor();
  });
});
