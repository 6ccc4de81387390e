import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";

/** A thing that anyone may do, and one of the committee should. */
export interface SharedDuty {
  /** Who asks. */
  address: Address;
  /** Number of the thing; another seat comes first for each. */
  number: bigint;
  /** Turns that have passed since it could be done; negative before. */
  turn: bigint;
}

/**
 * Tells whose turn a shared duty is: exactly one seat's, seat (number + turn) mod n, round and round until it is done, so
 * that one transaction is sent and no member pays more than the others. It follows from the chain alone and is the same
 * after a restart. Those without a seat follow once every seat had its turn.
 *
 * @returns "outsider" when every seat had its turn and `address` has none.
 */
export function turnOf(
  chain: Pick<ChainFollower, "committeeAt" | "epochAt" | "head">,
  { address, number, turn }: SharedDuty,
): "member" | "outsider" | undefined {
  if (turn < 0n) return undefined;
  const members = chain.committeeAt(chain.epochAt(chain.head().timestamp))?.members ?? [];
  const seats = BigInt(members.length);
  const seat = members.find((member) => member.address === address)?.seat;
  if (seat === undefined) return turn >= seats ? "outsider" : undefined;
  return (number + turn) % seats === BigInt(seat) ? "member" : undefined;
}
