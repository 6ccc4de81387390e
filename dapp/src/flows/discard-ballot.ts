import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import type { Address } from "viem";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Takes the votes of an identity that is not certified any more out of an open round. */
export function discardBallotPlan(contract: Address, round: number, identity: bigint): TransactionPlan {
  return {
    title: `Take votes out of round ${round}`,
    summary: `The votes of identity ${identity} are taken out of round ${round}, because it is not certified any more. Its credits stay spent.`,
    facts: [
      { label: "Round", value: String(round) },
      { label: "Identity", value: String(identity) },
    ],
    steps: [
      callStep("Discard", {
        ...{ address: contract, abi: quadraticRoundAbi, functionName: "discard", args: [round, identity] },
      }),
    ],
    outcome: () => `The votes of identity ${identity} do not count any more.`,
  };
}
