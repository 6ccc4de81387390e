import type { Logger } from "pino";
import { createJsonRpcClient, hostOf, type JsonRpcClient, type RpcRequest, RpcTransportError } from "./json-rpc.ts";

/** Thrown by a check when an endpoint serves something else than the configured network. */
export class WrongNetworkError extends Error {
  override readonly name = "WrongNetworkError";
}

/** How one endpoint of a pool is doing; `url` is host and port only. */
export interface RpcEndpointStatus {
  url: string;
  state: "unchecked" | "ready" | "down" | "refused";
  reason?: string;
}

/** Several RPC endpoints that answer as one. */
export interface RpcPool {
  /**
   * Sends a request to the endpoint in use; when that cannot be reached, at once to the next one.
   *
   * @throws RpcResponseError when the endpoint refused the request; it is not asked of another one.
   * @throws RpcTransportError when no endpoint could be reached.
   * @throws WrongNetworkError when every endpoint serves another network.
   */
  readonly request: RpcRequest;
  /**
   * Stops using the endpoint in use for a while, for example because its head does not move.
   *
   * @returns false when there is no other endpoint to use.
   */
  abandon(reason: string): boolean;
  /** Counts changes of the endpoint in use. */
  switches(): number;
  status(): RpcEndpointStatus[];
  close(): void;
}

/** What {@link createRpcPool} needs. */
export interface RpcPoolOptions {
  /** In order of preference. */
  urls: readonly string[];
  /** Milliseconds for one answer. */
  timeoutMs: number;
  /** Runs before an endpoint is used, and again after each time it was down. @throws WrongNetworkError to refuse it. */
  check: (request: RpcRequest) => Promise<void>;
  log: Logger;
}

/** First pause in milliseconds before a failed endpoint is tried again; doubles with each failure. */
const FIRST_RETRY_MS = 500;
/** Longest pause in milliseconds before a failed endpoint is tried again. */
const LONGEST_RETRY_MS = 4_000;
/** Pause in milliseconds before an endpoint of another network is asked again. */
const REFUSED_RETRY_MS = 30_000;

interface Endpoint {
  client: JsonRpcClient;
  state: RpcEndpointStatus["state"];
  reason: string | undefined;
  failures: number;
  retryAt: number;
}

/** Creates a pool. @throws Error when there is no URL. */
export function createRpcPool({ urls, timeoutMs, check, log }: RpcPoolOptions): RpcPool {
  if (urls.length === 0) throw new Error("rpcUrls must name at least one RPC endpoint");
  const endpoints = urls.map((url): Endpoint => {
    return {
      client: createJsonRpcClient(url, timeoutMs),
      state: "unchecked",
      reason: undefined,
      failures: 0,
      retryAt: 0,
    };
  });
  let current: Endpoint | undefined;
  let switches = 0;

  function stopUsing(endpoint: Endpoint, state: "down" | "refused", reason: string): void {
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** endpoint.failures, LONGEST_RETRY_MS);
    const changed = endpoint.state !== state || endpoint.reason !== reason;
    Object.assign(endpoint, { state, reason, failures: endpoint.failures + 1 });
    endpoint.retryAt = performance.now() + (state === "refused" ? REFUSED_RETRY_MS : backoff);
    if (current === endpoint) current = undefined;
    if (changed)
      log[state === "refused" ? "error" : "warn"]({ rpc: hostOf(endpoint.client.url), reason }, `RPC ${state}`);
  }

  async function admit(endpoint: Endpoint): Promise<void> {
    await check(endpoint.client.request);
    if (current !== endpoint) switches += 1;
    Object.assign(endpoint, { state: "ready", reason: undefined, failures: 0, retryAt: 0 });
    current = endpoint;
    log.info({ rpc: hostOf(endpoint.client.url) }, "RPC in use");
  }

  /** One try at one endpoint: the answer, or undefined when another endpoint must be asked. */
  async function tryAt(endpoint: Endpoint, send: () => Promise<unknown>): Promise<{ answer: unknown } | undefined> {
    try {
      if (endpoint.state !== "ready") await admit(endpoint);
      return { answer: await send() };
    } catch (error) {
      if (error instanceof WrongNetworkError) stopUsing(endpoint, "refused", error.message);
      else if (error instanceof RpcTransportError) stopUsing(endpoint, "down", error.message);
      else throw error;
      return undefined;
    }
  }

  function candidates(): Endpoint[] {
    const due = endpoints.filter((endpoint) => endpoint !== current && endpoint.retryAt <= performance.now());
    return current ? [current, ...due] : due;
  }

  return {
    async request(method, params) {
      for (const endpoint of candidates()) {
        const tried = await tryAt(endpoint, () => endpoint.client.request(method, params));
        if (tried) return tried.answer;
      }
      const reasons = [...new Set(endpoints.map(({ reason }) => reason))].join("; ");
      if (endpoints.every(({ state }) => state === "refused")) throw new WrongNetworkError(reasons);
      throw new RpcTransportError(`no RPC endpoint can be used: ${reasons}`);
    },
    abandon(reason) {
      const others = endpoints.some((endpoint) => endpoint !== current && endpoint.state !== "refused");
      if (current && others) stopUsing(current, "down", reason);
      return others;
    },
    switches: () => switches,
    status: () =>
      endpoints.map(({ client, state, reason }) => ({ url: hostOf(client.url), state, ...(reason && { reason }) })),
    close: () => endpoints.forEach(({ client }) => client.close()),
  };
}
