import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { keccak256, type Hex } from "viem";
import { mlDsaKeyVectors } from "../../protocol/support/vectors.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

const WEEK = 7 * 24 * 3_600;
const SUMMARY_KEYS = [
  ...["chainId", "registry", "nodeIndex", "identityId", "rootKey", "currentKeyHash", "newKeyHash", "nonce"],
  ...["deadline", "deadlineIso", "digest"],
];

type Fields = Record<string, unknown>;

describe("pqmesh key rotate", function () {
  this.timeout(120_000);
  let network: CliNetwork;
  let signed: Fields;
  let copies = 0;

  const path = (name: string): string => network.file(name);
  const readFields = (name: string): Fields => JSON.parse(readFileSync(path(name), "utf8")) as Fields;
  const publicKeyFile = async (name: string): Promise<Hex> => {
    const key = (await network.keystore(`${name}.json`, "ml-dsa-65", "attestation")) as Hex;
    writeFileSync(path(`${name}.pub`), `${key}\n`);
    return key;
  };
  /** Submits a signed request in which some fields are others; returns what the program says. */
  const submitChanged = async (change: Fields): Promise<{ error: string; exitCode: number }> => {
    const name = `changed-${(copies += 1)}.json`;
    writeFileSync(path(name), JSON.stringify({ ...signed, ...change }));
    const wallet = ["--wallet", path("owner.json"), "--yes"];
    return (await network.run("key", "rotate", "submit", "--signed", path(name), ...wallet)).json();
  };
  const prepare = (node: string, key: string, out: string) =>
    network.run("key", "rotate", "prepare", node, "--key", path(key), "--out", path(out));
  const sign = (request: string, keystore: string, out: string, ...rest: string[]) =>
    network.run("key", "sign", "--request", path(request), "--keystore", path(keystore), "--out", path(out), ...rest);

  before(async () => {
    network = await startCliNetwork();
    const rootKey = await network.keystore("root.json", "slh-dsa-sha2-128s", "root");
    await network.keystore("other-root.json", "slh-dsa-sha2-128s", "root");
    const [oldKey] = [await publicKeyFile("old"), await publicKeyFile("new"), await publicKeyFile("third")];
    await network.call("NodeRegistry", "registerOperator", [`0x${"00".repeat(20)}`, `0x${"00".repeat(20)}`, rootKey]);
    await network.call("NodeRegistry", "registerNode", [oldKey, `0x${"00".repeat(32)}`]);
  });
  after(() => network.stop());

  it("prepares a request whose digest is the contract's", async () => {
    const prepared = (await prepare("0", "new.pub", "request.json")).json<Fields>();
    expect(prepared).to.have.all.keys("file", ...SUMMARY_KEYS);
    const request = readFields("request.json");
    expect(request).to.deep.include({ nodeIndex: 0, identityId: 1, nonce: 0, chainId: network.config.chainId });
    expect(request.newKeyHash, "hash of the new key").to.equal(keccak256(request.newKey as Hex));
    const { timestamp } = await network.chain.head();
    expect(request.deadline, "deadline").to.be.within(timestamp + WEEK - 60, timestamp + WEEK);
  });

  it("prepares nothing for keys that cannot be the next one", async () => {
    const degenerate = mlDsaKeyVectors().cases.find(({ name }) => name === "767 large, at the front")!.key;
    writeFileSync(path("degenerate.pub"), degenerate);
    writeFileSync(path("short.pub"), degenerate.slice(0, -2));
    const refusals: [string, string, number, string][] = [
      ["0", "old.pub", 1, "already in force"],
      ["0", "degenerate.pub", 2, "degenerate"],
      ["0", "short.pub", 2, "it has 1951"],
      ["0", "absent.pub", 2, "cannot be read: it does not exist"],
      ["9", "new.pub", 1, "node 9 does not exist"],
    ];
    for (const [node, key, exitCode, sentence] of refusals) {
      const run = await prepare(node, key, "never.json");
      expect(run.json<Fields>().error, key).to.include(sentence);
      expect(run.status, `exit code for ${key}`).to.equal(exitCode);
    }
  });

  it("shows what would be signed and signs nothing without --yes", async () => {
    const run = await sign("request.json", "root.json", "signed.json");
    expect(run.json()).to.deep.include({
      signed: false,
      file: null,
      newKeyHash: readFields("request.json").newKeyHash,
    });
    expect(() => readFields("signed.json")).to.throw("ENOENT");
  });

  it("signs with the operator's root key only", async () => {
    const other = await sign("request.json", "other-root.json", "signed.json", "--yes");
    expect(other.json<Fields>().error).to.include("is not the root key of identity 1");
    expect(other.status, "exit code").to.equal(3);
    const next = await sign("request.json", "new.json", "signed.json", "--yes");
    expect(next.json<Fields>().error).to.include("is not the key in force for node 0");
    const wallet = await sign("request.json", "owner.json", "signed.json", "--yes");
    expect(wallet.json<Fields>().error).to.include("holds a secp256k1 key for wallet, not a root key");
  });

  it("signs no request whose parts were changed", async () => {
    const request = readFields("request.json");
    const changes: [Fields, string][] = [
      [{ deadline: Number(request.deadline) + 1 }, "digest does not belong"],
      [{ nodeIndex: 1 }, "digest does not belong"],
      [{ newKeyHash: `0x${"11".repeat(32)}` }, "newKeyHash is not the hash"],
      [{ newKey: "0x1234" }, "newKey: must be 1952 bytes"],
      [{ extra: 1 }, "content"],
    ];
    for (const [change, sentence] of changes) {
      writeFileSync(path("changed.json"), JSON.stringify({ ...request, ...change }));
      const { error } = (await sign("changed.json", "root.json", "never.json", "--yes")).json<{ error: string }>();
      expect(error, JSON.stringify(change).slice(0, 40)).to.include(sentence);
    }
  });

  it("signs without any network", async () => {
    const run = await sign("request.json", "root.json", "signed.json", "--yes");
    expect(run.json()).to.deep.include({ signed: true, file: path("signed.json") });
    signed = readFields("signed.json");
    expect(signed.signature, "signature").to.match(/^0x[0-9a-f]{15712}$/);
    const again = await sign("request.json", "root.json", "signed.json", "--yes");
    expect(again.json<Fields>().error).to.include("exists already and is not overwritten");
  });

  it("refuses what was changed after signing before it asks for the wallet", async () => {
    const flipped = `${String(signed.signature).slice(0, -1)}${String(signed.signature).endsWith("0") ? "1" : "0"}`;
    expect(await submitChanged({ signature: flipped })).to.deep.include({ exitCode: 3 });
    expect((await submitChanged({ signature: flipped })).error).to.include("the root key did not sign this rotation");
    expect((await submitChanged({ nonce: 1 })).error).to.include("digest does not belong");
    expect((await submitChanged({ signature: "0x" })).error).to.include("signature: must be 7856 bytes");
    expect((await submitChanged({ chainId: 1 })).exitCode, "another chain").to.equal(3);
  });

  it("rotates two epochs later", async () => {
    const args = ["key", "rotate", "submit", "--signed", path("signed.json"), "--wallet", path("owner.json")];
    const dry = await network.ok(...args, "--dry-run");
    expect(dry).to.deep.include({ dryRun: true, transaction: null });
    const sent = await network.ok<Outcome>(...args, "--yes");
    expect(sent.events.map(({ name }) => name)).to.deep.equal(["AttestationKeyRotated"]);
    expect(sent.after[0], "what is true now").to.include(String(signed.newKeyHash));
    const pending = await prepare("0", "third.pub", "never.json");
    expect(pending.json<Fields>().error).to.include("is waiting for its epoch");
    await network.pass(2 * network.config.epoch.lengthSeconds);
    expect(await network.ok("node", "show", "0")).to.deep.include({ keyHash: signed.newKeyHash, rotations: 1 });
  });

  it("rotates by the key in force, without the root key", async () => {
    await network.ok("key", "rotate", "prepare", "0", "--key", path("third.pub"), "--out", path("by-key.json"));
    expect((await sign("by-key.json", "new.json", "by-key-signed.json", "--yes")).status, "signed").to.equal(0);
    const byKey = readFields("by-key-signed.json");
    expect(keccak256(byKey.attestationKey as Hex), "key in force").to.equal(byKey.currentKeyHash);
    const wallet = ["--wallet", path("owner.json"), "--yes"];
    writeFileSync(path("by-key-changed.json"), JSON.stringify({ ...byKey, attestationKey: byKey.newKey }));
    const changed = await network.run("key", "rotate", "submit", "--signed", path("by-key-changed.json"), ...wallet);
    expect(changed.json<Fields>().error).to.include("attestationKey is not the old key");
    const flipped = `${String(byKey.signature).slice(0, -2)}${String(byKey.signature).endsWith("00") ? "11" : "00"}`;
    writeFileSync(path("by-key-flipped.json"), JSON.stringify({ ...byKey, signature: flipped }));
    const forged = await network.run("key", "rotate", "submit", "--signed", path("by-key-flipped.json"), ...wallet);
    expect(forged.json<Fields>().error).to.include("the old key did not sign this rotation");
    const submit = ["key", "rotate", "submit", "--signed", path("by-key-signed.json"), ...wallet];
    const sent = await network.ok<Outcome>(...submit);
    expect(sent.call.functionName).to.equal("rotateAttestationKeyByKey");
    expect(sent.events.map(({ name }) => name)).to.deep.equal(["AttestationKeyRotated"]);
    expect(sent.after[1], "overlap")
      .to.include("Until then only the old key")
      .and.include(String(byKey.currentKeyHash));
    await network.pass(2 * network.config.epoch.lengthSeconds);
    expect(await network.ok("node", "show", "0")).to.deep.include({ keyHash: byKey.newKeyHash, rotations: 2 });
  });

  it("sends no signature twice", async () => {
    const { error, exitCode } = await submitChanged({});
    expect(error).to.match(/already in force|was signed as number 0/);
    expect(exitCode, "exit code").to.be.oneOf([1, 3]);
  });

  it("refuses a signature whose time has passed", async () => {
    await network.ok(
      "key",
      "rotate",
      "prepare",
      "0",
      "--key",
      path("old.pub"),
      "--out",
      path("short.json"),
      "--valid-hours",
      "1",
    );
    expect((await sign("short.json", "root.json", "short-signed.json", "--yes")).status, "signed").to.equal(0);
    await network.pass(2 * 3_600);
    const wallet = ["--wallet", path("owner.json"), "--yes"];
    const late = await network.run("key", "rotate", "submit", "--signed", path("short-signed.json"), ...wallet);
    expect(late.json<Fields>().error).to.include("the signature was valid until");
    expect(late.status, "exit code").to.equal(3);
  });
});
