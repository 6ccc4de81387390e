import { createHash } from "node:crypto";
import { type ClientRequestArgs, type IncomingMessage, request } from "node:http";
import { Agent } from "node:https";
import type { Duplex } from "node:stream";
import { connect, type SecureContextOptions, type TLSSocket } from "node:tls";
import { splitEndpoint } from "@pqmesh/contracts/protocol/endpoint";
import type { LeaseCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { certificateKey } from "../pki/tls-key.ts";
import { peerCertificate, requirePolicy, type TlsAgreement, tlsAgreement } from "../transport/negotiated.ts";
import { HTTP_ALPN } from "../transport/tls-policy.ts";
import { certificateKeyHash } from "./pinned-certificate.ts";
import { pinnedContext } from "./pinned-peers.ts";
import type { StoredFile } from "./lease-files.ts";

/** What a lease may use, as its endpoint says. */
export interface LeaseAllowance {
  leaseId: string;
  usedBytes: number;
  files: number;
  quotaBytes: number;
  maxFileBytes: number;
  maxFiles: number;
}

/** Thrown when the endpoint refuses a request; `type` is the code of its problem details. */
class LeaseRefusedError extends Error {
  override readonly name = "LeaseRefusedError";
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, detail: string) {
    super(detail);
    this.status = status;
    this.type = type;
  }
}

interface Call {
  method: string;
  path: string;
  body?: Uint8Array;
}

const MAX_ANSWER_BYTES = 1_073_741_824;

/** A client's connection to what it leased. Every call ends in time or throws. */
export class LeaseClient {
  readonly #agent: PinnedAgent;
  readonly #timeoutMs: number;

  private constructor(agent: PinnedAgent, timeoutMs: number) {
    this.#agent = agent;
    this.#timeoutMs = timeoutMs;
  }

  /** @param timeoutMs From a call to the last byte of its answer; default 10,000. */
  static async of(credential: LeaseCredential, timeoutMs = 10_000): Promise<LeaseClient> {
    const context = await pinnedContext(certificateKey(credential.clientSeed));
    return new LeaseClient(new PinnedAgent(credential, context), timeoutMs);
  }

  /** What the newest connection negotiated; undefined before the first call. */
  get agreement(): TlsAgreement | undefined {
    return this.#agent.agreement;
  }

  async allowance(): Promise<LeaseAllowance> {
    return jsonOf(await this.#call({ method: "GET", path: "/lease" }));
  }

  /** Sends bytes and returns what came back. */
  echo(body: Uint8Array): Promise<Buffer> {
    return this.#call({ method: "POST", path: "/echo", body });
  }

  async list(): Promise<StoredFile[]> {
    return jsonOf<{ files: StoredFile[] }>(await this.#call({ method: "GET", path: "/files" })).files;
  }

  /** @throws Error when the endpoint stored other bytes. */
  async put(name: string, body: Uint8Array): Promise<StoredFile> {
    const answer = await this.#call({ method: "PUT", path: pathOf(name), body });
    const stored = jsonOf<StoredFile & { sha256: string }>(answer);
    const own = createHash("sha256").update(body).digest("hex");
    if (stored.sha256 !== own) throw new Error(`the endpoint stored other bytes: SHA-256 ${stored.sha256}, not ${own}`);
    return { name: stored.name, bytes: stored.bytes };
  }

  get(name: string): Promise<Buffer> {
    return this.#call({ method: "GET", path: pathOf(name) });
  }

  async remove(name: string): Promise<void> {
    await this.#call({ method: "DELETE", path: pathOf(name) });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #call({ method, path, body }: Call): Promise<Buffer> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const headers = body ? { "content-type": "application/octet-stream", "content-length": body.length } : {};
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request({ agent: this.#agent, protocol: "https:", method, path, headers, signal }, resolve);
        sent.once("error", reject);
        sent.end(body);
      });
      return await answerOf(response);
    } catch (cause) {
      if (cause instanceof LeaseRefusedError) throw cause;
      const reason = signal.aborted ? `no complete answer within ${this.#timeoutMs} ms` : (cause as Error).message;
      throw new Error(`${method} ${path} at ${this.#agent.endpoint} failed: ${reason}`, { cause });
    }
  }
}

/** Connections to one endpoint, each used only after the server's key was found to be the one of the credential. */
class PinnedAgent extends Agent {
  readonly endpoint: string;
  agreement: TlsAgreement | undefined;
  readonly #serverKeyHash: string;
  readonly #context: SecureContextOptions;

  constructor({ endpoint, serverKeyHash }: LeaseCredential, context: SecureContextOptions) {
    super({ keepAlive: true, maxSockets: 4, maxCachedSessions: 0 });
    this.endpoint = endpoint;
    this.#serverKeyHash = serverKeyHash;
    this.#context = context;
  }

  override createConnection(
    _options: ClientRequestArgs,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const socket = connect({
      ...splitEndpoint(this.endpoint),
      ...this.#context,
      ALPNProtocols: [HTTP_ALPN],
      // The certificate is self-signed; its key is compared below, before anything is sent.
      rejectUnauthorized: false,
    });
    const fail = (error: Error): void => done?.(error, socket);
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      socket.off("error", fail);
      try {
        this.agreement = this.#verified(socket);
        done?.(null, socket);
      } catch (error) {
        socket.destroy();
        fail(error as Error);
      }
    });
  }

  #verified(socket: TLSSocket): TlsAgreement {
    const certificate = peerCertificate(socket);
    if (!certificate || certificateKeyHash(certificate) !== this.#serverKeyHash) {
      throw new Error("the server is not the one that the credential names");
    }
    const agreement = tlsAgreement(socket, certificate);
    requirePolicy(agreement);
    return agreement;
  }
}

async function answerOf(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const status = response.statusCode ?? 0;
  if (status < 400) return body;
  const problem = problemIn(body);
  throw new LeaseRefusedError(status, problem.type ?? "unknown", problem.detail ?? `the endpoint answers ${status}`);
}

function problemIn(body: Buffer): { type?: string; detail?: string } {
  try {
    const { type, detail } = jsonOf<Record<string, unknown>>(body);
    return { ...(typeof type === "string" && { type }), ...(typeof detail === "string" && { detail }) };
  } catch {
    return {};
  }
}

function jsonOf<T>(body: Buffer): T {
  return JSON.parse(body.toString("utf8")) as T;
}

function pathOf(name: string): string {
  return `/files/${encodeURIComponent(name)}`;
}
