import { expect } from "chai";
import { encodeAbiParameters, keccak256, parseAbiParameters, stringToHex } from "viem";

import { testAccount } from "../../../helpers/anvil.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { startTestIndexer } from "../../fixture/test-indexer.ts";
import type { TestIndexer } from "../../fixture/test-indexer.ts";

interface CalculationInput {
  readonly x: bigint;
  readonly y: bigint;
  readonly exponent: number;
  readonly left: string;
  readonly right: string;
}

const CALCULATIONS: readonly (readonly [input: CalculationInput, expected: Record<string, string>])[] = [
  [
    { x: -7n, y: 2n, exponent: 3, left: "1.5", right: "3" },
    {
      "x+y": "-5",
      "x-y": "-9",
      "x*y": "-14",
      "x/y": "-3",
      "x%y": "-1",
      "-x": "7",
      "|x|": "7",
      "x<y": "true",
      "x|y": "-5",
      "x&y": "0",
      "x<<e": "-56",
      "x>>e": "-1",
      "x^e": "-343",
      "hex(x)": "0x7",
      "bytes(x)": "0xf9",
      l: "1.5",
      "l.digits": "15",
      "l.exp": "-1",
      "l+r": "4.5",
      "l-r": "-1.5",
      "l*r": "4.5",
      "l/r": "0.5",
      "x/r": "-2.3333333333333333333333333333333333",
      "l==r": "false",
      "l<r": "true",
    },
  ],
  [
    { x: 128n, y: -3n, exponent: 0, left: "-100.50", right: "-100.5" },
    {
      "x/y": "-42",
      "x%y": "2",
      "x^e": "1",
      "bytes(x)": "0x8000",
      "hex(x)": "0x80",
      "l==r": "true",
      "l-r": "0",
      "l/r": "1",
      "trunc(l)": "-100.5",
    },
  ],
  [
    { x: -(2n ** 255n), y: 2n ** 255n - 1n, exponent: 2, left: "1e40", right: "7" },
    {
      "x+y": "-1",
      "x*y": (-(2n ** 255n) * (2n ** 255n - 1n)).toString(),
      "x^e": (2n ** 510n).toString(),
      "bytes(x)": `0x${"00".repeat(31)}80`,
      l: "1" + "0".repeat(40),
      "l.digits": "1",
      "l.exp": "40",
      "l/r": "1428571428571428571428571428571429" + "000000",
    },
  ],
  [
    { x: 0n, y: 0n, exponent: 5, left: "0", right: "0.00" },
    { "x+y": "0", "-x": "0", "x^e": "0", "hex(x)": "0x0", "bytes(x)": "0x00", l: "0", "l==r": "true", parsed: "true" },
  ],
  [
    { x: 3n, y: 300n, exponent: 200, left: "0.1234567890123456789012345678901234567", right: "-2" },
    {
      "x<<e": (3n << 200n).toString(),
      "x>>e": "0",
      "x^e": (3n ** 200n).toString(),
      l: "0.1234567890123456789012345678901235",
      "l/r": "-0.06172839450617283945061728394506175",
    },
  ],
];

describe("host functions", function () {
  this.timeout(120_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let indexer: TestIndexer;

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    for (const [id, [{ x, y, exponent, left, right }]] of CALCULATIONS.entries()) {
      await ledger.call("calculate", BigInt(id), x, y, exponent, left, right);
    }
    const pairs = [
      { owner: accountAddress(7), weight: -9n },
      { owner: accountAddress(8), weight: 10n },
    ];
    await ledger.call("shape", 1n, "hash me", "0x6869ff00", "0x01020304", pairs);
    await ledger.callTogether([
      ["move", accountAddress(0x1001), 1n, 5n, "", 0],
      ["befriend", accountAddress(0x1002), [accountAddress(0x1001)]],
      ["ask", 1n, "related"],
      ["ask", 2n, "state"],
      ["ask", 3n, "state"],
      ["ask", 4n, "store"],
      ["ask", 5n, "json"],
      ["ask", 6n, "block"],
      ["ask", 7n, "log"],
      ["ask", 8n, "yaml"],
      ["ask", 9n, "nested"],
    ]);
    indexer = startTestIndexer(fixture, ledger);
    await indexer.reachHead();
  });

  after(async () => {
    await indexer.stop();
    await ledger.chain.stop();
  });

  /** What a handler reported, by key. */
  function report(id: string): Record<string, string> {
    const { result } = indexer.query<{ result: { keys: string[]; values: string[] } | null }>(
      `{ result(id: "${id}") { keys values } }`,
    );
    if (result === null) throw new Error(`no result ${id}`);
    return Object.fromEntries(result.keys.map((key, i) => [key, result.values[i] ?? ""]));
  }

  for (const [id, [input, expected]] of CALCULATIONS.entries()) {
    it(`calculate with ${input.x}, ${input.y} and ${input.left}, ${input.right}`, () => {
      expect(report(`calculated-${id}`)).to.include(expected);
    });
  }

  it("convert, hash and encode bytes", () => {
    const shaped = report("shaped-1");
    const tuple = encodeAbiParameters(parseAbiParameters("(address a, int256 b, string c, uint256[] d, bool e) t"), [
      { a: accountAddress(7), b: -5n, c: "héllo", d: [1n, 2n], e: true },
    ]);
    expect(shaped).to.include({
      hashed: keccak256(stringToHex("hash me")),
      data: "0x6869ff00",
      text: "hi\ufffd",
      base58: "3foKH9",
      keccak: keccak256("0x6869ff00"),
      tag: "0x01020304",
      pair: `${accountAddress(7)} -9`,
      pairs: "2",
      last: "10",
      two: "1 2",
      encoded: tuple,
      decoded: "-5 héllo true",
      undecodable: "true",
    });
  });

  it("tell the data source and its context", () => {
    expect(report("shaped-1")).to.include({
      source: "own address",
      network: "testnet",
      greeting: "hello",
      limit: "-12345678901234567890",
    });
  });

  it("give whole blocks, transactions and receipts", async () => {
    const shaped = report("shaped-1");
    const block = await ledger.chain.rpc<Record<string, string>>(
      "eth_getBlockByNumber",
      `0x${Number(shaped["block"]).toString(16)}`,
      false,
    );
    expect(shaped).to.include({
      parent: block["parentHash"],
      gasLimit: BigInt(block["gasLimit"] ?? 0).toString(),
      baseFee: "some",
      from: testAccount(0).address.toLowerCase(),
      to: ledger.address.toLowerCase(),
      value: "0",
      status: "1",
      logs: "1",
    });
    expect(shaped["input"]).to.match(/^0x[0-9a-f]{8}$/);
  });

  it("run a handler again with the block it turned out to need", () => {
    expect(report("block-6")).to.deep.equal({ from: testAccount(0).address.toLowerCase(), gasUsed: "true" });
  });

  it("start every handler from a fresh module", () => {
    expect(report("state-2")).to.deep.equal({ calls: "1", scribbles: "1" });
    expect(report("state-3")).to.deep.equal({ calls: "1", scribbles: "1" });
  });

  it("read back what the block wrote", () => {
    expect(report("store-4")).to.deep.equal({
      "in block before": "true",
      "in block after": "true",
      "null note": "true",
      removed: "true",
    });
  });

  it("make ids of their own for `auto`", async () => {
    const { number } = await ledger.chain.head();
    const { sequences } = indexer.query(`{ sequences { id label } }`);
    expect(sequences).to.deep.equal([
      { id: "-5", label: "negative" },
      { id: (BigInt(number) << 32n).toString(), label: "store" },
    ]);
  });

  it("load derived entities with those of the running block", () => {
    expect(report("related-1")).to.deep.equal({ deposits: "1", "with this block's": "2", last: "7", friends: "1" });
  });

  it("parse JSON", () => {
    expect(report("json-5")).to.deep.equal({
      n: "12345678901234567890123",
      f: "1500.0",
      list: "3",
      null: "true",
      kind: "true",
      broken: "true",
      i64: "-9223372036854775808",
      u64: "18446744073709551615",
    });
  });

  it("parse YAML", () => {
    expect(report("yaml-8")).to.include({
      "": "null",
      "007": "string 007",
      "0x1F": "number 31",
      yes: "string yes",
      "18446744073709551616": "error",
      "1e3": "number 1000.0",
      "1.5e-7": "number 1.5e-7",
      ".NaN": "number .nan",
      "!Point {x: 1, y: [2, 3]}": "tagged !Point {string x: number 1, string y: [number 2, number 3]}",
      "{1: a, true: b, [x, y]: c, ~: d}":
        "{number 1: string a, bool true: string b, [string x, string y]: string c, null: string d}",
      "- &a x\n- *a\n": "[string x, string x]",
      "{a: 1, a: 2}": "error",
      "a: 1\n---\nb: 2\n": "error",
    });
  });

  it("parse no deeper than graph-node", () => {
    expect(report("nested-9")).to.include({
      "json 127": "false",
      "json 128": "true",
      "yaml 128": "false",
      "yaml 129": "true",
    });
  });

  it("log", () => {
    expect(report("log-7")).to.deep.equal({ logged: "yes" });
  });
});
