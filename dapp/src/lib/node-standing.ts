import type { NodeSummary } from "./network-view.ts";
import type { PresenceState } from "./presence-book.ts";

/** How a node stands, from best to worst of what matters to a reader. */
export const STANDINGS = ["live", "degraded", "absent", "silent", "unheard", "starting", "inactive", "exited"] as const;

/** One word for how a node stands. */
export type Standing = (typeof STANDINGS)[number];

/** A standing with the sentence that explains it. */
export interface NodeStanding {
  standing: Standing;
  sentence: string;
}

/** Epochs for which the last report still describes a node. */
const FRESH_EPOCHS = 8;

/**
 * Merges what the chain says (stake, activity, last report) with what relayers hear now. Silence comes first, because it is
 * newest; then the last report.
 */
export function nodeStanding(node: NodeSummary, presence: PresenceState | undefined, epoch: number): NodeStanding {
  const until = node.active?.until;
  if (node.exited && (until === undefined || until <= epoch)) {
    return { standing: "exited", sentence: "The operator ended this node for good." };
  }
  if (!node.active || (until !== undefined && until <= epoch)) {
    const why = node.isBarred === true ? "Barred by its certificates" : "Not enough stake";
    return { standing: "inactive", sentence: `${why}: the network expects nothing of this node.` };
  }
  if (node.active.from > epoch) {
    return { standing: "starting", sentence: `Staked; active from epoch ${count(node.active.from)} on.` };
  }
  const { last } = node;
  const isFresh = last !== undefined && epoch - last.epoch <= FRESH_EPOCHS;
  const lastWords = isFresh ? ` ${last.status} in epoch ${count(last.epoch)}.` : "";
  if (presence === "silent") return { standing: "silent", sentence: `No heartbeat reaches any relayer.${lastWords}` };
  if (isFresh && last.status === "Absent") {
    return {
      standing: "absent",
      sentence: `Absent in epoch ${count(last.epoch)}: no valid attestation reached the committee.`,
    };
  }
  if (isFresh && last.status === "Degraded") {
    return {
      standing: "degraded",
      sentence: `Degraded in epoch ${count(last.epoch)}: attested, but heartbeats were out of bounds.`,
    };
  }
  if (presence === "live") return { standing: "live", sentence: `Heartbeats arrive.${lastWords}` };
  return { standing: "unheard", sentence: `No relayer tells anything about it now.${lastWords}` };
}

function count(epoch: number): string {
  return epoch.toLocaleString("en-US");
}
