import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { expect } from "chai";
import { maxUint256 } from "viem";
import { hashArgument, meshArgument, percentArgument } from "../../../relayer/cli/arguments.ts";
import { csvOf } from "../../../relayer/cli/csv.ts";
import { durationText, meshText, momentText, timeFigure } from "../../../relayer/cli/figures.ts";
import { parameterText } from "../../../relayer/cli/parameter-text.ts";
import { parameterRows } from "../../../scripts/deploy/parameter-rows.ts";

const MESH = 10n ** 18n;
const DAY = 86_400n;

describe("amounts on the command line", () => {
  const amounts: [string, bigint][] = [
    ["1.5", (3n * MESH) / 2n],
    ["1.5 MESH", (3n * MESH) / 2n],
    ["20000mesh", 20_000n * MESH],
    [" 7 ", 7n * MESH],
    ["0.000000000000000001", 1n],
    ["0", 0n],
    ["999999999999", 999_999_999_999n * MESH],
  ];
  for (const [text, wei] of amounts) {
    it(`reads "${text}"`, () => expect(meshArgument(text)).to.equal(wei));
  }

  it("reads all and max where they are allowed", () => {
    for (const text of ["all", "max", "MAX"]) expect(meshArgument(text, { allowAll: true })).to.equal(maxUint256);
    expect(() => meshArgument("max")).to.throw("must be a number of MESH with at most 18 decimals");
  });

  const refused: [string, string][] = [
    ["", "bond is empty, it must be a number of MESH"],
    ["  MESH", "bond is empty"],
    ["-1", 'bond is "-1", it must not be negative'],
    ["1.0000000000000000001", "bond has 19 decimals, MESH has 18"],
    ["1e5", 'bond is "1e5", it must be a number of MESH'],
    ["1,5", 'bond is "1,5"'],
    [".5", 'bond is ".5"'],
    ["1000000000000", 'bond is "1000000000000"'],
    ["0x10", 'bond is "0x10"'],
    ["1 ETH", 'bond is "1 ETH"'],
  ];
  for (const [text, sentence] of refused) {
    it(`refuses "${text}" with the field's name`, () => {
      expect(() => meshArgument(text, { name: "bond" }))
        .to.throw(sentence)
        .with.property("exitCode", 2);
    });
  }

  const shares: [string, number][] = [
    ["5", 500],
    ["2.5 %", 250],
    ["0.01%", 1],
    ["250 bp", 250],
    ["100", 10_000],
    ["0", 0],
  ];
  for (const [text, bp] of shares)
    it(`reads the share "${text}"`, () => expect(percentArgument("share", text)).to.equal(bp));

  for (const text of ["", "-1", "100.01", "10001 bp", "1.005", "five", "5 bp %"]) {
    it(`refuses the share "${text}"`, () => {
      expect(() => percentArgument("--share", text))
        .to.throw("--share ")
        .with.property("exitCode", 2);
    });
  }

  it("refuses a hash of another length", () => {
    expect(() => hashArgument("--evidence", "0x12")).to.throw("--evidence must be 32 bytes in hex");
  });
});

describe("figures for people", () => {
  it("cuts amounts after six decimals and says so", () => {
    expect(meshText(20_000n * MESH)).to.equal("20000 MESH");
    expect(meshText(MESH + 1n)).to.equal("about 1.000000 MESH");
    expect(meshText(1_234_567_899_999_999_999n)).to.equal("about 1.234567 MESH");
    expect(meshText(1n)).to.equal("less than 0.000001 MESH");
    expect(meshText(0n)).to.equal("0 MESH");
  });

  it("names the two largest units of a time", () => {
    const texts = [0n, 59n, 60n, 3_661n, 21n * DAY, DAY + 60n].map(durationText);
    expect(texts).to.deep.equal(["0 s", "59 s", "1 min", "1 h 1 min", "21 d", "1 d"]);
  });

  it("says how far ahead or back a moment lies", () => {
    expect(momentText(1_000n + DAY, 1_000n)).to.equal("1970-01-02T00:16:40.000Z (in 1 d)");
    expect(momentText(1_000n, 1_000n)).to.equal("1970-01-01T00:16:40.000Z (now)");
    expect(momentText(1_000n, 1_000n + DAY)).to.equal("1970-01-01T00:16:40.000Z (1 d ago)");
    expect(momentText(2n ** 64n - 1n, 1_000n)).to.equal("never");
    expect(timeFigure(DAY / 2n, 0n)).to.deep.equal({
      unixSeconds: 43_200n,
      iso: "1970-01-01T12:00:00.000Z",
      days: 0.5,
    });
  });

  it("quotes fields of CSV that need it", () => {
    expect(
      csvOf(
        ["a", "b"],
        [
          ["x,y", 'say "no"'],
          [1n, "plain"],
        ],
      ),
    ).to.equal('a,b\r\n"x,y","say ""no"""\r\n1,plain');
  });

  it("knows the unit of every governed number", () => {
    const texts: [unit: RegExp, text: RegExp][] = [
      [/^MESH wei/, / MESH$/],
      [/^seconds$/, / (d|h|min|s)$/],
      [/^basis points/, / %$/],
      [/^units/, / units$/],
      [/^/, /^\d+$/],
    ];
    const rows = parameterRows("production", { epochSeconds: 60, horizonSeconds: 36_000 });
    for (const { id, unit, value } of rows) {
      const [, expected] = texts.find(([ofUnit]) => ofUnit.test(unit))!;
      expect(parameterText(id, value), id).to.match(expected);
      expect(parameterNotes[id]?.unit, id).to.equal(unit);
    }
    expect(rows.map(({ id }) => id)).to.have.members(Object.keys(parameterNotes));
    expect(parameterText("unbondingPeriod", 21n * DAY)).to.equal("21 d");
    expect(parameterText("slashReporterBp", 1_000n)).to.equal("10 %");
    expect(parameterText("minNodeStake", 10_000n * MESH)).to.equal("10000 MESH");
    expect(parameterText("committeeMaxSeats", 100n)).to.equal("100");
  });
});
