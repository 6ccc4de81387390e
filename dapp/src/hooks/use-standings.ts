import type { NodeStanding } from "../lib/node-standing.ts";
import { nodeStanding } from "../lib/node-standing.ts";
import type { NodeSummary } from "../lib/network-view.ts";
import type { Presence } from "../lib/presence-book.ts";
import { useChainTime } from "./use-chain-time.ts";
import { useNodes, usePresence } from "./use-network-queries.ts";

/** A node as the chain, its reports and the relayers describe it together. */
export interface StandingNode extends NodeSummary {
  standing: NodeStanding;
  presence?: Presence;
}

/** Every node with how it stands now. */
export function useStandings(): { nodes: StandingNode[]; loading: boolean; error: Error | null; retry: () => void } {
  const query = useNodes();
  const { nodes: presences } = usePresence();
  const { epoch = 0 } = useChainTime();
  const nodes = (query.data ?? []).map((node): StandingNode => {
    const presence = presences.get(node.nodeIndex);
    const standing = nodeStanding(node, presence?.state, epoch);
    return presence ? { ...node, standing, presence } : { ...node, standing };
  });
  return { nodes, loading: query.isPending, error: query.data ? null : query.error, retry: () => void query.refetch() };
}
