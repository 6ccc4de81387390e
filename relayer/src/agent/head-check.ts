import type { Logger } from "pino";
import type { Address } from "viem";
import type { RelayerTarget, Route } from "./route.ts";

/**
 * Number of relayers whose newest attestation of this node must be known before the agent signs: more than two thirds.
 * Whatever was reported is held by more than two thirds of the committee, so at least one of them shows it.
 */
export function headQuorum(relayers: number): number {
  return Math.floor((2 * relayers) / 3) + 1;
}

/** How relayers without a route are asked. */
export interface HeadCheckOptions {
  targets: RelayerTarget[];
  /** Opens a session that ends after WELCOME. */
  ask: (target: RelayerTarget) => Promise<Route>;
  log: Logger;
}

/**
 * Keeps a restored or copied agent from signing: until {@link headQuorum} of the relayers have shown what they hold of the
 * node, nothing is signed. A relayer that shows a head which the node's key did not sign does not count.
 */
export class HeadCheck {
  readonly #options: HeadCheckOptions;
  readonly #seen = new Set<Address>();
  readonly #asking = new Set<RelayerTarget>();

  constructor(options: HeadCheckOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.missing === 0;
  }

  /** Relayers that must still show their head. */
  get missing(): number {
    return Math.max(0, headQuorum(this.#options.targets.length) - this.#seen.size);
  }

  /** Counts a relayer that showed a head of this node's key, or none. */
  note({ address }: RelayerTarget): void {
    this.#seen.add(address);
    if (!this.isDone) return;
    this.#options.log.info({ relayers: this.#seen.size }, "enough relayers showed what they hold of this node");
  }

  /** Asks every relayer that has not answered and has no route. */
  askMissing(routes: readonly Route[]): void {
    if (this.isDone) return;
    const isOpen = new Set(routes.map(({ target }) => target));
    for (const target of this.#options.targets) {
      if (this.#seen.has(target.address) || this.#asking.has(target) || isOpen.has(target)) continue;
      void this.#ask(target);
    }
  }

  async #ask(target: RelayerTarget): Promise<void> {
    this.#asking.add(target);
    try {
      const route = await this.#options.ask(target);
      await route.ended;
    } catch (error) {
      this.#options.log.debug({ relayer: target.address, err: error }, "relayer could not be asked for its head");
    } finally {
      this.#asking.delete(target);
    }
  }
}
