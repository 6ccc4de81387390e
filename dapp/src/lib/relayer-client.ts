import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { Report } from "@pqmesh/contracts/protocol/report";
import type { AttestationClaim } from "@pqmesh/contracts/protocol/verify-attestation";
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

/** A relayer's answer with the digest and the key it names. */
export interface ServedClaim extends AttestationClaim {
  digest?: Hex;
  publicKey?: Hex;
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
  return parseClaim(await getJson(relayerUrl, `/v1/attestations/${epoch}/${nodeIndex}`));
}

/**
 * Reads a claim out of a relayer's answer; numbers may be numbers or decimal text.
 *
 * @throws RelayerError naming the part that is missing.
 */
export function parseClaim(value: unknown): ServedClaim {
  const raw = value as Record<string, unknown>;
  for (const field of ["attestation", "signature", "proof", "report", "signers"]) {
    if (raw?.[field] === undefined || raw[field] === null) {
      throw new RelayerError(
        field === "report" || field === "proof"
          ? "The committee has not reported this epoch yet, so there is nothing to check it against."
          : `The relayer's answer has no ${field}.`,
      );
    }
  }
  try {
    return {
      attestation: toAttestation(raw.attestation as Record<string, unknown>),
      signature: raw.signature as Hex,
      proof: raw.proof as Hex[],
      report: toReport(raw.report as Record<string, unknown>),
      signers: BigInt(raw.signers as string),
      ...(typeof raw.digest === "string" && { digest: raw.digest as Hex }),
      ...(typeof raw.publicKey === "string" && { publicKey: raw.publicKey as Hex }),
    };
  } catch (cause) {
    throw new RelayerError("The relayer's answer cannot be read: a number in it is malformed.", { cause });
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

function toAttestation(raw: Record<string, unknown>): Attestation {
  const number = (field: string): number => {
    const value = Number(raw[field]);
    if (!Number.isFinite(value)) throw new TypeError(field);
    return value;
  };
  const big = (field: string): bigint => BigInt(raw[field] as string);
  const hex = (field: string): Hex => raw[field] as Hex;
  return {
    nodeIndex: number("nodeIndex"),
    epoch: big("epoch"),
    sequence: big("sequence"),
    beacon: hex("beacon"),
    measurement: hex("measurement"),
    previous: hex("previous"),
    shares: big("shares"),
    cpuLoadBp: number("cpuLoadBp"),
    memoryUsedBp: number("memoryUsedBp"),
    storageUsedBp: number("storageUsedBp"),
    heartbeats: number("heartbeats"),
    latencyMicros: number("latencyMicros"),
    space: big("space"),
    stake: big("stake"),
    work: big("work"),
    time: big("time"),
  };
}

function toReport(raw: Record<string, unknown>): Report {
  return {
    epoch: BigInt(raw.epoch as string),
    shard: Number(raw.shard),
    round: Number(raw.round),
    committeeVersion: Number(raw.committeeVersion),
    beaconBlock: BigInt(raw.beaconBlock as string),
    beacon: raw.beacon as Hex,
    root: raw.root as Hex,
    absent: raw.absent as Hex,
    degraded: raw.degraded as Hex,
    quality: raw.quality as Hex,
  };
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
