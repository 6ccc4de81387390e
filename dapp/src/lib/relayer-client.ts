import { parseAttestationClaim, type ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import type { Hex } from "viem";

/** Milliseconds that a relayer has for an answer. */
const TIMEOUT_MS = 4_000;

/** What a relayer says about a node now; see the read API in docs/ARCHITECTURE.md. */
export interface LiveNode {
  nodeIndex: number;
  /** Chain time of the newest heartbeat, milliseconds; missing when it never heard the node. */
  lastSeenMs?: number | null;
  state: "live" | "silent" | "unknown";
  heartbeatRatioBp?: number;
  latencyMicros?: number;
  cpuLoadBp?: number;
  memoryUsedBp?: number;
  storageUsedBp?: number;
}

/** An attestation in a relayer's list. */
export interface ListedAttestation {
  epoch: number;
  sequence: number;
  digest: Hex;
  /** Unix milliseconds at which the relayer stored it. */
  receivedMs?: number;
}

/** Thrown when a relayer does not answer or refuses. */
class RelayerError extends Error {
  override readonly name = "RelayerError";
}

/** Live nodes as one relayer sees them. @throws RelayerError */
export async function fetchLiveNodes(relayerUrl: string): Promise<LiveNode[]> {
  const answer = (await getJson(relayerUrl, "/v1/nodes")) as { nodes?: LiveNode[] };
  return Array.isArray(answer.nodes) ? answer.nodes : [];
}

/** Newest attestations of a node, newest first. @throws RelayerError */
export async function fetchAttestations(
  relayerUrl: string,
  nodeIndex: number,
  { limit, before }: { limit: number; before?: number },
): Promise<ListedAttestation[]> {
  const query = before === undefined ? `limit=${limit}` : `limit=${limit}&before=${before}`;
  const answer = (await getJson(relayerUrl, `/v1/nodes/${nodeIndex}/attestations?${query}`)) as {
    attestations?: unknown[];
  };
  return (answer.attestations ?? []).map(toListed);
}

/** One attestation with its proof and report. @throws RelayerError */
export async function fetchClaim(relayerUrl: string, epoch: number, nodeIndex: number): Promise<ServedClaim> {
  const answer = await getJson(relayerUrl, `/v1/attestations/${epoch}/${nodeIndex}`);
  try {
    return parseAttestationClaim(answer);
  } catch (cause) {
    throw new RelayerError((cause as Error).message, { cause });
  }
}

async function getJson(relayerUrl: string, path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(relayerUrl.replace(/\/$/, "") + path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new RelayerError(`The relayer at ${relayerUrl} does not answer.`, { cause });
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    const said = problem.detail ?? problem.title ?? `status ${response.status}`;
    throw new RelayerError(`The relayer at ${relayerUrl} says: ${said}`);
  }
  try {
    return await response.json();
  } catch (cause) {
    throw new RelayerError(`The relayer at ${relayerUrl} does not answer with JSON.`, { cause });
  }
}

function toListed(value: unknown): ListedAttestation {
  const { epoch, sequence, digest, receivedMs } = value as Record<string, unknown>;
  return {
    epoch: Number(epoch),
    sequence: Number(sequence),
    digest: digest as Hex,
    ...(typeof receivedMs === "number" && { receivedMs }),
  };
}
