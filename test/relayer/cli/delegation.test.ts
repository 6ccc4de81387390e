import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { expect } from "chai";
import { Command } from "commander";
import { encodeFunctionData, toHex, zeroHash } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { openNetwork } from "../../../relayer/cli/chain-session.ts";
import { runCall, type WalletSession } from "../../../relayer/cli/transaction.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { addNodes, freshPublicKeys } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

const MESH = 10n ** 18n;
const HOLDER = testAccount(6).address;
/** Delays of the test network: twelve epochs of ten seconds to unbond, six to raise a commission. */
const UNBONDING = 120;
const RAISE = 60;
/** Seconds in which a slash can be given back. */
const VETO = 10;

interface Figure {
  wei: string;
  mesh: string;
}

interface Delegations {
  total: Figure;
  delegations: {
    nodeIndex: number;
    amount: Figure;
    unbondings: { id: number; amount: Figure; matures: { days: number } }[];
  }[];
}

/** Slashes node 0 as an arbiter does whose proof nobody disputed yet. */
async function slash({ chain, config }: CliNetwork, amount: bigint): Promise<void> {
  const { NodeOffences: from, NodeSlashing: to } = config.contracts;
  await chain.rpc("hardhat_impersonateAccount", from);
  await chain.rpc("hardhat_setBalance", from, toHex(MESH));
  const terms = { offence: zeroHash, nodeIndex: 0, amount, reporter: HOLDER, isBarred: false, isFinal: false };
  await chain.send({
    from,
    to,
    data: encodeFunctionData({ abi: nodeSlashingAbi, functionName: "punish", args: [terms] }),
  });
}

/** A session of the holder that notes whatever it is asked to sign, and signs nothing. */
async function watchedSession({ file }: CliNetwork): Promise<{ session: WalletSession; asked: string[] }> {
  const asked: string[] = [];
  const refuse = (what: string) => (): never => {
    asked.push(what);
    throw new Error(`the wallet was asked for ${what}`);
  };
  const names = ["sign", "signAuthorization", "signMessage", "signTransaction", "signTypedData"] as const;
  const refusals = Object.fromEntries(names.map((name) => [name, refuse(name)]));
  const account = { ...testAccount(6), ...refusals } as unknown as PrivateKeyAccount;
  return { session: { ...(await openNetwork({ network: file("network.json") })), account }, asked };
}

describe("pqmesh delegate, undelegate, delegation, commission and unlocks", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  const send = (wallet: string, ...args: string[]): Promise<Outcome> =>
    network.ok(...args, "--wallet", network.file(wallet), "--yes");
  const refusal = async (wallet: string, ...args: string[]): Promise<string> => {
    const { json, status } = await network.run(...args, "--wallet", network.file(wallet), "--yes");
    expect(status, "exit code").to.equal(json<{ exitCode: number }>().exitCode).and.to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const delegations = (): Promise<Delegations> => network.ok<Delegations>("delegation", "show", "--delegator", HOLDER);
  const calendar = (): Promise<{ unlocks: { what: string; amount: Figure; command: string }[] }> =>
    network.ok("unlocks", HOLDER);

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("holder.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(1));
    await network.call("MeshToken", "transfer", [HOLDER, 1_000n * MESH]);
  });
  after(() => network.stop());

  it("previews what a delegation brings, locks and risks, in sentences and figures", async () => {
    const { preview, ...outcome } = await network.ok<Outcome>(
      ...["delegate", "0", "400", "--wallet", network.file("holder.json"), "--dry-run"],
    );
    expect(outcome).to.deep.include({ dryRun: true, transaction: null });
    expect(preview?.gets?.[0]).to.match(/^400 MESH worth of the node's pool \(4\d{23} shares\)\.$/);
    expect(preview?.gets?.[1]).to.equal("100 % of what its delegators earn, after a commission of 0 %.");
    expect(preview?.unlocks?.[0]).to.match(/^2 min after it is undelegated; if that were now, 20.*\(in 2 min\)\.$/);
    expect(preview?.risks?.[0]).to.match(/^Every slash of the node takes from its delegators pro rata/);
    expect(preview?.figures).to.deep.include({ amount: { wei: `${400n * MESH}`, mesh: "400" }, poolShareBp: "10000" });
    expect((await delegations()).delegations, "nothing sent").to.deep.equal([]);
  });

  it("delegates with a permit in one transaction", async () => {
    const { call, events, after, permit } = await send("holder.json", "delegate", "0", "400 MESH");
    expect(call).to.deep.include({ contract: "NodeDelegation", functionName: "delegateWithPermit" });
    expect(permit).to.deep.equal({
      spender: network.config.contracts.NodeDelegation,
      wei: `${400n * MESH}`,
      signed: true,
    });
    expect(events.map(({ name }) => name)).to.include("Delegated");
    expect(after[0]).to.equal("You have 400 MESH at node 0, 0 MESH before.");
    const { total, delegations: list } = await delegations();
    expect(400n * MESH - BigInt(total.wei) <= 1n, "worth to the wei").to.equal(true);
    expect(list.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([0]);
  });

  it("refuses what cannot be, in one sentence each", async () => {
    expect(await refusal("holder.json", "delegate", "0", "601")).to.equal(
      `wallet ${HOLDER} holds 600 MESH, 601 are needed`,
    );
    expect(await refusal("holder.json", "delegate", "0", "0.5")).to.include(
      "less than the smallest delegation of 1 MESH",
    );
    expect(await refusal("holder.json", "delegate", "7", "5")).to.include("node 7 does not exist");
    expect(await refusal("holder.json", "delegate", "0", "")).to.include("amount is empty");
    expect(await refusal("holder.json", "delegate", "0", "5", "--slippage", "x")).to.include('--slippage is "x"');
    expect(await refusal("holder.json", "undelegate", "0", "500")).to.include('are delegated; say "all"');
    expect(await refusal("owner.json", "undelegate", "0", "1")).to.include("has nothing delegated to node 0");
    expect(await refusal("holder.json", "delegation", "withdraw", "0")).to.include("nothing is unbonding at this node");
  });

  it("unbonds a part, shows when it is free, and takes it back", async () => {
    const begun = await send("holder.json", "undelegate", "0", "150");
    expect(begun.after[0]).to.equal("Unbonding 0 holds 150 MESH; it earns nothing any more.");
    const [{ unbondings } = { unbondings: [] }] = (await delegations()).delegations;
    expect(unbondings).to.have.length(1);
    expect(BigInt(unbondings[0]!.amount.wei) - 150n * MESH <= 1n, "unbonding to the wei").to.equal(true);
    const { unlocks } = await calendar();
    expect(unlocks, "calendar").to.have.length(1);
    const [unlock] = unlocks;
    expect(unlock).to.deep.include({ what: "delegation unbonding 0 at node 0", command: "delegation withdraw 0" });
    expect(await refusal("holder.json", "delegation", "withdraw", "0")).to.match(/the next unbonding matures at 20/);
    await send("holder.json", "delegation", "cancel", "0", "0");
    expect((await calendar()).unlocks, "calendar").to.deep.equal([]);
  });

  it("unbonds all and pays it by anyone's hand", async () => {
    await send("holder.json", "undelegate", "0", "all");
    await network.pass(UNBONDING);
    const paid = await send("owner.json", "delegation", "withdraw", "0", "--delegator", HOLDER);
    expect(paid.events.find(({ name }) => name === "DelegationWithdrawn")?.args).to.deep.include({ delegator: HOLDER });
    expect((await delegations()).delegations).to.deep.equal([]);
  });

  it("prints a calendar as CSV", async () => {
    await send("holder.json", "delegate", "0", "max");
    await send("holder.json", "undelegate", "0", "all");
    const { stdout } = await pqmesh(["unlocks", HOLDER, "--csv"], { PQMESH_NETWORK: network.file("network.json") });
    const [header, row, ...more] = stdout.trimEnd().split("\r\n");
    expect(header).to.equal("time,unix_seconds,what,amount_mesh,amount_wei,command");
    expect(row).to.match(
      /^20[^,]+Z,\d+,delegation unbonding \d at node 0,(1000|999\.9+),\d+,pqmesh delegation withdraw 0$/,
    );
    expect(more, "one row").to.deep.equal([]);
  });

  it("raises a commission after a delay and cuts it at once", async () => {
    const raised = await send("owner.json", "commission", "set", "0", "5");
    expect(raised.after[0]).to.match(/^Node 0 keeps 0 % until 20.*\(in 1 min\), and 5 % from then on\.$/);
    const pending = await network.ok<{ commissionBp: number; raise: { bp: number } }>("commission", "show", "0");
    expect(pending).to.deep.include({ commissionBp: 0 });
    expect(pending.raise.bp, "raise").to.equal(500);
    await network.pass(RAISE);
    expect(await network.ok("commission", "show", "0")).to.deep.include({ commissionBp: 500, raise: null });
    await send("owner.json", "commission", "set", "0", "2.5 %");
    expect(await network.ok("commission", "show", "0")).to.deep.include({ commissionBp: 250, raise: null });
    expect(await refusal("owner.json", "commission", "set", "0", "31")).to.include(
      "above the largest that the DAO allows, 30 %",
    );
    expect(await refusal("holder.json", "commission", "set", "0", "1")).to.include(
      "neither owner nor hot wallet of node 0",
    );
  });

  it("stakes for another only when that is said", async () => {
    await network.call("MeshToken", "transfer", [HOLDER, 10n * MESH]);
    expect(await refusal("holder.json", "stake", "add", "0", "5")).to.include(
      "belongs to identity 1, not to this wallet",
    );
    expect(await refusal("holder.json", "stake", "add", "0", "5", "--operator", "2")).to.include(
      "not to 2 as --operator says",
    );
    const { events, preview } = await send("holder.json", "stake", "add", "0", "5", "--operator", "1");
    expect(events.find(({ name }) => name === "Staked")?.args).to.deep.include({
      from: HOLDER,
      amount: `${5n * MESH}`,
    });
    expect(preview?.risks?.at(-1)).to.include("You cannot take it back");
  });

  it("asks the wallet for no signature before --yes", async () => {
    for (const [words, plain] of [
      [["delegate", "0", "1"], "delegate"],
      [["stake", "add", "0", "1", "--operator", "1"], "stake"],
    ] as const) {
      const { call, permit, gas } = await network.ok<Outcome>(...words, "--wallet", network.file("holder.json"));
      expect(call, plain).to.deep.include({ functionName: plain });
      expect(permit, plain).to.deep.include({ wei: `${MESH}`, signed: false });
      expect(gas, plain).to.equal(null);
    }
    const { session, asked } = await watchedSession(network);
    const [contract, functionName] = ["NodeDelegation", "delegate"] as const;
    const plan = { contract, abi: nodeDelegationAbi, functionName, args: [0, MESH, 0n], takes: MESH };
    const texts = { sentence: "Delegate.", after: () => [] };
    const withPermit = () => ({ functionName: "delegateWithPermit", args: [] });
    const target = { options: { network: "", wallet: "" }, command: new Command() };
    const { log } = console;
    console.log = () => undefined;
    try {
      await runCall(session, { ...plan, ...texts, withPermit }, target);
      await runCall(session, { ...plan, ...texts }, target);
    } finally {
      console.log = log;
    }
    expect(asked, "signatures").to.deep.equal([]);
  });

  it("says why nobody joins a pool after a slash, and until when", async () => {
    await network.call("MeshToken", "transfer", [HOLDER, 20n * MESH]);
    await send("holder.json", "delegate", "0", "10");
    await send("holder.json", "undelegate", "0", "4");
    await slash(network, 1_000n * MESH);
    const { delegations: list } = await delegations();
    const id = String(list[0]!.unbondings.at(-1)!.id);
    for (const words of [
      ["delegate", "0", "1"],
      ["delegation", "cancel", "0", id],
    ]) {
      expect(await refusal("holder.json", ...words), words.join(" ")).to.match(
        /nobody can join the pool of node 0 before 20.*: until then a slash can be given back to those who suffered it/,
      );
    }
    const pool = () => network.ok<{ pardonableUntil: object | null }>("delegation", "show", "0");
    expect((await pool()).pardonableUntil, "time").to.include.keys("unixSeconds");
    await send("holder.json", "undelegate", "0", "1");
    await network.pass(VETO);
    expect((await pool()).pardonableUntil, "afterwards").to.equal(null);
    await send("holder.json", "delegation", "cancel", "0", id);
  });

  it("says what a withdrawal before a pardon gives up, and to whom it is left", async () => {
    await send("holder.json", "undelegate", "0", "2");
    await network.pass(UNBONDING);
    const preview = (wallet: string): Promise<Outcome> => {
      const words = ["delegation", "withdraw", "0", "--delegator", HOLDER, "--dry-run"];
      return network.ok<Outcome>(...words, "--wallet", network.file(wallet));
    };
    expect((await preview("owner.json")).preview?.risks, "no slash to give back").to.deep.equal([]);
    await slash(network, 1_000n * MESH);
    const { risks } = (await preview("holder.json")).preview!;
    expect(risks).to.have.length(1);
    expect(risks?.[0]).to.match(
      /^A slash of node 0 can be given back until 20.*\(in \d+ s\): what is withdrawn before then gets nothing of it\.$/,
    );
    expect(await refusal("owner.json", "delegation", "withdraw", "0", "--delegator", HOLDER)).to.match(
      /only 0x\w+ itself can withdraw here/,
    );
    await network.pass(VETO);
  });

  it("tells people the preview in text", async () => {
    const args = ["delegate", "0", "5", "--wallet", network.file("holder.json")];
    const { stdout } = await pqmesh(args, { PQMESH_NETWORK: network.file("network.json") });
    for (const title of ["What you get:", "When it unlocks:", "What you risk:", "Afterwards:", "Nothing was sent"]) {
      expect(stdout).to.include(title);
    }
    expect(stdout, "permit").to.include("permit for NodeDelegation to take 5 MESH, signed only with --yes");
    expect(stdout, "call").to.match(/NodeDelegation\.delegate\(0, 5000000000000000000, \d+\)/);
  });
});
