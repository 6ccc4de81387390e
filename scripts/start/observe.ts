import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";

const TIMEOUT_MS = 2_000;

/** Fetches JSON; undefined when the answer is not a success. */
export async function fetchJson(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return response.ok ? response.json() : undefined;
}

/** Number of nodes that at least one relayer sees live. */
export async function countLiveNodes(network: NetworkConfig): Promise<number> {
  const live = new Set<number>();
  for (const { url } of network.relayers) {
    const answer = (await fetchJson(`${url}/v1/nodes`)) as
      { nodes: { nodeIndex: number; state: string }[] } | undefined;
    for (const node of answer?.nodes ?? []) if (node.state === "live") live.add(node.nodeIndex);
  }
  return live.size;
}

/** Number of reports that the indexer has. */
export async function countReports(network: NetworkConfig): Promise<number> {
  const answer = (await fetchJson(`${network.indexerUrl}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: '{ network(id: "pqmesh") { reportCount } }' }),
  })) as { data?: { network?: { reportCount: number } } } | undefined;
  return answer?.data?.network?.reportCount ?? 0;
}
