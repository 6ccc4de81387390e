import { expect } from "chai";
import { parseEther } from "viem";
import { toCsv } from "../../../dapp/src/lib/csv.ts";
import { formatDuration, formatMesh, formatMeshExact, shorten } from "../../../dapp/src/lib/format.ts";
import { readMeshAmount } from "../../../dapp/src/lib/mesh-amount.ts";
import { readRootKey } from "../../../dapp/src/lib/root-key.ts";
import { stakeShortfall, unbondProblem } from "../../../dapp/src/lib/stake-rules.ts";
import { walletChoices } from "../../../dapp/src/lib/wallet-choices.ts";

const mesh = (amount: string): bigint => parseEther(amount);

describe("amounts", () => {
  it("reads what people type, exactly", () => {
    expect(readMeshAmount("20,000")).to.deep.equal({ wei: mesh("20000") });
    expect(readMeshAmount(" 1 000.5 ")).to.deep.equal({ wei: mesh("1000.5") });
    expect(readMeshAmount(".000000000000000001")).to.deep.equal({ wei: 1n });
  });

  it("refuses nothing, zero, signs, exponents and a nineteenth decimal", () => {
    for (const text of ["", "0", "0.0", "-1", "1e3", ".", "1.2.3", "0x10", "0.0000000000000000001"]) {
      expect(readMeshAmount(text), text).to.have.property("problem");
    }
  });

  it("writes previews with every decimal and overviews rounded down", () => {
    expect(formatMeshExact(mesh("1234567.000000000000000001"))).to.equal("1,234,567.000000000000000001");
    expect(formatMesh(mesh("1999.999"))).to.equal("1,999.99");
    expect(formatMesh(1n)).to.equal("< 0.01");
  });

  it("reads back what it wrote", () => {
    for (const wei of [1n, 10n ** 18n, 123_456_789_012_345_678_901_234n]) {
      expect(readMeshAmount(formatMeshExact(wei))).to.deep.equal({ wei });
    }
  });

  it("says durations in two units", () => {
    expect(formatDuration(21 * 86_400)).to.equal("21 d");
    expect(formatDuration(93_784)).to.equal("1 d 2 h");
    expect(formatDuration(0.4)).to.equal("0 s");
  });
});

describe("shorten", () => {
  it("shows addresses with their checksum, and other hex as it is", () => {
    expect(shorten("0xbcd4042de499d14e55001ccbb24a551f3b954096")).to.equal("0xBcd4…4096");
    expect(shorten(`0x${"ab".repeat(32)}`, 10, 8)).to.equal("0xabababab…abababab");
    expect(shorten("0xabcdef")).to.equal("0xabcdef");
  });
});

describe("stake rules", () => {
  const limits = { stake: mesh("20000"), minimum: mesh("10000"), unbondings: 0, maxUnbondings: 2 };

  it("allows everything, and what leaves the minimum", () => {
    expect(unbondProblem(mesh("20000"), limits)).to.equal(undefined);
    expect(unbondProblem(mesh("10000"), limits)).to.equal(undefined);
  });

  it("refuses a remainder below the minimum and says what would do", () => {
    expect(unbondProblem(mesh("10000.5"), limits)).to.include("at most 10,000 MESH, or everything");
  });

  it("refuses more than is bonded, and more unbondings than allowed", () => {
    expect(unbondProblem(mesh("20001"), limits)).to.include("Only 20,000 MESH");
    expect(unbondProblem(mesh("1"), { ...limits, unbondings: 2 })).to.include("as many as are allowed");
  });

  it("says how much is missing to the minimum", () => {
    expect(stakeShortfall(mesh("9999.5"), mesh("10000"))).to.include("0.5 MESH more");
    expect(stakeShortfall(mesh("10000"), mesh("10000"))).to.equal(undefined);
  });
});

describe("readRootKey", () => {
  it("reads 64 digits with or without 0x", () => {
    const rootKey = `0x${"ab".repeat(32)}`;
    expect(readRootKey(rootKey.toUpperCase().replace("0X", "0x"))).to.deep.equal({ rootKey });
    expect(readRootKey(` ${rootKey.slice(2)} `)).to.deep.equal({ rootKey });
  });

  it("refuses wrong lengths, other letters and zero", () => {
    expect(readRootKey("ab")).to.have.property("problem").that.includes("this has 2");
    expect(readRootKey("xy".repeat(32))).to.have.property("problem");
    expect(readRootKey("00".repeat(32))).to.have.property("problem");
  });
});

describe("toCsv", () => {
  it("quotes what needs it and defuses formulas", () => {
    expect(
      toCsv(
        ["a", "b"],
        [
          ["x,y", 'say "hi"'],
          ["=1+1", undefined],
          [5n, -3],
        ],
      ),
    ).to.equal('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,\r\n5,-3\r\n');
  });
});

describe("walletChoices", () => {
  const wallet = (id: string, name = id) => ({ id, name, type: "injected" });

  it("offers announced wallets once, without the legacy one", () => {
    const found = walletChoices(
      [wallet("injected"), wallet("b", "Birch"), wallet("a", "Alder"), wallet("b", "Birch")],
      true,
    );
    expect(found.map(({ id }) => id)).to.deep.equal(["a", "b"]);
  });

  it("falls back to window.ethereum when none was announced", () => {
    expect(walletChoices([wallet("injected")], true).map(({ id }) => id)).to.deep.equal(["injected"]);
    expect(walletChoices([wallet("injected")], false)).to.deep.equal([]);
  });
});
