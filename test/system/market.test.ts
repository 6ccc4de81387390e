import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { expect } from "chai";
import { createPublicClient, http, type PublicClient } from "viem";
import { developmentAccount } from "../../scripts/start/accounts.ts";
import { closeBrowser } from "../dapp/support/browser.ts";
import type { Person } from "../dapp/support/person.ts";
import { openDappPerson } from "./dapp-person.ts";
import { eventually, portArguments, StartedNetwork } from "./devnet.ts";

const EPOCH_SECONDS = 6;
const READY_MS = 150_000;
/** Seconds in which the client has its refund at epochs of ten seconds; these are shorter. */
const LIMIT_SECONDS = 180;
/** Longer than voting lasts. */
const VOTE_MS = 60_000;
/** Of the node that the first listing is of. */
const PROVIDER = "agent-0";
/** Somebody who has gas and nothing else. */
const CLIENT = developmentAccount("holder", DEVNET_CHAIN_ID, 4);

describe("a client with a browser, on the whole network", function () {
  this.timeout(240_000);
  const network = new StartedNetwork();
  let reader: PublicClient;
  let client: Person;
  let leaseId: number;

  before("start", async () => {
    const size = ["--nodes", "3", "--operators", "3", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
    const ports = portArguments(24_400);
    network.start([...size, ...ports]);
    await network.untilReady(READY_MS);
    reader = createPublicClient({ transport: http(network.network().rpcUrl), cacheTime: 0 });
    client = await openDappPerson(network, { account: CLIENT, path: "/market", ports });
  });

  after("stop", async () => {
    await client?.close();
    await closeBrowser();
    await network.dispose();
  });

  afterEach(() => {
    expect(client.errors, "errors in the page").to.deep.equal([]);
  });

  function balance(): Promise<bigint> {
    const address = network.network().contracts.TestStablecoin!;
    const args = [CLIENT.address] as const;
    return reader.readContract({ address, abi: testStablecoinAbi, functionName: "balanceOf", args });
  }

  it("takes test money, and leases in two clicks", async () => {
    const { page } = client;
    const first = page.locator('[data-listing="1"]');
    await first.waitFor({ timeout: 90_000 });
    await first.getByRole("link", { name: "CPU 1" }).click();
    const lease = page.getByRole("button", { name: "Lease", exact: true });
    await lease.click();
    await page.getByRole("button", { name: /^Get test ETH/ }).click();
    await page.getByRole("button", { name: "Open lease" }).click();
    const said = page.getByText(/✓ Lease \d+ is open/);
    await said.waitFor();
    leaseId = Number(/Lease (\d+)/.exec((await said.textContent())!)![1]);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.locator(`[data-lease="${leaseId}"]`).getByRole("link").click();
  });

  it("is accepted by the agent, which delivers endpoint and credential", async () => {
    const { page } = client;
    await page.locator('[role="status"] [data-status="Active"]').waitFor({ timeout: 120_000 });
    await page.getByRole("button", { name: "Open the credential" }).click({ timeout: 30_000 });
    const shown = await page.getByTestId("credential").textContent();
    expect(shown)
      .to.match(/127\.0\.0\.1:\d+/)
      .and.to.include(`lease connect ${leaseId}`);
    const proven = page.locator('[data-settlement="Proven"] td').last();
    await eventually("a proven epoch", async () => (Number(await proven.textContent()) > 0 ? true : undefined), 90_000);
  });

  it("has its refund with nobody clicking when the provider dies, and withdraws it", async () => {
    const { page, walk } = client;
    process.kill(network.pid(PROVIDER), "SIGKILL");
    const killedAt = performance.now();
    await page.getByTestId("ending").waitFor({ timeout: LIMIT_SECONDS * 1_000 });
    const seconds = Math.round((performance.now() - killedAt) / 1_000);
    expect(await page.getByTestId("ending").textContent(), "its end").to.match(/missed more epochs.*provider's bond/);
    expect(seconds, "seconds from kill to refund").to.be.lessThan(LIMIT_SECONDS);
    const address = network.network().contracts.LeaseEscrow;
    const token = network.network().contracts.TestStablecoin!;
    const args = [token, CLIENT.address] as const;
    const credit = await reader.readContract({ address, abi: leaseEscrowAbi, functionName: "creditOf", args });
    const before = await balance();
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    expect(await walk.finish()).to.match(/✓ [\d.,]+ TUSD were paid to your wallet/);
    expect(await balance(), "what the client has").to.equal(before + credit);
  });

  it("finds the first vote of the operators where the start says, passed, and queues it", async () => {
    const { page, walk } = client;
    const told = (): string | undefined => /http\S+(\/proposals\/\d+)/.exec(network.output)?.[1];
    await page.goto(new URL(await eventually("a first vote", told, 60_000), page.url()).href);
    await page.getByRole("heading", { name: "A lower ceiling of commissions" }).waitFor();
    await page.getByText("Delegators read this number first.").first().waitFor();
    const queue = page.getByRole("button", { name: "Queue with the timelock" });
    await queue.click({ timeout: VOTE_MS });
    expect(await walk.finish()).to.include("It can be executed from");
  });
});
