import { parse, visit } from "@solidity-parser/parser";
import { expect } from "chai";
import { FunctionFragment, Interface } from "ethers";
import { artifacts } from "hardhat";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connection } from "../support/deployed-network.ts";
import { leaseMarket } from "./support/lease-market.ts";

const CONTRACTS = join(import.meta.dirname, "../../../contracts");
const BASE = "LeaseSettlement";

/** State variables of the one contract of a file that lie in storage, and the contracts that it inherits. */
function readContract(name: string): { stored: string[]; bases: string[] } {
  const [stored, bases]: [string[], string[]] = [[], []];
  visit(parse(readFileSync(join(CONTRACTS, `${name}.sol`), "utf8")), {
    ContractDefinition: ({ baseContracts }) => void bases.push(...baseContracts.map((base) => base.baseName.namePath)),
    StateVariableDeclaration: ({ variables }) => {
      const kept = variables.filter((variable) => !variable.isDeclaredConst && !variable.isImmutable);
      stored.push(...kept.map((variable) => variable.name ?? "unnamed"));
    },
  });
  return { stored, bases };
}

async function selectorsOf(name: string): Promise<Map<string, string>> {
  const { abi } = await artifacts.readArtifact(name);
  const functions = new Interface(abi).fragments.filter(FunctionFragment.isFragment);
  return new Map(functions.map((each) => [each.selector, each.format("sighash")]));
}

describe("LeaseEscrow: code that it runs on its own storage", () => {
  for (const name of ["LeaseEscrow", "LeaseAgreements"]) {
    it(`keeps nothing of ${name} outside the storage that both share`, () => {
      const { stored, bases } = readContract(name);
      expect(stored, "stored variables").to.deep.equal([]);
      expect(
        bases.filter((base) => !base.startsWith("I")),
        "bases",
      ).to.deep.equal([BASE]);
    });
  }

  it("hides no function of the agreements behind one of its own", async () => {
    const [own, passedOn, shared] = await Promise.all(
      ["LeaseEscrow", "LeaseAgreements", "TokenBalances"].map(selectorsOf),
    );
    const clock = ["currentEpoch()", "epochGenesis()", "epochLength()", "epochStart(uint64)", "timelock()"];
    const inherited = new Set([...shared.values(), ...clock]);
    const both = [...passedOn].flatMap(([selector, signature]) => (own.has(selector) ? [signature] : []));
    expect(both.sort()).to.deep.equal([...inherited].sort());
  });

  it("answers with what the agreements say, and with nothing to unknown functions", async () => {
    const { escrow, mallory } = await connection.networkHelpers.loadFixture(leaseMarket);
    expect(await escrow.leaseCount(), "leases").to.equal(0n);
    const call = mallory.sendTransaction({ to: await escrow.getAddress(), data: "0x12345678" });
    await expect(call).to.be.revertedWithoutReason(connection.ethers);
    const paid = mallory.sendTransaction({ to: await escrow.getAddress(), value: 1n });
    await expect(paid, "ether").to.be.revertedWithoutReason(connection.ethers);
  });
});
