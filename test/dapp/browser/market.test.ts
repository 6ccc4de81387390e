import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { sealCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { type DeliveryKey, deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { type Abi, bytesToHex, createPublicClient, type HDAccount, hexToBytes, http, keccak256, parseAbi } from "viem";
import { IndexerClient } from "../../../dapp/src/lib/indexer-client.ts";
import { leasesFromChain, leasesFromIndexer } from "../../../dapp/src/lib/lease-list.ts";
import { networkClient } from "../../../dapp/src/lib/network-chain.ts";
import { type IncomeEntry, incomeFromChain, incomeFromIndexer } from "../../../dapp/src/lib/provider-income.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { openPage } from "../support/browser.ts";
import { askContract, callContract } from "../support/call-contract.ts";
import { type DappMarket, DOLLAR, INVITED, MEMBER, openMarket, PROVIDER } from "../support/dapp-market.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";

/** Who may lease what, as docs/MARKETPLACE.md has it: by kind of buyer, without an offer. */
const ADMITTED: [string, HDAccount, PrivacyLevel[]][] = [
  ["a stranger", USER, ["FullPublic"]],
  ["a member", MEMBER, ["PrivateNetwork", "PublicNetwork", "FullPublic"]],
  ["the operator", PROVIDER, [...PRIVACY_LEVELS]],
];

describe("the marketplace by wallet", function () {
  this.timeout(180_000);
  let network: DappNetwork;
  let market: DappMarket;
  let client: Person;
  let provider: Person;

  before(async () => {
    // Finality comes soon, so that settlement is seen.
    network = await startDappNetwork({ windows: { report: 2, commit: 1, challenge: 1, response: 1 } });
    await network.driver.untilReported(4);
    market = await openMarket(network);
    client = await openPerson(network, { account: USER, path: "/market" });
  });

  after(async () => {
    await client?.close();
    await provider?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect([...client.errors, ...(provider?.errors ?? [])], "errors in the page").to.deep.equal([]);
  });

  const balanceOf = (account: HDAccount): Promise<bigint> => {
    const reader = createPublicClient({ transport: http(network.config.rpcUrl) });
    const abi = parseAbi(["function balanceOf(address) view returns (uint256)"]);
    return reader.readContract({ address: market.token, abi, functionName: "balanceOf", args: [account.address] });
  };
  const number = async (page: Page, row: string, column: "settled" | "since"): Promise<number> => {
    const cells = page.locator(`[data-settlement="${row}"] td`);
    const text = await cells.nth(column === "settled" ? 1 : 2).textContent();
    return Number(text?.replaceAll(",", ""));
  };

  for (const [who, account, levels] of ADMITTED) {
    it(`offers ${who} what the published table admits, and nothing else`, async () => {
      const person = account === USER ? client : await openPerson(network, { account, path: "/market" });
      try {
        const { page } = person;
        for (const level of PRIVACY_LEVELS) {
          const may = levels.includes(level);
          await page
            .locator(`[data-listing="${market.listings[level]}"] td:last-child [data-eligible="${may}"]`)
            .waitFor();
        }
        for (const level of PRIVACY_LEVELS) {
          await page.goto(`${network.url}/market/${market.listings[level]}`);
          await page.getByTestId("eligibility").waitFor();
          const button = page.getByRole("button", { name: "Lease", exact: true });
          await waitUntil(`${level} is decided`, async () => (await button.isEnabled()) === levels.includes(level));
        }
        expect(person.errors).to.deep.equal([]);
      } finally {
        if (person !== client) await person.close();
      }
    });
  }

  it("filters, and says when nothing fits", async () => {
    const { page } = client;
    await page.goto(`${network.url}/market`);
    await page.getByText("6 listings").waitFor();
    await page
      .locator(`[data-listing="${market.metered}"]`)
      .getByText(/^[\d.]+ %$/)
      .waitFor();
    await page.getByLabel("Resource").selectOption("GPU");
    await page.getByText("No listing fits").waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.getByLabel("Max price, TUSD").fill("0.09");
    await page.getByText("No listing fits").waitFor();
    await page.getByLabel("Max price, TUSD").fill("0.1");
    await page.getByLabel("Who may lease").selectOption("FullPublic");
    await page.getByText("2 listings").waitFor();
    expect(new URL(page.url()).search, "the view can be shared").to.equal("?price=0.1&privacy=fullpublic");
  });

  it("compares listings side by side", async () => {
    const { page } = client;
    await page.getByLabel(`Compare listing ${market.metered}`).check();
    await page.getByLabel(`Compare listing ${market.listings.FullPublic}`).check();
    const table = page.getByTestId("compare");
    await table
      .getByRole("row", { name: /^Paid by/ })
      .locator("td.font-semibold")
      .first()
      .waitFor();
    expect(await table.getByRole("row", { name: /^Hardware threads/ }).textContent()).to.equal("Hardware threads22");
    await page.getByRole("button", { name: "Clear", exact: true }).click();
  });

  it("leases in two clicks from the listing", async () => {
    const { page } = client;
    await page.locator(`[data-listing="${market.listings.FullPublic}"] a`).first().click();
    const asked = client.wallet.asked.length;
    await page.getByRole("button", { name: "Lease", exact: true }).click();
    await page.getByRole("button", { name: "Open lease" }).click();
    await page.getByText(/✓ Lease 1 is open/).waitFor();
    const signed = client.wallet.asked.slice(asked).filter((method) => /sign|send/i.test(method));
    expect(signed, "what the wallet was asked").to.deep.equal(["eth_signTypedData_v4", "eth_sendTransaction"]);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.locator('[data-lease="1"]').getByText("Waiting for the provider").waitFor();
    expect(await balanceOf(USER), "200 epochs of ten cents and the janitor's fee").to.equal(
      4_979n * DOLLAR + DOLLAR / 2n,
    );
  });

  it("lets the provider accept and decline", async () => {
    await client.page.getByRole("button", { name: "Lease", exact: true }).click();
    await client.page.getByRole("dialog").getByLabel("Units").fill("1.5");
    await client.page.getByText("A whole number, without sign, point or letters.").waitFor();
    expect(await client.page.getByRole("button", { name: "Open lease" }).isEnabled(), "for one and a half").to.equal(
      false,
    );
    await client.page.getByRole("dialog").getByLabel("Units").fill("6");
    await client.page.getByText("Units must be 1 to 4.").waitFor();
    await client.page.getByRole("dialog").getByLabel("Units").fill("2");
    await client.page.getByRole("dialog").getByLabel("Pay now, epochs").fill("10");
    await client.page.getByRole("button", { name: "Open lease" }).click();
    await client.page.getByText(/✓ Lease 2 is open/).waitFor();
    await client.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await client.page.goto(`${network.url}/market/${market.metered}`);
    await client.page.getByRole("button", { name: "Lease", exact: true }).click();
    await client.page.getByRole("button", { name: "Open lease" }).click();
    await client.page.getByText(/✓ Lease 3 is open/).waitFor();
    await client.page.goto(`${network.url}/leases`);

    provider = await openPerson(network, { account: PROVIDER, path: "/provide" });
    const { page, walk } = provider;
    await page.locator('[data-lease="3"]').getByRole("button", { name: "Accept" }).click();
    await walk.finish();
    await page.locator('[data-lease="1"]').getByRole("button", { name: "Accept" }).click();
    expect(await walk.preview()).to.include("0.5 TUSD of your free bond are locked for it");
    expect(await walk.finish()).to.include("Lease 1 is active from the next epoch on.");
    await page.locator('[data-lease="2"]').getByRole("button", { name: "Decline" }).click();
    expect(await walk.preview()).to.include("the whole deposit of 2.5 TUSD returns");
    await walk.finish();
    await page.locator('[data-lease="1"]').getByText("Active").waitFor();
    await page.locator('[data-lease="2"]').getByText("Declined").waitFor();
  });

  it("shows the runway and counts proven epochs as they come", async () => {
    const { page } = client;
    await page.locator('[data-lease="1"]').getByRole("link", { name: "Lease 1" }).click();
    await page.locator('[data-testid="runway"][data-phase="running"]').waitFor();
    await page.getByText("to the end of the lease").waitFor();
    await waitUntil("an epoch is proven", async () => (await number(page, "Proven", "since")) >= 1, 60_000);
    const before = await number(page, "Proven", "since");
    await waitUntil(
      "another one, without a reload",
      async () => (await number(page, "Proven", "since")) > before,
      60_000,
    );
  });

  it("opens what the provider delivered for the key in this browser", async () => {
    const { page } = client;
    const { chainId, contracts } = network.config;
    const escrow = { from: PROVIDER.address, contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi } as const;
    const logs = await createPublicClient({ transport: http(network.config.rpcUrl) }).getContractEvents({
      ...{ address: contracts.LeaseEscrow, abi: leaseEscrowAbi, eventName: "DeliveryKeySet", fromBlock: 0n },
      strict: true,
    });
    const context = { chainId, escrow: contracts.LeaseEscrow, leaseId: 1n, client: USER.address };
    const content = {
      ...{ endpoint: "node-1.example:8443", serverKeyHash: bytesToHex(new Uint8Array(32).fill(7)) },
      clientSeed: new Uint8Array(32).fill(9),
    };
    const sealed = sealCredential(context, content, hexToBytes(logs.at(-1)!.args.key));
    await callContract(network, { ...escrow, name: "deliver", args: [1n, sealed] });
    await page.getByRole("button", { name: "Open the credential" }).click();
    await page.getByTestId("credential").getByText("node-1.example:8443").waitFor();
    await page
      .getByTestId("credential")
      .getByText(/lease connect 1 --key/)
      .waitFor();
  });

  it("shows the client's own probes beside what the committee says", async () => {
    const { page } = client;
    await page.getByText(/lease probe 1 --key/).waitFor();
    const ask = { contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi, name: "leaseOf", args: [1n] } as const;
    const [{ start }] = await askContract<[{ start: number }]>(network, ask);
    const journal = (leaseId: string) => {
      const seen = { leaseId, at: new Date(0).toISOString(), milliseconds: 4, isConnecting: false };
      const lines = [start, start, start - 1].map((epoch, i) => ({ ...seen, epoch, isServed: i === 0 }));
      return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    };
    const choose = async (content: Buffer): Promise<void> => {
      const file = { name: "probes.jsonl", mimeType: "application/jsonl", buffer: content };
      await page.getByTestId("probe-journal").setInputFiles(file);
    };
    await choose(journal("2"));
    await page.getByText("This journal has no probe of lease 1.").waitFor();
    await choose(journal("1"));
    await page.getByRole("img", { name: "Own probes: 1 not served · 1 served in part." }).waitFor();
    await page.getByRole("img", { name: "Committee: 2 attested." }).waitFor();
    await page.getByText(`1 epoch is attested although no probe was served: ${start - 1}.`).waitFor();
  });

  it("settles what is final, and pays the provider", async () => {
    const { page, walk } = client;
    const settledFirst = (): Promise<boolean> => {
      const ask = { contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi, name: "leaseOf", args: [1n] } as const;
      return askContract<[{ start: number }]>(network, ask).then(async ([{ start }]) => {
        const { timestamp } = await network.chain.head();
        const { genesis, lengthSeconds } = network.config.epoch;
        return Math.floor((timestamp - genesis) / lengthSeconds) > start + 8;
      });
    };
    await waitUntil("an epoch of the lease is final", settledFirst, 120_000);
    await page.getByRole("button", { name: "Settle now" }).click();
    await walk.finish();
    await waitUntil("it is counted", async () => (await number(page, "Proven", "settled")) >= 1);
    await provider.page.reload();
    await provider.page.getByTestId("income").waitFor();
    await provider.page.getByRole("img", { name: /^Income over time: 0\.\d+ TUSD in all\.$/ }).waitFor();
  });

  it("pays a metered lease by a voucher that its client signs", async () => {
    const settle = { from: MEMBER.address, contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi } as const;
    await callContract(network, { ...settle, name: "settle", args: [3n, 1_000n] });
    const { page } = client;
    await page.goto(`${network.url}/leases/3`);
    await page.getByLabel("Pay the provider, in all, TUSD").fill("0.1");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Sign a voucher file" }).click();
    const file = await (await download).path();
    await provider.page.goto(`${network.url}/leases/3`);
    await provider.page.getByTestId("voucher-file").setInputFiles(file);
    expect(await provider.walk.preview()).to.include("The client signed for 0.1 TUSD in all. 0.1 TUSD can be paid now");
    await provider.walk.finish();
    await page.getByTestId("redeemed").getByText("0.1 TUSD").waitFor();
    await provider.page.getByTestId("voucher-file").setInputFiles(file);
    expect(await provider.walk.fail()).to.include("There is nothing more to pay now");
    await page.goto(`${network.url}/leases/1`);
  });

  it("disputes, offers and agrees", async () => {
    const { page, walk } = client;
    await page.getByLabel("Evidence").fill("The machine has one thread, not two.");
    await page.getByRole("button", { name: "Preview dispute" }).click();
    expect(await walk.preview()).to.include("Settlement of lease 1 is held");
    await walk.finish();
    await provider.page.goto(`${network.url}/lease-disputes`);
    await provider.page.locator('[data-dispute-of="1"]').getByRole("link", { name: "Lease 1" }).click();
    await provider.page.getByLabel("Offer a share for the client, %").fill("25");
    await provider.page.getByRole("button", { name: "Preview offer" }).click();
    await provider.walk.finish();
    await page.getByRole("button", { name: "Agree to 25.00 %" }).click();
    expect(await walk.preview()).to.include(
      "25.00 % of what the provider earned before the dispute goes to the client",
    );
    await walk.finish();
    await page.getByTestId("dispute").waitFor({ state: "detached" });
    await provider.page.goto(`${network.url}/lease-disputes`);
    await provider.page.getByText("Both sides agreed: 25.00 % for the client").waitFor();
  });

  it("returns the rest and the bond when the node is gone, and pays it out", async () => {
    const { page, walk } = client;
    network.driver.silent.add(1);
    await waitUntil("epochs are missed", async () => (await number(page, "Missed", "since")) >= 4, 90_000);
    await waitUntil(
      "somebody settles it to the breach",
      async () => {
        const settle = { from: MEMBER.address, contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi } as const;
        await callContract(network, { ...settle, name: "settle", args: [1n, 1_000n] });
        return page.getByTestId("ending").isVisible();
      },
      120_000,
    );
    await provider.page.goto(`${network.url}/market`);
    await provider.page.getByText("silent now: nobody would serve a lease").first().waitFor();
    network.driver.silent.delete(1);
    expect(await page.getByTestId("ending").textContent()).to.match(/0\.5 TUSD of it the provider's bond/);
    await page.getByRole("status").getByText("Breached").waitFor();
    await page.getByTestId("token-credit").first().waitFor();
    const before = await balanceOf(USER);
    for (;;) {
      const button = page.getByRole("button", { name: "Withdraw", exact: true }).first();
      if (!(await button.isVisible())) break;
      const left = await page.getByTestId("token-credit").count();
      await button.click();
      expect(await walk.finish()).to.match(/✓ [\d.]+ TUSD were paid to your wallet/);
      await waitUntil("it is gone", async () => (await page.getByTestId("token-credit").count()) < left);
    }
    expect((await balanceOf(USER)) > before + 15n * DOLLAR, "most of the rent came back").to.equal(true);
  });

  it("finds the same leases and income by the indexer and by the chain", async () => {
    const { config } = network;
    const access = { config, client: networkClient(config) };
    const indexer = new IndexerClient(config.indexerUrl);
    const listings = [...Object.values(market.listings), market.metered];
    for (const party of [{ client: USER.address }, { identityId: 1, listings }]) {
      const indexed = await leasesFromIndexer(access, indexer, party);
      const read = await leasesFromChain(access, party);
      expect(indexed.open.map(({ id }) => id)).to.deep.equal(read.open.map(({ id }) => id));
      const closed = read.closed.map(({ id, status, units, rate, settledUntil, listingId, nodeIndex, kind }) => {
        return { id, status, units, rate, settledUntil, listingId, nodeIndex, kind };
      });
      expect(closed.map(({ id }) => id)).to.include.members([1, 2]);
      expect(indexed.closed).to.have.length(closed.length);
      for (const [i, lease] of closed.entries()) expect(indexed.closed[i]).to.deep.include(lease);
    }
    const byChain = await incomeFromChain(access, listings);
    const byIndexer = await incomeFromIndexer(access, indexer, 1);
    expect(byChain.map(({ leaseId }) => leaseId)).to.include.members([1, 3]);
    const fields = ({ unit: _unit, ...entry }: IncomeEntry) => entry;
    expect(byIndexer.map(fields)).to.have.deep.members(byChain.map(fields));
  });

  it("replaces a delivery key only when it is told to", async () => {
    const { page } = client;
    await page.goto(`${network.url}/leases`);
    const panel = page.getByTestId("delivery-key");
    const hashed = () => panel.locator("[title]").getAttribute("title");
    const before = await hashed();
    const choose = async (key: DeliveryKey): Promise<void> => {
      const file = { name: "key.json", mimeType: "application/json", buffer: Buffer.from(formatDeliveryKey(key)) };
      await page.getByTestId("delivery-key-file").setInputFiles(file);
    };
    const other = deliveryKey();
    await choose(other);
    await page.getByText("The file has another key than this browser.").waitFor();
    expect(await hashed(), "nothing is replaced").to.equal(before);
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(await hashed(), "kept").to.equal(before);
    await choose(other);
    await page.getByRole("button", { name: "Replace it" }).click();
    await page.locator(`[data-testid="delivery-key"] [title="${keccak256(other.publicKey)}"]`).waitFor();
    await choose(other);
    await page.getByRole("button", { name: "Replace it" }).waitFor({ state: "detached" });
  });

  it("says so when what is shown may be old", async () => {
    const { page } = client;
    await page.goto(`${network.url}/leases/1`);
    await page.getByText("Settlement", { exact: true }).waitFor();
    await page.route(network.config.rpcUrl, (route) => route.abort());
    await page
      .getByText(/What follows was read before and may be old\./)
      .first()
      .waitFor();
    expect(await page.getByText("Settlement", { exact: true }).isVisible(), "what was read stays").to.equal(true);
    await page.unroute(network.config.rpcUrl);
    await page
      .getByText(/may be old/)
      .first()
      .waitFor({ state: "detached" });
  });

  it("lets an invited client lease with the operator's offer", async () => {
    const { page } = provider;
    await page.goto(`${network.url}/provide`);
    const card = page.locator(`[data-own-listing="${market.listings.P2P}"]`);
    await card.getByRole("button", { name: "Sign an offer" }).click();
    await card.getByRole("textbox", { name: "Client" }).fill(INVITED.address);
    await card.getByLabel("Units").fill("2");
    const download = page.waitForEvent("download");
    await card.getByRole("button", { name: "Sign an offer file" }).click();
    const file = await (await download).path();
    expect(JSON.parse(readFileSync(file, "utf8"))).to.have.property("format", "pqmesh-lease-offer");

    const invited = await openPerson(network, { account: INVITED, path: `/market/${market.listings.P2P}` });
    try {
      const lease = invited.page.getByRole("button", { name: "Lease", exact: true });
      await invited.page.getByText("Needs an offer").waitFor();
      expect(await lease.isEnabled(), "without an offer").to.equal(false);
      await invited.page.getByTestId("offer-file").setInputFiles(file);
      await invited.page.getByText("You are admitted").waitFor();
      await lease.click();
      await invited.page.getByRole("button", { name: "Open lease" }).click();
      await invited.page.getByText(/✓ Lease \d+ is open/).waitFor();
      expect(invited.errors, "errors in the page").to.deep.equal([]);
    } finally {
      await invited.close();
    }
  });

  it("lists, pauses and resumes", async () => {
    const { page, walk } = provider;
    await page.getByRole("button", { name: "Show newest" }).nth(2).click();
    expect(await walk.preview()).to.include("The shares that node 2 attested");
    await walk.finish();
    await page.getByLabel("Node", { exact: true }).selectOption("2");
    await page.getByLabel("Share of the resource, %").fill("60");
    await page.getByLabel("Price of a unit and epoch, TUSD").fill("0.25");
    await page.getByText("Share must be at most 50 %").waitFor();
    await page.getByLabel("Share of the resource, %").fill("50");
    await page.getByText("Hardware threads is missing.").waitFor();
    await page.getByLabel("Hardware threads").fill("16");
    await page.getByLabel("Architecture").selectOption("arm64");
    await page.getByLabel("Country").fill("fr");
    await page.getByRole("button", { name: "Preview listing" }).click();
    expect(await walk.preview()).to.include("You offer 50.00 % of the CPU of node 2 as 1 unit at 0.25 TUSD");
    const said = await walk.finish();
    const id = /Listing (\d+) is open/.exec(said)?.[1];
    const card = page.locator(`[data-own-listing="${id}"]`);
    await card.getByRole("button", { name: "Pause" }).click();
    await walk.finish();
    await card.getByTestId("listing-state").getByText("paused").waitFor();
    await client.page.goto(`${network.url}/market/${id}`);
    await client.page.getByText("The provider has paused this listing.").waitFor();
    await card.getByRole("button", { name: "Resume" }).click();
    await walk.finish();
    await client.page.getByText("The provider has paused this listing.").waitFor({ state: "detached" });
  });

  it("fits a phone of 360 pixels", async () => {
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    for (const [{ page }, path, text] of [
      [client, "/market", "listings"],
      [client, `/market/${market.listings.FullPublic}`, "What stands behind it"],
      [client, "/leases", "Delivery key"],
      [client, "/leases/1", "Settlement"],
      [provider, "/provide", "New listing"],
      [provider, "/lease-disputes", "Arbitrator"],
    ] as const) {
      await page.setViewportSize({ width: 360, height: 780 });
      await page.goto(network.url + path);
      await page.locator("main").getByText(text).first().waitFor();
      await waitUntil("nothing loads", async () => (await page.locator(".skeleton").count()) === 0);
      expect(await page.evaluate(overflow), path).to.equal(0);
    }
  });

  it("works without the indexer", async () => {
    await network.indexer.pause();
    const reader = await openPage();
    try {
      await reader.page.goto(`${network.url}/market`);
      await reader.page.getByText("The indexer is away").first().waitFor();
      await reader.page.getByText(/the newest 500 listings are searched/).waitFor();
      await reader.page.getByText("7 listings").waitFor();
      await reader.page.locator('[data-listing="1"] a').first().click();
      await reader.page.getByText("What stands behind it").waitFor();
      await client.page.goto(`${network.url}/leases`);
      await client.page.locator('[data-lease="1"]').getByText("Breached").waitFor();
      expect(reader.errors, "errors in the page").to.deep.equal([]);
    } finally {
      await reader.close();
      await network.indexer.resume();
    }
  });
});
