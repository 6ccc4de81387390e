import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import type { DryCall, DryRun } from "@pqmesh/contracts/protocol/dry-run";
import { expect } from "chai";
import { maxUint256, parseEther } from "viem";
import type { ChainAccess } from "../../../dapp/src/lib/chain-source.ts";
import { describeRun, previewCalls } from "../../../dapp/src/lib/call-preview.ts";
import { explainNamed } from "../../../dapp/src/lib/error-sentences.ts";
import { CONTRACTS, SOMEBODY } from "../support/draft-fixtures.ts";

const MESH = CONTRACTS.MeshToken.toLowerCase() as `0x${string}`;
const FACTS = { contracts: CONTRACTS, tokens: new Map([[MESH, { symbol: "MESH", decimals: 18 }]]) };
const GOOD: DryCall = { succeeds: true, gasUsed: 50_000n, revert: null, events: [] };

function runOf(changes: Partial<DryRun>): DryRun {
  const block = { number: 7n, timestamp: 9n };
  return { succeeds: true, calls: [GOOD], parameters: [], balances: [], block, ...changes };
}

describe("the preview of calls", () => {
  it("names the first call that fails, with the sentence of its error", () => {
    const args = [SOMEBODY, parseEther("1"), parseEther("3")];
    const failing = { name: "ERC20InsufficientBalance", args, text: "" };
    const calls = [GOOD, { ...GOOD, succeeds: false, revert: failing }, GOOD];
    const run = describeRun(runOf({ succeeds: false, calls }), FACTS);
    expect(run.failsAt).to.equal(1);
    expect(run.calls.map(({ refusal }) => refusal)).to.deep.equal([
      ...[undefined, "This wallet holds 1 MESH, but 3 MESH are needed.", undefined],
    ]);
  });

  it("shows numbers and treasury before and after in their units", () => {
    const parameters = [{ name: "maxPause", before: 86_400n, after: 3_600n, effectiveAt: 1_800_000_000n }];
    const balances = [
      { token: null, before: 2n * 10n ** 18n, after: 10n ** 18n },
      { token: MESH, before: 5n, after: 5n },
    ];
    const run = describeRun(runOf({ parameters, balances }), FACTS);
    expect(run.failsAt).to.equal(undefined);
    expect(run.parameters).to.deep.equal([
      { name: "maxPause", before: "1 d", after: "1 h", from: "2027-01-15 08:00:00 UTC" },
    ]);
    expect(run.balances.map(({ name, before, after }) => [name, before, after])).to.deep.equal([
      ["ETH", "2 ETH", "1 ETH"],
      ["MESH", "0.000000000000000005 MESH", "0.000000000000000005 MESH"],
    ]);
  });

  it("survives errors whose arguments are no times or amounts", () => {
    expect(explainNamed("EntryPause_Paused", [0, maxUint256])).to.be.a("string");
    expect(explainNamed("GovernorInsufficientProposerVotes", [])).to.include("GovernorInsufficientProposerVotes");
  });

  it("says what hidden text of a revert is", () => {
    const revert = { name: null, args: [], text: "a\u202eb" };
    const run = describeRun(runOf({ calls: [{ ...GOOD, succeeds: false, revert }] }), FACTS);
    expect(run.calls[0]?.refusal).to.equal("a\\u{202e}b");
  });

  it("decodes where the chain node cannot run calls, and says so", async () => {
    const call = { target: SOMEBODY, value: 5n, data: "0x" } as const;
    const { calls, run } = await previewCalls(nodeThatRefuses(-32_601), [call]);
    expect(calls[0]?.sentence).to.equal(`Pays 0.000000000000000005 ETH from the treasury to ${SOMEBODY}`);
    expect(run).to.have.property("problem").that.includes("has no eth_simulateV1");
    const limited = await previewCalls(nodeThatRefuses(-32_000), [call]);
    expect(limited.run).to.have.property("problem").that.includes("too many requests");
  });

  it("reads any calldata", () => {
    const nested = `0x${"ac9650d8".repeat(40)}` as const;
    const data = ["0x", "0x12", nested, `0x${"ff".repeat(3_000)}`] as const;
    const calls = data.map((one) => ({ target: CONTRACTS.NetworkParameters, value: maxUint256, data: one }));
    expect(decodeCalls(calls, FACTS)).to.have.length(4);
  });
});

/** A chain node without governed numbers and tokens, which refuses to simulate with a code of JSON-RPC. */
function nodeThatRefuses(code: number): ChainAccess {
  const client = {
    getBlock: () => Promise.resolve({ timestamp: 9n }),
    readContract: () => Promise.resolve([]),
    getContractEvents: () => Promise.resolve([]),
    request: ({ method }: { method: string }) =>
      method === "eth_getBlockByNumber"
        ? Promise.resolve({ number: "0x7", timestamp: "0x9" })
        : Promise.reject(Object.assign(new Error("too many requests"), { code })),
  };
  return { client, config: { contracts: CONTRACTS, startBlock: 0 } } as unknown as ChainAccess;
}
