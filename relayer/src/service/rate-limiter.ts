/** How often something may be done. */
export interface Rate {
  /** On average. */
  perSecond: number;
  /** At once after a pause. */
  burst: number;
}

interface Bucket {
  tokens: number;
  /** Monotonic milliseconds at which `tokens` was right. */
  at: number;
}

/** Callers remembered at most; the one that was quiet for longest is forgotten first. */
const MOST_CALLERS = 16_384;

/** Token buckets, one for each caller. */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #now: () => number;
  /** Oldest use first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now Monotonic milliseconds. */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes a token. @returns 0, or whole seconds after which the caller may come again, at least 1. */
  take(caller: string): number {
    const { perSecond, burst } = this.#rate;
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(caller) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond);
    const isAllowed = refilled >= 1;
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: isAllowed ? refilled - 1 : refilled, at: now });
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size > MOST_CALLERS && oldest !== undefined) this.#buckets.delete(oldest);
    return isAllowed ? 0 : Math.max(1, Math.ceil((1 - refilled) / perSecond));
  }
}
