import { expect } from "chai";
import { parameterNotes } from "../../contracts/generated/parameter-notes.ts";
import { CALL_SENTENCES } from "../../contracts/protocol/call-sentences.ts";
import { CONTRACT_ABIS, type NamedContract } from "../../contracts/protocol/contract-abis.ts";
import { CONTRACT_NAMES } from "../../contracts/protocol/network-config.ts";
import { PARAMETER_TITLES } from "../../contracts/protocol/parameter-titles.ts";
import { privilegedFunctions } from "../helpers/privileged-functions.ts";

/** Names in network.json of contracts that are deployed more than once, and of OpenZeppelin's. */
const SOURCES: Partial<Record<NamedContract, string>> = {
  TeamVesting: "VestingVault",
  InvestorVesting: "VestingVault",
};
/** What these do not know they run from another, on their own storage. */
const OTHER_HALVES: Partial<Record<NamedContract, NamedContract>> = {
  LeaseEscrow: "LeaseAgreements",
  CertificateRegistry: "CertificateAuthorities",
};
/** What the timelock has of OpenZeppelin's, whose source is not of this project. */
const TIMELOCK = ["cancel", "grantRole", "renounceRole", "revokeRole", "updateDelay", "setPrivileges"];

describe("sentences of calls", () => {
  it("finds privileged functions in the sources", () => {
    expect(privilegedFunctions("NodeSlashing")).to.include.members(["pardon", "unjail", "bindArbiters"]);
    expect(privilegedFunctions("LeaseAgreements")).to.include("setTokenRule");
    expect(privilegedFunctions("RelayerCommittee")).to.include("dismiss");
    expect(privilegedFunctions("MeshToken")).to.deep.equal([]);
  });

  for (const name of Object.keys(CONTRACT_ABIS) as NamedContract[]) {
    it(`say what every privileged function of ${name} does`, () => {
      if (Object.values(OTHER_HALVES).includes(name)) return;
      const source = [SOURCES[name] ?? name, OTHER_HALVES[name] ?? []].flat();
      const needed = name === "MeshTimelock" ? TIMELOCK : source.flatMap(privilegedFunctions);
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
