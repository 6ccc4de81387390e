import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { expect } from "chai";
import { refusalSentence } from "../../../relayer/cli/contract-refusal.ts";

/** Contracts that commands call, and their helpers. */
const CALLED = [
  ...["NodeRegistry_", "NodeStaking_", "NodeDelegation_", "NodeSlashing_", "SlashProposals_", "ERC20Insufficient"],
  ...["AdmittedIdentities_", "CertificateRegistry_", "MeshGovernor_", "QuadraticVotes_"],
  ...["AttestationDisputes_", "Evidence_", "MemberOffences_", "SelfAttestation_"],
];
/** Errors of these contracts that no command can meet: only another contract could, or arguments are checked before. */
const NOT_MET = [
  ...["CertificateRegistry_NotRegistry", "NodeRegistry_NotCertificates"],
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

/** The largest value of a type, as it is decoded. */
function largestOf(type: string): unknown {
  if (type === "bool") return true;
  if (type === "string") return "x";
  if (type === "address" || type.startsWith("bytes")) return `0x${"ff".repeat(32)}`;
  const [, sign, bits] = /^(u?)int([0-9]+)$/.exec(type)!;
  const largest = 2n ** (BigInt(bits!) - (sign ? 0n : 1n)) - 1n;
  return BigInt(bits!) <= 48n ? Number(largest) : largest;
}

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

  it("takes whatever a contract reverts with: any number, and text that would command a terminal", () => {
    for (const { name, inputs } of errorsAbi) {
      const args = (inputs as readonly { type: string }[]).map(({ type }) => largestOf(type));
      expect(refusalSentence(name, args), name).not.to.match(/Invalid Date|NaN|undefined/);
    }
    expect(refusalSentence("Error", ["\u001b[2Jwould succeed\u202e"])).to.equal(
      "the contract refuses: Error(\\u{1b}[2Jwould succeed\\u{202e})",
    );
    expect(refusalSentence("Error", ["x".repeat(100_000)])).to.have.length.below(1_100);
  });
});
