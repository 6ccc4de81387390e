import { writeFileSync } from "node:fs";
import { deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { DOLLAR } from "../../helpers/test-market.ts";
import { type CliMarket, NEW_CLIENT, startCliMarket } from "./support/cli-market.ts";

const CLIENT = testAccount(NEW_CLIENT).address;

interface Shown {
  status: string;
  missedEpochs: number;
  balance: { text: string };
  settledUntil?: number;
  fundedUntil?: { epoch: string };
  noticeEnd?: { epoch: string };
  settled: { proven: string; toProvider: { text: string }; toClient: { text: string } };
  closed: { toClient: { text: string }; bond: { text: string } } | null;
}

describe("pqmesh lease", function () {
  this.timeout(180_000);
  let cli: CliMarket;

  let snapshot: string;

  before(async () => {
    cli = await startCliMarket();
    writeFileSync(cli.network.file("delivery.json"), formatDeliveryKey(deliveryKey()));
  });
  beforeEach(async () => {
    snapshot = await cli.network.chain.rpc("evm_snapshot");
  });
  afterEach(() => cli.network.chain.rpc("evm_revert", snapshot));
  after(() => cli?.network.stop());

  const show = (leaseId: number) => cli.network.ok<Shown>("lease", "show", `${leaseId}`);
  const key = () => ["--delivery-key", cli.network.file("delivery.json")];
  const names = (outcome: { events: { name: string }[] }) => outcome.events.map(({ name }) => name);

  /** A lease of account 6, accepted by the owner. */
  async function rent(...options: string[]): Promise<void> {
    await cli.send("client.json", "lease", "open", "1", "--epochs", "20", ...key(), ...options);
    await cli.send("owner.json", "lease", "accept", "1");
  }

  /** What people read of a lease. */
  async function printed(leaseId = 1): Promise<string> {
    const { runHere } = await import("./support/run-here.ts");
    return (await runHere(["lease", "show", String(leaseId)], cli.network.file("network.json"))).stdout;
  }

  it("says what a lease costs before it is opened, and opens it in one transaction", async () => {
    const words = ["lease", "open", "1", "--epochs", "20", "--units", "2", ...key()];
    const dry = await cli.dry("client.json", ...words);
    expect(dry.sentence).to.equal("Lease 2 units of listing 1 for 20 epochs (3 min 20 s), paying in 40.5 TUSD.");
    expect(dry.permit).to.deep.include({ wei: "40500000", signed: false });
    expect(dry.preview?.unlocks?.[0]).to.equal(
      "Every epoch that is not proven healthy returns to you, and so does all that is not settled when the lease ends.",
    );
    expect(dry.preview?.figures).to.deep.include({ paidEpochs: "20", units: 2, epochs: 20 });
    expect(await cli.balance(NEW_CLIENT), "nothing is paid yet").to.equal(100n * DOLLAR);
    const sent = await cli.send("client.json", ...words);
    expect(names(sent)).to.include.members(["DeliveryKeySet", "LeaseOpened"]);
    expect(await cli.balance(NEW_CLIENT)).to.equal(59_500_000n);
    expect(await show(1)).to.deep.include({ status: "Pending" });
    expect((await show(1)).balance.text).to.equal("40 TUSD");
  });

  it("refuses what the listing does not allow, before anything is signed", async () => {
    const open = (...options: string[]) => cli.refusal("client.json", "lease", "open", "1", ...options);
    expect(await open("--epochs", "1", ...key())).to.equal("--epochs is 1, listing 1 allows 2 to 2000");
    expect(await open("--epochs", "20", "--units", "11", ...key())).to.include("from 1 to the 10 that are free");
    expect(await open("--epochs", "20", "--deposit", "2", ...key())).to.equal(
      "--deposit is 2 TUSD, for this lease it must be from 2.5 TUSD to 20.5 TUSD",
    );
    expect(await open("--epochs", "20", "--max-price", "0.9", ...key())).to.equal(
      "--max-price is 0.9 TUSD, the price of listing 1 is 1 TUSD",
    );
    expect(await open("--epochs", "20")).to.include("this wallet has no delivery key yet");
    expect(await open("--epochs", "200", ...key())).to.equal(`wallet ${CLIENT} holds 100 TUSD, 200.5 are needed`);
    expect(await cli.refusal("client.json", "lease", "open", "9", "--epochs", "20", ...key())).to.include(
      "listing 9 does not exist",
    );
  });

  it("is taken back, or declined, as long as nobody accepted it", async () => {
    await cli.send("client.json", "lease", "open", "1", "--epochs", "20", ...key());
    expect(await cli.refusal("any.json", "lease", "cancel", "1")).to.include(`only the client of the lease, ${CLIENT}`);
    expect(await cli.refusal("any.json", "lease", "accept", "1")).to.include("neither owner nor hot wallet");
    expect((await cli.send("client.json", "lease", "cancel", "1")).after).to.deep.equal([
      "20.5 TUSD are credited to the client; take them with credit withdraw.",
    ]);
    expect((await show(1)).status).to.equal("Cancelled");
    await cli.send("client.json", "lease", "open", "1", "--epochs", "20");
    await cli.send("owner.json", "lease", "decline", "2");
    expect((await show(2)).closed?.toClient.text).to.equal("20.5 TUSD");
    expect(await cli.refusal("owner.json", "lease", "accept", "2")).to.equal(
      "lease 2 is declined by the provider, not waiting for the provider",
    );
  });

  it("pays for proven epochs and returns the others", async () => {
    await rent();
    const start = (await cli.epoch()) + 1;
    for (let epoch = start + 2; epoch < start + 7; epoch++) {
      await cli.goTo(epoch);
      await cli.market.report(epoch - 2, { isAbsent: epoch === start + 4 });
    }
    await cli.goTo(start + 5 + 8);
    const settled = await cli.send("any.json", "lease", "settle", "1");
    expect(names(settled)).to.deep.equal(["LeaseSettled"]);
    const lease = await show(1);
    expect(lease).to.deep.include({ status: "Active", missedEpochs: 1, settledUntil: start + 5 });
    expect(lease.settled.proven).to.equal("4");
    expect(lease.settled.toClient.text, "one epoch").to.equal("1 TUSD");
  });

  it("is topped up, prolonged and ended with notice", async () => {
    await rent("--deposit", "10.5");
    const start = (await cli.epoch()) + 1;
    expect((await show(1)).fundedUntil?.epoch).to.equal(`${start + 10}`);
    expect(await cli.refusal("client.json", "lease", "top-up", "1", "11")).to.equal(
      "amount is 11 TUSD, the rest of the term costs 10 TUSD more; lease extend prolongs it first",
    );
    expect(await cli.refusal("client.json", "lease", "extend", "1", "1981")).to.equal(
      "epochs is 1981, it must be from 1 to 1980: the term is 20 now, and 2000 at most",
    );
    const extended = await cli.send("client.json", "lease", "extend", "1", "5");
    expect(extended.after[1]).to.equal("5 TUSD pay for it: lease top-up 1.");
    const topped = await cli.send("client.json", "lease", "top-up", "1", "15 TUSD");
    expect(topped.permit).to.deep.include({ wei: "15000000", signed: true });
    expect((await show(1)).fundedUntil?.epoch).to.equal(`${start + 25}`);
    await cli.send("client.json", "lease", "notice", "1");
    expect(Number((await show(1)).noticeEnd?.epoch)).to.be.within(start + 2, start + 4);
    expect(await cli.refusal("owner.json", "lease", "notice", "1")).to.include("notice was given before");
  });

  it("asks the provider for a bond that it has not", async () => {
    await cli.send("owner.json", "bond", "withdraw", "1", "all", "--token", cli.market.token);
    await cli.send("client.json", "lease", "open", "1", "--epochs", "20", ...key());
    expect(await cli.refusal("owner.json", "lease", "accept", "1")).to.equal(
      "5 TUSD of bond are needed, 0 TUSD are free: bond deposit 1 5 TUSD",
    );
  });

  it("lists leases of a client, node, listing or operator", async () => {
    await rent();
    await cli.market.lease();
    const ids = async (...options: string[]) => {
      const { leases } = await cli.network.ok<{ leases: { leaseId: string }[] }>("lease", "list", ...options);
      return leases.map(({ leaseId }) => leaseId);
    };
    expect(await ids()).to.deep.equal(["2", "1"]);
    expect(await ids("--client", CLIENT)).to.deep.equal(["1"]);
    expect(await ids("--node", "0", "--limit", "1")).to.deep.equal(["2"]);
    expect(await ids("--node", "1")).to.deep.equal([]);
    expect(await ids("--listing", "2")).to.deep.equal([]);
    expect(await ids("--operator", "1", "--open")).to.deep.equal(["2", "1"]);
    expect(await ids("--operator", "2")).to.deep.equal([]);
  });

  it("is disputed with a bond, settled by agreement, and says what silence means", async () => {
    await rent();
    const disputed = ["lease", "dispute", "open", "1", "--evidence-file", cli.network.file("network.json")];
    expect(await cli.refusal("client.json", "lease", "dispute", "open", "1")).to.include("give the evidence with");
    expect(await cli.refusal("client.json", ...disputed, "--max-bond", "1")).to.equal(
      "a dispute needs a bond of 3 TUSD, --max-bond is 1 TUSD",
    );
    const opened = await cli.send("client.json", ...disputed);
    expect(opened.after[1]).to.include("Silence means that the objective settlement stands");
    expect(names(opened)).to.deep.equal(["DisputeOpened"]);
    await cli.send("owner.json", "lease", "dispute", "offer", "1", "40 %");
    const { dispute } = await cli.network.ok<{ dispute: { offer: object; bond: { text: string } } }>(
      ...["lease", "dispute", "show", "1"],
    );
    expect(dispute.offer).to.deep.equal({ clientShareBp: 4_000, by: "provider" });
    expect(await cli.refusal("client.json", "lease", "dispute", "accept", "1", "50 %")).to.include(
      "does not offer 50 % now",
    );
    const asked = Number(await cli.epoch());
    await cli.send("client.json", "lease", "dispute", "accept", "1", "40 %");
    const answered = Number(await cli.epoch());
    const { credits } = await cli.network.ok<{ credits: { contract: string; text: string }[] }>(
      "credit",
      "show",
      CLIENT,
    );
    expect(credits.map(({ contract, text }) => [contract, text])).to.deep.equal([["LeaseDisputes", "3 TUSD"]]);
    const decided = /40 % of what epochs before (\d+) earn goes to the client/.exec(await printed());
    expect(Number(decided?.[1]), "first epoch after those disputed").to.be.within(asked + 1, answered + 1);
    expect(await cli.refusal("client.json", "lease", "dispute", "withdraw", "1")).to.equal(
      "lease 1 has no open dispute",
    );
  });

  it("is ruled on by the arbitrator, and expires when nobody decides", async () => {
    await rent();
    await cli.send("client.json", "lease", "dispute", "open", "1", "--evidence", `0x${"11".repeat(32)}`);
    expect(await cli.refusal("any.json", "lease", "dispute", "expire", "1")).to.include("it cannot be expired before");
    await cli.send("owner.json", "lease", "dispute", "rule", "1", "100 %");
    await cli.goTo((await cli.epoch()) + 12);
    await cli.send("any.json", "lease", "settle", "1");
    await cli.send("client.json", "lease", "dispute", "open", "1", "--evidence", `0x${"22".repeat(32)}`);
    await cli.goTo((await cli.epoch()) + 8);
    const expired = await cli.send("any.json", "lease", "dispute", "expire", "1");
    expect(expired.after[0]).to.include("the bond of 3 TUSD goes to the provider");
    const shown = await cli.network.ok<{ dispute: null }>("lease", "dispute", "show", "1");
    expect(shown.dispute).to.equal(null);
  });

  it("prints a lease for people", async () => {
    await rent();
    const text = await printed();
    expect(text).to.include("Lease 1: active").and.include("1 TUSD an epoch").and.include(", its end\n");
    expect(text).to.include("20 TUSD of rent, 0.5 TUSD for a janitor");
    await cli.send("client.json", "lease", "open", "1", "--epochs", "20", "--deposit", "10.5", ...key());
    await cli.send("owner.json", "lease", "accept", "2");
    expect(await printed(2)).to.match(/paid until .+, then grace until \d+\n/);
  });
});
