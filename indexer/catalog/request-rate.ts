/** How often one address may ask. */
export interface Rate {
  /** On average. */
  readonly perSecond: number;
  /** At once after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Monotonic milliseconds at which `tokens` was right. */
  at: number;
}

/** Addresses remembered at most; the one that was quiet for longest is forgotten first. */
const MOST_ADDRESSES = 16_384;

/** Counts requests by address, so that one client leaves room for the others. */
export class RequestRate {
  readonly #rate: Rate;
  readonly #now: () => number;
  /** Oldest use first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now monotonic milliseconds */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Counts a request. @returns 0, or whole seconds after which the address may ask again. */
  take(address: string): number {
    const { perSecond, burst } = this.#rate;
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(address) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond);
    const isAllowed = refilled >= 1;
    this.#buckets.delete(address);
    this.#buckets.set(address, { tokens: isAllowed ? refilled - 1 : refilled, at: now });
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size > MOST_ADDRESSES && oldest !== undefined) this.#buckets.delete(oldest);
    return isAllowed ? 0 : Math.max(1, Math.ceil((1 - refilled) / perSecond));
  }
}
