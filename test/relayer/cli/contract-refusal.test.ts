import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { expect } from "chai";
import { refusalSentence } from "../../../relayer/cli/contract-refusal.ts";

/** Contracts that commands call, and their helpers. */
const CALLED = [
  ...["NodeRegistry_", "NodeStaking_", "NodeDelegation_", "NodeSlashing_", "SlashProposals_", "ERC20Insufficient"],
  ...["AdmittedIdentities_", "MeshGovernor_", "QuadraticVotes_"],
  ...["AttestationDisputes_", "Evidence_", "MemberOffences_", "SelfAttestation_"],
];
/** Errors of these contracts that no command can meet: only another contract could, or arguments are checked before. */
const NOT_MET = [
  ...["NodeRegistry_KeyLength", "NodeRegistry_NotStaking", "NodeStaking_NotDelegation", "NodeStaking_NotRegistry"],
  ...[
    "NodeStaking_NotSlashing",
    "NodeStaking_NotVotes",
    "NodeDelegation_EmptyPool",
    "NodeDelegation_NotPayer",
    "NodeDelegation_NotStaking",
  ],
  ...["NodeDelegation_NotSlashing", "NodeDelegation_NotTaken", "QuadraticVotes_NotStaking"],
];

const zeroOf = (type: string): unknown =>
  type === "address" ? `0x${"00".repeat(20)}` : type === "bytes32" ? "0x" : 0n;

describe("refusalSentence", () => {
  for (const { name, inputs } of errorsAbi) {
    if (!CALLED.some((prefix) => name.startsWith(prefix)) || NOT_MET.includes(name)) continue;
    it(`explains ${name}`, () => {
      const args = (inputs as readonly { type: string }[]).map(({ type }) => zeroOf(type));
      const sentence = refusalSentence(name, args);
      expect(sentence).to.match(/^the contract refuses: [^_]+ \(\w+\)$/);
      expect(sentence).to.include(`(${name})`);
    });
  }

  it("names an error without a sentence, with its arguments", () => {
    expect(refusalSentence("Other_Error", [1n, "0xab"])).to.equal("the contract refuses: Other_Error(1, 0xab)");
  });
});
