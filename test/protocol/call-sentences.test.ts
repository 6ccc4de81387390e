import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { parameterNotes } from "../../contracts/generated/parameter-notes.ts";
import { CALL_SENTENCES } from "../../contracts/protocol/call-sentences.ts";
import { CONTRACT_ABIS, type NamedContract } from "../../contracts/protocol/contract-abis.ts";
import { CONTRACT_NAMES } from "../../contracts/protocol/network-config.ts";
import { PARAMETER_TITLES } from "../../contracts/protocol/parameter-titles.ts";

const CONTRACTS = join(import.meta.dirname, "../../contracts");
/** Functions that only some accounts can call by who they are, not by what they have. */
const GUARDED = /\bonly(Timelock|Role|Governance|Guardian|Self)\b/;
/** What the documentation of a function says when the DAO can call it among others. */
const DOCUMENTED = /timelock (only|always)|timelock, or|arbitrator only/i;
/** Names in network.json of contracts that are deployed more than once, and of OpenZeppelin's. */
const SOURCES: Partial<Record<NamedContract, string>> = {
  TeamVesting: "VestingVault",
  InvestorVesting: "VestingVault",
};
/** OpenZeppelin's timelock, whose source is not of this project. */
const TIMELOCK = ["cancel", "grantRole", "renounceRole", "revokeRole", "updateDelay"];

interface Source {
  parents: string[];
  /** Functions that are privileged in this source. */
  privileged: string[];
}

function readSource(text: string, name: string): Source {
  const parents = new RegExp(`(?:contract|interface) ${name} is ([^{]+)\\{`).exec(text)?.[1] ?? "";
  const functions = text.matchAll(/((?:^ *\/\/\/.*\n)*) *function (\w+)\(([^;{]*)[;{]/gm);
  const privileged = [...functions]
    .filter(([, notes = "", , head = ""]) => GUARDED.test(head) || DOCUMENTED.test(notes))
    .map(([, , found = ""]) => found);
  return { parents: parents.split(",").map((parent) => parent.replace(/\(.*$/s, "").trim()), privileged };
}

const sources = new Map(
  globSync("{,interfaces/,pqc/,devnet/}*.sol", { cwd: CONTRACTS }).map((file) => {
    const name = basename(file, ".sol");
    return [name, readSource(readFileSync(join(CONTRACTS, file), "utf8"), name)];
  }),
);

function privilegedOf(name: string): string[] {
  const source = sources.get(name);
  return source ? [...source.privileged, ...source.parents.flatMap(privilegedOf)] : [];
}

describe("sentences of calls", () => {
  it("finds privileged functions in the sources", () => {
    expect(privilegedOf("NodeSlashing")).to.include.members(["pardon", "unjail", "bindArbiters"]);
    expect(privilegedOf("LeaseAgreements")).to.include("setTokenRule");
    expect(privilegedOf("RelayerCommittee")).to.include("dismiss");
    expect(privilegedOf("MeshToken")).to.deep.equal([]);
  });

  for (const name of Object.keys(CONTRACT_ABIS) as NamedContract[]) {
    it(`say what every privileged function of ${name} does`, () => {
      // What the escrow does not know it runs from the agreements, on its own storage.
      if (name === "LeaseAgreements") return;
      const source = name === "LeaseEscrow" ? ["LeaseEscrow", "LeaseAgreements"] : [SOURCES[name] ?? name];
      const needed = name === "TimelockController" ? TIMELOCK : source.flatMap(privilegedOf);
      const written = Object.keys(CALL_SENTENCES[name] ?? {});
      expect(
        [...new Set(needed)].filter((one) => !written.includes(one)),
        `without a sentence`,
      ).to.deep.equal([]);
    });
  }

  it("are of all contracts of a deployment", () => {
    expect(Object.keys(CONTRACT_ABIS)).to.include.members([...CONTRACT_NAMES]);
  });

  it("name every governed number", () => {
    const untitled = Object.keys(parameterNotes).filter((name) => PARAMETER_TITLES[name] === undefined);
    expect(untitled, "without a title").to.deep.equal([]);
  });
});
