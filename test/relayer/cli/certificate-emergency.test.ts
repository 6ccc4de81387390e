import { writeFileSync } from "node:fs";
import { expect } from "chai";
import type { Hex } from "viem";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { CliAuthority } from "./support/cli-authority.ts";
import { type Outcome, startCliNetwork } from "./support/cli-network.ts";

const REFUTED = 3;
const SUCCESSOR = testAccount(6).address;

describe("pqmesh cert emergency", function () {
  this.timeout(240_000);

  let network: Awaited<ReturnType<typeof startCliNetwork>>;
  let authority: CliAuthority;
  let nextKey: Hex;

  const file = (name: string): string => network.file(name);
  const wallet = (name: string): string[] => ["--wallet", file(name), "--yes"];
  const prepare = (order: string, ...words: string[]) =>
    network.ok<{ sentence: string; serials: string[] }>("cert", "emergency", ...words, "--out", file(`${order}.json`));
  const sign = (order: string, keystore = "recovery.json") =>
    network.run(
      ...["key", "sign", "--request", file(`${order}.json`), "--keystore", file(keystore), "--yes"],
      ...["--out", file(`${order}-signed.json`)],
    );
  const submit = (order: string) =>
    network.run("cert", "emergency", "submit", "--signed", file(`${order}-signed.json`), ...wallet("any.json"));
  /** Signs an order and lets anybody send it. */
  async function carryOut(order: string, keystore?: string): Promise<Outcome> {
    const signed = await sign(order, keystore);
    expect(signed.status, signed.stdout + signed.stderr).to.equal(0);
    const { status, stdout, stderr, json } = await submit(order);
    expect(status, stdout + stderr).to.equal(0);
    return json<Outcome>();
  }
  async function statuses(...names: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const name of names) found.push((await authority.statusOf(name)).status);
    return found;
  }

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    const recoveryKey = (await network.keystore("recovery.json", "slh-dsa-sha2-128s", "root")) as Hex;
    nextKey = (await network.keystore("next-recovery.json", "slh-dsa-sha2-128s", "root")) as Hex;
    await network.keystore("any.json", "secp256k1", "wallet", testAccount(7).getHdKey().privateKey!);
    await network.keystore("successor.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    authority = await CliAuthority.admit(network, { nodes: 3, recoveryKey });
    for (const node of [0, 1]) await authority.certifyNode(`node-${node}.pem`, node);
    await authority.certifyNode("next-0.pem", 0);
    const issue = ["cert", "issue", file("node-0.pem"), file("node-1.pem"), "--authority", "1"];
    await network.ok(...issue, ...wallet("owner.json"));
    const rotate = ["cert", "rotate", file("node-0.pem"), file("next-0.pem"), "--authority", "1"];
    await network.ok(...rotate, ...wallet("owner.json"));
  });
  after(() => network.stop());

  it("revokes a certificate and what it replaced, once", async () => {
    const words = ["revoke", file("next-0.pem"), "--authority", "1", "--reason", "keyCompromise"];
    const both = ["next-0.pem", "node-0.pem"].map((name) => authority.serialOf(name));
    expect((await prepare("kept", ...words, "--keep-replaced")).serials).to.deep.equal(both.slice(0, 1));
    expect((await prepare("revoke", ...words)).serials).to.deep.equal(both);
    const { after, call } = await carryOut("revoke");
    expect(call.functionName).to.equal("executeEmergencyOrder");
    expect(after[0]).to.equal(`Peers refuse ${both.join(", ")} within seconds and end their sessions.`);
    expect(await statuses("next-0.pem", "node-0.pem", "node-1.pem")).to.deep.equal(["revoked", "revoked", "good"]);
    const again = await submit("revoke");
    expect(again.status).to.equal(REFUTED);
    expect(again.json<{ error: string }>().error).to.include("was signed as number 0 of this key, the next one is 1");
  });

  it("is signed by no other key, and sent only as it was signed", async () => {
    await prepare("foreign", "revoke", file("node-1.pem"), "--authority", "1", "--reason", "keyCompromise");
    const { status, json } = await sign("foreign", "next-recovery.json");
    expect(status).not.to.equal(0);
    expect(json<{ error: string }>().error).to.include("next-recovery.json");
    expect((await sign("foreign")).status).to.equal(0);
    const other = ["revoke", file("next-0.pem"), "--operator", "1", "--reason", "keyCompromise"];
    const missing = await network.run("cert", "emergency", ...other, "--authority", "1", "--out", file("two.json"));
    expect(missing.status, "two keys for one order").not.to.equal(0);
    expect(await statuses("node-1.pem")).to.deep.equal(["good"]);
  });

  it("puts a successor in the place of an authority, which then issues nothing", async () => {
    const now = new Date((await network.chain.head()).timestamp * 1_000);
    const { trustDomain } = network.config;
    const named = { commonName: "successor", signer: certificateKey(), trustDomain, now };
    writeFileSync(file("successor.pem"), (await CertificateAuthority.createRoot(named)).pem);
    const terms = ["--account", SUCCESSOR, "--recovery-key", nextKey, "--ca", file("successor.pem")];
    const leaf = await network.run(
      ...["cert", "emergency", "succeed", "--authority", "1", ...terms.slice(0, -1), file("node-1.pem")],
      ...["--out", file("leaf.json")],
    );
    expect(leaf.json<{ error: string }>().error).to.include("is not marked as an authority's");
    await prepare("succeed", "succeed", "--authority", "1", ...terms);
    const { after, events } = await carryOut("succeed");
    expect(after[0]).to.equal("Authority 1 issues nothing any more; its successor issues from now on.");
    const admitted = events.find(({ name }) => name === "AuthorityAdmitted");
    expect(admitted?.args).to.include({ authorityId: 2, parent: 0, predecessor: 1 });
    expect(await statuses("node-1.pem"), "what it issued before").to.deep.equal(["good"]);

    await authority.certifyNode("late.pem", 2);
    const issue = (authorityId: string, name: string) =>
      network.run("cert", "issue", file("late.pem"), "--authority", authorityId, ...wallet(name));
    const refused = await issue("1", "successor.json");
    expect(refused.json<{ error: string }>().error).to.include("authority 1 issues nothing: it, or one above it");
    expect((await issue("2", "owner.json")).json<{ error: string }>().error).to.include("may not do this");
    expect((await issue("2", "successor.json")).status).to.equal(0);
    expect(await statuses("late.pem")).to.deep.equal(["good"]);
  });

  it("revokes an authority, and all that it issued is refused", async () => {
    await prepare("end", "revoke-authority", "--authority", "2", "--reason", "caCompromise");
    expect((await sign("end")).status, "the predecessor's key").not.to.equal(0);
    const { after } = await carryOut("end", "next-recovery.json");
    expect(after).to.deep.equal(["Nothing below authority 2 is accepted any more."]);
    expect(await statuses("late.pem", "node-1.pem")).to.deep.equal(["authority-not-good", "good"]);
    const shown = await network.ok<{ authorities: { authorityId: number; state: string }[] }>(
      ...["cert", "status", file("late.pem")],
    );
    expect(shown.authorities).to.deep.equal([{ authorityId: 2, state: "revoked" }]);
  });
});
