import { expect } from "chai";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { encodeErrorResult } from "viem";
import { withdrawDelegationPlan } from "../../../dapp/src/flows/withdraw-delegation.ts";
import { joinProblem } from "../../../dapp/src/lib/delegation-rules.ts";
import { explainRevert } from "../../../dapp/src/lib/error-sentences.ts";
import { formatTime } from "../../../dapp/src/lib/format.ts";

const POOL = { nodeIndex: 7, assets: 5n, shares: 5_000n, commission: { bp: 1_000 } };
const UNTIL = 1_900_000_000;

describe("joinProblem", () => {
  it("is none while no slash can be given back", () => {
    expect(joinProblem(POOL)).to.equal(undefined);
  });

  it("names the node and the time, as the refusal of the chain does", () => {
    const sentence = joinProblem({ ...POOL, pardonableUntil: UNTIL });
    expect(sentence).to.include("the pool of node 7").and.to.include(formatTime(UNTIL));
    const data = encodeErrorResult({
      abi: errorsAbi,
      errorName: "NodeDelegation_Pardonable",
      args: [7, BigInt(UNTIL)],
    });
    expect(explainRevert(data)).to.equal(sentence);
  });
});

describe("withdrawDelegationPlan", () => {
  const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  const matured = [{ nodeIndex: 7, id: 0, amount: 10n ** 18n, maturesAt: 5 }];
  const plan = (pardonableUntil: number | undefined) =>
    withdrawDelegationPlan({ delegation: ADDRESS, nodeIndex: 7, wallet: ADDRESS, matured, pardonableUntil });

  it("warns of nothing while no slash can be given back", () => {
    expect(plan(undefined)).to.not.have.property("warning");
  });

  it("warns of what is given up before a pardon", () => {
    expect(plan(UNTIL).warning).to.equal(
      `A slash of node 7 can be given back until ${formatTime(UNTIL)}: what is withdrawn before then gets nothing of it.`,
    );
  });
});
