import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { chainTime, governed } from "./governed.ts";

/** What a node has earned and not claimed. Amounts are MESH wei, times Unix seconds. */
export interface Earned {
  nodeIndex: number;
  /** What a claim pays now, pool included, words that it closes itself included. */
  claimable: bigint;
  /** Of words that are closed already: for the beneficiary, for the delegators, and back to the emissions. */
  operatorAmount: bigint;
  poolAmount: bigint;
  returned: bigint;
  /** First word that was not claimed. */
  fromWord: bigint;
  /** When the next word can be paid. */
  nextWordAt: bigint;
  now: bigint;
}

/** Reads what a node that exists has earned. */
export async function readEarned(session: Session, nodeIndex: number): Promise<Earned> {
  const { client } = session;
  const rewards = contractOf(session, "NodeRewards");
  const [preview, { result: claimable }, now, horizon] = await Promise.all([
    client.readContract({ ...rewards, functionName: "preview", args: [nodeIndex] }),
    client.simulateContract({ ...rewards, functionName: "claim", args: [[nodeIndex]] }),
    chainTime(session),
    governed(session, "finalityHorizon"),
  ]);
  const { operatorAmount, poolAmount, returned, fromWord } = preview;
  const { genesis, lengthSeconds } = session.network.epoch;
  const wordSeconds = WORD_EPOCHS * BigInt(lengthSeconds);
  const paidWords = (now - BigInt(genesis) - horizon) / wordSeconds;
  const nextWordAt = BigInt(genesis) + ((paidWords < fromWord ? fromWord : paidWords) + 1n) * wordSeconds + horizon;
  return { nodeIndex, claimable, operatorAmount, poolAmount, returned, fromWord, nextWordAt, now };
}
