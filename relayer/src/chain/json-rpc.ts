import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** Longest answer of an RPC endpoint that is read, in bytes. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** What endpoints say when it is not the request that they refuse, but the number of requests. */
const RATE_LIMIT = /rate.?limit|too many requests|request limit/i;

/** Thrown when an endpoint could not be reached or did not answer with JSON-RPC: another endpoint may do better. */
export class RpcTransportError extends Error {
  override readonly name = "RpcTransportError";
}

/** Thrown when an endpoint answered with a JSON-RPC error: the request itself was refused. */
export class RpcResponseError extends Error {
  override readonly name = "RpcResponseError";
  readonly code: number;
  /** Revert data and the like, as the endpoint gave it. */
  readonly data: unknown;

  constructor(message: string, code: number, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Sends one JSON-RPC request and returns its result, unchecked. */
export type RpcRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** One RPC endpoint. */
export interface JsonRpcClient {
  readonly url: string;
  readonly request: RpcRequest;
  /** Closes idle connections. */
  close(): void;
}

/**
 * Client of one JSON-RPC endpoint over keep-alive HTTP(S). It has no retries: {@link RpcPool} fails over instead.
 * It uses `node:http` because `fetch` costs 16 MB more resident memory in each agent and relayer.
 *
 * @param timeoutMs Milliseconds from sending a request to the last byte of its answer.
 */
export function createJsonRpcClient(url: string, timeoutMs: number): JsonRpcClient {
  const secure = new URL(url).protocol === "https:";
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  let nextId = 1;
  return {
    url,
    async request(method, params) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: nextId++, method, params });
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const text = await post({ url, agent, signal, body }).catch((error: PostError) => {
          if (!error.staleConnection) throw error;
          return post({ url, agent, signal, body });
        });
        return resultOf(text);
      } catch (cause) {
        if (cause instanceof RpcResponseError) throw cause;
        const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : (cause as Error).message;
        throw new RpcTransportError(`RPC ${hostOf(url)} failed at ${method}: ${reason}`, { cause });
      }
    },
    close: () => agent.destroy(),
  };
}

/** Host and port of an RPC URL: what may be logged, since paths and users often carry API keys. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

interface Post {
  url: string;
  agent: HttpAgent | HttpsAgent;
  signal: AbortSignal;
  body: string;
}

interface PostError extends Error {
  /** The server had closed the kept connection before it read the request. */
  staleConnection?: boolean;
}

function post({ url, agent, signal, body }: Post): Promise<string> {
  const request = agent instanceof HttpsAgent ? requestHttps : requestHttp;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, signal, headers }, (response) => {
      readText(response).then(resolve, reject);
    });
    sent.on("error", (error: PostError & { code?: string }) => {
      error.staleConnection = sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(error);
    });
    sent.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) {
      response.destroy();
      throw new Error(`answer is longer than ${MAX_RESPONSE_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const status = response.statusCode ?? 0;
  if (status >= 500 || status === 429) throw new Error(`HTTP status ${status}`);
  return text;
}

function resultOf(text: string): unknown {
  const answer = JSON.parse(text) as { result?: unknown; error?: { code?: number; message?: string; data?: unknown } };
  if (typeof answer !== "object" || answer === null) throw new Error("answer is no JSON-RPC object");
  if (answer.error) {
    const { code = 0, message = "unknown error", data } = answer.error;
    if (RATE_LIMIT.test(message)) throw new Error(message);
    throw new RpcResponseError(message, code, data);
  }
  if (!("result" in answer)) throw new Error("answer has neither result nor error");
  return answer.result;
}
