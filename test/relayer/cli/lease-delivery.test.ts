import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { expect } from "chai";
import { bytesToHex, keccak256 } from "viem";
import { createKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { KEY, LeaseRig, OTHER_KEY } from "../delivery/lease-rig.ts";
import { runHere } from "./support/run-here.ts";
import { forbidInOutput, PASSWORD, type Run } from "./support/run-pqmesh.ts";

/** scrypt's cheapest cost: these keys guard nothing. */
const SCRYPT_COST = 2 ** 14;
const CLIENT_ACCOUNT = 6;

describe("pqmesh lease key, connect and probe", function () {
  this.timeout(90_000);
  let rig: LeaseRig;
  const file = (name: string) => join(rig.folder, name);

  before(async () => {
    rig = await LeaseRig.create();
    await rig.list();
    await rig.serve();
    await rig.open();
    await rig.untilServed(1n);
    writeFileSync(file("network.json"), JSON.stringify(rig.committee.network.config));
    writeFileSync(file("plain.json"), formatDeliveryKey(KEY), { mode: 0o600 });
    writeFileSync(file("other.json"), formatDeliveryKey(OTHER_KEY), { mode: 0o600 });
    forbidInOutput(bytesToHex(KEY.seed).slice(2));
    const kinds = [
      ["delivery.json", "ml-kem-768", "delivery", KEY.seed],
      ["wallet.json", "secp256k1", "wallet", testAccount(CLIENT_ACCOUNT).getHdKey().privateKey!],
    ] as const;
    for (const [name, kind, purpose, secret] of kinds) {
      const options = { kind, purpose, secret, password: PASSWORD, scryptCost: SCRYPT_COST };
      await writeKeystore(file(name), await createKeystore(options));
    }
  });
  after(() => rig.stop());

  const run = (...words: string[]): Promise<Run> => runHere(["lease", ...words], file("network.json"));
  const use = (...words: string[]): Promise<Run> => run(...words, "--key", file("delivery.json"), "--json");
  const error = (ended: Run): string => ended.json<{ error: string }>().error;

  it("makes a key that opens what is sealed for it", async () => {
    for (const [name, flags] of Object.entries({ "new.json": [], "new-plain.json": ["--plain"] })) {
      const made = await run("key", "new", "--out", file(name), ...flags, "--json");
      expect(made.status, made.stdout).to.equal(0);
      const shown = await run("key", "show", file(name), "--json");
      expect(shown.json().keyHash).to.equal(made.json().keyHash);
    }
    const again = await run("key", "new", "--out", file("new.json"), "--json");
    expect(error(again)).to.match(/exists already and is not overwritten$/);
  });

  it("shows the same key of a keystore and of an exported file", async () => {
    for (const name of ["delivery.json", "plain.json"]) {
      const shown = await run("key", "show", file(name), "--json");
      expect(shown.json().keyHash, name).to.equal(keccak256(KEY.publicKey));
    }
  });

  it("refuses a key file that others can read, is cut or of another kind", async () => {
    writeFileSync(file("open.json"), formatDeliveryKey(KEY));
    chmodSync(file("open.json"), 0o644);
    expect(error(await run("key", "show", file("open.json"), "--json"))).to.match(/is open to every user/);
    writeFileSync(file("cut.json"), formatDeliveryKey(KEY).slice(0, 900), { mode: 0o600 });
    expect(error(await run("key", "show", file("cut.json"), "--json"))).to.match(/is not JSON/);
    expect(error(await run("key", "show", file("wallet.json"), "--json"))).to.match(/deliveries need ml-kem-768$/);
  });

  it("connects, and says what the lease may use", async () => {
    const status = (await use("connect", "1")).json<Record<string, unknown>>();
    expect(status).to.deep.include({ leaseId: "1", status: "Active", files: 0, quotaBytes: 1_048_576 });
    expect(status.connection).to.deep.include({ group: "X25519MLKEM768", signatureAlgorithm: "ML-DSA-65" });
    const echo = await run("connect", "1", "echo", "hello there", "--key", file("plain.json"));
    expect(echo.stdout).to.equal("hello there\n");
  });

  it("puts, lists, gets and removes files", async () => {
    writeFileSync(file("report.txt"), "what it says");
    expect((await use("connect", "1", "put", file("report.txt"), "--as", "a.txt")).status).to.equal(0);
    const files = [{ name: "a.txt", bytes: 12 }];
    expect((await use("connect", "1", "ls")).json()).to.deep.include({ files });
    await use("connect", "1", "get", "a.txt", "--out", file("copy.txt"));
    expect(readFileSync(file("copy.txt"), "utf8")).to.equal("what it says");
    const twice = await use("connect", "1", "get", "a.txt", "--out", file("copy.txt"));
    expect(error(twice)).to.match(/exists already and is not overwritten$/);
    await use("connect", "1", "rm", "a.txt");
    const gone = await use("connect", "1", "get", "a.txt");
    expect([gone.status, error(gone)]).to.deep.equal([1, 'there is no file "a.txt"']);
  });

  it("says what is wrong with a command", async () => {
    expect(error(await use("connect", "1", "put"))).to.equal("put needs a word after it: text, file or name");
    expect(error(await use("connect", "1", "ls", "x"))).to.equal("ls takes no further word");
    expect(error(await use("connect", "1", "put", file("none")))).to.match(/cannot be read: it does not exist$/);
    expect(error(await use("connect", "x"))).to.match(/^leaseId is "x"/);
    expect(error(await use("connect", "1", "--timeout", "0"))).to.include("a whole number from 1 to 86400");
    expect((await use("connect", "9")).status).to.equal(1);
    const other = await run("connect", "1", "--key", file("other.json"), "--json");
    expect(error(other)).to.match(/^this is not the key that 0x\w{40} names on chain \(0x\w{64}\)/);
  });

  it("keeps a journal of probes and puts it beside the committee's view", async () => {
    const journal = file("probes.jsonl");
    const probed = await use("probe", "1", "--every", "0", "--count", "3", "--journal", journal);
    expect(probed.status, probed.stdout).to.equal(0);
    const [epoch] = probed.json<{ epochs: object[] }>().epochs;
    expect(epoch).to.deep.include({
      epoch: 7,
      served: 3,
      probes: 3,
      committee: "Pending",
      payment: "before the lease",
    });
    expect(readFileSync(journal, "utf8").trim().split("\n")).to.have.length(3);
    await rig.goTo(9n);
    await rig.report(8n);
    await rig.goTo(10n);
    const line = (change: object): string => {
      const entry = { leaseId: "1", at: "2026-01-01T00:00:00.000Z", epoch: 8, isServed: false, milliseconds: 5 };
      return `${JSON.stringify({ ...entry, isConnecting: false, ...change })}\n`;
    };
    const lines = [line({}), line({ epoch: 9, isServed: true }), line({ leaseId: "2" }), '{"leaseId": "1", "cut'];
    writeFileSync(journal, readFileSync(journal, "utf8") + lines.join(""));
    const shown = (await use("probe", "1", "--show", "--journal", journal)).json<Record<string, unknown>>();
    expect((shown.epochs as object[]).slice(1)).to.deep.equal([
      {
        ...{ epoch: 8, served: 0, probes: 1, medianMilliseconds: null },
        ...{ committee: "Attested", payment: "provider, not settled" },
      },
      { epoch: 9, served: 1, probes: 1, medianMilliseconds: 5, committee: "Pending", payment: "open" },
    ]);
    expect(shown.attestedNotServed).to.deep.equal([8]);
    const text = (await run("probe", "1", "--show", "--journal", journal, "--key", file("plain.json"))).stdout;
    expect(text).to.contain("1 epochs are attested although no probe was served: 8");
  });

  it("refuses a journal that is none", async () => {
    writeFileSync(file("none.jsonl"), "{}\n");
    expect(error(await use("probe", "1", "--show", "--journal", file("none.jsonl")))).to.match(
      /has no probe in line 1$/,
    );
    expect(error(await use("probe", "1", "--show", "--journal", file("absent")))).to.match(/does not exist/);
  });

  it("names another key on chain, for which it is delivered again", async () => {
    const publish = ["key", "publish", "--key", file("other.json"), "--wallet", file("wallet.json"), "--json"];
    const preview = await run(...publish);
    expect(preview.json()).to.deep.include({ dryRun: true });
    const sent = await run(...publish, "--yes");
    expect(sent.status, sent.stdout).to.equal(0);
    await rig.goTo(11n);
    await rig.until("it is delivered again", async () => (await rig.delivered(1n)).length === 2);
    const echo = await run("connect", "1", "echo", "new", "--key", file("other.json"));
    expect(echo.stdout).to.equal("new\n");
    const old = await use("connect", "1");
    expect(error(old)).to.match(/^this is not the key/);
  });

  it("counts a probe of an endpoint that is gone as not served", async () => {
    await rig.unserve();
    const journal = file("gone.jsonl");
    const probed = await run("probe", "1", "--key", file("other.json"), "--journal", journal, "--json");
    expect(probed.json<{ epochs: object[] }>().epochs[0]).to.deep.include({ served: 0, probes: 1 });
    expect(readFileSync(journal, "utf8")).to.contain("ECONNREFUSED");
  });
});
