import { readFileSync, writeFileSync } from "node:fs";
import { certificateRegistryAbi as abi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { expect } from "chai";
import { concatHex, encodeFunctionData, type Hex } from "viem";
import { EXIT_CODES } from "../../../relayer/src/service/exit-codes.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { CliAuthority } from "./support/cli-authority.ts";
import { type Outcome, startCliNetwork } from "./support/cli-network.ts";

const WALLET_DELEGATE = testAccount(6);

describe("pqmesh cert order, and what orders may name", function () {
  this.timeout(240_000);

  let network: Awaited<ReturnType<typeof startCliNetwork>>;
  let authority: CliAuthority;
  let keyDelegate: Hex;

  const file = (name: string): string => network.file(name);
  const order = (...words: string[]) => network.run("cert", "order", ...words);
  const byWallet = (out: string) => ["--authority", "1", "--wallet", file("delegate.json"), "--out", file(out)];
  const submit = (name: string) => order("submit", "--signed", file(name), "--wallet", file("any.json"), "--yes");
  const statusOf = async (name: string) => (await authority.statusOf(name)).status;
  const setDelegate = (signer: Hex, isAllowed: boolean) => {
    const data = encodeFunctionData({ abi, functionName: "setDelegate", args: [1, signer, isAllowed] });
    return network.chain.send({ from: testAccount(0).address, to: network.config.contracts.CertificateRegistry, data });
  };
  async function succeeded<T = Outcome>(run: ReturnType<typeof order>): Promise<T> {
    const { status, stdout, stderr, json } = await run;
    expect(status, stdout + stderr).to.equal(0);
    return json<T>();
  }
  async function refused(run: ReturnType<typeof order>): Promise<{ status: number | null; error: string }> {
    const { status, json } = await run;
    return { status, error: json<{ error: string }>().error };
  }

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    const secret = (account: typeof WALLET_DELEGATE) => account.getHdKey().privateKey!;
    await network.keystore("delegate.json", "secp256k1", "wallet", secret(WALLET_DELEGATE));
    await network.keystore("any.json", "secp256k1", "wallet", secret(testAccount(7)));
    const publicKey = (await network.keystore("key-delegate.json", "ml-dsa-65", "account")) as Hex;
    await network.keystore("another.json", "ml-dsa-65", "account");
    writeFileSync(file("delegate.pub"), publicKey);
    keyDelegate = concatHex([network.config.contracts.MLDSA65Verifier, publicKey]);
    authority = await CliAuthority.admit(network, { nodes: 2, recoveryKey: `0x${"07".repeat(32)}` });
    for (const node of [0, 1]) await authority.certifyNode(`node-${node}.pem`, node);
    await authority.certifyNode("unknown.pem", 0);
    const issue = ["cert", "issue", file("node-0.pem"), file("node-1.pem"), "--authority", "1"];
    await network.ok(...issue, "--wallet", file("owner.json"), "--yes");
  });
  after(() => network.stop());

  it("refuses who is no delegate", async () => {
    const { status, error } = await refused(order("hold", file("node-0.pem"), ...byWallet("early.json")));
    expect(status).to.equal(EXIT_CODES.refuted);
    expect(error).to.equal(`${WALLET_DELEGATE.address} is no delegate of authority 1`);
  });

  it("holds and releases by the wallet of a delegate, sent by anybody", async () => {
    await setDelegate(WALLET_DELEGATE.address, true);
    const written = await succeeded<{ isSigned: boolean; sentence: string }>(
      order("hold", file("node-0.pem"), file("node-0.pem"), ...byWallet("hold.json")),
    );
    expect(written).to.include({ isSigned: true, sentence: "Put 1 certificate below authority 1 on hold." });
    const { after } = await succeeded(submit("hold.json"));
    expect(after[0]).to.contain("Peers refuse them within seconds");
    expect(await statusOf("node-0.pem")).to.equal("held");
    expect((await refused(submit("hold.json"))).error).to.equal(
      "the order was signed as number 0 of this delegate, the next one is 1",
    );
    await succeeded(order("release", file("node-0.pem"), ...byWallet("release.json")));
    await succeeded(submit("release.json"));
    expect(await statusOf("node-0.pem")).to.equal("good");
  });

  it("revokes by an ML-DSA-65 key that signs where there is no network", async () => {
    await setDelegate(keyDelegate, true);
    const words = ["revoke", file("node-0.pem"), "--reason", "keyCompromise", "--authority", "1"];
    const key = ["--key", file("delegate.pub"), "--out", file("request.json")];
    expect(await succeeded(order(...words, ...key))).to.include({ isSigned: false });
    expect((await refused(submit("request.json"))).status, "unsigned").to.equal(EXIT_CODES.usage);
    const sign = (keystore: string) =>
      network.run(
        ...["key", "sign", "--request", file("request.json"), "--keystore", file(keystore), "--yes"],
        ...["--out", file("signed.json")],
      );
    expect((await refused(sign("another.json"))).error).to.contain("is not the key of the delegate");
    await succeeded(sign("key-delegate.json"));
    const { after, call } = await succeeded(submit("signed.json"));
    expect(call.functionName).to.equal("executeStatusOrder");
    expect(after.join(" ")).to.contain("A revoked node earns nothing");
    expect([await statusOf("node-0.pem"), await statusOf("node-1.pem")]).to.deep.equal(["revoked", "good"]);
  });

  it("sends nothing that was changed, and nothing of a delegate that is none any more", async () => {
    await succeeded(order("hold", file("node-1.pem"), ...byWallet("late.json")));
    const text = readFileSync(file("late.json"), "utf8");
    writeFileSync(file("changed.json"), text.replace('"Hold"', '"Release"'));
    expect((await refused(submit("changed.json"))).error).to.contain("digest does not belong to the other fields");
    await setDelegate(WALLET_DELEGATE.address, false);
    expect((await refused(submit("late.json"))).error).to.contain("is no delegate of authority 1");
    expect(await statusOf("node-1.pem")).to.equal("good");
  });

  it("lets an offline key name only certificates that it may revoke", async () => {
    const emergency = (name: string, ...words: string[]) =>
      refused(
        network.run(
          ...["cert", "emergency", "revoke", file(name), "--reason", "keyCompromise", ...words],
          ...["--out", file("never.json")],
        ),
      );
    const serial = authority.serialOf("node-1.pem");
    const foreign = await emergency("node-1.pem", "--operator", "2");
    expect(foreign.status).to.equal(EXIT_CODES.refuted);
    expect(foreign.error).to.equal(
      `certificate ${serial} is none of operator 2 or its nodes: it is of node 1, which operator 1 has`,
    );
    const elsewhere = await emergency("node-1.pem", "--authority", "9");
    expect(elsewhere.error).to.equal(`certificate ${serial} is not below authority 9: authority 1 issued it`);
    const unknown = await emergency("unknown.pem", "--operator", "1");
    expect(unknown.error).to.equal(`certificate ${authority.serialOf("unknown.pem")} was never recorded`);
  });
});
