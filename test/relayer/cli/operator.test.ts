import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { freshPublicKeys } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

const OWNER = testAccount(0).address;
const HOT = testAccount(5).address;
const NEXT_OWNER = testAccount(6).address;
const PAID = testAccount(7).address;
const ROOT_KEY = `0x${"5a".repeat(32)}`;
/** Delays of the test network: three epochs for owner and beneficiary, twelve for unbonding, ten seconds each. */
const CHANGE_DELAY = 30;
const UNBONDING = 120;
const OUTCOME_KEYS = ["dryRun", "sentence", "after", "call", "gas", "maxCostWei", "transaction", "events"];

interface Operator {
  owner: string;
  operatorWallet: string;
  beneficiary: string;
  pending: Record<"owner" | "beneficiary", { next: string } | null>;
}

describe("pqmesh operator and stake", () => {
  let network: CliNetwork;

  /** Sends with a wallet of the network's directory. */
  const send = (wallet: string, ...args: string[]): Promise<Outcome> =>
    network.ok(...args, "--wallet", network.file(wallet), "--yes");
  const refusal = async (wallet: string, ...args: string[]): Promise<{ error: string; exitCode: number }> => {
    const { json, status } = await network.run(...args, "--wallet", network.file(wallet), "--yes");
    expect(status, "exit code").to.equal(json<{ exitCode: number }>().exitCode);
    return json();
  };
  const operator = (): Promise<Operator> => network.ok<Operator>("operator", "show", "1");

  before(async () => {
    network = await startCliNetwork();
    await network.keystore("next.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    await network.keystore("stranger.json", "secp256k1", "wallet", testAccount(8).getHdKey().privateKey!);
    await network.keystore("penniless.json", "secp256k1", "wallet");
    freshPublicKeys(2).forEach((key, i) => {
      writeFileSync(network.file(`node-${i}.pub`), `0x${Buffer.from(key).toString("hex")}\n`);
    });
  });
  after(() => network.stop());

  it("simulates without sending", async () => {
    const wallet = ["--wallet", network.file("owner.json")];
    const outcome = await network.ok("operator", "register", "--root-key", ROOT_KEY, ...wallet, "--dry-run");
    expect(outcome).to.have.all.keys(OUTCOME_KEYS);
    expect(outcome).to.deep.include({ dryRun: true, transaction: null, events: [] });
    expect(outcome.call).to.deep.include({ from: OWNER, contract: "NodeRegistry", functionName: "registerOperator" });
    expect(Number(outcome.gas), "gas").to.be.above(21_000);
    expect(outcome.after[0], "what would be true").to.equal(`Identity 1 belongs to ${OWNER}.`);
    const { json, status } = await network.run("operator", "show", "1");
    expect(json()).to.have.property("error").that.includes("identity 1 does not exist");
    expect(status, "exit code").to.equal(1);
  });

  it("registers an operator", async () => {
    const options = ["--root-key", ROOT_KEY, "--operator-wallet", HOT, "--beneficiary", PAID];
    const outcome = await send("owner.json", "operator", "register", ...options);
    expect(outcome.dryRun, "dry run").to.equal(false);
    expect(outcome.transaction?.hash, "hash").to.match(/^0x[0-9a-f]{64}$/);
    expect(outcome.events.map(({ name }) => name)).to.deep.equal(["OperatorRegistered"]);
    const shown = await operator();
    expect(shown).to.deep.include({ identityId: 1, owner: OWNER, operatorWallet: HOT, beneficiary: PAID });
    expect(shown.pending).to.deep.equal({ owner: null, beneficiary: null });
  });

  it("says why the contract refuses", async () => {
    const { error, exitCode } = await refusal("owner.json", "operator", "register", "--root-key", ROOT_KEY);
    expect(error).to.include(`wallet ${OWNER} already owns identity 1`).and.include("NodeRegistry_AlreadyOperator");
    expect(exitCode, "exit code").to.equal(1);
    const hot = await refusal("stranger.json", "operator", "set-wallet", "1", HOT);
    expect(hot.error).to.include("only the owner");
    const node = await refusal("stranger.json", "operator", "register-node", "--key", network.file("node-0.pub"));
    expect(node.error).to.include("owns no identity yet");
  });

  it("says that a wallet cannot pay for the gas", async () => {
    const { error, exitCode } = await refusal("penniless.json", "operator", "register", "--root-key", ROOT_KEY);
    expect(error).to.match(/wallet 0x[0-9a-fA-F]{40} has 0 of the chain's coin|cannot pay for the gas/);
    expect(exitCode, "exit code").to.equal(1);
  });

  it("registers nodes and stakes with a permit in one transaction", async () => {
    for (const i of [0, 1]) {
      const { after, events } = await send(
        "owner.json",
        "operator",
        "register-node",
        "--key",
        network.file(`node-${i}.pub`),
      );
      expect(after[0], "node").to.include(`Node ${i} belongs to the wallet's identity`);
      expect(events[0], "event").to.deep.include({ name: "NodeRegistered" });
      const staked = await send("owner.json", "stake", "add", String(i), "20000");
      expect(staked.call.functionName, "function").to.equal("stakeWithPermit");
      expect(staked.after[0], "stake after").to.include("has 20000 MESH bonded, 0 before");
    }
    const stake = await network.ok("stake", "show", "0");
    expect(stake).to.deep.equal({ nodeIndex: 0, bonded: `${20_000n * 10n ** 18n}`, unbondings: [] });
  });

  it("refuses more stake than the wallet has", async () => {
    const { error } = await refusal("stranger.json", "stake", "add", "0", "5");
    expect(error).to.equal(`wallet ${testAccount(8).address} holds 0 MESH, 5 are needed`);
  });

  it("unbonds, cancels and withdraws", async () => {
    const begun = await send("owner.json", "stake", "unbond", "0", "500.5");
    expect(begun.after.join(" ")).to.include("500.5 MESH").and.include("19499.5 MESH bonded");
    const early = await refusal("stranger.json", "stake", "withdraw", "0");
    expect(early.error).to.match(/nothing has matured yet; the next unbonding does at 20\d\d-/);
    const cancelled = await send("owner.json", "stake", "cancel", "0", "0");
    expect(cancelled.after).to.deep.equal(["Node 0 has 20000 MESH bonded."]);
    expect((await refusal("owner.json", "stake", "cancel", "0", "0")).error).to.include("no unbonding 0");
    const all = await send("owner.json", "stake", "unbond", "0", "all");
    expect(all.after.join(" ")).to.include("0 MESH bonded and goes inactive");
    await network.pass(UNBONDING);
    const paid = await send("stranger.json", "stake", "withdraw", "0");
    expect(paid.after).to.deep.equal(["20000 MESH are with the beneficiary of the node's operator."]);
    expect(paid.events.find(({ name }) => name === "Withdrawn")?.args).to.deep.include({ beneficiary: PAID });
  });

  it("refuses to deactivate a node that has its minimum", async () => {
    expect((await refusal("stranger.json", "stake", "deactivate", "1")).error).to.include("not below the minimum");
  });

  it("changes the beneficiary in two steps", async () => {
    const { after } = await send("owner.json", "operator", "propose-beneficiary", "1", NEXT_OWNER);
    expect(after[0], "until then").to.include(`${PAID} is paid until`);
    expect((await operator()).pending.beneficiary).to.deep.include({ next: NEXT_OWNER });
    const early = await refusal("owner.json", "operator", "accept-beneficiary", "1");
    expect(early.error).to.include("can be completed from 20");
    await network.pass(CHANGE_DELAY);
    await send("owner.json", "operator", "accept-beneficiary", "1");
    expect(await operator()).to.deep.include({ beneficiary: NEXT_OWNER });
  });

  it("cancels what is pending", async () => {
    await send("owner.json", "operator", "propose-owner", "1", HOT);
    await send("owner.json", "operator", "cancel-changes", "1");
    expect((await operator()).pending).to.deep.equal({ owner: null, beneficiary: null });
  });

  it("hands the identity to another owner in two steps", async () => {
    await send("owner.json", "operator", "set-wallet", "1", OWNER);
    await send("owner.json", "operator", "propose-owner", "1", NEXT_OWNER);
    await network.pass(CHANGE_DELAY);
    expect((await refusal("stranger.json", "operator", "accept-owner", "1")).error).to.include("was offered to");
    const { after } = await send("next.json", "operator", "accept-owner", "1");
    expect(after[0], "new owner").to.equal(`${NEXT_OWNER} owns identity 1; ${OWNER} owns it no longer.`);
    expect(await operator()).to.deep.include({ owner: NEXT_OWNER, operatorWallet: NEXT_OWNER });
  });

  it("ends a node for good", async () => {
    const { events } = await send("next.json", "operator", "exit-node", "1");
    expect(events.map(({ name }) => name)).to.include("NodeExitRequested");
    expect(await network.ok("node", "show", "1")).to.deep.include({ exited: true });
    expect((await refusal("next.json", "operator", "exit-node", "1")).error).to.include("node 1 has exited");
  });

  it("shows network and nodes", async () => {
    const status = await network.ok<object>("network", "status");
    const keys = ["block", "epoch", "nodes", "liveNodes", "staked", "committeeVersion", "nextEpoch", "relayers"];
    expect(status).to.have.all.keys(keys);
    expect(status).to.deep.include({ nodes: 2, relayers: [] });
    const node = await network.ok<object>("node", "show", "0");
    expect(node).to.include.all.keys("nodeIndex", "did", "identityId", "keyHash", "intervals", "stake", "uptime");
    const missing = await network.run("node", "show", "7");
    expect(missing.json()).to.have.property("error").that.includes("node 7 does not exist");
  });

  it("says which report comes next when there is none to verify by", async () => {
    const { status, json } = await network.run("attestation", "verify", "0", "4000000000");
    expect(json())
      .to.have.property("error")
      .that.equals("no report of epoch 4000000000 and shard 0 is on the chain; epoch 0 is the next to be reported");
    expect(status, "exit code").to.equal(1);
  });

  it("tells people the same in text", async () => {
    const args = ["operator", "cancel-changes", "1", "--wallet", network.file("next.json")];
    const { pqmesh } = await import("./support/run-pqmesh.ts");
    const { stdout, status } = await pqmesh(args, { PQMESH_NETWORK: network.file("network.json") });
    expect(stdout)
      .to.match(/call +NodeRegistry\.cancelPendingChanges\(1\)/)
      .and.match(/gas +\d+, at most [\d.]+ ETH/);
    expect(stdout).to.include("Afterwards:").and.include("Nothing was sent");
    expect(status, "exit code").to.equal(0);
  });
}).timeout(60_000);
