import { expect } from "chai";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { COMMITTEE_REFUSALS } from "../../../relayer/cli/committee-refusals.ts";
import { refusalSentence } from "../../../relayer/cli/contract-refusal.ts";

const names = errorsAbi.map(({ name }) => name as string);
/** Errors that only a contract of the network itself can meet, or that belong to evidence against members. */
const ELSEWHERE = ["NodeRewards_NotStaking", "RelayerCommittee_NoPardon", "RelayerCommittee_SlashNotPayable"];

describe("COMMITTEE_REFUSALS", () => {
  it("explains every error of rewards, fees and committee", () => {
    const met = names.filter((name) => /^(NodeRewards|CommitteeFees|RelayerCommittee)_/.test(name));
    const missing = met.filter((name) => !(name in COMMITTEE_REFUSALS) && !ELSEWHERE.includes(name));
    expect(missing).to.deep.equal([]);
  });

  it("explains only errors that contracts have", () => {
    expect(Object.keys(COMMITTEE_REFUSALS).filter((name) => !names.includes(name))).to.deep.equal([]);
  });

  it("fills in amounts and times in human units", () => {
    expect(refusalSentence("RelayerCommittee_NotBonded", ["0xAb", 15n * 10n ** 17n, 10n ** 18n])).to.equal(
      "the contract refuses: 0xAb has a bond of 1.5 MESH, less than the minimum of 1 MESH (RelayerCommittee_NotBonded)",
    );
    expect(refusalSentence("RelayerCommittee_Jailed", ["0xAb", 2n ** 64n - 1n])).to.include("barred for ever");
    expect(refusalSentence("RelayerCommittee_Jailed", ["0xAb", 0n])).to.include("until 1970-01-01T00:00:00.000Z");
  });
});
