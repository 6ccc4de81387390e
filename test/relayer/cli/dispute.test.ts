import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { formatEther } from "viem";
import { createKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { challengeLeaf, disputeEvents } from "../../helpers/dispute-calls.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { EPOCH } from "../committee/committee-rig.ts";
import { answerLeaf, WATCHER, WatchRig } from "../disputes/watch-rig.ts";
import { PASSWORD, pqmesh, type Run } from "./support/run-pqmesh.ts";

/** scrypt's cheapest cost: these keys guard nothing. */
const SCRYPT_COST = 2 ** 14;
const PQMESH = join(import.meta.dirname, "../../../relayer/cli/pqmesh.ts");

describe("pqmesh challenge, prove-invalid, report and watch", function () {
  this.timeout(120_000);

  let rig: WatchRig;
  let directory: string;
  const children: ChildProcess[] = [];
  const file = (name: string) => join(directory, name);

  beforeEach(async () => {
    rig = await WatchRig.create();
    directory = mkdtempSync(join(tmpdir(), "dispute-cli-"));
    const secret = testAccount(WATCHER).getHdKey().privateKey!;
    const purse = {
      kind: "secp256k1",
      purpose: "wallet",
      secret,
      password: PASSWORD,
      scryptCost: SCRYPT_COST,
    } as const;
    await writeKeystore(file("wallet.json"), await createKeystore(purse));
    const relayers = [{ address: rig.committee.relayers[0]!.address, url: rig.url }];
    writeFileSync(file("network.json"), JSON.stringify({ ...rig.committee.network.config, relayers }));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rig.stop();
    rmSync(directory, { recursive: true });
  });

  const run = (...args: string[]): Promise<Run> => pqmesh(["--json", ...args, "--network", file("network.json")], {});
  const send = (...args: string[]): Promise<Run> => run(...args, "--wallet", file("wallet.json"));
  const events = (name: Parameters<typeof disputeEvents>[1]) => disputeEvents(rig.committee.network, name);

  async function reportForgery(): Promise<void> {
    const leaves = await rig.attestAll();
    const forged = rig.committee.nodes[1]!.sign(leaves[2]!.attestation);
    await rig.report([...leaves.slice(0, 2), forged]);
  }

  it("shows what a challenge costs and does, then makes it", async () => {
    await rig.report(await rig.attestAll());
    const preview = await send("challenge", "1", `${EPOCH}`, "--dry-run");
    expect(preview.status, preview.stderr).to.equal(0);
    expect(preview.json()).to.deep.include({ dryRun: true, transaction: null });
    expect(preview.json<{ sentence: string }>().sentence).to.match(/node 1 in epoch 6 with a bond of 0\.008 ETH/);
    expect(await events("ChallengeMade"), "nothing sent").to.have.length(0);
    const made = await send("challenge", "1", `${EPOCH}`, "--yes");
    expect(made.status, made.stderr).to.equal(0);
    expect((await events("ChallengeMade")).map(({ args }) => args)).to.have.length(1);
    const again = await send("challenge", "1", `${EPOCH}`, "--yes");
    expect(again.json<{ error: string }>().error).to.match(/challenge 1 about node 1 in epoch 6 is open/);
    const shown = (await run("report", "0", `${EPOCH}`)).json<{ signers: string[]; challenges: object[] }>();
    expect(shown.signers, "signers").to.have.length(4);
    expect(shown.challenges, "challenges").to.have.length(1);
    expect(shown.challenges[0]).to.include({ id: "1", nodeIndex: 1, state: "open" });
  });

  it("says which reports there are when one does not exist", async () => {
    const refusal = async (...words: string[]) => {
      const { status, json } = await (words[0] === "report" ? run(...words) : send(...words));
      expect(status, words.join(" ")).to.equal(1);
      return json<{ error: string }>().error;
    };
    const none = `no report of epoch ${EPOCH} and shard 0 is known; of the last 2,048 epochs none has one`;
    expect(await refusal("report", "0", `${EPOCH}`)).to.equal(none);
    await rig.report(await rig.attestAll());
    const missing = `no report of epoch ${EPOCH + 1n} and shard 0 is known; of the last 2,048 epochs only ${EPOCH} has one`;
    for (const words of [
      ["report", "0"],
      ["challenge", "1"],
      ["prove-invalid", "1"],
    ]) {
      expect(await refusal(...words, `${EPOCH + 1n}`)).to.equal(missing);
    }
    expect(await refusal("report", "9", `${EPOCH}`)).to.equal(
      "shard 9 has no nodes and no reports; the last one with a node is 0",
    );
    expect(await refusal("challenge", "99", `${EPOCH}`)).to.match(/^node 99 does not exist; nodes 0 to \d do$/);
  });

  it("ends a challenge that was answered, and says before what it waits for", async () => {
    const leaves = await rig.attestAll();
    await rig.report(leaves);
    await send("challenge", "1", `${EPOCH}`, "--yes");
    const refusal = async (...args: string[]) => (await send("challenge", ...args)).json<{ error: string }>().error;
    expect(await refusal("dismiss", "1", "--yes")).to.equal("challenge 1 was not answered: challenge expire ends it");
    expect(await refusal("dismiss", "9", "--yes")).to.equal("challenge 9 is over, or was never made");
    expect(await refusal("dismiss", "one", "--yes")).to.include('id is "one", it must be a whole number');
    await answerLeaf(rig, { id: 1n, nodeIndex: 1, leaves });
    expect(await refusal("expire", "1", "--yes")).to.equal("challenge 1 was answered: challenge dismiss ends it");
    expect(await refusal("dismiss", "1", "--yes")).to.match(/can still be proven invalid; it can be ended from 20/);
    const [answered] = await events("ChallengeAnswered");
    await rig.committee.chain.mineAt(Number((answered!.args as { until: bigint }).until));
    const preview = await send("challenge", "dismiss", "1", "--dry-run");
    expect(preview.status, preview.stdout).to.equal(0);
    expect(preview.json()).to.deep.include({ dryRun: true, transaction: null });
    expect(await events("ChallengeClosed"), "nothing sent").to.have.length(0);
    const ended = await send("challenge", "dismiss", "1", "--yes");
    expect(ended.status, ended.stdout).to.equal(0);
    expect(ended.json<{ after: string[] }>().after[0]).to.match(/can withdraw the bond of 0\.008 ETH/);
    expect((await events("ChallengeClosed"))[0]?.args).to.include({ id: 1n, state: 5 });
  });

  it("ends a challenge of somebody else that nobody answered, for a tenth of its bond", async () => {
    const report = await rig.report(await rig.attestAll());
    await challengeLeaf(rig.committee.network, { accepted: { ...report, signers: 15n }, nodeIndex: 1 });
    const early = await send("challenge", "expire", "1", "--yes");
    expect(early.status, early.stdout).to.equal(1);
    expect(early.json<{ error: string }>().error).to.match(/can still be answered; it can be ended from 20/);
    const [opened] = await events("ChallengeOpened");
    await rig.committee.chain.mineAt(Number((opened!.args as { until: bigint }).until));
    const ended = await send("challenge", "expire", "1", "--yes");
    expect(ended.status, ended.stdout).to.equal(0);
    const { preview } = ended.json<{ preview: { gets: string[] } }>();
    const [made] = await events("ChallengeMade");
    const { bond } = made!.args as { bond: bigint };
    expect(preview.gets).to.deep.equal([`${formatEther(bond / 10n)} ETH, a tenth of the bond, to withdraw.`]);
    expect((await events("ChallengeClosed"))[0]?.args).to.include({ id: 1n, state: 4 });
  });

  it("proves a forged leaf, and says that an honest one stands", async () => {
    await reportForgery();
    const honest = await send("prove-invalid", "0", `${EPOCH}`, "--yes");
    expect(honest.status, honest.stdout).to.equal(3);
    expect(honest.json()).to.include({ flaw: null });
    const preview = await send("prove-invalid", "2", `${EPOCH}`, "--dry-run");
    expect(preview.status, preview.stderr).to.equal(0);
    expect(preview.json()).to.include({ flaw: "signature", dryRun: true, gas: "5560000" });
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    const proven = await send("prove-invalid", "2", `${EPOCH}`, "--yes");
    expect(proven.status, proven.stdout).to.equal(0);
    expect(proven.json<{ transactions: string[] }>().transactions).to.have.length(2);
    expect(await events("LeafInvalid")).to.have.length(1);
    expect((await run("report", "0", `${EPOCH}`)).json()).to.include({ isForged: true });
  });

  it("watches in a process of its own that survives kill -9", async () => {
    await reportForgery();
    const config = { dataDir: "data", network: "network.json", watch: "act", walletKeystore: "wallet.json" };
    writeFileSync(file("watch.json"), JSON.stringify(config));
    const start = () => {
      const env = { ...process.env, PQMESH_PASSWORD: PASSWORD };
      const child = spawn(process.execPath, [PQMESH, "watch", "--config", file("watch.json")], {
        env,
        stdio: "ignore",
      });
      children.push(child);
      return child;
    };
    const first = start();
    await waitUntil("the evidence is claimed", async () => (await events("EvidenceClaimed")).length === 1, 40_000);
    first.kill("SIGKILL");
    await once(first, "exit");
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    const second = start();
    await waitUntil("the leaf is proven", async () => (await events("LeafInvalid")).length === 1, 40_000);
    expect(await events("EvidenceClaimed"), "claimed once").to.have.length(1);
    second.kill("SIGTERM");
    expect((await once(second, "exit"))[0], "exit code").to.equal(0);
  });

  it("names what is wrong with the configuration of a watchtower", async () => {
    writeFileSync(file("watch.json"), JSON.stringify({ dataDir: "data", network: "network.json", watch: "act" }));
    const { status, stderr } = await pqmesh(["watch", "--config", file("watch.json")]);
    expect(status).to.equal(2);
    expect(stderr).to.match(/walletKeystore must be given: a watchtower that acts needs a wallet/);
  });
});
