import { expect } from "chai";
import { openPage, type TestPage } from "../support/browser.ts";
import type { DappNetwork } from "../support/dapp-network.ts";
import { sharedNetwork } from "../support/shared-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** Every page with a text that is there once it has loaded. */
const PAGES = [
  ["/", "accepted on chain"],
  ["/nodes", "4 of 4 nodes"],
  ["/nodes/0", "Your browser computed the same number"],
  ["/reports", "Every epoch the committee says"],
  ["/reports/0/0", "No report of epoch 0 was accepted for shard 0"],
  ["/challenges", "Nothing was ever challenged"],
  ["/challenges/7", "There is no challenge 7"],
  ["/offences", "No relayer was ever convicted"],
  ["/slashes", "No slash was ever proposed"],
  ["/market", "Nothing is for rent yet"],
  ["/market/1", "There is no listing 1"],
  ["/leases", "Connect the wallet that leases"],
  ["/leases/1", "There is no lease 1"],
  ["/provide", "Connect the wallet of your operator"],
  ["/lease-disputes", "No dispute is open"],
  ["/delegate", "Connect a wallet to delegate"],
  ["/token", "Anyone can release what has vested"],
  ["/proposals", "Nothing was proposed yet"],
  ["/proposals/7", "There is no proposal 7"],
  ["/votes", "Connect a wallet to see what it weighs"],
  ["/committee", "signatures make a report"],
  ["/parameters", "What must hold together"],
  ["/proposals/new", "Fill in an action, and read here"],
  ["/rounds", "There was no season yet"],
  ["/rounds/1", "There is no round 1"],
  ["/certificates", "No certificate was issued yet"],
  ["/certificates/7", "This certificate is unknown"],
  ["/my-certificates", "Connect the wallet of your operator"],
  ["/certificate-log", "Nothing was recorded yet"],
  ["/operate", "At least 10,000 MESH per node"],
  ["/nowhere", "There is no such page"],
] as const;
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
    await waitUntil("the clock shows the running epoch", async () => {
      const shown = Number((await page.getByTestId("epoch").textContent())!.replace(/\D/g, ""));
      const newest = Math.max(...network.driver.epochs.keys());
      return shown >= newest && shown <= newest + 3;
    });
    const newest = page.locator("section", { hasText: "Latest reports" }).locator("tbody tr").first();
    await newest.locator("td:nth-child(2)", { hasText: /^4$/ }).waitFor();
    await newest.locator("td:nth-child(5)", { hasText: "4 of 4" }).waitFor();
  });

  it("draws charts where the system's language is no language tag", async () => {
    opened = await openPage();
    const { page, context } = opened;
    await context.addInitScript(
      "Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true })",
    );
    await page.goto(network.url);
    await page.locator("canvas").first().waitFor();
    expect(await page.getByText("could not be shown").count()).to.equal(0);
  });

  it("shows new reports without a reload", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(network.url);
    const first = page.locator("section", { hasText: "Latest reports" }).locator("tbody tr td").first();
    const epoch = async (): Promise<number> => Number((await first.textContent())!.replace(/\D/g, ""));
    const before = await epoch();
    const grew = async (): Promise<boolean> => (await epoch()) > before;
    await waitUntil("a newer report is shown", grew, 20_000);
  });

  it("searches, filters and orders nodes by the address", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(`${network.url}/nodes`);
    const shows = (wanted: string): Promise<void> =>
      waitUntil(`the table shows ${wanted}`, async () => {
        const rows = await page.locator("[data-node]").evaluateAll((all) => all.map((row) => row.dataset.node));
        return rows.join() === wanted;
      });
    await shows("0,1,2,3");
    await page.getByRole("searchbox").fill("2");
    await page.waitForURL(/q=2/);
    await shows("2");
    await page.goto(`${network.url}/nodes?sort=node&order=desc`);
    await shows("3,2,1,0");
    await page.goto(`${network.url}/nodes?status=exited`);
    await page.getByText("No node fits").waitFor();
  });

  it("fits a phone of 360 pixels", async () => {
    opened = await openPage({ width: 360, height: 780 });
    const { page } = opened;
    for (const [path, text] of PAGES) {
      await page.goto(network.url + path);
      await page.locator("main").getByText(text).first().waitFor();
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
    const theme = (wanted: string) => page.locator(`html[data-theme="${wanted}"]`).waitFor();
    await page.goto(network.url);
    await theme("dark");
    await page.getByRole("button", { name: "Use the light theme" }).click();
    await theme("light");
    await page.reload();
    await theme("light");
  });

  it("leads keyboards past the navigation", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.goto(network.url);
    await page.getByTestId("epoch-clock").waitFor();
    await page.keyboard.press("Tab");
    await page.locator("a:focus", { hasText: "Skip to the content" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("#content:focus").waitFor();
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

  it("fetches the verifier and the choice of wallets only for those who use them", async () => {
    opened = await openPage();
    const { page } = opened;
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(request.url()));
    const has = (part: string) => fetched.some((url) => url.includes(`/assets/${part}`));
    await page.goto(network.url);
    await page.getByRole("heading", { name: "All 4 nodes are live" }).waitFor();
    await waitUntil("the other pages are loaded ahead", () => has("operate-page") && has("node-page"));
    expect(has("verify-claim"), "verifier on the overview").to.equal(false);
    expect(has("quantum-lock-panel"), "verifier of root keys without an operator").to.equal(false);
    expect(has("wallet-choice-dialog"), "choice of wallets before it is opened").to.equal(false);
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").getByText("No wallet was found").waitFor();
    expect(has("wallet-choice-dialog")).to.equal(true);
    await page.keyboard.press("Escape");
    await page.locator("button:focus", { hasText: "Connect wallet" }).waitFor();
  });

  it("keeps the navigation when the code of a page is gone", async () => {
    opened = await openPage();
    const { page } = opened;
    await page.route("**/assets/operate-page*", (route) => route.abort());
    await page.goto(network.url);
    await page.getByTestId("epoch-clock").waitFor();
    await page.getByRole("link", { name: "Operate" }).click();
    await page.getByRole("heading", { name: "A part of this site is missing" }).waitFor();
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await page.locator("[data-node]").nth(3).waitFor();
  });

  it("says that a node does not exist", async () => {
    opened = await openPage();
    await opened.page.goto(`${network.url}/nodes/999`);
    await opened.page.getByText("There is no node 999").waitFor();
  });
});
