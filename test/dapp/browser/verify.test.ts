import { expect } from "chai";
import type { Page } from "playwright-core";
import { openPage, type TestPage } from "../support/browser.ts";
import type { DappNetwork } from "../support/dapp-network.ts";
import type { Lie } from "../support/fixture-relayer.ts";
import { sharedNetwork } from "../support/shared-network.ts";

/** Names of the failed checks on the page. */
async function failedChecks(page: Page): Promise<string[]> {
  await page.getByTestId("verdict").waitFor();
  const failed = await page.locator('[data-check][data-holds="false"]').all();
  return Promise.all(failed.map(async (check) => (await check.getAttribute("data-check"))!));
}

describe("verification in a browser", function () {
  this.timeout(120_000);
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
    await page.goto(`${network.url}/nodes/2`);
  });

  afterEach(async () => {
    network.relayer.lie = undefined;
    expect(opened.errors, "errors in the page").to.deep.equal([]);
    await opened.close();
  });

  const verify = () => page.getByRole("button", { name: /^Verify epoch/ }).click();

  it("shows that a true attestation holds at every step", async () => {
    await verify();
    expect(await failedChecks(page)).to.deep.equal([]);
    expect(await page.getByTestId("verdict").textContent()).to.include("Everything holds");
    expect(await page.locator("[data-check]").count()).to.equal(8);
  });

  const lies: [NonNullable<Lie>, string[]][] = [
    ["signature", ["signature", "leaf"]],
    ["statement", ["relayer-digest", "signature", "leaf"]],
    ["report", ["commitment"]],
  ];
  for (const [lie, expected] of lies) {
    it(`catches a relayer that lies about the ${lie}`, async () => {
      network.relayer.lie = lie;
      await verify();
      expect(await failedChecks(page)).to.deep.equal(expected);
      expect(await page.getByTestId("verdict").textContent()).to.include("do not rely on");
    });
  }

  it("lets a reader flip a bit and see it fail", async () => {
    await page.getByText("Which relayer, and what if it lies?").click();
    await page.getByLabel(/Change one bit/).selectOption("proof");
    await verify();
    expect(await failedChecks(page)).to.deep.equal(["leaf"]);
  });

  it("checks the attestation that was chosen from the list", async () => {
    const rows = page.locator("section", { hasText: "Held by" }).locator("tbody tr");
    const epoch = (await rows.nth(1).locator("td").first().textContent())!;
    // New rows come while the test runs, so the row is named by its epoch.
    const row = rows.filter({ has: page.locator("td:first-child", { hasText: new RegExp(`^${epoch}$`) }) });
    await row.getByRole("button", { name: "Check this" }).click();
    await page.getByRole("button", { name: `Verify epoch ${epoch}` }).click();
    expect(await failedChecks(page)).to.deep.equal([]);
  });

  it("computes the Trust Score that the indexer shows", async () => {
    await page.getByText("Your browser computed the same number").waitFor();
  });
});
