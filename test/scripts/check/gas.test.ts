import { expect } from "chai";
import { compareFigures, measureBytecode } from "../../../scripts/check/gas.ts";

describe("compareFigures", () => {
  it("says nothing about equal figures", () => {
    expect(compareFigures("gas", { a: 1, b: 2 }, { b: 2, a: 1 })).to.deep.equal([]);
  });

  it("prints old and new of each change", () => {
    expect(compareFigures("gas", { a: 21000, gone: 1 }, { a: 21001, added: 5 })).to.deep.equal([
      "gas of a: 21,000 -> 21,001",
      "gas of added: none -> 5",
      "gas of gone: 1 -> none",
    ]);
  });
});

describe("measureBytecode", () => {
  const artifact = (contractName: string, bytes: number) => {
    const code = `0x${"00".repeat(bytes)}`;
    const abi = [{ type: "function", name: "f" }];
    return { contractName, sourceName: "contracts/A.sol", abi, bytecode: code, deployedBytecode: code };
  };

  it("counts bytes of contracts that can be deployed", () => {
    const figures = measureBytecode([artifact("B", 3), artifact("A", 24_577), artifact("IInterface", 0)]);
    expect(Object.entries(figures)).to.deep.equal([
      ["A", 24_577],
      ["B", 3],
    ]);
  });
});
