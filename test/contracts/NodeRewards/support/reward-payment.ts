import type { ContractTransactionResponse } from "ethers";
import type { Payment } from "./reward-model.ts";
import type { RewardsFixture } from "./rewards-fixture.ts";

/** What a claim of one node paid, as its event says; nothing when it paid nothing. */
export async function paymentIn(
  { rewards }: Pick<RewardsFixture, "rewards">,
  sending: Promise<unknown>,
): Promise<Payment | undefined> {
  const sent = (await sending) as ContractTransactionResponse;
  const receipt = await sent.wait();
  const events = receipt!.logs.flatMap((log) => rewards.interface.parseLog(log) ?? []);
  const claimed = events.find(({ name }) => name === "RewardsClaimed");
  if (!claimed) return undefined;
  const { toOperator, toPool, returned, fromWord, untilWord } = claimed.args.toObject() as Record<string, bigint>;
  return {
    ...{ toOperator, toPool, returned },
    ...{ fromWord: Number(fromWord), untilWord: Number(untilWord) },
  };
}
