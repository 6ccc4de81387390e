import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { Address, Hex } from "viem";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { csvOf } from "./csv.ts";
import { meshFigure } from "./figures.ts";
import { isoTime } from "./iso-time.ts";

interface RewardsClaimed {
  nodeIndex: number;
  receiver: Address;
  fromWord: bigint;
  untilWord: bigint;
  toOperator: bigint;
  toPool: bigint;
  returned: bigint;
}

/** A claim of the past; amounts are MESH wei, epochs those that it paid. */
export interface PastClaim extends RewardsClaimed {
  /** Unix seconds of its block. */
  time: bigint;
  fromEpoch: bigint;
  untilEpoch: bigint;
  transactionHash: Hex;
}

/** Every claim of some nodes, oldest first. */
export async function pastClaims(session: Session, nodes: readonly number[]): Promise<PastClaim[]> {
  const found = await Promise.all(
    nodes.map((nodeIndex) =>
      findEvents<RewardsClaimed>(session, {
        ...{ contract: "NodeRewards", eventName: "RewardsClaimed", args: { nodeIndex } },
      }),
    ),
  );
  const events = found.flat().sort((a, b) => Number(a.blockNumber - b.blockNumber));
  const times = new Map<bigint, bigint>();
  for (const blockNumber of new Set(events.map((event) => event.blockNumber))) {
    times.set(blockNumber, (await session.client.getBlock({ blockNumber })).timestamp);
  }
  return events.map(({ blockNumber, ...event }) => ({
    ...event,
    time: times.get(blockNumber) ?? 0n,
    fromEpoch: event.fromWord * WORD_EPOCHS,
    untilEpoch: event.untilWord * WORD_EPOCHS,
  }));
}

const HEADER = ["time", "node", "from_epoch", "until_epoch", "receiver"];
const AMOUNTS = ["to_operator", "to_delegators", "returned"];

/** Claims as CSV: amounts in MESH and in wei. */
export function claimsCsv(claims: readonly PastClaim[]): string {
  const header = [...HEADER, ...AMOUNTS.flatMap((name) => [`${name}_mesh`, `${name}_wei`]), "transaction"];
  const rows = claims.map(({ time, nodeIndex, fromEpoch, untilEpoch, receiver, transactionHash, ...amounts }) => {
    const { toOperator, toPool, returned } = amounts;
    const cells = [toOperator, toPool, returned].flatMap((wei) => [meshFigure(wei).mesh, wei]);
    return [isoTime(time), nodeIndex, fromEpoch, untilEpoch, receiver, ...cells, transactionHash];
  });
  return csvOf(header, rows);
}
