import { expect } from "chai";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { type Abi, encodeErrorResult, parseEther } from "viem";
import { EXPLAINED_ERRORS, explainError, explainRevert } from "../../../dapp/src/lib/error-sentences.ts";

/** Errors that no wallet can meet: contracts among themselves, and deployments. */
const NOT_FOR_USERS = [
  ...["NodeRegistry_NotStaking", "NodeRewards_NotStaking", "NodeStaking_NotDelegation", "NodeStaking_NotSlashing"],
  ...["NodeDelegation_NotPayer", "NodeDelegation_NotStaking", "NodeDelegation_EmptyPool"],
  ...["NodeDelegation_NotSlashing", "NodeDelegation_NotTaken"],
  ...["AttestationBridge_WindowOutOfBounds", "CaesarEmissions_InvalidCurve", "CaesarEmissions_WrongBucket"],
  ...["CheckpointUnorderedInsertion", "CodeStorage_Empty", "CodeStorage_TooLong", "CodeStorage_WriteFailed"],
  ...["CertificateRegistry_NotRegistry", "NodeRegistry_NotCertificates"],
  ...["EpochClock_GenesisInFuture", "EpochClock_LengthOutOfBounds", "EpochClock_ScheduleMismatch"],
  ...["Governed_BindingClosed", "Governed_ZeroAddress", "InvalidCliffDuration", "InvalidShortString"],
  ...["LeaseEscrow_NotBound", "LeaseEscrow_NotEarned", "LeaseEscrow_NotSelf", "NodeListings_NotEscrow"],
  ...["GovernorDisabledDeposit", "GovernorInvalidVoteParams", "GovernorInvalidVotingPeriod"],
  ...["GovernorProposalQueueingFailed", "GovernorProposalQueueingNotRequired"],
  ...["MLDSA65_WrongCode", "MLDSAKeyRegistry_NotStored", "NetworkParameters_InvalidId", "StringTooLong"],
  ...["QuadraticVotes_NotStaking", "NodeStaking_NotVotes"],
  ...["StringsInsufficientHexLength", "TestStablecoin_WrongChain"],
];

describe("explainRevert", () => {
  it("has a sentence for every error that a wallet can meet", () => {
    const missing = errorsAbi
      .map(({ name }) => name as string)
      .filter((name) => !EXPLAINED_ERRORS.includes(name) && !NOT_FOR_USERS.includes(name));
    expect(missing).to.deep.equal([]);
  });

  it("explains only errors that contracts have", () => {
    const names = new Set(errorsAbi.map(({ name }) => name as string));
    expect(EXPLAINED_ERRORS.filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it("fills in amounts in human units", () => {
    const data = encodeErrorResult({
      abi: errorsAbi,
      errorName: "NodeStaking_RemainderBelowMinimum",
      args: [parseEther("1.5"), parseEther("10000")],
    });
    expect(explainRevert(data)).to.equal(
      "1.5 MESH would stay bonded, less than the minimum of 10,000 MESH. Unbond everything, or less.",
    );
  });

  it("names an error it has no sentence for", () => {
    const args = ["0x0000000000000000000000000000000000000001"] as const;
    const data = encodeErrorResult({ abi: errorsAbi, errorName: "NodeRegistry_NotStaking", args });
    expect(explainRevert(data)).to.include("NodeRegistry_NotStaking");
  });

  it("survives bytes that are no known error", () => {
    expect(explainRevert("0xdeadbeef")).to.include("0xdeadbeef");
  });

  it("never throws for any error with the least or the largest arguments", () => {
    for (const item of errorsAbi) {
      for (const valueOf of [zeroOf, largestOf]) {
        const args = item.inputs.map(({ type }) => valueOf(type));
        const abi: Abi = [item];
        const data = encodeErrorResult({ abi, errorName: item.name, args });
        const sentence = explainRevert(data);
        expect(sentence, item.name).to.match(/\.$/);
        expect(sentence, item.name).not.to.match(/Invalid Date|NaN|undefined/);
      }
    }
  });
});

describe("explainError", () => {
  it("does not call a rejection an error", () => {
    const errors = [
      { code: 4001, message: "User rejected the request." },
      { code: "ACTION_REJECTED", message: "declined" },
      new Error("outer", { cause: { code: 4001 } }),
      new Error("MetaMask Tx Signature: User denied transaction signature."),
    ];
    for (const error of errors) expect(explainError(error).declined).to.equal(true);
  });

  it("finds revert data deep in a chain of causes", () => {
    const data = encodeErrorResult({ abi: errorsAbi, errorName: "NodeStaking_ZeroAmount" });
    const error = new Error("outer", { cause: new Error("middle", { cause: { code: 3, data } }) });
    expect(explainError(error)).to.deep.equal({ declined: false, sentence: "The amount must be more than zero." });
  });

  it("keeps a reason that stands on a line of its own", () => {
    const error = new Error('The contract function "decline" reverted with the following reason:\nout of gas');
    expect(explainError(error).sentence).to.match(/following reason: out of gas$/);
  });

  it("explains an endpoint that is away and an empty wallet", () => {
    expect(explainError(new Error("Failed to fetch")).sentence).to.include("RPC endpoint does not answer");
    expect(explainError(new Error("insufficient funds for gas")).sentence).to.include("too little ETH");
  });
});

function zeroOf(type: string): unknown {
  if (type === "string") return "";
  if (type === "bool") return false;
  if (type === "address") return `0x${"00".repeat(20)}`;
  if (type === "bytes") return "0x";
  if (type.startsWith("bytes")) return `0x${"00".repeat(Number(type.slice(5)))}`;
  return Number(/\d+/.exec(type)?.[0] ?? 256) <= 48 ? 0 : 0n;
}

function largestOf(type: string): unknown {
  if (type === "string") return "x";
  if (type === "bool") return true;
  if (type === "address") return `0x${"ff".repeat(20)}`;
  if (type.startsWith("bytes")) return `0x${"ff".repeat(Number(type.slice(5)) || 32)}`;
  const bits = Number(/\d+/.exec(type)?.[0] ?? 256) - (type.startsWith("u") ? 0 : 1);
  const largest = 2n ** BigInt(bits) - 1n;
  return bits <= 48 ? Number(largest) : largest;
}
