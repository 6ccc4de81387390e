import type { ClientRequestArgs, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Address } from "viem";

import { connectVerified } from "./connect-mesh.ts";
import type { MeshCredentials } from "./mesh-credentials.ts";
import { peerCertificate } from "./negotiated.ts";
import { HTTP_ALPN } from "./tls-policy.ts";

/** One HTTPS request to a relayer. */
export interface MeshRequest {
  agent: MeshHttpsAgent;
  /** `https://host:port/path`. */
  url: string;
  /** Default: GET, or POST when there is a body. */
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** From the call to the last byte of the answer; default 10,000. */
  timeoutMs?: number;
  /** Longest answer accepted; default 16 MiB. */
  maxBytes?: number;
}

/** A complete answer. */
export interface MeshResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What an agent needs. */
export interface MeshAgentOptions {
  credentials: MeshCredentials;
  /** When given, servers must be this relayer. */
  relayer?: Address;
  /** Connections kept open for each server; default 8. */
  maxSockets?: number;
}

/** `https.Agent` under the network's TLS policy: keeps connections, never resumes TLS sessions, follows new credentials. */
export class MeshHttpsAgent extends Agent {
  readonly #options: MeshAgentOptions;
  readonly #unsubscribe: () => void;

  constructor(options: MeshAgentOptions) {
    super({ keepAlive: true, maxSockets: options.maxSockets ?? 8, maxCachedSessions: 0 });
    this.#options = options;
    this.#unsubscribe = options.credentials.onReplace(() => this.#dropRefused());
  }

  override createConnection(options: ClientRequestArgs): Duplex {
    const { credentials, relayer } = this.#options;
    const target = { credentials, host: options.host ?? "localhost", port: Number(options.port ?? 443), relayer };
    return connectVerified(target, HTTP_ALPN);
  }

  override destroy(): void {
    this.#unsubscribe();
    super.destroy();
  }

  /** Ends connections to servers that new credentials refuse; requests on them fail. */
  #dropRefused(): void {
    const lists = [...Object.values(this.sockets), ...Object.values(this.freeSockets)];
    for (const socket of lists.flatMap((list) => list ?? [])) {
      const certificate = peerCertificate(socket as TLSSocket);
      if (certificate && this.#options.credentials.refusal(certificate)) socket.destroy();
    }
  }
}

/**
 * Sends one request and reads its whole answer, whatever the status.
 *
 * @throws Error when there is no answer in time, it is over `maxBytes`, or the server is refused.
 */
export function meshRequest(options: MeshRequest): Promise<MeshResponse> {
  const { agent, url, headers = {}, body, timeoutMs = 10_000, maxBytes = 16_777_216 } = options;
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  const { promise, resolve, reject } = Promise.withResolvers<MeshResponse>();
  const signal = AbortSignal.timeout(timeoutMs);
  const outgoing = request(url, { agent, method, headers, signal }, (response) => {
    readBody(response, maxBytes).then(
      (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
      (error: unknown) => {
        outgoing.destroy();
        reject(error);
      },
    );
  });
  outgoing.on("error", (cause) => {
    const message = signal.aborted ? `no complete answer within ${timeoutMs} ms` : cause.message.trim();
    reject(new Error(`${method} ${url} failed: ${message}`, { cause }));
  });
  outgoing.end(body);
  return promise;
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > maxBytes) throw new Error(`answer is over its limit of ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
