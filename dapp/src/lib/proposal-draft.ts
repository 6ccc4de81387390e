import { natural } from "./report-listing.ts";

/** A proposal to slash as somebody types it. */
export interface ProposalDraft {
  node: string;
  epoch: string;
  percent: string;
}

/** What a proposal is about, or the sentence that says what is wrong with it. */
export type ProposalReading = { nodeIndex: number; epoch: number; shareBp: number } | { problem: string };

/** Reads a draft; `running` is the epoch now, `maxBp` the largest share in basis points. */
export function readProposalDraft(
  { node, epoch, percent }: ProposalDraft,
  { running, maxBp }: { running: number; maxBp: number },
): ProposalReading {
  const nodeIndex = natural(node.trim());
  if (nodeIndex === undefined) return { problem: "The node is its index: a whole number." };
  const at = natural(epoch.trim());
  if (at === undefined) return { problem: "The epoch is a whole number." };
  if (at >= running) return { problem: `Epoch ${at} is not over yet.` };
  const shareBp = readBp(percent);
  if (shareBp === undefined || shareBp === 0)
    return { problem: "The share is a percentage above zero, with at most two decimals." };
  if (shareBp > maxBp) return { problem: `The share must be at most ${maxBp / 100} %.` };
  return { nodeIndex, epoch: at, shareBp };
}

/** Reads a percentage with at most two decimals as basis points; undefined when it is none. */
export function readBp(percent: string): number | undefined {
  const plain = percent.trim().replace(/\s*%$/, "");
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(plain)) return undefined;
  const bp = Math.round(Number(plain) * 100);
  return bp <= 10_000 ? bp : undefined;
}
