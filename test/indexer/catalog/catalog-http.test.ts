import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { CatalogClient, type CatalogError, PRIVACY_TABLE } from "@pqmesh/contracts/protocol/catalog-api";
import { offerTypedData } from "@pqmesh/contracts/protocol/market-statements";
import { ADMISSIONS, BUYERS, type Buyer, PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { pino } from "pino";
import { bytesToHex, type Hex, keccak256 } from "viem";

import { type IndexerService, startIndexerService } from "../../../indexer/engine/server/indexer-service.ts";
import { testAccount } from "../../helpers/anvil.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { configFor } from "../fixture/test-indexer.ts";
import { accountOf, MeshChain } from "../mesh/mesh-chain.ts";
import { DOLLAR, fundMarket, leaseTerms, stablecoinOf, WHOLE_NODE } from "../mesh/mesh-leases.ts";
import { CAROL, joinMesh, MALLORY, type MeshPeople, OPERATOR } from "../mesh/mesh-people.ts";
import { postMeshReport } from "../mesh/mesh-reports.ts";
import { buildMeshSubgraph } from "../mesh/mesh-subgraph.ts";

const EXTENSION = resolve(import.meta.dirname, "../../../indexer/catalog/extension.ts");
const OPERATOR_INDEX = 5;
const DELIVERY_KEY = bytesToHex(new Uint8Array(1_184).fill(7));
const SPECS = { threads: 4, architecture: "x86-64" };
const FAR = 4_000_000_000;

/** Wallets by what they are to every listing: a stranger, a member of both networks, one that gets offers, the owner. */
const WALLETS: Record<Buyer, { address: Hex; index: number }> = {
  Stranger: { address: MALLORY, index: 7 },
  Member: { address: CAROL, index: 9 },
  Invited: { address: accountOf(10), index: 10 },
  Own: { address: OPERATOR, index: OPERATOR_INDEX },
};

describe("the catalog over HTTP", function () {
  this.timeout(240_000);
  let mesh: MeshChain;
  let people: MeshPeople;
  let service: IndexerService;
  let start: (rate: { perSecond: number; burst: number }) => Promise<IndexerService>;
  let url: string;
  let client: CatalogClient;

  before(async () => {
    mesh = await MeshChain.start();
    people = await joinMesh(mesh);
    await openMarket();
    const { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers } = mesh.network.contracts;
    const contracts = { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers };
    const subject = { chain: mesh.chain, subgraph: await buildMeshSubgraph(), overrides: mesh.overrides };
    start = (rate) => {
      const extensions = [{ module: EXTENSION, settings: { contracts, rate, transactionRate: rate } }];
      return startIndexerService(configFor(subject, { extensions }), pino({ level: "silent" }));
    };
    service = await start({ perSecond: 10_000, burst: 10_000 });
    url = `http://127.0.0.1:${service.port}`;
    client = new CatalogClient(url);
    await follows();
  });

  after(async () => {
    await service?.stop();
    await mesh?.chain.stop();
  });

  /** Attested capacity, a token, funds, and one listing of node 0 for each level of privacy. */
  async function openMarket(): Promise<void> {
    await mesh.goToEpoch(4);
    const node = people.nodes[0]!;
    const beacon = await mesh.read<Hex>("AttestationBridge", "genesisBeacon");
    const made = node.sign({ ...node.statement(2), beacon, shares: WHOLE_NODE });
    const leaves = new Map<number, MadeAttestation>([[0, made]]);
    const { summary, tree } = await postMeshReport(mesh, people, { epoch: 2, leaves });
    const args = [summary, made.attestation, keccak256(made.signature), tree.proof(0)];
    await mesh.call("NodeListings", "showCapacity", args, { from: MALLORY });
    await fundMarket(mesh);
    const minter = await mesh.read<Hex>("TestStablecoin", "minter");
    await mesh.call("TestStablecoin", "mint", [WALLETS.Invited.address, 1_000n * DOLLAR], { from: minter });
    const registered = ["0x0000000000000000000000000000000000000000", CAROL, keccak256("0x01")];
    await mesh.call("NodeRegistry", "registerOperator", registered, { from: CAROL });
    await mesh.call("NodeListings", "setMembers", [1, [CAROL], true], { from: OPERATOR });
    for (const [privacy] of PRIVACY_LEVELS.entries()) {
      const description = { metadata: keccak256("0x02"), jurisdiction: "0x4445", specs: JSON.stringify(SPECS) };
      const supply = [0, 10, 1_000, 0, privacy];
      await mesh.call("NodeListings", "createListing", [supply, leaseTerms(mesh), description], { from: OPERATOR });
    }
  }

  /** Waits until the catalog answers at the head of the chain. */
  async function follows(): Promise<void> {
    const { hash } = await mesh.chain.head();
    const isThere = async () => (await client.listings().catch(() => undefined))?.block.hash === hash;
    await waitUntil("the catalog is at the head", isThere, 30_000);
  }

  /** A problem that a request is answered with. */
  async function problem(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, init);
    expect(response.headers.get("content-type"), path).to.match(/^application\/problem\+json/);
    return { ...((await response.json()) as object), http: response.status };
  }

  /** What the catalog refuses a transaction with. */
  async function refusal(action: string, body: object): Promise<CatalogError> {
    try {
      await client.transaction(action, body);
    } catch (error) {
      return error as CatalogError;
    }
    throw new Error(`${action} was not refused`);
  }

  /** An offer of listing `listing` to the invited wallet. */
  async function offerFor(listing: number): Promise<object> {
    const said = {
      listingId: listing,
      version: 1,
      client: WALLETS.Invited.address,
      units: 1,
      expiresAt: BigInt(FAR),
      nonce: 9n,
    };
    const domain = { chainId: mesh.network.chainId, contract: mesh.network.contracts.NodeListings };
    const signature = await testAccount(OPERATOR_INDEX).signTypedData(offerTypedData(domain, said));
    return { signer: OPERATOR, expiresAt: FAR, nonce: 9, signature };
  }

  for (const [level, privacy] of PRIVACY_LEVELS.entries()) {
    for (const buyer of BUYERS) {
      const verdict = ADMISSIONS[privacy].includes(buyer) ? "admits" : "refuses";
      it(`${verdict} ${buyer} to ${privacy}`, async () => {
        const listing = level + 1;
        const { address } = WALLETS[buyer];
        const offer = buyer === "Invited" ? { offer: await offerFor(listing) } : {};
        const body = { from: address, listing, units: 1, epochs: 10, deliveryKey: DELIVERY_KEY, ...offer };
        if (verdict === "refuses") {
          const error = await refusal("open-lease", body);
          expect([error.status, error.type, error.field]).to.deep.equal([403, "not-admitted", "from"]);
          expect(error.message).to.contain(`listing ${listing} is ${privacy}`);
          return;
        }
        const { approval, gas, to, data, chainId, value, sentence } = await client.transaction("open-lease", body);
        expect([chainId, value]).to.deep.equal([mesh.network.chainId, "0"]);
        expect(sentence).to.match(/^Leases 1 of listing \d for 10 epochs at 1 /);
        const send = (transaction: { to: string; data: string }) =>
          mesh.chain.send({ from: address, to: transaction.to as Hex, data: transaction.data as Hex });
        const count = await mesh.read<bigint>("LeaseEscrow", "leaseCount");
        if (approval !== null) {
          expect(gas, "gas before the approval").to.equal(null);
          await send(approval);
        } else expect(Number(gas)).to.be.greaterThan(100_000);
        await send({ to, data });
        expect(await mesh.read<bigint>("LeaseEscrow", "leaseCount"), "leases").to.equal(count + 1n);
      });
    }
  }

  it("serves listings and leases as they are at the block it names", async () => {
    await follows();
    const { total, listings } = await client.listings({
      kind: "CPU",
      region: "Europe",
      token: stablecoinOf(mesh),
      sort: "price",
    });
    expect(total).to.equal(5);
    expect(listings.map(({ privacy }) => privacy)).to.deep.equal([...PRIVACY_LEVELS]);
    const { listing } = await client.listing(5);
    expect(listing).to.deep.include({
      units: 10,
      soldUnits: 4,
      freeUnits: 6,
      isOpen: true,
      jurisdiction: "DE",
      region: "Europe",
    });
    expect([listing.specs, listing.summary]).to.deep.equal([SPECS, "4 threads x86-64"]);
    const { leases } = await client.leases({ client: CAROL, limit: 2 });
    expect(leases.map(({ status, client: of }) => `${status} ${of}`)).to.deep.equal(
      new Array<string>(2).fill(`Pending ${CAROL.toLowerCase()}`),
    );
    const ofProvider = await client.leases({ provider: 1, limit: 3 });
    const rest = await client.leases({ provider: 1, cursor: ofProvider.next! });
    const ids = [...ofProvider.leases, ...rest.leases].map(({ id }) => Number(id));
    expect(ids, "newest first, no gap").to.deep.equal(ids.map((_, i) => ids.length - i));
    expect((await client.lease(1)).lease).to.deep.include({ id: "1", units: 1, deposited: "10500000", node: 0 });
    expect(await client.privacy()).to.deep.equal(PRIVACY_TABLE);
  });

  it("forgets what a reorg took back", async () => {
    await mesh.call("NodeListings", "setPaused", [5, true], { from: OPERATOR });
    await follows();
    expect((await client.listings({ status: "paused" })).total, "paused").to.equal(1);
    await mesh.chain.reorg(1);
    await mesh.chain.mine(1);
    await follows();
    expect((await client.listings({ status: "paused" })).total, "after the reorg").to.equal(0);
    expect((await client.listing(5)).listing.isOpen).to.equal(true);
  });

  it("calls the same listings open as GraphQL does by the filter that the docs name", async () => {
    const docs = readFileSync(join(import.meta.dirname, "../../../docs/CATALOG.md"), "utf8");
    const filter = /listings\(where: (\{[^)]*\})\)/.exec(docs)?.[1];
    const openIn = async (region: string): Promise<{ http: number[]; graphql: number[] }> => {
      await follows();
      const found = await client.listings({ region, limit: 100 });
      const where = filter!.replace("Europe", region);
      const query = `{ listings(where: ${where}, orderBy: number, orderDirection: desc) { number } }`;
      const body = JSON.stringify({ query });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
      const { data } = (await response.json()) as { data: { listings: { number: number }[] } };
      return { http: found.listings.map(({ id }) => id), graphql: data.listings.map(({ number }) => number) };
    };
    const expectOpen = async (count: number, region = "Europe"): Promise<void> => {
      const { http, graphql } = await openIn(region);
      expect(graphql).to.deep.equal(http);
      expect(http).to.have.length(count);
    };
    const rule = async (isAllowed: boolean): Promise<void> => {
      const args = [stablecoinOf(mesh), [isAllowed, DOLLAR / 2n, DOLLAR]];
      await mesh.decide("LeaseEscrow", "setTokenRule", args);
    };
    await expectOpen(5);
    await expectOpen(0, "Africa");
    await mesh.call("NodeListings", "setPaused", [4, true], { from: OPERATOR });
    await expectOpen(4);
    await mesh.call("NodeListings", "setPaused", [4, false], { from: OPERATOR });
    await rule(false);
    await expectOpen(0);
    await rule(true);
    await expectOpen(5);
  });

  it("answers 304 as long as the block is the same", async () => {
    await follows();
    const first = await fetch(`${url}/v1/listings/1`);
    const etag = first.headers.get("etag")!;
    expect(etag).to.match(/^"\d+-[0-9a-f]{16}"$/);
    const again = await fetch(`${url}/v1/listings/1`, { headers: { "if-none-match": etag } });
    expect([again.status, await again.text()]).to.deep.equal([304, ""]);
    await mesh.chain.mine(1);
    await follows();
    const next = await fetch(`${url}/v1/listings/1`, { headers: { "if-none-match": etag } });
    expect(next.status).to.equal(200);
  });

  const wrong: readonly (readonly [path: string, field: string, says: RegExp])[] = [
    ["/v1/listings?kind=TPU", "kind", /must be one of CPU, GPU/],
    ["/v1/listings?limit=101", "limit", /from 1 to 100/],
    ["/v1/listings?limit=1e9", "limit", /from 1 to 100/],
    ["/v1/listings?minTrust=10001", "minTrust", /from 0 to 10000/],
    ["/v1/listings?sort=price", "token", /prices of different tokens have no order/],
    ["/v1/listings?priceMin=5", "token", /is needed with `priceMin`/],
    [`/v1/listings?token=0x${"a".repeat(40)}&priceMin=5&priceMax=4`, "priceMin", /at most `priceMax`, 4/],
    ["/v1/listings?token=0x12", "token", /40 hex digits/],
    [`/v1/listings?priceMax=${2n ** 64n}`, "priceMax", /at most 18446744073709551615/],
    ["/v1/listings?cursor=AAAA", "cursor", /`next` of the page before/],
    [
      `/v1/listings?cursor=${Buffer.from("price asc 1 1").toString("base64url")}`,
      "cursor",
      /of a search with sort=price/,
    ],
    ["/v1/listings?jurisdiction=de%27%20OR%201=1", "jurisdiction", /in capitals/],
    ["/v1/listings?jurisdiction=%F0%9F%87%A9%F0%9F%87%AA", "jurisdiction", /in capitals/],
    ["/v1/listings?limit=5&limit=6", "limit", /limit must be given once/],
    ["/v1/leases?status=Active&status=Pending", "status", /status must be given once/],
    ["/v1/listings?drop=table", "drop", /there is no `drop`/],
    ["/v1/leases?status=None", "status", /must be one of Pending/],
    ["/v1/leases?cursor=%00", "cursor", /`next` of the page before/],
    ["/v1/leases/0", "id", /the number of a lease/],
    ["/v1/listings/1%27--", "id", /the number of a listing/],
  ];
  for (const [path, field, says] of wrong) {
    it(`names \`${field}\` of ${path.slice(0, 60)}`, async () => {
      const answer = await problem(path);
      expect(answer).to.deep.include({ http: 400, status: 400, type: "bad-request", field });
      expect(answer["detail"]).to.match(says);
    });
  }

  it("says what does not exist", async () => {
    expect(await problem("/v1/listings/99")).to.deep.include({ status: 404, type: "not-found" });
    expect(await problem("/v1/leases/99")).to.deep.include({ status: 404, type: "not-found" });
    const wanted = { units: 1, epochs: 10, deliveryKey: DELIVERY_KEY };
    for (const [action, field, body] of [
      ["retire", "listing", { from: OPERATOR, listing: 99 }],
      ["open-lease", "listing", { from: MALLORY, listing: 99, ...wanted }],
      ["settle", "lease", { from: MALLORY, lease: 99 }],
    ] as const) {
      const { status, field: named, message } = await refusal(action, body);
      expect([status, named, message]).to.deep.equal([404, field, `there is no ${field} 99`]);
    }
  });

  it("names what a user got wrong about a lease", async () => {
    const good = { from: MALLORY, listing: 5, units: 1, epochs: 10, deliveryKey: DELIVERY_KEY };
    const cases: readonly (readonly [change: object, field: string, error: string])[] = [
      [{ units: 11 }, "units", "NodeListings_NotEnoughUnits"],
      [{ version: 2 }, "version", "NodeListings_WrongVersion"],
      [{ epochs: 3 }, "epochs", "LeaseEscrow_TermOutOfBounds"],
      [{ maxPrice: 1 }, "maxPrice", "LeaseEscrow_PriceAboveMax"],
      [{ deposit: 1 }, "deposit", "LeaseEscrow_DepositTooSmall"],
      [{ deposit: "99000000" }, "deposit", "LeaseEscrow_DepositTooLarge"],
    ];
    for (const [change, field, error] of cases) {
      const { status, field: named, contractError } = await refusal("open-lease", { ...good, ...change });
      expect([status, named, contractError]).to.deep.equal([409, field, error]);
    }
    const poor = accountOf(12);
    const missing = await refusal("open-lease", { ...good, from: poor, deliveryKey: undefined });
    expect([missing.field, missing.contractError]).to.deep.equal(["deliveryKey", "LeaseEscrow_NoDeliveryKey"]);
    const short = await refusal("open-lease", { ...good, from: poor });
    expect([short.type, short.field]).to.deep.equal(["insufficient-funds", "deposit"]);
    expect((await refusal("open-lease", { ...good, deliveryKey: "0x00" })).field).to.equal("deliveryKey");
  });

  it("builds what the provider signs, and refuses it to others", async () => {
    const lease = await mesh.read<bigint>("LeaseEscrow", "leaseCount");
    const stranger = await refusal("accept", { from: MALLORY, lease });
    expect([stranger.status, stranger.contractError]).to.deep.equal([403, "LeaseEscrow_NotProvider"]);
    const { to, data } = await client.transaction("accept", { from: OPERATOR, lease, sealed: "0x0102" });
    await mesh.chain.send({ from: OPERATOR, to: to as Hex, data: data as Hex });
    await follows();
    expect((await client.lease(lease)).lease).to.deep.include({ status: "Active", deliveryCount: 1 });
    const { token: _, ...terms } = leaseTerms(mesh);
    const listing = {
      ...{ from: OPERATOR, node: 0, units: 4, shareBp: 500, kind: "Memory", privacy: "FullPublic" },
      terms: { ...terms, token: stablecoinOf(mesh), price: String(DOLLAR) },
      description: { jurisdiction: "FR", specs: { memoryMib: 2_048 } },
    };
    const made = await client.transaction("create-listing", listing);
    await mesh.chain.send({ from: OPERATOR, to: made.to as Hex, data: made.data as Hex });
    await follows();
    expect((await client.listing(6)).listing).to.deep.include({ kind: "Memory", summary: "2 GiB", jurisdiction: "FR" });
    const vague = { ...listing, description: { specs: { memoryMib: 0 } } };
    const flaw = await refusal("create-listing", vague);
    expect([flaw.field, flaw.message]).to.deep.equal([
      "description.specs",
      "specs of Memory: memoryMib must be at least 1",
    ]);
    const nothing = await refusal("withdraw", { from: MALLORY, token: stablecoinOf(mesh) });
    expect(nothing.type).to.equal("nothing-to-withdraw");
  });

  it("lets one address ask so often, and says when it may come again", async () => {
    const strict = await start({ perSecond: 1, burst: 2 });
    try {
      const ask = () => fetch(`http://127.0.0.1:${strict.port}/v1/privacy`);
      const answers = [await ask(), await ask(), await ask()];
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 429]);
      expect(answers[2]!.headers.get("retry-after")).to.equal("1");
      expect(await answers[2]!.json()).to.deep.include({ type: "too-many-requests", status: 429 });
      const build = () => fetch(`http://127.0.0.1:${strict.port}/v1/transactions/settle`, { method: "POST" });
      const built = [await build(), await build(), await build()];
      expect(
        built.map(({ status }) => status),
        "counted apart from reads",
      ).to.deep.equal([400, 400, 429]);
      expect(await built[2]!.json()).to.deep.include({
        ...{ type: "too-many-requests", status: 429 },
        detail: "one address may have transactions built 1 times a second, try again in 1 s",
      });
      const graphql = await fetch(`http://127.0.0.1:${strict.port}/health`);
      expect(graphql.status, "what is not the catalog's").to.equal(200);
    } finally {
      await strict.stop();
    }
  });

  it("refuses settings that are wrong", async () => {
    const message = await start({ perSecond: 0, burst: 1 }).then(
      () => "started",
      (error: Error) => error.message,
    );
    expect(message).to.match(/extension .*: settings: rate\.perSecond must be at least 1/);
  });

  it("describes every route", async () => {
    const { paths } = (await (await fetch(`${url}/v1/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(Object.keys(paths)).to.include.members(["/v1/listings", "/v1/leases/{id}", "/v1/transactions/open-lease"]);
    expect(JSON.stringify(paths)).to.contain('"minTrust"');
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids).to.include.members(["getListings", "getListingsId", "postTransactionsOpenLease"]);
    expect(new Set(ids).size, "each its own").to.equal(ids.length);
  });

  it("refuses bodies that are no JSON", async () => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{" };
    expect(await problem("/v1/transactions/settle", init)).to.deep.include({ status: 400, type: "bad-request" });
    const empty = await refusal("settle", { from: MALLORY });
    expect([empty.status, empty.message]).to.deep.equal([400, "lease is missing"]);
    const negative = await refusal("top-up", { from: MALLORY, lease: 1, amount: "-1" });
    expect(negative.message).to.match(/^amount must be a whole number from 1 to 79228162514264337593543950335, /);
  });
});
