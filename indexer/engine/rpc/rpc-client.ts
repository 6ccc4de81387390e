import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds after which a request counts as stalled. */
const REQUEST_TIMEOUT = 20_000;
/** Attempts over all endpoints before a request fails. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Calls in one HTTP request. */
const MAX_BATCH = 50;

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The endpoint answered that the request itself is wrong or too large; asking again would not help. */
export class RpcResponseError extends Error {
  override readonly name = "RpcResponseError";
  readonly code: number;

  constructor(method: string, code: number, message: string) {
    super(`${method} failed: ${message}`);
    this.code = code;
  }
}

/** No endpoint gave a usable answer. */
export class RpcUnavailableError extends Error {
  override readonly name = "RpcUnavailableError";
}

interface RpcAnswer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message?: string };
}

/** JSON-RPC codes that mean "later, please". */
const RETRY_CODES = new Set([-32005, -32603, -32007, 429]);

/**
 * Calls the first endpoint that works. Stalled, overloaded and broken endpoints are retried with growing pauses, each time
 * with the next URL.
 */
export class RpcClient {
  /** Requests sent and failed, for metrics. */
  requests = 0;
  failures = 0;
  readonly #urls: readonly string[];
  readonly #signal: AbortSignal;
  readonly #timeout: number;
  #current = 0;
  #nextId = 1;

  /**
   * @param signal ends all waiting when the indexer stops
   * @param timeout milliseconds after which a request counts as stalled
   */
  constructor(urls: readonly string[], signal: AbortSignal, timeout = REQUEST_TIMEOUT) {
    this.#urls = urls;
    this.#signal = signal;
    this.#timeout = timeout;
  }

  /** @throws RpcResponseError or RpcUnavailableError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const [result] = await this.batch([{ method, params }]);
    return result;
  }

  /**
   * Sends several calls together; results come in the order of the calls.
   * @throws RpcResponseError or RpcUnavailableError
   */
  async batch(calls: readonly RpcCall[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let start = 0; start < calls.length; start += MAX_BATCH) {
      results.push(...(await this.#attempt(calls.slice(start, start + MAX_BATCH))));
    }
    return results;
  }

  async #attempt(calls: readonly RpcCall[]): Promise<unknown[]> {
    let pause = FIRST_PAUSE;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(calls);
      } catch (error) {
        this.#signal.throwIfAborted();
        if (error instanceof RpcResponseError) throw error;
        this.failures++;
        this.#current = (this.#current + 1) % this.#urls.length;
        if (attempt >= MAX_ATTEMPTS) {
          throw new RpcUnavailableError(`no RPC endpoint answers: ${(error as Error).message}`, { cause: error });
        }
      }
      await sleep(pause, undefined, { signal: this.#signal });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #send(calls: readonly RpcCall[]): Promise<unknown[]> {
    const url = this.#urls[this.#current] ?? "";
    const requests = calls.map((call) => ({ jsonrpc: "2.0", id: this.#nextId++, ...call }));
    this.requests++;
    let response: Response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(requests.length === 1 ? requests[0] : requests),
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeout)]),
      });
    } catch (error) {
      throw new Error(`${hostOf(url)} cannot be reached`, { cause: error });
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`${hostOf(url)} answered with status ${response.status}`);
    }
    const body: unknown = await response.json();
    const answers = new Map((Array.isArray(body) ? body : [body]).map((answer: RpcAnswer) => [answer.id, answer]));
    return requests.map((request) => unwrap(request.method, answers.get(request.id)));
  }
}

function unwrap(method: string, answer: RpcAnswer | undefined): unknown {
  if (answer === undefined) throw new Error(`${method} got no answer`);
  if (answer.error === undefined) return answer.result;
  const { code = 0, message = "unknown error" } = answer.error;
  if (RETRY_CODES.has(code) && !/range|too many|limit exceeded|more than/i.test(message))
    throw new Error(`${method} failed: ${message}`);
  throw new RpcResponseError(method, code, message);
}

/** Host of a URL; paths and queries may carry API keys and stay out of messages. */
function hostOf(url: string): string {
  return new URL(url).host;
}
