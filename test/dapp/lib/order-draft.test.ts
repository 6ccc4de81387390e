import { expect } from "chai";
import { type Address, maxUint256, parseEther, zeroAddress, zeroHash } from "viem";
import type { OperatorAccount } from "../../../dapp/src/lib/operator-view.ts";
import { type OrderDraft, readOrderDraft } from "../../../dapp/src/lib/order-draft.ts";

const NOW = 1_000;
const BENEFICIARY: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OPERATOR: OperatorAccount = {
  ...{
    identityId: 3,
    owner: zeroAddress,
    operatorWallet: zeroAddress,
    beneficiary: BENEFICIARY,
    rootKey: `0x${"aa".repeat(32)}`,
  },
  nodes: [
    {
      ...{ nodeIndex: 7, stake: parseEther("20000"), exited: false },
      unbondings: [
        { nodeIndex: 7, id: 1, amount: parseEther("5"), maturesAt: NOW },
        { nodeIndex: 7, id: 2, amount: parseEther("8"), maturesAt: NOW + 1 },
      ],
    },
  ],
};
const EMPTY: OrderDraft = { operation: "Lock", nodeIndex: 7, amount: "", recipient: "", newRootKey: "", days: 1 };

describe("readOrderDraft", () => {
  const read = (changes: Partial<OrderDraft>) =>
    readOrderDraft({ ...EMPTY, ...changes }, { operator: OPERATOR, now: NOW });
  const order = (changes: Partial<OrderDraft>) => {
    const reading = read(changes);
    if ("problem" in reading) throw new Error(reading.problem);
    return reading.order;
  };
  const problem = (changes: Partial<OrderDraft>): string => {
    const reading = read(changes);
    return "problem" in reading ? reading.problem : "none";
  };

  it("leaves what an operation does not use empty", () => {
    const deadline = BigInt(NOW + 86_400);
    const empty = { nodeIndex: 0, recipient: zeroAddress, amount: 0n, newRootKey: zeroHash };
    expect(order({})).to.deep.equal({ operation: "Lock", identityId: 3, deadline, ...empty });
  });

  it("unbonds everything as the largest number", () => {
    expect(order({ operation: "Unbond" }).amount).to.equal(maxUint256);
    expect(order({ operation: "Unbond", amount: "1,000.5" }).amount).to.equal(parseEther("1000.5"));
    expect(problem({ operation: "Unbond", amount: "20001" })).to.equal("The node has less bonded than this.");
  });

  it("withdraws exactly what has matured to the beneficiary", () => {
    expect(order({ operation: "Withdraw" })).to.include({
      amount: parseEther("5"),
      recipient: BENEFICIARY.toLowerCase(),
    });
    expect(order({ operation: "Withdraw", amount: "13" }).amount, "matured when it is sent").to.equal(parseEther("13"));
  });

  it("says what is missing", () => {
    expect(problem({ operation: "ExitNode", nodeIndex: undefined })).to.equal("Choose a node.");
    expect(problem({ operation: "ProposeOwner", recipient: zeroAddress })).to.include("Enter an address");
    expect(problem({ operation: "ProposeBeneficiary", recipient: "0x12" })).to.include("Enter an address");
    expect(problem({ operation: "ChangeRootKey", newRootKey: "ab" })).to.include("64 hex digits");
    expect(problem({ operation: "ChangeRootKey", newRootKey: OPERATOR.rootKey })).to.include("already in force");
  });
});
