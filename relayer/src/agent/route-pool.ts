import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { RelayerTarget, Route } from "./route.ts";

const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 5_000;

/** How a pool opens routes. */
export interface RoutePoolOptions {
  /** Relayers in order of preference. */
  targets: RelayerTarget[];
  /** Routes kept alive at once. */
  size: number;
  open: (target: RelayerTarget) => Promise<Route>;
  log: Logger;
}

/** Keeps up to `size` sessions to different relayers alive; a route that ends is replaced by the next relayer at once. */
export class RoutePool {
  readonly #options: RoutePoolOptions;
  readonly #busy = new Set<RelayerTarget>();
  readonly #routes = new Set<Route>();
  readonly #failures = new Map<RelayerTarget, { count: number; retryAt: number }>();
  readonly #stop = new AbortController();
  #loops: Promise<void>[] = [];

  constructor(options: RoutePoolOptions) {
    this.#options = options;
  }

  /** Routes whose relayer said WELCOME. */
  get ready(): Route[] {
    return [...this.#routes].filter((route) => route.isReady);
  }

  /** Starts to connect; returns at once. */
  start(): void {
    const slots = Math.min(this.#options.size, this.#options.targets.length);
    this.#loops = Array.from({ length: slots }, () => this.#keepOneOpen());
  }

  /** Ends every session. */
  async stop(reason: string): Promise<void> {
    this.#stop.abort();
    for (const route of this.#routes) route.close(reason);
    await Promise.all(this.#loops);
  }

  async #keepOneOpen(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const target = this.#nextTarget();
      if (target) await this.#useUntilItEnds(target);
      else await this.#pause(100);
    }
  }

  /** The most preferred relayer that no other slot uses and whose time to retry has come. */
  #nextTarget(): RelayerTarget | undefined {
    const now = performance.now();
    return this.#options.targets.find(
      (target) => !this.#busy.has(target) && (this.#failures.get(target)?.retryAt ?? 0) <= now,
    );
  }

  async #useUntilItEnds(target: RelayerTarget): Promise<void> {
    const { log, open } = this.#options;
    this.#busy.add(target);
    try {
      const route = await open(target);
      this.#routes.add(route);
      if (this.#stop.signal.aborted) route.close("the agent is stopping");
      const end = await route.ended;
      this.#routes.delete(route);
      if (end.reason !== "connection-lost") log.debug({ relayer: target.address, end }, "route ended");
      this.#noteFailure(target);
    } catch (error) {
      log.debug({ relayer: target.address, err: error }, "route could not be opened");
      this.#noteFailure(target);
    } finally {
      this.#busy.delete(target);
    }
  }

  #noteFailure(target: RelayerTarget): void {
    const count = (this.#failures.get(target)?.count ?? 0) + 1;
    const backoff = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(count - 1, 8));
    this.#failures.set(target, { count, retryAt: performance.now() + backoff * (0.5 + Math.random()) });
  }

  /** A relayer that answered starts again with the shortest backoff. */
  noteSuccess(target: RelayerTarget): void {
    this.#failures.delete(target);
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
