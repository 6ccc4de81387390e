import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Abi, encodeDeployData, type Hex, keccak256, zeroAddress } from "viem";

import { testAccount } from "../../helpers/anvil.ts";
import { addNodes, freshPublicKeys } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

const MESH = 10n ** 18n;
const ACCUSER = testAccount(6).address;
/** Time to dispute, and to veto after it; how long a node is jailed. */
const [DISPUTE, VETO, JAIL] = [10, 10, 60];
const EVIDENCE = `0x${"e1".repeat(32)}`;

interface Proposal {
  status: string;
  nodeIndex: number;
  amount: { mesh: string };
  bond: { mesh: string };
}

/** A timelock with a delay of five seconds: account 0 proposes, account 5 approves, and anyone may execute. */
async function deployTimelock({ chain }: CliNetwork): Promise<string> {
  const path = "../../../artifacts/contracts/MeshTimelock.sol/MeshTimelock.json";
  const { abi, bytecode } = JSON.parse(readFileSync(join(import.meta.dirname, path), "utf8")) as {
    abi: Abi;
    bytecode: Hex;
  };
  const from = testAccount(0).address;
  const data = encodeDeployData({ abi, bytecode, args: [5n, 60n, from, testAccount(5).address, zeroAddress] });
  return (await chain.send({ from, data })).contractAddress;
}

describe("pqmesh slash, jail and unjail", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  const send = (wallet: string, ...args: string[]): Promise<Outcome> =>
    network.ok(...args, "--wallet", network.file(wallet), "--yes");
  const refusal = async (wallet: string, ...args: string[]): Promise<string> => {
    const { json, status } = await network.run(...args, "--wallet", network.file(wallet), "--yes");
    expect(status, "exit code").to.equal(json<{ exitCode: number }>().exitCode).and.to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const show = (id: string): Promise<Proposal> => network.ok<Proposal>("slash", "show", id);
  const epoch = async (): Promise<string> =>
    String(BigInt((await network.ok<{ epoch: string }>("network", "status")).epoch) - 1n);
  const propose = async (share: string): Promise<Outcome> =>
    send("accuser.json", "slash", "propose", "0", await epoch(), "--share", share, "--evidence", EVIDENCE);

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("accuser.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    await network.keystore("approver.json", "secp256k1", "wallet", testAccount(5).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(1));
    await network.call("MeshToken", "transfer", [ACCUSER, 10_000n * MESH]);
    await network.pass(30);
  });
  after(() => network.stop());

  it("says what a proposal risks before the contract may take its bond", async () => {
    const args = ["slash", "propose", "0", await epoch(), "--share", "5", "--evidence", EVIDENCE];
    const outcome = await network.ok<Outcome>(...args, "--wallet", network.file("accuser.json"));
    expect(outcome.approval).to.deep.include({ wei: `${1_000n * MESH}`, transaction: null });
    expect(outcome).to.deep.include({ dryRun: true, gas: null, transaction: null });
    expect(outcome.preview?.risks).to.deep.equal([
      "Your bond of 1000 MESH is lost when the DAO vetoes it, or when you take it back disputed, and a quarter of it when you take it back undisputed or the DAO does not decide.",
    ]);
    expect(outcome.preview?.figures.takes, "5 % of 200,000").to.deep.include({ mesh: "10000" });
    expect(await network.ok("slash", "show"), "nothing sent").to.deep.equal({ proposals: [], slashes: [] });
  });

  it("approves the bond, proposes, and takes it back", async () => {
    const { approval, events } = await propose("5");
    expect(approval?.transaction, "approval").to.match(/^0x[0-9a-f]{64}$/);
    expect(events.map(({ name }) => name)).to.include("SlashProposed");
    const proposal = await show("1");
    expect(proposal).to.deep.include({ status: "open", nodeIndex: 0 });
    expect([proposal.amount.mesh, proposal.bond.mesh]).to.deep.equal(["10000", "1000"]);
    expect(await refusal("owner.json", "slash", "cancel", "1")).to.include("only who made proposal 1 can take it back");
    const { after } = await send("accuser.json", "slash", "cancel", "1");
    expect(after[0]).to.equal("750 MESH of your bond return; a quarter goes to the treasury.");
    expect(await refusal("accuser.json", "slash", "cancel", "1")).to.include(
      "proposal 1 is closed, which does not allow this",
    );
  });

  it("hashes a file of evidence, and wants one of the two", async () => {
    writeFileSync(network.file("evidence.txt"), "seen at noon");
    const args = ["slash", "propose", "0", await epoch(), "--share", "5", "--wallet", network.file("accuser.json")];
    const { call } = await network.ok<Outcome>(...args, "--evidence-file", network.file("evidence.txt"));
    expect(call.args[3]).to.equal(keccak256(Buffer.from("seen at noon")));
    const neither = await network.run(...args);
    expect(neither.json()).to.deep.equal({
      error: "name the evidence with either --evidence or --evidence-file",
      exitCode: 2,
    });
  });

  it("refuses shares and epochs that are not open", async () => {
    const now = await epoch();
    const wrong = (...args: string[]) =>
      refusal("accuser.json", "slash", "propose", "0", ...args, "--evidence", EVIDENCE);
    expect(await wrong(now, "--share", "51")).to.include("it must be above zero and at most 50 %");
    expect(await wrong("999999", "--share", "5")).to.include("epoch 999999 cannot be named");
  });

  it("disputes, and lets the DAO veto", async () => {
    await propose("5");
    await send("owner.json", "slash", "dispute", "2");
    expect(await show("2")).to.deep.include({ status: "disputed" });
    const { after, events } = await send("owner.json", "slash", "veto", "2");
    expect(after[1]).to.include("goes to").and.include("whose own bond returns");
    expect(events.map(({ name }) => name)).to.include("SlashClosed");
  });

  it("executes what nobody disputed, jails the node and pays", async () => {
    await propose("1");
    expect(await refusal("owner.json", "slash", "execute", "3")).to.include("this can be done with proposal 3 from 20");
    await network.pass(DISPUTE + VETO);
    const { after } = await send("owner.json", "slash", "execute", "3");
    expect(after[0]).to.equal("2000 MESH of 2000 MESH are taken of node 0 and its delegators, pro rata.");
    const jail = await network.ok<{ taken: { mesh: string }; until: object }>("jail", "show", "0");
    expect(jail).to.deep.include({ jailed: true, barred: false, slashes: 1 });
    expect(jail.taken.mesh).to.equal("2000");
    const { slashes } = await network.ok<{ slashes: object[] }>("slash", "show", "--node", "0");
    expect(slashes).to.have.length(1);
    expect(slashes[0]).to.deep.include({ slashId: "1", reporter: ACCUSER, payableAt: "0" });
    expect(await refusal("owner.json", "slash", "pay", "1")).to.include("are paid out or given back already");
  });

  it("lets a node out when its time is over", async () => {
    expect(await refusal("accuser.json", "unjail", "0")).to.include("node 0 is jailed until 20");
    await network.pass(JAIL);
    const { after } = await send("accuser.json", "unjail", "0");
    expect(after[0]).to.include("Node 0 is active two epochs later");
    expect(await network.ok("jail", "show", "0")).to.deep.include({ jailed: false, until: null });
    expect(await refusal("accuser.json", "unjail", "0")).to.include("node 0 is not jailed");
  });

  it("ends a dispute that nobody decided", async () => {
    await propose("1");
    await send("owner.json", "slash", "dispute", "4");
    expect(await refusal("owner.json", "slash", "lapse", "4")).to.include("this can be done with proposal 4 from 20");
    await network.pass(DISPUTE + VETO);
    const { after } = await send("accuser.json", "slash", "lapse", "4");
    expect(after[0]).to.include("gets its bond of 1000 MESH back, the proposer three quarters");
  });

  it("schedules what only the timelock may do, and executes it once its delay is over", async () => {
    await propose("1");
    await network.pass(DISPUTE + VETO);
    await send("owner.json", "slash", "execute", "5");
    await network.pass(JAIL);
    const timelock = await deployTimelock(network);
    const contracts = { ...network.config.contracts, MeshTimelock: timelock };
    writeFileSync(network.file("timelocked.json"), JSON.stringify({ ...network.config, contracts }));
    const unjail = ["unjail", "0", "--by-dao", "--network", network.file("timelocked.json")];
    const stranger = await refusal("accuser.json", ...unjail);
    expect(stranger).to.match(
      /only the DAO can do this, .* propose the call NodeSlashing\.unjail, call data 0x5647a1f9/,
    );
    const scheduled = await send("owner.json", ...unjail);
    expect(scheduled.call).to.deep.include({ contract: "MeshTimelock", functionName: "schedule" });
    const id = /It is operation (0x[0-9a-f]{64});/.exec(scheduled.after[1]!)![1]!;
    expect(scheduled.after[1]).to.include("call 1 is critical (not in the timelock's table)");
    const approve = ["proposal", "approve", id, "--network", network.file("timelocked.json")];
    expect(await refusal("owner.json", ...unjail)).to.include(`operation ${id}, which needs the approver`);
    expect(await refusal("accuser.json", ...approve)).to.include("is no approver of the timelock");
    const { preview } = await network.ok<Outcome>(...approve, "--wallet", network.file("approver.json"));
    expect(preview?.gets?.[1]).to.match(/^1\. Lets node 0 out/);
    const approved = await send("approver.json", ...approve);
    expect(approved.events.map(({ name }) => name)).to.deep.equal(["OperationApproved"]);
    expect(await refusal("approver.json", ...approve)).to.include("is approved");
    expect(await refusal("owner.json", ...unjail)).to.match(/^this is scheduled; it can be executed from 20/);
    await network.pass(5);
    const executed = await send("accuser.json", ...unjail);
    expect(executed.call).to.deep.include({ contract: "MeshTimelock", functionName: "execute" });
    expect(await network.ok("jail", "show", "0")).to.deep.include({ jailed: false });
  });

  it("says where each bond goes when the DAO rejects the dispute and vetoes after all", async () => {
    await propose("1");
    await send("owner.json", "slash", "dispute", "6");
    const upheld = await send("owner.json", "slash", "uphold", "6");
    expect(upheld.after.slice(0, 2)).to.deep.equal([
      `The proposer ${ACCUSER} has its bond of 1000 MESH back.`,
      "The disputer's bond stays held: it is the proposer's once the proposal is executed, the treasury's if the DAO vetoes it after all.",
    ]);
    const { unlocks } = await network.ok<{ unlocks: { what: string; command: string }[] }>("unlocks", ACCUSER);
    expect(unlocks.find(({ command }) => command === "slash execute 6")?.what).to.match(/^bond of the disputer/);
    const vetoed = await send("owner.json", "slash", "veto", "6");
    expect(vetoed.after[1]).to.equal(
      "The disputer's bond of 1000 MESH goes to the treasury; the proposer has had its own back since the dispute was rejected.",
    );
    expect(vetoed.events.find(({ name }) => name === "SlashClosed")?.args).to.deep.include({
      ...{ toProposer: "0", toDisputer: "0", toTreasury: `${1_000n * MESH}` },
    });
  });

  it("gives the proposer the disputer's bond when what was upheld is executed", async () => {
    await propose("1");
    await send("owner.json", "slash", "dispute", "7");
    await send("owner.json", "slash", "uphold", "7");
    await network.pass(DISPUTE + VETO);
    const { after, events } = await send("owner.json", "slash", "execute", "7");
    expect(after[1]).to.include(`The proposer ${ACCUSER} gets the disputer's bond of 1000 MESH`);
    expect(events.find(({ name }) => name === "SlashClosed")?.args).to.deep.include({
      toProposer: `${1_000n * MESH}`,
    });
  });

  it("says that no window can be judged for downtime yet", async () => {
    expect(await refusal("accuser.json", "slash", "downtime", "0", "1000")).to.include(
      "window 1000, epochs 3000 to before 3003, is not final yet",
    );
    expect(await refusal("accuser.json", "slash", "dispute", "77")).to.equal("slash proposal 77 does not exist");
  });
});
