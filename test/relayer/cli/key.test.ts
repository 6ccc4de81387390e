import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { bytesToHex, type Hex, keccak256 } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { keystorePassword } from "../../../relayer/cli/password.ts";
import { openKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { temporaryDirectory } from "../keystore/temporary-directory.ts";
import { forbidInOutput, PASSWORD, pqmesh } from "./support/run-pqmesh.ts";

type Fields = Record<string, unknown>;

describe("pqmesh key and cert", () => {
  const path = temporaryDirectory();

  const json = async (...args: string[]): Promise<Fields> => (await pqmesh([...args, "--json"])).json();
  /** Makes a key and forbids its secret in every later output. */
  const create = async (use: string, name: string, ...rest: string[]): Promise<Fields> => {
    const made = await json("key", "create", "--purpose", use, "--out", path(name), ...rest);
    if (made.error === undefined) {
      const { secret } = await openKeystore(path(name), PASSWORD);
      forbidInOutput(Buffer.from(secret).toString("hex"));
    }
    return made;
  };

  for (const [use, kind, bytes] of [
    ["attestation", "ml-dsa-65", 1_952],
    ["root", "slh-dsa-sha2-128s", 32],
    ["wallet", "secp256k1", 33],
  ] as const) {
    it(`makes and shows a key for ${use}`, async () => {
      const made = await create(use, `${use}.json`, "--public-out", path(`${use}.pub`));
      expect(made).to.deep.include({ file: path(`${use}.json`), kind, purpose: use });
      expect(made.publicKey, "public key").to.match(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`));
      expect(readFileSync(path(`${use}.pub`), "utf8")).to.equal(`${String(made.publicKey)}\n`);
      expect(statSync(path(`${use}.json`)).mode & 0o777, "mode").to.equal(0o600);
      const shown = await json("key", "show", path(`${use}.json`));
      const address = use === "wallet" ? ["address"] : [];
      expect(shown).to.have.all.keys("file", "kind", "purpose", "createdAt", "publicKey", ...address);
      expect(shown.publicKey, "shown").to.equal(made.publicKey);
    });
  }

  it("says the address of a wallet", async () => {
    const made = await create("wallet", "owner.json");
    const { secret } = await openKeystore(path("owner.json"), PASSWORD);
    expect(made.address, "made").to.equal(privateKeyToAddress(bytesToHex(secret)));
    const { stdout } = await pqmesh(["key", "show", path("owner.json")]);
    expect(stdout, "shown").to.contain(`\naddress    ${String(made.address)}\n`);
  });

  it("names a long key by its hash, and says where it is whole", async () => {
    const [file, written] = [path("long.json"), path("long.pub")];
    const made = await pqmesh(["key", "create", "--purpose", "attestation", "--out", file, "--public-out", written]);
    const { publicKey } = await json("key", "show", file);
    const rows = [
      `key hash ${keccak256(publicKey as Hex)} (keccak-256)`,
      `the public key has 1,952 bytes: "pqmesh key show ${file} --json" prints it whole`,
    ];
    const head = `${file}: ml-dsa-65 key for attestation`;
    expect(made.stdout).to.equal(`${[head, ...rows, `${written}: its public key`].join("\n")}\n`);
    expect((await pqmesh(["key", "show", file])).stdout).to.equal(`${[head, ...rows].join("\n")}\n`);
    expect((await pqmesh(["key", "check", file])).stdout).to.include(`\n${rows.join("\n")}\n`);
  });

  it("shows a short key whole", async () => {
    const { stdout } = await pqmesh(["key", "create", "--purpose", "root", "--out", path("short.json")]);
    const { publicKey } = await json("key", "show", path("short.json"));
    expect(stdout).to.equal(`${path("short.json")}: slh-dsa-sha2-128s key for root\npublic key ${String(publicKey)}\n`);
  });

  it("ends with 2 when there is no such keystore", async () => {
    const { status, stderr } = await pqmesh(["key", "show", path("none.json")]);
    expect(status, "exit code").to.equal(2);
    expect(stderr).to.equal(`pqmesh: keystore ${path("none.json")} cannot be opened: it does not exist\n`);
  });

  it("makes no key when one of its files exists", async () => {
    const { error } = await create("tls", "second.json", "--public-out", path("root.pub"));
    expect(error).to.equal(`${path("root.pub")} exists already and is not overwritten`);
    expect(existsSync(path("second.json")), "keystore").to.equal(false);
  });

  it("lets one of two at once make the file", async () => {
    const runs = await Promise.all([create("wallet", "race.json"), create("wallet", "race.json")]);
    const errors = runs.flatMap(({ error }) => (error === undefined ? [] : [error]));
    expect(errors).to.deep.equal([`${path("race.json")} exists already and is not overwritten`]);
  });

  it("reads the password from the file that an option names", async () => {
    writeFileSync(path("password"), `${PASSWORD}\n`, { mode: 0o600 });
    const args = ["key", "create", "--purpose", "tls", "--out", path("tls.json"), "--password-file", path("password")];
    const { status } = await pqmesh(args, { PQMESH_PASSWORD: "" });
    expect(status, "exit code").to.equal(0);
    expect(await openKeystore(path("tls.json"), PASSWORD)).to.deep.include({ purpose: "tls" });
  });

  it("says that there is no password, or that everyone can read it", async () => {
    const args = ["key", "create", "--purpose", "tls", "--out", path("none.json"), "--json"];
    const none = await pqmesh(args, { PQMESH_PASSWORD: "" });
    expect(none.json<Fields>().error).to.include("no keystore password");
    expect(none.status, "exit code").to.equal(2);
    writeFileSync(path("open-password"), PASSWORD, { mode: 0o644 });
    const open = await pqmesh([...args, "--password-file", path("open-password")]);
    expect(open.json<Fields>().error).to.include("open to every user (mode 0644)");
  });

  it("certifies a TLS key and shows the certificate", async () => {
    await create("authority", "ca.json");
    const domain = ["--trust-domain", "pqmesh.test"];
    const authority = await json(
      "cert",
      "authority",
      "--keystore",
      path("ca.json"),
      ...domain,
      "--out",
      path("ca.pem"),
    );
    expect(authority).to.deep.equal({ file: path("ca.pem"), trustDomain: "pqmesh.test" });
    await json("cert", "csr", "--keystore", path("tls.json"), "--out", path("tls.csr"));
    const issue = ["--ca", path("ca.pem"), "--ca-keystore", path("ca.json"), ...domain, "--request", path("tls.csr")];
    const did = `did:pqmesh:31337:0x${"ab".repeat(20)}:3`;
    const node = await json("cert", "issue-node", "--did", did, ...issue, "--out", path("node.pem"));
    expect(node).to.have.all.keys("file", "serialNumber", "hash");
    const address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const relayer = await json("cert", "issue-relayer", "--address", address, ...issue, "--out", path("relayer.pem"));
    expect(relayer).to.have.all.keys("file", "serialNumber", "hash");
    const shown = await json("cert", "show", path("node.pem"));
    expect(shown).to.have.all.keys("subject", "issuer", "serialNumber", "validFrom", "validTo", "names", "hash");
    expect(shown.names).to.include(`URI:${did}`);
    const wrong = await json("cert", "issue-node", "--did", "did:none", ...issue, "--out", path("wrong.pem"));
    expect(wrong.error).to.include("did:none");
    expect((await json("cert", "show", path("tls.csr"))).error).to.include("is no PEM certificate");
  });

  it("gives a person one number, and certifies it as a voter", async () => {
    writeFileSync(path("person.txt"), "  Zo\u0065\u0308 of Example \n");
    const numbered = await json("cert", "nullifier", "--person", path("person.txt"), "--salt", path("person.salt"));
    expect(statSync(path("person.salt")).mode & 0o777, "mode of the salt").to.equal(0o600);
    const salt = Buffer.from(readFileSync(path("person.salt"), "utf8").trim(), "hex");
    const expected = createHash("sha256")
      .update("pqmesh voter/v1\0")
      .update(salt)
      .update("Zo\u00eb of Example")
      .digest("hex");
    expect(numbered["nullifier"]).to.equal(String(BigInt(`0x${expected}`)));
    expect(
      await json("cert", "nullifier", "--person", path("person.txt"), "--salt", path("person.salt")),
    ).to.deep.equal(numbered);
    const did = `did:pqmesh:31337:0x${"ab".repeat(20)}:voter:${String(numbered["nullifier"])}`;
    const files = ["--ca", path("ca.pem"), "--ca-keystore", path("ca.json"), "--request", path("tls.csr")];
    const names = ["--trust-domain", "pqmesh.test", "--did", did, "--out", path("voter.pem")];
    await json("cert", "issue-holder", ...files, ...names);
    expect((await json("cert", "show", path("voter.pem"))).names).to.deep.equal([
      `URI:spiffe://pqmesh.test/voter/${String(numbered["nullifier"])}`,
      `URI:${did}`,
    ]);
    writeFileSync(path("short.salt"), "abcd");
    const short = await json("cert", "nullifier", "--person", path("person.txt"), "--salt", path("short.salt"));
    expect(short.error).to.include("short.salt holds no salt: 32 bytes in hex");
  });

  it("says which key a certificate needs", async () => {
    const args = ["cert", "csr", "--keystore", path("wallet.json"), "--out", path("never.csr")];
    expect(await json(...args)).to.deep.equal({
      error: `${path("wallet.json")} holds a key for wallet, not for tls`,
      exitCode: 2,
    });
  });

  it("says what is wrong with a keystore and its password", async () => {
    const request = (keystore: string) => ["cert", "csr", "--keystore", path(keystore), "--out", path("never.csr")];
    const wrong = await pqmesh([...request("tls.json"), "--json"], { PQMESH_PASSWORD: "another passphrase" });
    expect(wrong.json<Fields>().error).to.include("the password is wrong or the file was changed");
    expect(wrong.stdout, "the password tried").not.to.include("another passphrase");
    expect(wrong.status, "exit code").to.equal(1);
    const whole = readFileSync(path("tls.json"), "utf8");
    writeFileSync(path("cut.json"), whole.slice(0, whole.length / 2), { mode: 0o600 });
    expect((await json(...request("cut.json"))).error).to.include("cut.json is cut short or damaged");
    writeFileSync(path("open.json"), whole);
    chmodSync(path("open.json"), 0o604);
    expect((await json("key", "show", path("open.json"))).error).to.include("open to every user (mode 0604)");
    expect(existsSync(path("never.csr")), "request written").to.equal(false);
  });

  it("prints the measurement of this build", async () => {
    expect((await json("agent", "measure")).measurement).to.match(/^0x[0-9a-f]{64}$/);
  });
}).timeout(60_000);

describe("keystorePassword at a terminal", () => {
  /** A terminal at which somebody types lines. */
  const terminalOf = (typed: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = Object.assign(new PassThrough(), { isTTY: true });
    input.write(typed);
    return { input, output, shown: () => String(output.read()) };
  };
  const refusal = (promise: Promise<string>): Promise<string> =>
    promise.then(
      () => "no refusal",
      (error: Error) => error.message,
    );

  it("asks and does not show what is typed", async () => {
    const terminal = terminalOf("typed passphrase\n");
    expect(await keystorePassword({}, { terminal, env: {} })).to.equal("typed passphrase");
    expect(terminal.shown()).to.equal("Password of the keystore: \n");
  });

  it("asks twice for a new keystore", async () => {
    const same = terminalOf("passphrase\npassphrase\n");
    expect(await keystorePassword({}, { again: true, terminal: same, env: {} })).to.equal("passphrase");
    const differs = terminalOf("passphrase\npassphrasf\n");
    const sentence = await refusal(keystorePassword({}, { again: true, terminal: differs, env: {} }));
    expect(sentence).to.equal("the two passwords differ");
  });

  it("refuses an empty one and an end of input", async () => {
    expect(await refusal(keystorePassword({}, { terminal: terminalOf("\n"), env: {} }))).to.include("is empty");
    const ended = terminalOf("");
    ended.input.end();
    expect(await refusal(keystorePassword({}, { terminal: ended, env: {} }))).to.equal("no password was given");
    const interrupted = terminalOf("half\u0003");
    expect(await refusal(keystorePassword({}, { terminal: interrupted, env: {} }))).to.equal("no password was given");
  });

  it("does not ask when the environment has it", async () => {
    const terminal = terminalOf("");
    const env = { PQMESH_PASSWORD: "from the environment" };
    expect(await keystorePassword({}, { terminal, env })).to.equal("from the environment");
    expect(terminal.output.read()).to.equal(null);
  });
});
