import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError } from "./output.ts";

/** @throws CliError that says which nodes there are, when a node does not exist; they are numbered without gaps. */
export async function requireKnownNode(session: Session, nodeIndex: number): Promise<void> {
  const count = await session.client.readContract({
    ...contractOf(session, "NodeRegistry"),
    functionName: "nodeCount",
  });
  if (nodeIndex < count) return;
  const known = count === 0 ? "no node is registered yet" : count === 1 ? "node 0 does" : `nodes 0 to ${count - 1} do`;
  throw new CliError(`node ${nodeIndex} does not exist; ${known}`);
}
