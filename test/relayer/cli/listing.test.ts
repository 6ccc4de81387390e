import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { parseOffer } from "@pqmesh/contracts/protocol/market-statements";
import { expect } from "chai";
import { attestShares } from "../../../scripts/bench/attested-shares.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { type CliMarket, NEW_CLIENT, startCliMarket } from "./support/cli-market.ts";

const CLIENT = testAccount(NEW_CLIENT).address;

interface Shown {
  version: number;
  units: number;
  freeUnits: number;
  shareBp: number;
  attestedBp: number;
  privacy: string;
  isPaused: boolean;
  isRetired: boolean;
  price: { text: string };
  specs: string | null;
  jurisdiction: string | null;
  terms: Record<string, unknown>;
}

describe("pqmesh listing and voucher", function () {
  this.timeout(180_000);
  let cli: CliMarket;
  let snapshot: string;
  let files = 0;

  before(async () => {
    cli = await startCliMarket();
    writeFileSync(cli.network.file("delivery.json"), formatDeliveryKey(deliveryKey()));
    writeFileSync(cli.network.file("cpu.json"), '{ "threads": 8, "architecture": "x86-64" }');
  });
  beforeEach(async () => {
    snapshot = await cli.network.chain.rpc("evm_snapshot");
  });
  afterEach(() => cli.network.chain.rpc("evm_revert", snapshot));
  after(() => cli?.network.stop());

  const show = (id: number) => cli.network.ok<Shown>("listing", "show", `${id}`);
  const newFile = () => cli.network.file(`file-${(files += 1)}.json`);
  const key = () => ["--delivery-key", cli.network.file("delivery.json")];
  const create = (...options: string[]): [string, ...string[]] => [
    ...(["listing", "create", "0", "--kind", "cpu", "--units", "4", "--share", "50 %"] as [string, ...string[]]),
    ...["--price", "0.02", "--token", cli.market.token, ...options],
  ];

  it("is created with typed specs and shown", async () => {
    const words = create("--specs", cli.network.file("cpu.json"), "--jurisdiction", "DE", "--bond-epochs", "60");
    const dry = await cli.dry("owner.json", ...words);
    expect(dry.sentence).to.equal("Offer 50 % of the CPU of node 0 in 4 units at 0.02 TUSD an epoch.");
    expect(dry.after[0]).to.equal("Listing 2 is FullPublic: 8 threads x86-64.");
    await cli.send("owner.json", ...words);
    const listing = await show(2);
    expect(listing).to.deep.include({ version: 1, units: 4, freeUnits: 4, shareBp: 5_000, attestedBp: 10_000 });
    expect(listing).to.deep.include({ specs: '{"architecture":"x86-64","threads":8}', jurisdiction: "DE" });
    expect(listing.price.text).to.equal("0.02 TUSD");
    expect(listing.terms).to.deep.include({ bondEpochs: 60, uptimeBp: 9_500, isMetered: false });
  });

  it("refuses what is out of bounds, naming it", async () => {
    writeFileSync(cli.network.file("bad.json"), '{ "threads": 0, "architecture": "x86-64" }');
    const owner = (...options: string[]) => cli.refusal("owner.json", ...create(...options));
    expect(await owner("--specs", cli.network.file("bad.json"))).to.include("bad.json: specs of CPU: threads");
    expect(await owner("--jurisdiction", "de")).to.include("--jurisdiction must be two capital letters");
    expect(await owner("--privacy", "open")).to.include('--privacy is "open", it must be one of Private');
    expect(await owner("--min-epochs", "9", "--max-epochs", "8")).to.include("minEpochs is 9, it must be from 1 to 8");
    expect(await owner("--notice-epochs", "65536")).to.equal(
      '--notice-epochs is "65536", it must be a whole number from 0 to 65535',
    );
    expect(await owner("--units", "65536")).to.include("a whole number from 1 to 65535");
    expect(await owner("--price", "18446744073709.551616")).to.include("it must be at most 18446744073709.551615 TUSD");
    expect(await owner("--share", "96 %")).to.include("of the CPU of node 0 cannot be offered");
    expect(await cli.refusal("client.json", ...create())).to.include("is neither owner nor hot wallet of identity 1");
  });

  it("gets a new version whose terms are the old ones where nothing else is said", async () => {
    await cli.send("owner.json", ...create("--specs", cli.network.file("cpu.json"), "--notice-epochs", "7"));
    await cli.send("owner.json", "listing", "publish", "2", "--price", "0.03", "--metered");
    const listing = await show(2);
    expect(listing).to.deep.include({ version: 2, specs: '{"architecture":"x86-64","threads":8}' });
    expect(listing.price.text).to.equal("0.03 TUSD");
    expect(listing.terms).to.deep.include({ noticeEpochs: 7, isMetered: true });
    await cli.send("owner.json", "listing", "publish", "2", "--no-metered");
    expect((await show(2)).terms).to.deep.include({ isMetered: false });
  });

  it("is resized, hidden, paused, resumed and retired", async () => {
    await cli.send("owner.json", "listing", "resize", "1", "12", "60 %");
    await cli.send("owner.json", "listing", "privacy", "1", "PrivateNetwork");
    await cli.send("owner.json", "listing", "pause", "1");
    expect(await show(1)).to.deep.include({ units: 12, shareBp: 6_000, privacy: "PrivateNetwork", isPaused: true });
    const open = ["lease", "open", "1", "--epochs", "5", ...key()];
    expect(await cli.refusal("client.json", "lease", "open", ...open.slice(2))).to.include("is paused by its operator");
    await cli.send("owner.json", "listing", "resume", "1");
    expect(await cli.refusal("client.json", "lease", "open", ...open.slice(2))).to.include("does not admit");
    await cli.send("owner.json", "listing", "members", "add", CLIENT);
    await cli.dry("client.json", "lease", "open", ...open.slice(2));
    await cli.send("owner.json", "listing", "members", "remove", CLIENT);
    expect(await cli.refusal("client.json", "lease", "open", ...open.slice(2))).to.include("does not admit");
    await cli.send("owner.json", "listing", "retire", "1");
    const { listings } = await cli.network.ok<{ listings: object[] }>("listing", "list", "--open");
    expect(listings).to.deep.equal([]);
    expect((await cli.network.ok<{ listings: object[] }>("listing", "list", "--node", "0")).listings).to.have.length(1);
  });

  it("is leased by the client that an offer names, once", async () => {
    await cli.send("owner.json", "listing", "privacy", "1", "P2P");
    const out = newFile();
    const sign = ["listing", "offer", "sign", "1", CLIENT, "--units", "2", "--nonce", "77", "--out", out];
    expect(await cli.refusal("any.json", "listing", ...sign.slice(1))).to.include("does not act for identity 1");
    await cli.network.ok(...sign, "--wallet", cli.network.file("owner.json"));
    expect(parseOffer(readFileSync(out, "utf8")).offer).to.deep.include({ listingId: 1, client: CLIENT, nonce: 77n });
    const open = (wallet: string, ...options: string[]) =>
      cli.refusal(wallet, "lease", "open", "1", "--epochs", "5", ...key(), ...options);
    expect(await open("any.json", "--units", "2", "--offer", out)).to.include(`for ${CLIENT}, not for this wallet`);
    expect(await open("client.json", "--offer", out)).to.include("for 2 units, --units says 1");
    await cli.send("client.json", "lease", "open", "1", "--epochs", "5", "--units", "2", "--offer", out, ...key());
    expect(await open("client.json", "--units", "2", "--offer", out)).to.include("offer 77 was taken or withdrawn");
  });

  it("is not leased by an offer that was withdrawn", async () => {
    await cli.send("owner.json", "listing", "privacy", "1", "P2P");
    const out = newFile();
    await cli.network.ok(
      ...["listing", "offer", "sign", "1", CLIENT, "--nonce", "5", "--out", out],
      ...["--wallet", cli.network.file("owner.json")],
    );
    await cli.send("owner.json", "listing", "offer", "withdraw", "5");
    const open = ["lease", "open", "1", "--epochs", "5", "--offer", out, ...key()] as const;
    expect(await cli.refusal("client.json", ...open)).to.include("offer 5 was taken or withdrawn before");
  });

  it("offers no more than the node attests in the newest attestation that was shown", async () => {
    const epoch = await cli.epoch();
    await cli.goTo(epoch + 2);
    const { network, market } = cli;
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const { root, proofOf } = attestShares(domain, epoch, new Map([[0, 4_000n]]));
    const report = await makeReport(network, { epoch: BigInt(epoch), root });
    await postReport(network, report, market.relayers);
    const [attestation, , proof] = proofOf(0);
    const answer = { attestation, signature: "0x01", publicKey: "0x02", proof, report, signers: 1n };
    const text = JSON.stringify(answer, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    const server = createServer((request, response) => {
      const isThere = request.url === `/v1/attestations/${epoch}/0`;
      response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" });
      response.end(isThere ? text : '{"detail":"no such attestation"}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const words = ["listing", "capacity", "show", "0", "--relayer", url] as const;
      const shown = await cli.send("any.json", ...words);
      expect(shown.after[0]).to.include("40 % of its CPU").and.include("0 % of its GPU");
      expect(await cli.refusal("any.json", ...words)).to.include("is not newer");
    } finally {
      server.close();
    }
    expect((await show(1)).attestedBp).to.equal(4_000);
    expect(await cli.refusal("owner.json", ...create())).to.include("40 % are attested");
  });

  it("pays a metered lease by vouchers", async () => {
    await cli.send("owner.json", ...create("--metered", "--uptime", "0", "--bond-epochs", "0"));
    await cli.send("client.json", "lease", "open", "2", "--epochs", "100", ...key());
    await cli.send("owner.json", "lease", "accept", "1");
    const start = (await cli.epoch()) + 1;
    for (let epoch = start + 2; epoch < start + 12; epoch++) {
      await cli.goTo(epoch);
      await cli.market.report(epoch - 2);
    }
    await cli.goTo(start + 18);
    await cli.send("any.json", "lease", "settle", "1");
    const sign = (wallet: string, total: string, out = newFile()) => [
      ...["voucher", "sign", "1", total, "--out", out],
      "--wallet",
      cli.network.file(wallet),
    ];
    const refused = async (...words: string[]) => (await cli.network.run(...words)).json().error;
    expect(await refused(...sign("any.json", "0.1"))).to.include("only the client of lease 1");
    expect(await refused(...sign("client.json", "2.1"))).to.include("is more than the lease can pay, 2 TUSD");
    const voucher = newFile();
    await cli.network.ok(...sign("client.json", "0.25", voucher));
    const older = newFile();
    await cli.network.ok(...sign("client.json", "0.2", older));
    const forged = newFile();
    writeFileSync(forged, readFileSync(voucher, "utf8").replace('"250000"', '"260000"'));
    expect(await cli.refusal("any.json", "voucher", "redeem", forged)).to.include("did not sign this voucher");
    const check = (file: string) => cli.network.run("voucher", "check", file);
    expect(await check(forged)).to.deep.include({ status: 3 });
    expect((await check(forged)).json().error).to.equal("the client of lease 1 did not sign this voucher");
    const figures = async () => {
      const { status, json } = await check(voucher);
      expect(status).to.equal(0);
      const { redeemed: paid, now, later, uncovered } = json<Record<string, { text: string }>>();
      return [paid, now, later, uncovered].map((figure) => figure?.text);
    };
    expect(await figures()).to.deep.equal(["0 TUSD", "0.2 TUSD", "0.05 TUSD", "0 TUSD"]);
    const redeemed = await cli.send("any.json", "voucher", "redeem", voucher);
    expect(redeemed.sentence).to.equal("Redeem 0.2 TUSD of lease 1 for its provider.");
    expect(redeemed.after[1]).to.equal("0.05 TUSD of the voucher are not earned yet: redeem it again later.");
    expect(await cli.refusal("any.json", "voucher", "redeem", voucher)).to.include("the voucher pays nothing now");
    expect(await cli.refusal("any.json", "voucher", "redeem", older)).to.equal(
      "the voucher over 0.2 TUSD is paid: 0.2 TUSD of lease 1 are; the client signs a newer one over more",
    );
    expect(await figures(), "signed, with nothing to pay now").to.deep.equal([
      "0.2 TUSD",
      "0 TUSD",
      "0.05 TUSD",
      "0 TUSD",
    ]);
    expect(await cli.refusal("any.json", "voucher", "return", "1")).to.include("vouchers can still draw on it");
  });
});
