import { expect } from "chai";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { encodeErrorResult } from "viem";
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
