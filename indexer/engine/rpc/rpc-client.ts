import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds after which a request counts as stalled. */
const REQUEST_TIMEOUT = 20_000;
/** Attempts over all endpoints before a request fails. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Longest time for which an endpoint can ask not to be asked. */
const LONGEST_HOLD = 60_000;
/** Milliseconds that a second opinion can take; the first one is believed when it takes longer. */
const OPINION_TIMEOUT = 2_000;
/** Milliseconds for which an endpoint is left alone that failed to give one. */
const OPINION_HOLD = 10_000;
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

/** Every endpoint reports another chain id than the expected one. */
export class WrongChainError extends Error {
  override readonly name = "WrongChainError";
}

/** The endpoint wants to be left alone for a while. */
class RateLimitError extends Error {
  readonly milliseconds: number;

  constructor(message: string, milliseconds: number) {
    super(message);
    this.milliseconds = milliseconds;
  }
}

/** JSON-RPC codes that mean "later, please". */
const RETRY_CODES = new Set([-32005, -32603, -32007, 429]);
/** Some of these codes are also used for requests that want too much at once. */
const TOO_MUCH = /range|too many|limit exceeded|more than/i;
const TOO_OFTEN = /rate limit|too many requests|request limit|per second|\/second|capacity|quota/i;

/** How a client deals with its endpoints. */
export interface RpcClientOptions {
  /** Ends all waiting when the indexer stops. */
  readonly signal: AbortSignal;
  /** Milliseconds after which a request counts as stalled. */
  readonly timeout?: number | undefined;
  /** Chain id that every endpoint must report; it is asked along with the first request to each. */
  readonly chainId?: number | undefined;
}

/** One URL and what is known of it. */
interface Endpoint {
  readonly url: string;
  /** Time in milliseconds before which it does not want to be asked. */
  heldUntil: number;
  chain: "unknown" | "right" | "wrong";
}

/**
 * Calls the first endpoint that works. Stalled, overloaded and broken endpoints are retried with growing pauses, each time
 * with the next URL; one that names a time with `Retry-After` is left alone until then.
 */
export class RpcClient {
  /** Requests sent and failed, for metrics. */
  requests = 0;
  failures = 0;
  readonly #endpoints: readonly Endpoint[];
  readonly #signal: AbortSignal;
  readonly #timeout: number;
  readonly #chainId: number | undefined;
  #current = 0;
  #nextId = 1;

  constructor(urls: readonly string[], { signal, timeout, chainId }: RpcClientOptions) {
    const chain = chainId === undefined ? "right" : "unknown";
    this.#endpoints = urls.map((url) => ({ url, heldUntil: 0, chain }));
    this.#signal = signal;
    this.#timeout = timeout ?? REQUEST_TIMEOUT;
    this.#chainId = chainId;
  }

  /** Turns to the next URL, because what the present one says does not fit together or does not go on. */
  leave(): void {
    this.#current = (this.#current + 1) % this.#endpoints.length;
  }

  /** @throws RpcResponseError, RpcUnavailableError or WrongChainError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const [result] = await this.batch([{ method, params }]);
    return result;
  }

  /**
   * Sends several calls together; results come in the order of the calls.
   * @throws RpcResponseError, RpcUnavailableError or WrongChainError
   */
  async batch(calls: readonly RpcCall[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let start = 0; start < calls.length; start += MAX_BATCH) {
      results.push(...(await this.#attempt(calls.slice(start, start + MAX_BATCH))));
    }
    return results;
  }

  /**
   * Sends calls once and with little patience to another URL, or to the present one when no other may be asked. Another
   * that fails is left alone for a while.
   * @returns undefined when the answer is not usable
   */
  async askAnother(calls: readonly RpcCall[]): Promise<unknown[] | undefined> {
    const present = this.#endpoints[this.#current] as Endpoint;
    const isFree = ({ chain, heldUntil }: Endpoint): boolean => chain !== "wrong" && heldUntil <= Date.now();
    const asked = this.#endpoints.find((endpoint) => endpoint !== present && isFree(endpoint)) ?? present;
    try {
      return await this.#send(asked, calls, Math.min(this.#timeout, OPINION_TIMEOUT));
    } catch (error) {
      this.#signal.throwIfAborted();
      this.failures++;
      if (asked !== present && !(error instanceof RpcResponseError)) asked.heldUntil = Date.now() + OPINION_HOLD;
      return undefined;
    }
  }

  async #attempt(calls: readonly RpcCall[]): Promise<unknown[]> {
    let pause = FIRST_PAUSE;
    for (let attempt = 1; ; attempt++) {
      const endpoint = await this.#nextEndpoint();
      try {
        return await this.#send(endpoint, calls);
      } catch (error) {
        this.#signal.throwIfAborted();
        if (error instanceof RpcResponseError) throw error;
        this.failures++;
        if (error instanceof RateLimitError) endpoint.heldUntil = Date.now() + error.milliseconds;
        this.leave();
        if (error instanceof WrongChainError && this.#endpoints.every(({ chain }) => chain === "wrong")) throw error;
        if (attempt >= MAX_ATTEMPTS) {
          throw new RpcUnavailableError(`no RPC endpoint answers: ${(error as Error).message}`, { cause: error });
        }
      }
      await sleep(pause, undefined, { signal: this.#signal });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** The present endpoint, or the next that may be asked; waits for the first of them when none may. */
  async #nextEndpoint(): Promise<Endpoint> {
    const turned = [...this.#endpoints.slice(this.#current), ...this.#endpoints.slice(0, this.#current)];
    const [first, ...others] = turned.filter(({ chain }) => chain !== "wrong");
    if (first === undefined) throw new WrongChainError("every RPC endpoint is on another chain");
    const now = Date.now();
    const soonest = others.reduce(
      (best, other) => (Math.max(now, other.heldUntil) < Math.max(now, best.heldUntil) ? other : best),
      first,
    );
    this.#current = this.#endpoints.indexOf(soonest);
    if (soonest.heldUntil > now) await sleep(soonest.heldUntil - now, undefined, { signal: this.#signal });
    return soonest;
  }

  async #send(endpoint: Endpoint, calls: readonly RpcCall[], timeout = this.#timeout): Promise<unknown[]> {
    if (endpoint.chain === "right") return this.#exchange(endpoint.url, calls, timeout);
    const all = [{ method: "eth_chainId", params: [] }, ...calls];
    const [chainId, ...results] = await this.#exchange(endpoint.url, all, timeout);
    endpoint.chain = Number(chainId) === this.#chainId ? "right" : "wrong";
    if (endpoint.chain === "right") return results;
    throw new WrongChainError(
      `the RPC endpoint is on chain ${Number(chainId)}, but the config says \`chainId\`: ${this.#chainId}`,
    );
  }

  async #exchange(url: string, calls: readonly RpcCall[], timeout: number): Promise<unknown[]> {
    const requests = calls.map((call) => ({ jsonrpc: "2.0", id: this.#nextId++, ...call }));
    this.requests++;
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(requests.length === 1 ? requests[0] : requests),
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(timeout)]),
      });
      if (response.ok) body = await response.json();
      else await response.body?.cancel();
    } catch (error) {
      throw new Error(`${hostOf(url)} cannot be reached`, { cause: error });
    }
    if (!response.ok) throw statusError(url, response);
    const answers = new Map((Array.isArray(body) ? body : [body]).map((answer: RpcAnswer) => [answer.id, answer]));
    return requests.map((request) => unwrap(request.method, answers.get(request.id)));
  }
}

function statusError(url: string, { status, headers }: Response): Error {
  const message = `${hostOf(url)} answered with status ${status}`;
  const milliseconds = retryAfter(headers.get("retry-after"));
  return milliseconds === undefined ? new Error(message) : new RateLimitError(message, milliseconds);
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wanted = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_HOLD);
}

function unwrap(method: string, answer: RpcAnswer | undefined): unknown {
  if (answer === undefined) throw new Error(`${method} got no answer`);
  if (answer.error === undefined) return answer.result;
  const { code = 0, message = "unknown error" } = answer.error;
  if (TOO_OFTEN.test(message) || (RETRY_CODES.has(code) && !TOO_MUCH.test(message)))
    throw new Error(`${method} failed: ${message}`);
  throw new RpcResponseError(method, code, message);
}

/** Host of a URL; paths and queries may carry API keys and stay out of messages. */
function hostOf(url: string): string {
  return new URL(url).host;
}
