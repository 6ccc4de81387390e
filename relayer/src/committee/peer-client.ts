import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { z } from "zod";
import type { CommitteeMember } from "../chain/chain-view.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import { MeshHttpsAgent, meshRequest } from "../transport/mesh-https-client.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { heartbeatListSchema, leafListSchema, reportToJson, signaturesSchema, signedReportSchema } from "./messages.ts";

/** Longest JSON answer of a peer in bytes. */
const MAX_JSON_BYTES = 2 * 1024 * 1024;

/** Thrown when a peer answered, but did not do what was asked. */
export class PeerRefusal extends Error {
  override readonly name = "PeerRefusal";
  /** `type` of the peer's problem details. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Speaks the committee protocol to other members, at the endpoints they published on chain. */
export class PeerClient {
  readonly #credentials: MeshCredentials;
  readonly #agents = new Map<string, MeshHttpsAgent>();
  #closed = false;

  constructor(credentials: MeshCredentials) {
    this.#credentials = credentials;
  }

  /** A member, whose server must show the certificate of its relayer address. */
  readonly of = (member: CommitteeMember): CommitteePeer => {
    const call = (path: string, request: PeerRequest) => this.#call(member, path, request);
    return {
      address: member.address,
      async leaves(place, timeoutMs) {
        const answer = await call(`leaves?${query(place)}`, { timeoutMs });
        return readJson(answer, leafListSchema).leaves;
      },
      async fetchLeaves({ epoch, shard }, nodeIndices, timeoutMs) {
        const body = { epoch: epoch.toString(), shard, nodeIndices };
        const maxBytes = SHARD_SIZE * SIGNED_ATTESTATION_BYTES;
        return splitWires(await call("leaves/fetch", { body, timeoutMs, maxBytes }));
      },
      async heartbeats(place, timeoutMs) {
        const answer = await call(`heartbeats?${query(place)}`, { timeoutMs });
        return readJson(answer, heartbeatListSchema).nodes;
      },
      async propose({ report, leaves, signatures }, timeoutMs) {
        const body = { report: reportToJson(report), leaves, round: report.round, signatures };
        return readJson(await call("propose", { body, timeoutMs }), signaturesSchema);
      },
      async signedReport(place, timeoutMs) {
        return readJson(await call(`report?${query(place)}`, { timeoutMs }), signedReportSchema);
      },
    };
  };

  /** Closes all connections; calls under way and later ones fail. */
  close(): void {
    this.#closed = true;
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async #call(member: CommitteeMember, path: string, request: PeerRequest): Promise<Buffer> {
    const { body, timeoutMs, maxBytes = MAX_JSON_BYTES } = request;
    const { status, body: answer } = await meshRequest({
      agent: this.#agentOf(member),
      url: new URL(`/committee/${path}`, member.endpoint).href,
      timeoutMs: Math.ceil(timeoutMs),
      maxBytes,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (status === 200) return answer;
    const { type, detail } = problemOf(answer);
    throw new PeerRefusal(type, `relayer ${member.address} answered ${status} to ${path.split("?")[0]}: ${detail}`);
  }

  #agentOf({ address }: CommitteeMember): MeshHttpsAgent {
    if (this.#closed) throw new Error("the committee is stopping");
    let agent = this.#agents.get(address);
    if (!agent) {
      agent = new MeshHttpsAgent({ credentials: this.#credentials, relayer: address, maxSockets: 4 });
      this.#agents.set(address, agent);
    }
    return agent;
  }
}

interface PeerRequest {
  body?: object;
  timeoutMs: number;
  maxBytes?: number;
}

function query({ epoch, shard }: EpochPlace): string {
  return `epoch=${epoch}&shard=${shard}`;
}

function readJson<Schema extends z.ZodType>(answer: Buffer, schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(answer.toString("utf8")));
}

function problemOf(answer: Buffer): { type: string; detail: string } {
  try {
    const { type, detail } = JSON.parse(answer.toString("utf8")) as Record<string, unknown>;
    return { type: String(type).slice(0, 64), detail: String(detail).slice(0, 300) };
  } catch {
    return { type: "unreadable", detail: "no problem details" };
  }
}

function splitWires(bytes: Buffer): Uint8Array[] {
  if (bytes.length % SIGNED_ATTESTATION_BYTES !== 0) {
    throw new Error(`${bytes.length} bytes of leaves are not a multiple of ${SIGNED_ATTESTATION_BYTES}`);
  }
  return Array.from({ length: bytes.length / SIGNED_ATTESTATION_BYTES }, (_, i) =>
    bytes.subarray(i * SIGNED_ATTESTATION_BYTES, (i + 1) * SIGNED_ATTESTATION_BYTES),
  );
}
