import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { expect } from "chai";
import { type Abi, type Address, encodeFunctionData, type Hex, keccak256, stringToHex } from "viem";
import { issuanceOf } from "../../../relayer/cli/certificate-argument.ts";
import { type EvidenceContent, signEvidence } from "../../../relayer/cli/evidence-package.ts";
import { mlDsa65KeyFromSeed } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { CertificateAuthority, type IssuedCertificate } from "../../../relayer/src/pki/certificate-authority.ts";
import { witnessSigner } from "../../../relayer/src/pki/checkpoint.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { type CliNetwork, startCliNetwork } from "./support/cli-network.ts";

const TRUST_DOMAIN = "pqmesh.test";
const REFUTED = 3;
const USAGE = 2;
const KEY_COMPROMISE = 1;
const owner = testAccount(0).address;
const hash = (text: string) => keccak256(stringToHex(text));

interface Signed {
  signature: { witness: string };
}

interface Package {
  entries: { proven: { index: number; time: string; reason: number }; record: { sender: Address | null } }[];
  certificates: string[];
}

describe("pqmesh cert log", function () {
  this.timeout(240_000);

  let network: CliNetwork;
  let authority: CertificateAuthority;
  const witness: Record<string, string> = {};
  const seed = randomBytes(32);
  const signer = witnessSigner("witness.test/w2", mlDsa65KeyFromSeed(seed));
  const from = (name: string) => ["--keystore", network.file(`${name}.json`), "--name", `witness.test/${name}`];
  const failure = async (status: number, ...words: string[]): Promise<string> => {
    const run = await network.run(...words);
    expect(run.status, `${words.join(" ")}: ${run.stdout}${run.stderr}`).to.equal(status);
    return JSON.parse(run.stdout.trim().split("\n").at(-1)!).error as string;
  };
  const registry = (functionName: string, args: readonly unknown[]) => {
    const abi: Abi = certificateRegistryAbi;
    const data = encodeFunctionData({ abi, functionName, args });
    return network.chain.send({ from: owner, to: network.config.contracts.CertificateRegistry, data });
  };
  const issue = async (name: string, account: number): Promise<IssuedCertificate> => {
    const key = { publicKey: certificateKey().publicKey };
    const issued = await authority.issueRelayer({ key, address: testAccount(account).address, hosts: [] });
    writeFileSync(network.file(name), issued.pem);
    await registry("issue", [1, issuanceOf(network.file(name))]);
    return issued;
  };
  const revoke = (issued: IssuedCertificate) =>
    registry("revoke", [BigInt(`0x${issued.serialNumber}`), KEY_COMPROMISE]);

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    authority = await CertificateAuthority.createRoot({
      ...{ commonName: "Test", signer: certificateKey(), trustDomain: TRUST_DOMAIN },
    });
    const until = (await network.chain.head()).timestamp + 1_000 * 86_400;
    const limits = { pathLength: 1, kinds: 0b11110, identityFrom: 1, identityUntil: 1_000 };
    const names = { recoveryKey: hash("recovery"), trustDomain: hash(TRUST_DOMAIN), x509Hash: hash("authority") };
    await registry("admitRoot", [{ account: owner, ...names, notAfter: until, ...limits }]);
    for (const [name, secret] of [
      ["w1", randomBytes(32)],
      ["w2", seed],
    ] as const) {
      await network.keystore(`${name}.json`, "ml-dsa-65", "witness", secret);
      witness[name] = (await network.ok<{ witness: string }>("cert", "log", "witness", ...from(name))).witness;
    }
    await issue("first.pem", 7);
  });
  after(() => network.stop());

  it("shows the head, rebuilt from events", async () => {
    const { head, published } = await network.ok<{ head: { size: number; root: Hex }; published: unknown[] }>(
      ...["cert", "log", "head"],
    );
    expect(head.size).to.equal(2);
    expect(published).to.deep.equal([]);
    await network.ok("cert", "log", "publish", "--wallet", network.file("owner.json"), "--yes");
    const after = await network.ok<{ published: { size: number; root: Hex }[] }>("cert", "log", "head");
    expect(after.published.map(({ size, root }) => ({ size, root }))).to.deep.equal([head]);
  });

  it("proves what happened to a certificate, to be verified without a network", async () => {
    const [proof, note] = [network.file("proof.json"), network.file("proof.note")];
    await network.ok("cert", "log", "checkpoint", ...from("w1"), "--out", note);
    const words = ["--certificate", network.file("first.pem"), "--since", "1", "--out", proof];
    expect(await network.ok<object>("cert", "log", "prove", ...words)).to.deep.include({ entries: [1] });
    const verify = ["cert", "log", "verify", proof, "--checkpoint", note, "--witness", witness.w1!];
    expect(await network.ok<object>(...verify)).to.deep.include({ valid: true, entries: [1] });
    const text = readFileSync(proof, "utf8");
    writeFileSync(proof, text.replace(/"reason": 0/, '"reason": 1'));
    expect(await failure(REFUTED, ...verify)).to.include("entry 1 is not in the log of 2 entries");
    writeFileSync(proof, text.replace(/"size": 1,/, '"size": 2,'));
    expect(await failure(REFUTED, ...verify)).to.include("does not continue");
    writeFileSync(proof, text.replace(/"time": "/, '"time": "x'));
    expect(await failure(USAGE, ...verify)).to.include("entries.0.time: must be a whole number");
    writeFileSync(proof, text);
    expect(await failure(REFUTED, ...verify.with(-1, witness.w2!))).to.include("no signature of a known witness");
    expect(await failure(USAGE, "cert", "log", "prove", "--out", proof)).to.include("name what to prove");
    const beyond = ["cert", "log", "prove", "--index", "1", "--size", "9", "--out", network.file("no.json")];
    expect(await failure(1, ...beyond)).to.equal("--size is 9, the log has 2 entries");
  });

  it("names a certificate that is not as its record says", async () => {
    const same = ["cert", "log", "monitor", "--certificate", network.file("first.pem")];
    expect(await network.ok<object>(...same)).to.deep.include({ sound: true });
    const key = { publicKey: certificateKey().publicKey };
    const other = await authority.issueRelayer({ key, address: owner, hosts: [] });
    writeFileSync(network.file("other.pem"), other.pem);
    const monitor = ["cert", "log", "monitor", "--certificate", network.file("other.pem")];
    expect(await failure(REFUTED, ...monitor)).to.include(`${other.serialNumber} is not recorded`);
    const recorded = issuanceOf(network.file("other.pem"));
    const { chain } = network;
    const snapshot = await chain.rpc<Hex>("evm_snapshot");
    await registry("issue", [1, { ...recorded, subject: 9n, x509Hash: hash("another") }]);
    const sentence = await failure(REFUTED, ...monitor);
    expect(sentence).to.include("differs from its record, entry 2").and.include("subject was 9 and is");
    expect(sentence).to.include(`x509Hash was ${hash("another")} and is ${other.hash}`);
    expect(sentence).not.to.include("kind");
    await chain.rpc("evm_revert", snapshot);
  });

  it("names entries that were dropped, rewritten or forked, and split views", async () => {
    const { chain } = network;
    const [copy, first, second] = ["copy.json", "w1.note", "w2.note"].map((name) => network.file(name));
    const monitor = ["cert", "log", "monitor", "--copy", copy!, "--checkpoint", first!, "--witness", witness.w1!];
    const snapshot = await chain.rpc<Hex>("evm_snapshot");
    const lost = await issue("lost.pem", 8);
    await revoke(lost);
    await chain.rpc("hardhat_mine", "0xd");
    await network.ok("cert", "log", "checkpoint", ...from("w1"), "--out", first!);
    expect(await network.ok<object>(...monitor)).to.deep.include({ sound: true });
    expect(await network.ok<object>(...monitor), "again, with the copy").to.deep.include({ sound: true });
    await chain.rpc("evm_revert", snapshot);

    const dropped = await failure(REFUTED, ...monitor);
    expect(dropped).to.include(`entry 2 was dropped: issue certificate ${lost.serialNumber}`);
    expect(dropped).to.include(`entry 3 was dropped: revoke certificate ${lost.serialNumber}`);
    expect(dropped).to.include("witness.test/w1").and.include("states 4 entries, the events record 2");

    const put = await issue("put.pem", 8);
    await revoke(put);
    const rewritten = await failure(REFUTED, ...monitor);
    expect(rewritten)
      .to.include("entry 2 was rewritten")
      .and.include(`serial was ${lost.serialNumber} and is ${put.serialNumber}`);
    expect(rewritten).to.include("entry 3 was rewritten").and.include("the log forked");
    const cosign = ["cert", "log", "cosign", first!, ...from("w2"), "--out", second!];
    expect(await failure(REFUTED, ...cosign)).to.include("the log forked");
    const extended = ["cert", "log", "checkpoint", ...from("w2"), "--previous", first!, "--out", second!];
    expect(await failure(REFUTED, ...extended)).to.include("the log forked");

    await network.ok("cert", "log", "checkpoint", ...from("w2"), "--out", second!);
    const compare = ["cert", "log", "compare", first!, second!, "--witness", witness.w1!, witness.w2!];
    expect(await failure(REFUTED, ...compare))
      .to.include("split view")
      .and.include("for 4 entries");
    expect(await network.ok<object>(...compare.with(3, second!))).to.deep.include({ split: false });
  });

  it("refuses a damaged copy and one of another log", async () => {
    const copy = network.file("copy.json");
    const text = readFileSync(copy, "utf8");
    const monitor = ["cert", "log", "monitor", "--copy", copy];
    writeFileSync(copy, text.replace(/"reason": 1/, '"reason": 4'));
    expect(await failure(USAGE, ...monitor)).to.include("is damaged");
    writeFileSync(copy, text.replace("pqmesh/", "pqmesh/1"));
    expect(await failure(USAGE, ...monitor)).to.include("this network's is pqmesh/31337/");
    rmSync(copy);
  });

  it("adds the signature of another witness", async () => {
    const [one, two] = [network.file("one.note"), network.file("two.note")];
    await network.ok("cert", "log", "checkpoint", ...from("w1"), "--out", one);
    await network.ok("cert", "log", "cosign", one, ...from("w2"), "--previous", one, "--out", two);
    const { heads } = await network.ok<{ heads: { by: string }[] }>(
      ...["cert", "log", "compare", two, "--witness", witness.w1!, witness.w2!],
    );
    expect(heads[0]!.by).to.include("witness.test/w1 at").and.include("witness.test/w2 at");
  });

  it("packs evidence of a period, to be verified without a network", async () => {
    const [file, note] = [network.file("evidence.json"), network.file("evidence.note")];
    await network.pass(10);
    const { timestamp } = await network.chain.head();
    const middle = await issue("middle.pem", 9);
    await revoke(middle);
    await network.pass(3_600);
    await issue("late.pem", 10);
    await network.ok("cert", "log", "checkpoint", ...from("w1"), "--out", note);
    const iso = (seconds: number) => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
    const period = ["--from", iso(timestamp), "--to", iso(timestamp + 3_000)];
    const witnesses = ["--witness", witness.w1!];
    const make = ["cert", "evidence", ...period, ...from("w2"), "--checkpoint", note, ...witnesses];
    const made = await network.ok<{ entries: number; absent: string[] }>(
      ...[...make, "--certificate", network.file("middle.pem"), "--out", file],
    );
    expect(made).to.deep.include({ entries: 2, absent: [] });
    const verify = ["cert", "verify-evidence", file, "--witness", witness.w2!];
    const sound = { valid: true, isSignerKnown: true, entries: 2 };
    const unvouched = { absent: ["checkpoint: no known witness signed it, only witness.test/w1"], vouching: [] };
    expect(await network.ok<object>(...verify)).to.deep.include({ ...sound, ...unvouched });
    const { vouching, ...vouched } = await network.ok<{ vouching: string[] }>(...verify, witness.w1!);
    expect(vouched).to.deep.include({ ...sound, absent: [] });
    expect(vouching[0]).to.match(/^witness\.test\/w1 at /);
    const alone = await network.ok<object>("cert", "verify-evidence", file);
    expect(alone).to.deep.include({ ...sound, ...unvouched, isSignerKnown: false });
    const { entries, certificates } = JSON.parse(readFileSync(file, "utf8")) as Package;
    expect(entries.map(({ proven, record }) => [proven.reason, record.sender?.toLowerCase()])).to.deep.equal([
      [0, owner.toLowerCase()],
      [KEY_COMPROMISE, owner.toLowerCase()],
    ]);
    expect(certificates).to.have.length(1);
    expect(await failure(REFUTED, ...verify.with(-1, witness.w1!))).to.include(
      "with a key that --witness does not name",
    );
  });

  it("shows evidence that a package does not have", async () => {
    const file = network.file("absent.json");
    const make = ["cert", "evidence", "--from", "2020-01-01", "--to", "2100-01-01", ...from("w2"), "--out", file];
    const { absent } = await network.ok<{ absent: string[] }>(...make);
    expect(absent[0]).to.equal("checkpoint: no witness vouches for the head");
    expect(absent[1]).to.match(/^everything after .+: the period was not over$/);
    const certificates = absent.filter((what) => what.endsWith("the X.509 certificate"));
    expect(certificates).to.have.length(4);
  });

  it("shows what a checkpoint is too old for, and who has not signed it", async () => {
    const [note, file] = [network.file("old.note"), network.file("old.json")];
    await network.pass(60);
    await network.ok("cert", "log", "checkpoint", ...from("w1"), "--out", note);
    const { timestamp } = await network.chain.head();
    await network.pass(60);
    await revoke(await issue("hidden.pem", 11));
    await network.pass(3_600);
    const iso = (seconds: number) => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
    const before = ["cert", "evidence", ...from("w2"), "--checkpoint", note, "--witness", witness.w1!, "--out", file];
    const until = (seconds: number) => ["--from", iso(timestamp - 30), "--to", iso(timestamp + seconds)];
    expect(await failure(USAGE, ...before, ...until(3_000))).to.match(/old\.note is too old: entries \d+ to \d+ /);
    expect(await network.ok<object>(...before, ...until(0))).to.deep.include({ absent: [] });

    const { signature, ...content } = JSON.parse(readFileSync(file, "utf8")) as EvidenceContent & Signed;
    const verified = async (change: Partial<EvidenceContent>) => {
      writeFileSync(file, signEvidence({ ...content, ...change }, signer));
      return network.run("cert", "verify-evidence", file, "--witness", signature.witness, witness.w1!);
    };
    const period = { from: timestamp - 30, to: timestamp + 3_000 };
    const { absent } = (await verified({ period })).json<{ absent: string[] }>();
    expect(absent, "who leaves out the end").to.have.length(1);
    expect(absent[0]).to.match(/^everything after .+: no known witness signed a later head$/);
    const [text, lines] = content.checkpoint!.split("\n\n");
    const forged = `${text}\n\n${lines!.slice(0, 999)}${lines![999] === "A" ? "B" : "A"}${lines!.slice(1_000)}`;
    const { status, stdout } = await verified({ checkpoint: forged });
    expect(stdout).to.include("the checkpoint: the signature of witness.test/w1 does not verify");
    expect(status).to.equal(REFUTED);
    const late = ["cert", "log", "cosign", note, ...from("w2"), "--out", network.file("late.note")];
    await network.ok(...late);
    const both = readFileSync(network.file("late.note"), "utf8");
    const signed = (await verified({ period, checkpoint: both })).json<{ absent: string[]; vouching: string[] }>();
    expect(signed.vouching, "a late signature says no more than an early one").to.have.length(2);
    expect(signed.absent[0]).to.match(/^everything after .+: no known witness signed a later head$/);
  });

  it("refuses a package of which anything was changed or left out", async () => {
    const file = network.file("evidence.json");
    const text = readFileSync(file, "utf8");
    const verify = ["cert", "verify-evidence", file, "--witness", witness.w2!];
    const changed = async (change: (content: Package) => void) => {
      const content = JSON.parse(text) as Package;
      change(content);
      writeFileSync(file, JSON.stringify(content));
      return failure(REFUTED, ...verify);
    };
    expect(await changed((content) => void (content.entries[0]!.record.sender = null))).to.include("does not verify");
    expect(await changed((content) => void content.entries.pop())).to.include("some were left out");
    expect(await changed(({ entries }) => void (entries[1]!.proven.reason = 4))).to.include("is not in the log");
    const foreign = readFileSync(network.file("late.pem"), "utf8").replace(/-----[^-]+-----|\n/g, "");
    expect(await changed((content) => void content.certificates.push(foreign))).to.include("is not of any entry");
    writeFileSync(file, text.slice(0, -20));
    expect(await failure(USAGE, ...verify)).to.include("is not JSON");
  });
});
