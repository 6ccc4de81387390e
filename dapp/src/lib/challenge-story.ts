import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import type { ChallengeOutcome } from "./challenge-list.ts";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";

/** What happened to a challenge, beyond what the contract still holds. */
export interface ChallengeStory {
  shard: number;
  /** Transaction that made it. */
  transaction: Hex;
  /** Unix seconds of each step; undefined when it did not happen or only logs were read. */
  madeAt?: number;
  openedAt?: number;
  answeredAt?: number;
  closedAt?: number;
  outcome?: ChallengeOutcome;
  /** keccak256 of the key under which the answer's signature must verify. */
  keyHash?: Hex;
  /** Who was credited wei of the bond. */
  payments: { account: Address; amount: bigint }[];
  /** Number of the funds that were taken from the signers. */
  slashId?: number;
}

const QUERY = `query Challenge($id: ID!) {
  challenge(id: $id) {
    madeAt openedAt answeredAt closedAt outcome transaction
    report { shard }
    answer { keyHash }
    slash { number }
    payments { account amount }
  }
}`;

interface RawStory {
  madeAt: string;
  openedAt: string | null;
  answeredAt: string | null;
  closedAt: string | null;
  outcome: ChallengeOutcome | null;
  transaction: Hex;
  report: { shard: number };
  answer: { keyHash: Hex } | null;
  slash: { number: string } | null;
  payments: { account: Address; amount: string }[];
}

/** Reads what happened to a challenge from the indexer; undefined when it knows none with this number. */
export async function storyFromIndexer(client: IndexerClient, id: number): Promise<ChallengeStory | undefined> {
  const { challenge } = await client.query<{ challenge: RawStory | null }>(QUERY, { id: String(id) });
  if (!challenge) return undefined;
  const { madeAt, openedAt, answeredAt, closedAt, outcome, transaction, report, answer, slash, payments } = challenge;
  return {
    ...{ transaction, shard: report.shard, madeAt: Number(madeAt) },
    ...(openedAt !== null && { openedAt: Number(openedAt) }),
    ...(answeredAt !== null && { answeredAt: Number(answeredAt) }),
    ...(closedAt !== null && { closedAt: Number(closedAt) }),
    ...(outcome !== null && { outcome }),
    ...(answer && { keyHash: answer.keyHash }),
    ...(slash && { slashId: Number(slash.number) }),
    payments: payments.map(({ account, amount }) => ({ account, amount: BigInt(amount) })),
  };
}

/** Reads what happened to a challenge from the chain's logs; undefined when there is none with this number. */
export async function storyFromChain({ client, config }: ChainAccess, id: number): Promise<ChallengeStory | undefined> {
  const query = {
    address: config.contracts.AttestationDisputes,
    abi: attestationDisputesAbi,
    args: { id: BigInt(id) },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [[made], [answered], [closed]] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "ChallengeMade" }),
    client.getContractEvents({ ...query, eventName: "ChallengeAnswered" }),
    client.getContractEvents({ ...query, eventName: "ChallengeClosed" }),
  ]);
  if (!made) return undefined;
  const credits = closed ? await creditsIn({ client, config }, closed.transactionHash, closed.blockNumber) : [];
  return {
    ...{ shard: shardOf(made.args.nodeIndex), transaction: made.transactionHash },
    ...(answered && { keyHash: answered.args.keyHash }),
    ...(closed && closed.args.slashId > 0n && { slashId: Number(closed.args.slashId) }),
    payments: credits,
  };
}

async function creditsIn(
  { client, config }: ChainAccess,
  transaction: Hex,
  block: bigint,
): Promise<{ account: Address; amount: bigint }[]> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.AttestationDisputes, abi: attestationDisputesAbi, eventName: "Credited" },
    ...{ fromBlock: block, toBlock: block, strict: true },
  });
  return logs.filter((log) => log.transactionHash === transaction).map(({ args }) => args);
}
