import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CLIENT, KEY, LeaseRig, OTHER_CLIENT, OTHER_KEY } from "./lease-rig.ts";

const PENDING = 1;
const ACTIVE = 2;
const DECLINED = 3;
const MIB = 1_048_576;
/** Of the right length, with coefficients that no key has. */
const MALFORMED = { ...KEY, publicKey: new Uint8Array(1_184).fill(255) };

describe("LeaseProvider", function () {
  this.timeout(60_000);
  let rig: LeaseRig;

  afterEach(async function () {
    if (this.currentTest?.isFailed()) console.error(rig.log.slice(-6));
    await rig.stop();
  });

  it("accepts a lease, delivers its credential and serves its client", async () => {
    await listed();
    await rig.serve();
    await rig.open({ units: 2 });
    await rig.untilServed(1n);
    expect(await rig.statusOf(1n)).to.equal(ACTIVE);
    expect(await rig.delivered(1n)).to.have.length(1);
    const client = await rig.connect(1n);
    expect(await client.echo(Buffer.from("hello"))).to.deep.equal(Buffer.from("hello"));
    expect(await client.allowance()).to.include({ leaseId: "1", quotaBytes: 2 * MIB });
    client.close();
  });

  it("listens on no port before it serves a lease", async () => {
    await listed();
    await rig.serve();
    await rig.until("the chain was looked at", () => rig.provider.health().ok);
    expect(rig.provider.port).to.equal(undefined);
  });

  it("shows the shares that the node attests", async () => {
    rig = await LeaseRig.create({ isShown: false });
    expect(await rig.attestedShares()).to.equal(0n);
    await rig.serve();
    await rig.until("they are shown", async () => (await rig.attestedShares()) !== 0n);
  });

  it("declines what it will never accept", async () => {
    await listed();
    await rig.open({ units: 9 });
    await rig.serve();
    await rig.until("it is declined", async () => (await rig.statusOf(1n)) === DECLINED);
    await rig.untilSaid(`it needs ${9 * MIB} bytes, ${8 * MIB} of leases.maxBytes are free`);
  });

  it("gives a lease of storage what the specs of its version promise", async () => {
    await listed({ storageGib: 3 });
    await rig.open({ units: 2 });
    await rig.serve({ maxBytes: 6 * 2 ** 30 });
    await rig.untilServed(1n);
    const client = await rig.connect(1n);
    expect(await client.allowance()).to.include({ quotaBytes: 6 * 2 ** 30 });
    client.close();
    await rig.open();
    await rig.until("what is over is declined", async () => (await rig.statusOf(2n)) === DECLINED);
  });

  it("declines a client whose key nothing can be sealed for", async () => {
    rig = await LeaseRig.create();
    await rig.list();
    await rig.serve();
    await rig.open({ key: MALFORMED });
    await rig.until("it is declined", async () => (await rig.statusOf(1n)) === DECLINED);
    expect(rig.provider.health()).to.deep.equal({ ok: true, reasons: [] });
  });

  it("ends the service of a client that names such a key later", async () => {
    rig = await LeaseRig.create();
    await rig.list();
    await rig.open();
    await rig.serve();
    await rig.untilServed(1n);
    await rig.unserve();
    await rig.nameKey(MALFORMED);
    await rig.serve({ listen: { host: "127.0.0.1", port: rig.usedPort } });
    await rig.untilServed(1n);
    await rig.ask("giveNotice", [1n]);
    await rig.goTo(40n);
    await rig.ask("settle", [1n, 1_000n]);
    await rig.until("it is served no more", () => rig.provider.served.length === 0);
    expect(rig.provider.health(), "health").to.deep.equal({ ok: true, reasons: [] });
  });

  it("promises no more bytes than it has to leases that come together", async () => {
    rig = await LeaseRig.create();
    await rig.list();
    await rig.open({ units: 5 });
    await rig.open({ units: 5, client: OTHER_CLIENT, key: OTHER_KEY });
    await rig.serve();
    await rig.until("both are decided", async () => (await rig.statusOf(1n)) > 1 && (await rig.statusOf(2n)) > 1);
    expect([await rig.statusOf(1n), await rig.statusOf(2n)]).to.deep.equal([ACTIVE, DECLINED]);
  });

  it("declines a version that is not on offer any more", async () => {
    await listed();
    await rig.open();
    await rig.publish();
    await rig.serve();
    await rig.until("it is declined", async () => (await rig.statusOf(1n)) === DECLINED);
    await rig.untilSaid("version 1 of the listing is not on offer any more, version 2 is");
  });

  it("declines metered leases unless it is told to accept them", async () => {
    await listed({ isMetered: true });
    await rig.open();
    await rig.serve();
    await rig.until("it is declined", async () => (await rig.statusOf(1n)) === DECLINED);
    await rig.unserve();
    await rig.open();
    await rig.serve({ acceptMetered: true });
    await rig.untilServed(2n);
  });

  it("waits for the bond that a lease locks", async () => {
    await listed({ bondEpochs: 5 });
    await rig.open();
    await rig.serve();
    await rig.untilSaid("the operator's free bond is 0, the lease locks 5000");
    expect(await rig.statusOf(1n)).to.equal(PENDING);
    await rig.bond(5_000n);
    await rig.untilServed(1n);
  });

  it("serves each client of several leases apart", async () => {
    await listed();
    await rig.serve();
    await rig.open();
    await rig.open({ client: OTHER_CLIENT, key: OTHER_KEY });
    await rig.untilServed(1n, 2n);
    const [one, other] = [await rig.connect(1n), await rig.connect(2n, { client: OTHER_CLIENT, key: OTHER_KEY })];
    await one.put("a.txt", Buffer.from("mine"));
    expect(await other.list()).to.deep.equal([]);
    for (const client of [one, other]) client.close();
  });

  it("ends the service when the lease ends", async () => {
    await listed();
    await rig.serve();
    await rig.open();
    await rig.untilServed(1n);
    const client = await rig.connect(1n);
    await client.echo(Buffer.from("x"));
    await rig.ask("giveNotice", [1n]);
    await rig.goTo(9n);
    await rig.untilServed();
    expect(await client.echo(Buffer.from("x")).catch((error: Error) => error)).to.be.instanceOf(Error);
    client.close();
  });

  it("serves through the grace, and ends the service when no top-up came", async () => {
    await listed();
    await rig.serve();
    await rig.open({ paid: 2 });
    await rig.untilServed(1n);
    await rig.goTo(10n);
    await rig.ask("topUp", [1n, 1_000n, "0x"]);
    await rig.goTo(11n);
    (await echoing(KEY)).close();
    await rig.goTo(12n);
    await rig.untilServed();
  });

  it("removes the files of a lease some time after its end", async () => {
    await listed();
    await rig.serve({ keepFilesSeconds: 60 });
    await rig.open();
    await rig.untilServed(1n);
    const folder = join(rig.folder, "leases", `1-${CLIENT.toLowerCase()}`);
    const client = await rig.connect(1n);
    await client.put("a.txt", Buffer.from("mine"));
    client.close();
    await rig.ask("giveNotice", [1n]);
    await rig.goTo(9n);
    await rig.ask("settle", [1n, 100n]);
    await rig.goTo(30n);
    await rig.ask("settle", [1n, 100n]);
    await rig.until("the end is marked", () => existsSync(join(folder, "ended")));
    expect(readdirSync(join(folder, "files"))).to.deep.equal(["a.txt"]);
    await rig.goTo(32n);
    await rig.until("the folder is removed", () => !existsSync(folder));
  });

  it("goes on with the same credential after a restart", async () => {
    await listed();
    await rig.serve();
    await rig.open();
    await rig.untilServed(1n);
    const before = await rig.connect(1n);
    await before.put("a.txt", Buffer.from("kept"));
    before.close();
    const port = rig.provider.port!;
    await rig.unserve();
    await rig.serve({ listen: { host: "127.0.0.1", port } });
    await rig.untilServed(1n);
    await rig.until("nothing more is sent", () => rig.isIdle);
    expect(await rig.delivered(1n)).to.have.length(1);
    const after = await rig.connect(1n);
    expect(await after.get("a.txt")).to.deep.equal(Buffer.from("kept"));
    after.close();
  });

  it("accepts once when it is stopped between decision and sending", async () => {
    await listed();
    await rig.open();
    await rig.committee.chain.rpc("evm_setAutomine", false);
    await rig.serve();
    await rig.untilSent("accept-lease");
    await rig.unserve();
    await rig.serve({ listen: { host: "127.0.0.1", port: rig.usedPort } });
    await rig.committee.chain.rpc("evm_setAutomine", true);
    await rig.untilServed(1n);
    expect(await rig.delivered(1n)).to.have.length(1);
    const client = await rig.connect(1n);
    expect(await client.echo(Buffer.from("one"))).to.deep.equal(Buffer.from("one"));
    client.close();
  });

  it("delivers again when the client names another key or the endpoint moved", async () => {
    await listed();
    await rig.serve();
    await rig.open();
    await rig.untilServed(1n);
    await rig.unserve();
    await rig.serve();
    await rig.until("it is delivered for the new port", async () => (await rig.delivered(1n)).length === 2);
    (await echoing(KEY)).close();
    await rig.nameKey(OTHER_KEY);
    await rig.goTo(9n);
    await rig.until("it is delivered for the new key", async () => (await rig.delivered(1n)).length === 3);
    (await echoing(OTHER_KEY)).close();
  });

  it("delivers no more often than it is allowed to", async () => {
    await listed();
    await rig.serve({ redeliveries: 0 });
    await rig.open();
    await rig.untilServed(1n);
    await rig.nameKey(OTHER_KEY);
    await rig.goTo(9n);
    await rig.untilSaid("more often than leases.redeliveries allows");
    expect(await rig.delivered(1n)).to.have.length(1);
  });

  it("forgets a lease that a reorg takes off the chain, and serves who gets its number", async () => {
    await listed();
    await rig.serve();
    await rig.open();
    await rig.until("it is accepted", () => rig.provider.served.length === 1);
    const gone = await rig.connect(1n);
    await gone.put("secret.txt", Buffer.from("of the first"));
    await rig.reorgBefore();
    await rig.untilServed();
    await rig.open({ client: OTHER_CLIENT, key: OTHER_KEY });
    await rig.untilServed(1n);
    const client = await rig.connect(1n, { client: OTHER_CLIENT, key: OTHER_KEY });
    expect(await client.list()).to.deep.equal([]);
    expect(await gone.echo(Buffer.from("x")).catch((error: Error) => error)).to.be.instanceOf(Error);
    for (const each of [gone, client]) each.close();
  });

  async function listed(changes: Parameters<LeaseRig["list"]>[0] = {}): Promise<void> {
    rig = await LeaseRig.create();
    await rig.list(changes);
  }

  async function echoing(key: typeof KEY) {
    const client = await rig.connect(1n, { key });
    expect(await client.echo(Buffer.from("x"))).to.deep.equal(Buffer.from("x"));
    return client;
  }
});
