import type { Address } from "viem";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";

/** Nodes to which a wallet ever delegated, in ascending order. */
export async function delegatedNodes(session: Session, wallet: Address): Promise<number[]> {
  const query = { contract: "NodeDelegation", eventName: "Delegated", args: { delegator: wallet } } as const;
  const events = await findEvents<{ nodeIndex: number }>(session, query);
  return [...new Set(events.map(({ nodeIndex }) => nodeIndex))].sort((a, b) => a - b);
}
