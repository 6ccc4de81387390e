import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { type Address, encodeFunctionData, erc20Abi, type Hex, stringToHex } from "viem";
import { startAnvil, testAccount, type TestChain } from "../../helpers/anvil.ts";
import { deployTestNetwork } from "../../helpers/test-network.ts";
import { type CliNetwork, startCliNetwork } from "./support/cli-network.ts";
import { runHere } from "./support/run-here.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

const MESH = 10n ** 18n;
const DAY = 86_400n;
const PAYEE = testAccount(9).address;

interface Simulated {
  calls: { sentence: string; warnings: string[] }[];
  way: string;
  operation: { approval: string; privileges: { kind: string; isCritical: boolean }[] };
  run: {
    succeeds: boolean;
    calls: { succeeds: boolean; gasUsed: string; revert: { name: string } | null; events: { text: string }[] }[];
    parameters: { name: string; before: string; after: string; effectiveAt: string }[];
    balances: { token: Address | null; before: string; after: string }[];
    block: { number: string; timestamp: string };
  };
}

const set = (name: string, value: bigint): Hex =>
  encodeFunctionData({
    ...{ abi: networkParametersAbi, functionName: "set" },
    args: [stringToHex(name, { size: 32 }), value],
  });
const pay = (amount: bigint): Hex =>
  encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [PAYEE, amount] });

describe("pqmesh proposal simulate", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  const write = (calls: unknown, description = ""): string => {
    const file = network.file("calls.json");
    writeFileSync(file, JSON.stringify({ description, calls }));
    return file;
  };
  const change = (value = 300n * MESH) => ({
    target: network.config.contracts.NetworkParameters,
    calldata: set("reportFee", value),
  });
  const payment = (amount = 5n * MESH) => ({ target: network.config.contracts.MeshToken, calldata: pay(amount) });
  const error = async (calls: unknown): Promise<string> => {
    const { json, status } = await network.run("proposal", "simulate", "--file", write(calls));
    expect(status).to.equal(2);
    return json<{ error: string }>().error.replace(network.file("calls.json"), "FILE");
  };

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.chain.rpc("hardhat_setCode", network.config.contracts.MeshTimelock, timelockCode());
  });
  after(() => network.stop());

  it("decodes, runs on a fork where the node cannot, and says what changes", async () => {
    const before = await network.chain.head();
    const file = write([change(2n * MESH), payment(), { target: PAYEE, value: "1000" }]);
    const shown = await network.ok<Simulated>("proposal", "simulate", "--file", file);
    expect(shown.way).to.equal("eth_simulateV1 of a fork of the chain node on this machine (anvil)");
    expect(shown.calls.map(({ sentence }) => sentence)).to.deep.equal([
      "Sets the fee of the committee for a report (reportFee) from 1 MESH to 2 MESH, 10 s after it is executed",
      `Pays 5 MESH from the treasury to ${PAYEE}`,
      `Pays 0.000000000000001 ETH from the treasury to ${PAYEE}`,
    ]);
    expect(shown.operation.approval, "of a table without rows").to.equal("waiting");
    expect(shown.operation.privileges).to.deep.equal(Array(3).fill({ kind: "Unlisted", isCritical: true }));
    const { run } = shown;
    expect(run.succeeds).to.equal(true);
    expect(run.calls[1]?.events.map(({ text }) => text)).to.deep.equal([
      `MeshToken Transfer(from the treasury (MeshTimelock) ${testAccount(0).address}, to ${PAYEE}, value 5 MESH)`,
    ]);
    expect(run.calls[0]?.events[0]?.text).to.match(
      /^NetworkParameters ParameterSet\(id reportFee, previousValue 1 MESH, newValue 2 MESH, effectiveAt 20.* UTC\)$/,
    );
    expect(run.parameters).to.have.length(1);
    expect(run.balances, "ETH, MESH").to.have.length(2);
    expect(run.parameters[0]).to.deep.include({ name: "reportFee", before: `${MESH}`, after: `${2n * MESH}` });
    const [coin, mesh] = run.balances.map(({ before: old, after: current }) => BigInt(old) - BigInt(current));
    expect([coin, mesh], "taken from the treasury").to.deep.equal([1_000n, 5n * MESH]);
    expect(await network.chain.head(), "nothing sent").to.deep.equal(before);
  });

  it("carries state from call to call, and ends with 3 when one fails", async () => {
    const all = BigInt(await balance(network));
    const args = ["--json", "proposal", "simulate", "--file", write([payment(all), payment(1n)])];
    const { status, json } = await pqmesh(args, { PQMESH_NETWORK: network.file("network.json") });
    expect(status, "exit code").to.equal(3);
    const { run } = json<Simulated>();
    expect(run.calls.map(({ succeeds }) => succeeds)).to.deep.equal([true, false]);
    expect(run.calls[1]?.revert?.name).to.equal("ERC20InsufficientBalance");
    expect(run.succeeds).to.equal(false);
  });

  it("says in text which call fails and why", async () => {
    const args = ["proposal", "simulate", "--file", write([payment(1n), change(0n)], "Cheaper \u202ereports")];
    const { stdout, status } = await runHere(args, network.file("network.json"));
    expect(status, "exit code").to.equal(0);
    expect(stdout).to.include("| Cheaper \\u{202e}reports").and.to.include("1. Pays 0.0000");
  });

  it("names the field of a file that is wrong", async () => {
    expect(await error([])).to.equal("FILE: calls must be at least one call");
    expect(await error([{ target: "0x12" }])).to.include("FILE: calls[0].target must be an address");
    expect(await error([{ target: PAYEE, calldata: "0x123" }])).to.include("calls[0].calldata must be whole bytes");
    expect(await error([{ target: PAYEE, value: "-1" }])).to.include("calls[0].value must be wei as decimal text");
    expect(await error([{ target: PAYEE, value: 1e18 }])).to.include("in quotation marks");
    expect(await error([{ target: PAYEE, data: "0x" }])).to.include("calls[0].data must be left out");
    expect(await error("none")).to.equal("FILE: calls must be a list");
    writeFileSync(network.file("calls.json"), "[{");
    const { json } = await network.run("proposal", "simulate", "--file", network.file("calls.json"));
    expect(json<{ error: string }>().error).to.match(/the file is not .*JSON/);
  });

  describe("with a chain node that simulates", () => {
    let chain: TestChain;
    let config: NetworkConfig;
    before(async () => {
      chain = await startAnvil();
      ({ config } = await deployTestNetwork(chain));
      await chain.rpc("anvil_setCode", config.contracts.MeshTimelock, timelockCode());
      Object.assign(config.contracts, { TeamVesting: PAYEE, InvestorVesting: PAYEE });
      writeFileSync(network.file("anvil.json"), JSON.stringify(config));
    });
    after(() => chain.stop());

    it("lets the node run the calls, at a time of its own", async () => {
      const calls = [{ target: config.contracts.NetworkParameters, calldata: set("unbondingPeriod", 30n * DAY) }];
      const args = ["--json", "proposal", "simulate", "--file", write(calls)];
      const { status, stdout, json } = await runHere(args, network.file("anvil.json"));
      expect(status, stdout).to.equal(0);
      const { way, run } = json<Simulated>();
      expect(way).to.equal("eth_simulateV1 of the chain node");
      expect(run.parameters[0]).to.deep.include({ name: "unbondingPeriod", after: `${30n * DAY}` });
      const { timestamp } = await chain.head();
      expect(Number(run.block.timestamp)).to.equal(timestamp + 1);
      expect(Number(run.parameters[0]?.effectiveAt), "after its notice").to.equal(timestamp + 1 + 10);
    });
  });
});

/** Code of the timelock, for the wallet that stands for it in a test network. */
function timelockCode(): Hex {
  const file = join(import.meta.dirname, "../../../artifacts/contracts/MeshTimelock.sol/MeshTimelock.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { deployedBytecode: Hex }).deployedBytecode;
}

async function balance({ chain, config }: CliNetwork): Promise<Hex> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [testAccount(0).address] });
  return chain.rpc<Hex>("eth_call", { to: config.contracts.MeshToken, data }, "latest");
}
