import { createRequire } from "node:module";
import { expect } from "chai";
import { decodeFunctionResult, encodeFunctionData, parseAbi, type Address, type Hex } from "viem";
import { addBranchProbes, branchesOf } from "../../../scripts/test/branch-probes.ts";
import { startAnvil, testAccount, type TestChain } from "../../helpers/anvil.ts";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** What Hardhat makes of a source: statements report themselves to a library; here it writes what it is told as a log. */
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
library Recorder {
    function _record(uint256 tag) private {
        assembly ("memory-safe") { mstore(0, tag) log0(0, 32) }
    }
    function _asPure(function(uint256) internal f) private pure returns (function(uint256) internal pure g) {
        assembly { g := f }
    }
    function sendHit(uint256 tag) internal pure { _asPure(_record)(tag); }
}
contract Gate {
    modifier counted(uint256 limit) {
        if (limit == 0) return;
        _;
    }
    // Who is “known” and has no debt passes.
    function pass(bool known, bool debt, uint256 limit) external counted(limit) returns (uint256 passed) {
        Recorder.sendHit(1);
        if (known && !(debt || limit > 9)) passed = 1;
        while (passed < limit) passed += limit > 2 ? 2 : 1;
    }
    function ask(bool fails) external returns (bool) {
        try this.answer(fails) { return true; } catch {}
        return false;
    }
    function answer(bool fails) external { require(!fails, "no"); }
}`;
const FILE = "contracts/Gate.sol";
const ABI = parseAbi([
  "function pass(bool known, bool debt, uint256 limit) returns (uint256)",
  "function ask(bool fails) returns (bool)",
]);

/** Compiles Gate; returns its creation code. */
function compile(content: string): Hex {
  const outputSelection = { [FILE]: { Gate: ["evm.bytecode.object"] } };
  const settings = { evmVersion: "osaka", optimizer: { enabled: true, runs: 200 }, outputSelection };
  const input = { language: "Solidity", sources: { [FILE]: { content } }, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
    errors?: { formattedMessage: string }[];
  };
  const code = output.contracts?.[FILE]?.["Gate"]?.evm.bytecode.object;
  if (!code) throw new Error(output.errors?.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return `0x${code}`;
}

describe("branch probes", function () {
  this.timeout(30_000);
  const from = testAccount(0).address;
  let chain: TestChain;
  let probed: Address;
  let plain: Address;

  before(async () => {
    chain = await startAnvil();
    probed = (await chain.send({ from, data: compile(addBranchProbes(FILE, SOURCE)) })).contractAddress;
    plain = (await chain.send({ from, data: compile(SOURCE) })).contractAddress;
  });

  after(async () => {
    await chain.stop();
  });

  /** Sends calls; returns the branches that none of them took. */
  async function missedBy(...calls: Hex[]): Promise<string[]> {
    const ran = new Set<string>();
    for (const data of calls) {
      await chain.send({ from, to: probed, data });
      const logs = await chain.rpc<{ data: Hex }[]>("eth_getLogs", { fromBlock: "latest", address: probed });
      for (const log of logs) ran.add(log.data.slice(2));
    }
    const missed = branchesOf(FILE, SOURCE).filter(({ tag }) => !ran.has(tag));
    return missed.map(({ line, text, missing }) => `${line} ${text}: ${missing}`);
  }

  const pass = (known: boolean, debt: boolean, limit: bigint) =>
    encodeFunctionData({ abi: ABI, functionName: "pass", args: [known, debt, limit] });
  const ask = (fails: boolean) => encodeFunctionData({ abi: ABI, functionName: "ask", args: [fails] });
  const everyBranch = [
    ...[pass(true, false, 1n), pass(false, false, 3n), pass(true, true, 1n), pass(true, false, 10n)],
    ...[pass(true, false, 0n), ask(false), ask(true)],
  ];

  it("find nothing when every outcome was seen, apart from what a revert undid", async () => {
    // A log of a call that reverts is undone; Hardhat's own library reports by a call, which is not.
    expect(await missedBy(...everyBranch)).to.deep.equal(["27 fails: never true"]);
  });

  it("name both outcomes of each operand, loop, ternary and clause when nothing ran", async () => {
    const conditions = [
      "14 limit == 0",
      ...["20 known", "20 debt", "20 limit > 9"],
      ...["21 passed < limit", "21 limit > 2", "27 fails"],
    ];
    const expected = conditions.flatMap((condition) => [`${condition}: never true`, `${condition}: never false`]);
    expect(await missedBy()).to.deep.equal([...expected, "24 try: never succeeds", "24 catch: never fails"]);
  });

  it("find an operand that was never false", async () => {
    const others = everyBranch.filter((call) => call !== pass(false, false, 3n));
    expect(await missedBy(...others, pass(true, false, 3n))).to.include("20 known: never false");
  });

  it("find an operand that only a short cut passed by", async () => {
    const others = everyBranch.filter((call) => call !== pass(true, true, 1n));
    expect(await missedBy(...others, pass(false, true, 1n))).to.include("20 debt: never true");
  });

  it("find a modifier that never turned anybody away", async () => {
    const others = everyBranch.filter((call) => call !== pass(true, false, 0n));
    expect(await missedBy(...others)).to.include("14 limit == 0: never true");
  });

  it("find a call that never failed", async () => {
    const others = everyBranch.filter((call) => call !== ask(true));
    expect(await missedBy(...others)).to.include("24 catch: never fails");
  });

  it("change nothing that a caller sees", async () => {
    const call = (to: Address, data: Hex) => chain.rpc<Hex>("eth_call", { from, to, data }, "latest");
    const results: Hex[] = [];
    for (const data of everyBranch) {
      const result = await call(probed, data);
      expect(result).to.equal(await call(plain, data));
      results.push(result);
    }
    const passed = results.slice(0, 5).map((data) => decodeFunctionResult({ abi: ABI, functionName: "pass", data }));
    expect(passed).to.deep.equal([1n, 4n, 1n, 10n, 0n]);
  });

  it("refuse a source that does not report its statements", () => {
    const bare = SOURCE.replace("Recorder.sendHit(1);", "").replace(/library Recorder {[^]+?\n}\n/, "");
    expect(() => addBranchProbes(FILE, bare)).to.throw(`${FILE} was not instrumented: run Hardhat with --coverage.`);
  });
});
