import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { EpochPlace } from "./committee-peer.ts";

/**
 * Checks the nodes of a list that another member gave: each once, of the shard, active in the epoch. What breaks these
 * rules does not come from an honest member, so that the whole list is refused.
 *
 * @throws Error naming the node.
 */
export function checkPeerList(
  rows: readonly { nodeIndex: number }[],
  { epoch, shard }: EpochPlace,
  activeNodes: readonly number[],
): void {
  const allowed = new Set(activeNodes);
  for (const { nodeIndex } of rows) {
    if (shardOf(nodeIndex) !== shard) {
      throw new Error(`node ${nodeIndex} is of shard ${shardOf(nodeIndex)}, asked was shard ${shard}`);
    }
    if (!allowed.delete(nodeIndex)) {
      const reason = activeNodes.includes(nodeIndex) ? "is listed twice" : `is not active in epoch ${epoch}`;
      throw new Error(`node ${nodeIndex} ${reason}`);
    }
  }
}
