import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { bytesToHex } from "viem";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { CliAuthority } from "./support/cli-authority.ts";
import { type Outcome, startCliNetwork } from "./support/cli-network.ts";
import { runHere } from "./support/run-here.ts";

const USAGE = 2;
const VOTER = testAccount(5).address;

/** What a revocation would do. */
type Revocation = Outcome & { preview: { figures: { serials: string[]; replacedInOverlap: string[] } } };

describe("pqmesh cert issue, rotate, hold, release and revoke", function () {
  this.timeout(240_000);

  let network: Awaited<ReturnType<typeof startCliNetwork>>;
  let authority: CliAuthority;

  const refusal = async (...words: string[]): Promise<{ status: number | null; error: string }> => {
    const { status, json } = await network.run("cert", ...words);
    return { status, ...json<{ error: string }>() };
  };
  const sends = ["--yes"];
  const wallet = (): string[] => ["--wallet", network.file("owner.json")];
  const send = (...words: string[]) => network.ok<Outcome>("cert", ...words, ...wallet(), ...sends);
  const issue = (...names: string[]) => send("issue", ...names.map((name) => network.file(name)), "--authority", "1");
  const rotate = (old: string, next: string) =>
    send("rotate", ...[old, next].map((name) => network.file(name)), "--authority", "1", "--overlap", "1 d");
  const plan = (...words: string[]) => network.ok<Revocation>("cert", "revoke", ...words, ...wallet());

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("stranger.json", "secp256k1", "wallet", testAccount(8).getHdKey().privateKey!);
    authority = await CliAuthority.admit(network, { nodes: 4, recoveryKey: bytesToHex(randomBytes(32)) });
  });
  after(() => network.stop());

  it("records nothing in a dry run, then what was shown", async () => {
    await authority.certifyNode("first.pem", 0);
    const words = ["issue", network.file("first.pem"), "--authority", "1"];
    const { after, transaction } = await network.ok<Outcome>("cert", ...words, ...wallet(), "--dry-run");
    expect(transaction).to.equal(null);
    expect(after[0]).to.include("Peers accept nodes and relayers");
    expect((await refusal("status", network.file("first.pem"))).error).to.include("is unknown: nobody issued it");
    expect((await send(...words)).call.functionName).to.equal("issue");
    expect(await authority.statusOf("first.pem")).to.deep.include({ status: "good", kind: "node", subject: "0" });
    expect((await refusal(...words, ...wallet())).error).to.include("was recorded before");
    await authority.certifyNode("stolen.pem", 1);
    const stranger = ["--wallet", network.file("stranger.json")];
    const { error } = await refusal("issue", network.file("stolen.pem"), "--authority", "1", ...stranger);
    expect(error).to.include("may not do this: only the account of authority 1");
  });

  it("records several in one transaction", async () => {
    for (const node of [1, 2, 3]) await authority.certifyNode(`node-${node}.pem`, node);
    const { call, events } = await issue("node-1.pem", "node-2.pem", "node-3.pem");
    expect(call.functionName).to.equal("issueMany");
    expect(events.filter(({ name }) => name === "CertificateIssued")).to.have.length(3);
    const many = Array<string>(51).fill(network.file("node-1.pem"));
    const { status, error } = await refusal("issue", ...many, "--authority", "1", ...wallet());
    expect([status, error]).to.deep.equal([USAGE, "file is given 51 times, 50 is the most for one transaction"]);
  });

  it("says of a voter that an account votes by it, not that peers accept it", async () => {
    await authority.certifyHolder("voter.pem", `voter:${2n ** 40n}`);
    const words = ["issue", network.file("voter.pem"), "--authority", "1"];
    const { status, error } = await refusal(...words, ...wallet());
    expect([status, error]).to.satisfy(
      ([code, text]: [number, string]) => code === USAGE && text.includes("needs one"),
    );
    const { after } = await send(...words, "--account", VOTER);
    expect(after[0]).to.include("Accounts of operators and voters vote by them");
    expect(after.join(" ")).not.to.include("Peers accept");
    const { stdout } = await runHere(["cert", "status", network.file("voter.pem")], network.file("network.json"));
    expect(stdout).to.include("GOOD, the voter's account votes by its newest one").and.include("no peer accepts it");
    const held = await send("hold", network.file("voter.pem"));
    expect(held.after).to.deep.equal(["Accounts do not vote by them, until they are released or revoked."]);
    await send("release", network.file("voter.pem"));
    const { after: lost } = await plan(network.file("voter.pem"), "--reason", "cessationOfOperation");
    expect(lost.join(" ")).to.include("An account votes no more").and.not.include("Peers refuse");
  });

  it("holds and releases, once each", async () => {
    const file = network.file("node-3.pem");
    expect((await send("hold", file)).after[0]).to.include("a node on hold earns nothing");
    expect(await authority.statusOf("node-3.pem")).to.include({ status: "held", held: true });
    expect((await refusal("hold", file, ...wallet())).error).to.include("is on hold already");
    expect(
      (await refusal("rotate", file, network.file("first.pem"), "--authority", "1", ...wallet())).error,
    ).to.include("cannot take the place of");
    await send("release", file);
    expect(await authority.statusOf("node-3.pem")).to.include({ status: "good", held: false });
    expect((await refusal("release", file, ...wallet())).error).to.include("is not on hold");
  });

  it("rotates: both are good until the overlap ends", async () => {
    await authority.certifyNode("next.pem", 0);
    const { after, events } = await rotate("first.pem", "next.pem");
    expect(after[0]).to.match(/^Both are good until .+; then the old one is revoked as superseded\.$/);
    expect(events.map(({ name }) => name)).to.include.members(["CertificateIssued", "CertificateRotated"]);
    expect(await authority.statusOf("first.pem")).to.include({ status: "good", reason: "superseded" });
    expect(await authority.statusOf("next.pem")).to.include({ status: "good", revokedAt: null });
    const other = ["rotate", network.file("next.pem"), network.file("stolen.pem"), "--authority", "1"];
    expect((await refusal(...other, ...wallet())).error).to.include("it has another kind or subject");
  });

  it("ends with a certificate those that it replaced and that are good still", async () => {
    await authority.certifyNode("third.pem", 0);
    await rotate("next.pem", "third.pem");
    const [first, next, third] = ["first.pem", "next.pem", "third.pem"].map((name) => authority.serialOf(name));
    const words = [network.file("third.pem"), "--reason", "keyCompromise"];
    const { call, after, preview } = await plan(...words);
    expect(call.functionName).to.equal("revokeMany");
    expect(preview.figures).to.deep.include({ serials: [third, next, first], replacedInOverlap: [next, first] });
    expect(after[0]).to.equal(
      `Certificate ${next} ends with the one that took its place: it was good until their overlap is over.`,
    );
    const kept = await plan(...words, "--keep-replaced");
    expect([kept.call.functionName, kept.preview.figures.serials]).to.deep.equal(["revoke", [third]]);
    await send("revoke", ...words);
    for (const name of ["first.pem", "next.pem", "third.pem"]) {
      expect(await authority.statusOf(name), name).to.include({ status: "revoked", reason: "keyCompromise" });
    }
    expect((await refusal("revoke", ...words, ...wallet())).error).to.include("is revoked since");
  });

  it("leaves alone what an overlap that is over has ended", async () => {
    await authority.certifyNode("one-next.pem", 1);
    await rotate("node-1.pem", "one-next.pem");
    await network.pass(86_401);
    expect(await authority.statusOf("node-1.pem")).to.include({ status: "revoked", reason: "superseded" });
    const { preview, call } = await plan(network.file("one-next.pem"), "--reason", "keyCompromise");
    expect([call.functionName, preview.figures.replacedInOverlap]).to.deep.equal(["revoke", []]);
  });

  it("refuses a reason that is none and a serial number that is none", async () => {
    const reason = await refusal("revoke", network.file("node-2.pem"), "--reason", "certificateHold", ...wallet());
    expect(reason.status).to.equal(USAGE);
    expect(reason.error).to.include('--reason is "certificateHold", it must be one of unspecified, keyCompromise');
    const serial = await refusal("hold", "not-a-serial", ...wallet());
    expect([serial.status, existsSync("not-a-serial")]).to.deep.equal([USAGE, false]);
    expect(serial.error).to.include("it must be a PEM file or a serial number");
  });
});
