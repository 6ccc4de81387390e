import type { NodeSummary } from "./network-view.ts";
import { type NodeStanding, type Standing, STANDINGS } from "./node-standing.ts";
import type { Presence } from "./presence-book.ts";

/** Columns that the table can be ordered by. */
export const SORTS = ["node", "status", "trust", "stake", "operator", "seen"] as const;

/** A column. */
export type Sort = (typeof SORTS)[number];

/** What of the table is shown. */
export interface Listing {
  search: string;
  status: Standing | "all";
  sort: Sort;
  descending: boolean;
  /** From 1. */
  page: number;
}

/** A node that can be listed. */
export type ListedNode = NodeSummary & { standing: NodeStanding; presence?: Presence };

/** Reads a listing out of the address of the page; anything unknown counts as not given. */
export function readListing(params: URLSearchParams): Listing {
  const status = params.get("status") as Standing;
  const sort = params.get("sort") as Sort;
  const page = Number(params.get("page"));
  return {
    search: params.get("q") ?? "",
    status: STANDINGS.includes(status) ? status : "all",
    sort: SORTS.includes(sort) ? sort : "node",
    descending: params.get("order") === "desc",
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** Nodes that fit search and filter, in order. Equal ones stay in order of node index. */
export function listNodes<T extends ListedNode>(nodes: readonly T[], listing: Listing): T[] {
  const { search, status, sort, descending } = listing;
  const wanted = nodes.filter(
    (node) => (status === "all" || node.standing.standing === status) && fits(node, search.trim().toLowerCase()),
  );
  const direction = descending ? -1 : 1;
  return wanted.sort((a, b) => direction * compare(KEYS[sort](a), KEYS[sort](b)) || a.nodeIndex - b.nodeIndex);
}

const KEYS: Record<Sort, (node: ListedNode) => bigint | number> = {
  node: ({ nodeIndex }) => nodeIndex,
  status: ({ standing }) => STANDINGS.indexOf(standing.standing),
  trust: ({ trustScore }) => trustScore ?? -1,
  stake: ({ stake }) => stake,
  operator: ({ identityId }) => identityId,
  seen: ({ presence }) => presence?.lastSeenMs ?? 0,
};

/** A number finds the node, `op 3` the operator, hex the owner, and a DID its node. */
function fits({ nodeIndex, identityId, owner }: ListedNode, search: string): boolean {
  if (search === "") return true;
  if (/^\d+$/.test(search)) return String(nodeIndex) === search;
  const operator = /^op(?:erator)?\s*(\d+)$/.exec(search)?.[1];
  if (operator) return identityId === Number(operator);
  if (search.startsWith("did:")) return Number(search.split(":").at(-1)) === nodeIndex;
  return owner.toLowerCase().includes(search);
}

function compare(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
