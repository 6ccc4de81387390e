import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { expect } from "chai";
import { encodeFunctionData, getAddress, type Hex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { CLIENT, DOLLAR, JANITOR_FEE, TestMarket } from "../../helpers/test-market.ts";
import { addNodes, freshPublicKeys, seatCommittee } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

const FIRST = 20;
const STRANGER = 8;
const OWNER = testAccount(0).address;

describe("pqmesh bond and credit", function () {
  this.timeout(120_000);
  let network: CliNetwork;
  let market: TestMarket;

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("any.json", "secp256k1", "wallet", testAccount(STRANGER).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(1));
    const relayers = await seatCommittee(network, [{ accountIndex: 10, endpoint: "https://127.0.0.1:1" }]);
    await network.chain.mineAt(network.epochStart(FIRST));
    market = await TestMarket.open(network, relayers, FIRST - 2);
    await market.list();
  });

  after(() => network?.stop());

  const by = (wallet: string, ...words: string[]) => [...words, "--wallet", network.file(wallet)];
  const bond = async () => {
    const { bonds } = await network.ok<{ bonds: { free: { text: string }; locked: { text: string } }[] }>(
      "bond",
      "show",
      "1",
    );
    return bonds.map(({ free, locked }) => [free.text, locked.text]);
  };

  async function balance(account: number): Promise<bigint> {
    const args = [testAccount(account).address] as const;
    const data = encodeFunctionData({ abi: testStablecoinAbi, functionName: "balanceOf", args });
    return BigInt(await network.chain.rpc<Hex>("eth_call", { to: market.token, data }, "latest"));
  }

  async function mint(account: number, amount: bigint): Promise<void> {
    const args = [testAccount(account).address, amount] as const;
    const data = encodeFunctionData({ abi: testStablecoinAbi, functionName: "mint", args });
    await network.chain.send({ from: OWNER, to: market.token, data });
  }

  it("deposits a bond in one transaction with a permit", async () => {
    await mint(STRANGER, 30n * DOLLAR);
    const words = by("any.json", "bond", "deposit", "1", "20.5", "--token", market.token);
    const dry = await network.ok(...words);
    expect(dry.permit).to.deep.include({ wei: "20500000", signed: false });
    expect(dry.after).to.deep.equal(["Identity 1 has 10020.5 TUSD of free bond."]);
    const sent = await network.ok(...words, "--yes");
    expect(sent.permit?.signed).to.equal(true);
    expect(sent.events.map(({ name }) => name)).to.deep.equal(["BondDeposited"]);
    expect(await bond()).to.deep.equal([["10020.5 TUSD", "0 TUSD"]]);
    expect(await balance(STRANGER)).to.equal(9_500_000n);
  });

  it("shows no bond of an identity that does not exist", async () => {
    const { status, json } = await network.run("bond", "show", "99");
    expect([status, json().error]).to.deep.equal([
      1,
      "the contract refuses: identity 99 does not exist (NodeRegistry_UnknownIdentity)",
    ]);
  });

  it("refuses what the wallet does not have, in one sentence", async () => {
    const { json } = await network.run(...by("any.json", "bond", "deposit", "1", "10", "--token", market.token));
    expect(json().error).to.equal(`wallet ${testAccount(STRANGER).address} holds 9.5 TUSD, 10 are needed`);
  });

  it("refuses amounts that are none", async () => {
    const errorOf = async (amount: string, token = market.token) => {
      const { status, json } = await network.run(...by("any.json", "bond", "deposit", "1", amount, "--token", token));
      return { status, error: json().error };
    };
    expect(await errorOf("0.0000001")).to.deep.equal({ status: 2, error: "amount has 7 decimals, TUSD has 6" });
    expect((await errorOf("")).error).to.include("amount is empty");
    expect((await errorOf("ten")).error).to.include('amount is "ten", it must be a number of TUSD');
    expect((await errorOf("0")).error).to.include("the amount must be more than zero");
    expect((await errorOf("1", network.config.contracts.NodeRegistry)).error).to.include(
      "does not answer as an ERC-20",
    );
  });

  it("withdraws free bond to the beneficiary, who takes it out", async () => {
    const held = await network.run(...by("owner.json", "bond", "withdraw", "1", "10021", "--token", market.token));
    expect(held.json().error).to.equal("10021 TUSD cannot be withdrawn: 10020.5 TUSD are free, leases lock 0 TUSD");
    await network.ok(...by("owner.json", "bond", "withdraw", "1", "all", "--token", market.token, "--yes"));
    const { credits } = await network.ok<{ credits: { contract: string; text: string }[] }>("credit", "show", OWNER);
    expect(credits).to.deep.equal([
      { contract: "LeaseEscrow", token: getAddress(market.token), units: "10020500000", text: "10020.5 TUSD" },
    ]);
    const before = await balance(0);
    const { after } = await network.ok(...by("any.json", "credit", "withdraw", "--account", OWNER, "--yes"));
    expect(after).to.deep.equal([`10020.5 TUSD are on ${OWNER}.`]);
    expect((await balance(0)) - before).to.equal(10_020_500_000n);
  });

  it("says when nothing is credited, and pays what a lease returned", async () => {
    const client = testAccount(CLIENT).address;
    const none = await network.run(...by("any.json", "credit", "withdraw", "--account", client));
    expect(none.json().error).to.equal(`${client} has nothing to withdraw`);
    const leaseId = await market.lease();
    await market.call("LeaseEscrow", "cancel", [leaseId], CLIENT);
    const { call } = await network.ok<Outcome>(...by("any.json", "credit", "withdraw", "--account", client, "--yes"));
    expect(call).to.deep.include({ contract: "LeaseEscrow", functionName: "withdraw" });
    expect(await balance(CLIENT)).to.equal(1_000_000n * DOLLAR);
    expect(JANITOR_FEE, "was part of it").to.equal(500_000n);
  });
});
