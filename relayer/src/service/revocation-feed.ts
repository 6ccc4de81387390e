import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import type { Logger } from "pino";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";

/** A list of a million certificates has about 40 MB. */
const MAX_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 10_000;
const TICK_MS = 1_000;
/** After a look that failed. */
const RETRY_MS = 5_000;
/** Looks for a list that has a change on chain, one a tick; later ones come with the next regular look. */
const HASTY_LOOKS = 30;
/** Part of a list's life after which somebody must know that no newer one comes. */
const WORRYING_SHARE = 0.75;

/** What {@link RevocationFeed} needs. */
export interface RevocationFeedOptions {
  /** Where the newest list of each authority is served, in DER. */
  urls: readonly string[];
  credentials: Pick<MeshCredentials, "adoptList" | "unlisted">;
  /** Newest block in which a certificate or an authority was revoked, held or released; lists before it are stale. */
  changedAt(): bigint;
  /** Milliseconds between regular looks. */
  everyMs: number;
  log: Logger;
}

interface KnownList {
  number: bigint;
  thisUpdate: Date;
  nextUpdate: Date;
}

/**
 * Keeps the revocation lists of live TLS contexts at the newest that the authorities serve: regularly, and as soon as the
 * chain has a change. What is fetched counts only with the authority's signature and a number that is not lower. A list that
 * does not come or is not taken keeps no other from use.
 */
export class RevocationFeed {
  readonly #options: RevocationFeedOptions;
  readonly #known = new Map<string, KnownList>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookedAt = -Infinity;
  #hasty = { block: 0n, looks: 0 };
  /** What was wrong at the last look, by URL. */
  #problems: ReadonlyMap<string, string> = new Map();
  #hasLooked = false;

  constructor(options: RevocationFeedOptions) {
    this.#options = options;
  }

  /** Begins to look; returns at once. */
  start(): void {
    if (this.#options.urls.length === 0) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    this.#tick();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Fetches every list now and puts newer ones into use. */
  refresh(): Promise<void> {
    this.#looking ??= this.#refresh().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  health(): { ok: boolean; reasons: string[] } {
    const now = Date.now();
    const old = [...this.#known].filter(([, { thisUpdate, nextUpdate }]) => {
      return now - thisUpdate.getTime() > WORRYING_SHARE * (nextUpdate.getTime() - thisUpdate.getTime());
    });
    const ending = old.map(
      ([url, { nextUpdate }]) =>
        `${url} serves no newer revocation list: from ${nextUpdate.toISOString()} on every peer of its authority is refused`,
    );
    const reasons = [...ending, ...this.#missing()];
    return { ok: reasons.length === 0, reasons };
  }

  /** Lists that are not in use since the first look, which nothing else replaces but the chain's records. */
  #missing(): string[] {
    if (!this.#hasLooked) return [];
    const { urls, credentials } = this.#options;
    const silent = urls.filter((url) => !this.#known.has(url));
    return [
      ...silent.map((url) => `${url} never gave a revocation list: ${this.#problems.get(url)}`),
      ...credentials.unlisted.map((subject) => `no revocation list of authority "${subject}" is in use`),
    ];
  }

  #tick(): void {
    const waitMs = this.#problems.size > 0 ? Math.min(RETRY_MS, this.#options.everyMs) : this.#options.everyMs;
    const isDue = performance.now() - this.#lookedAt >= waitMs;
    if (isDue || this.#isHasty()) void this.refresh();
  }

  /** True while the chain has a change that a list in use is older than, for a while. */
  #isHasty(): boolean {
    const block = this.#options.changedAt();
    if (block > this.#hasty.block) this.#hasty = { block, looks: 0 };
    const isStale = this.#options.urls.some((url) => (this.#known.get(url)?.number ?? 0n) < block);
    if (!isStale || this.#hasty.looks >= HASTY_LOOKS) return false;
    this.#hasty.looks += 1;
    return true;
  }

  async #refresh(): Promise<void> {
    const { urls } = this.#options;
    this.#lookedAt = performance.now();
    const fetched = await Promise.allSettled(urls.map((url) => fetchBytes(url)));
    const problems = new Map<string, string>();
    fetched.forEach((outcome, i) => {
      const url = urls[i] as string;
      try {
        if (outcome.status === "rejected") throw outcome.reason;
        this.#adopt(url, outcome.value);
      } catch (error) {
        problems.set(url, (error as Error).message);
      }
    });
    this.#note(problems);
  }

  #adopt(url: string, bytes: Uint8Array): void {
    const { credentials, log } = this.#options;
    const { number, thisUpdate, nextUpdate } = credentials.adoptList(bytes);
    if ((this.#known.get(url)?.number ?? -1n) >= number) return;
    this.#known.set(url, { number, thisUpdate, nextUpdate });
    log.debug({ url, number: `${number}` }, "revocation list refreshed");
  }

  /** Says once what is wrong with each list, and once that it is over. */
  #note(problems: ReadonlyMap<string, string>): void {
    const { log } = this.#options;
    for (const [url, reason] of problems) {
      if (this.#problems.get(url) !== reason) log.warn({ url, reason }, "revocation list could not be refreshed");
    }
    for (const url of this.#problems.keys()) {
      if (!problems.has(url)) log.info({ url }, "revocation list is refreshed again");
    }
    this.#problems = problems;
    this.#hasLooked = true;
  }
}

/** Not with `fetch`: its code costs each agent several megabytes. */
function fetchBytes(url: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const get = url.startsWith("https:") ? getSecure : getPlain;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const fail = (reason: string): void => reject(new Error(`${url}: ${reason}`));
  get(url, { signal }, (response) => {
    readAll(response).then(resolve, (error: Error) => fail(error.message));
  }).on("error", (error) => fail(signal.aborted ? `no answer within ${TIMEOUT_MS} ms` : error.message));
  return promise;
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`answered ${response.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > MAX_BYTES) throw new Error(`is over ${MAX_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
