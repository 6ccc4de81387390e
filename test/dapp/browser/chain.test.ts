import { expect } from "chai";
import type { Page } from "playwright-core";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import type { DappNetwork } from "../support/dapp-network.ts";
import { sharedNetwork } from "../support/shared-network.ts";

describe("an RPC endpoint that is not the network's chain", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let empty: TestChain;
  let opened: TestPage;
  let page: Page;

  before(async () => {
    network = await sharedNetwork();
    empty = await startAnvil();
  });

  after(() => empty?.stop());

  beforeEach(async () => {
    opened = await openPage();
    page = opened.page;
  });

  afterEach(async () => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
    await opened.close();
  });

  const withConfig = (changes: object) =>
    page.route("**/network.json", (route) => route.fulfill({ json: { ...network.config, ...changes } }));
  const alert = () => page.locator("[data-chain-problem]").getByRole("alert");

  it("names both chains when the ids differ", async () => {
    await withConfig({ chainId: 4_242 });
    await page.goto(network.url);
    const sentence = `PQMesh test is chain 4242, but the endpoint ${network.config.rpcUrl} is on chain 31337.`;
    await alert().filter({ hasText: sentence }).waitFor();
    expect(await page.getByTestId("epoch-clock").count(), "figures of another chain").to.equal(0);
  });

  it("says what to do when the chain was started anew under the same id", async () => {
    await withConfig({ rpcUrl: empty.url });
    await page.goto(`${network.url}/operate`);
    await alert()
      .filter({ hasText: `AttestationBridge is not at ${network.config.contracts.AttestationBridge}` })
      .waitFor();
    await page.getByText("On a devnet run npm start again").waitFor();
  });

  it("notices another deployment at the same addresses", async () => {
    const { epoch } = network.config;
    await withConfig({ epoch: { ...epoch, genesis: epoch.genesis - 600 } });
    await page.goto(`${network.url}/nodes`);
    await alert().filter({ hasText: "the network was deployed anew" }).waitFor();
  });

  it("notices a restart while the page is open, and the end of it", async () => {
    await page.goto(network.url);
    await page.getByTestId("epoch-clock").waitFor();
    await page.route(`${network.config.rpcUrl}/**`, (route) => route.continue({ url: empty.url }));
    await page.locator('[data-chain-problem="no-contracts"]').waitFor();
    await page.unroute(`${network.config.rpcUrl}/**`);
    await page.getByTestId("epoch-clock").waitFor();
  });
});
