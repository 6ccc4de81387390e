import { expect } from "chai";
import { openPage, type TestPage } from "../support/browser.ts";
import type { DappNetwork } from "../support/dapp-network.ts";
import { sharedNetwork } from "../support/shared-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const PATHS = ["/", "/nodes", "/nodes/0", "/operate", "/nowhere"];
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe("pages in a browser", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let opened: TestPage;

  before(async () => {
    network = await sharedNetwork();
    await network.driver.untilReported(2);
  });

  afterEach(async () => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
    await opened.close();
  });

  it("shows health, epoch clock and reports", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(network.url);
    await page.getByRole("heading", { name: "All 4 nodes are live" }).waitFor();
    const shown = Number(await page.getByTestId("epoch").textContent());
    const newestEpoch = Math.max(...network.driver.epochs.keys());
    expect(shown - newestEpoch, "epochs since the newest report").to.be.within(0, 3);
    const newest = page.locator("section", { hasText: "Latest reports" }).locator("tbody tr").first();
    expect(await newest.locator("td").nth(1).textContent()).to.equal("4");
    expect(await newest.locator("td").nth(4).textContent()).to.include("4 of 4");
  });

  it("shows new reports without a reload", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(network.url);
    const first = page.locator("section", { hasText: "Latest reports" }).locator("tbody tr td").first();
    const before = Number(await first.textContent());
    const grew = async (): Promise<boolean> => Number((await first.textContent())!.replace(/\D/g, "")) > before;
    await waitUntil("a newer report is shown", grew, 20_000);
  });

  it("searches, filters and orders nodes by the address", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(`${network.url}/nodes`);
    await page.locator("[data-node]").nth(3).waitFor();
    await page.getByRole("searchbox").fill("2");
    await page.waitForURL(/q=2/);
    expect(await page.locator("[data-node]").count()).to.equal(1);
    await page.goto(`${network.url}/nodes?sort=node&order=desc`);
    await page.locator("[data-node]").nth(3).waitFor();
    expect(await page.locator("[data-node]").first().getAttribute("data-node")).to.equal("3");
    await page.goto(`${network.url}/nodes?status=exited`);
    await page.getByText("No node fits").waitFor();
  });

  it("fits a phone of 360 pixels", async () => {
    opened = await openPage({ width: 360, height: 780 });
    const { page } = opened;
    for (const path of PATHS) {
      await page.goto(network.url + path);
      await page.locator("main h1, main p").first().waitFor();
      await waitUntil("nothing loads", async () => (await page.locator(".skeleton").count()) === 0);
      expect(await page.evaluate(OVERFLOW), path).to.equal(0);
    }
    await page.goto(`${network.url}/nodes/0`);
    await page.getByRole("button", { name: /^Verify epoch/ }).click();
    await page.getByTestId("verdict").waitFor();
    expect(await page.evaluate(OVERFLOW), "a verification").to.equal(0);
  });

  it("follows the system's theme and remembers another choice", async () => {
    opened = await openPage({ colorScheme: "dark" });
    const { page } = opened;
    const theme = () => page.evaluate("document.documentElement.dataset.theme");
    await page.goto(network.url);
    expect(await theme()).to.equal("dark");
    await page.getByRole("button", { name: "Use the light theme" }).click();
    expect(await theme()).to.equal("light");
    await page.reload();
    expect(await theme()).to.equal("light");
  });

  it("leads keyboards past the navigation", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(network.url);
    await page.getByTestId("epoch-clock").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).to.equal("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).to.equal("content");
  });

  it("says what to do when network.json is wrong", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.route("**/network.json", (route) => route.fulfill({ json: { name: "broken", chainId: "one" } }));
    await page.goto(network.url);
    expect(await page.getByRole("alert").textContent()).to.include("chainId must be a natural number");
    await page.unroute("**/network.json");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByTestId("epoch-clock").waitFor();
  });

  it("downloads the uptime as CSV", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(`${network.url}/nodes/1`);
    const panel = page.locator("section", { has: page.getByRole("heading", { name: "Uptime" }) });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      panel.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("pqmesh-node-1-uptime.csv");
  });

  it("says that a node does not exist", async () => {
    opened = await openPage();
    await opened.page.goto(`${network.url}/nodes/999`);
    await opened.page.getByText("There is no node 999").waitFor();
  });
});
