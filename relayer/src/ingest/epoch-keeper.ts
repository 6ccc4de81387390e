import type { ChainView } from "../chain/chain-view.ts";
import type { Logger } from "../service/logger.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { HeartbeatBook } from "./heartbeat-book.ts";

/** What is kept in order at the turn of epochs. */
export interface EpochKeeperOptions {
  chain: Pick<ChainView, "currentEpoch">;
  store: Pick<AttestationStore, "saveHeartbeats" | "saveHeads" | "prune">;
  heartbeats: Pick<HeartbeatBook, "epochStats">;
  /** Epochs for which attestations are kept. */
  retentionEpochs: number;
  log: Logger;
}

/** Rows removed in one transaction, so that attestations do not wait long behind it. */
const PRUNED_AT_ONCE = 500;
const LOOK_EVERY_MS = 500;

/** At the turn of each epoch: stores the heartbeats of the one that ended and forgets what is too old. */
export class EpochKeeper {
  readonly #options: EpochKeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #epoch: bigint;
  #work: Promise<void> = Promise.resolve();

  constructor(options: EpochKeeperOptions) {
    this.#options = options;
    this.#epoch = options.chain.currentEpoch();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  /** Looks whether an epoch has ended; does so by itself twice a second. */
  look(): void {
    const current = this.#options.chain.currentEpoch();
    if (current <= this.#epoch) return;
    const ended = this.#epoch;
    this.#epoch = current;
    this.#work = this.#work.then(() => this.#turn(ended, current));
  }

  /** Resolves when what is under way is done. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** Stops looking and stores the heartbeats of the running epoch. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#work;
    await this.#save(this.#epoch);
  }

  async #turn(ended: bigint, current: bigint): Promise<void> {
    await this.#save(ended);
    try {
      await this.#options.store.saveHeads();
      const oldest = current - BigInt(this.#options.retentionEpochs);
      if (oldest <= 0n) return;
      while ((await this.#options.store.prune(oldest, PRUNED_AT_ONCE)) > 0);
    } catch (error) {
      this.#options.log.warn({ err: error }, "old attestations could not be pruned, the next epoch tries again");
    }
  }

  async #save(epoch: bigint): Promise<void> {
    const { store, heartbeats, log } = this.#options;
    try {
      await store.saveHeartbeats(epoch, heartbeats.epochStats(epoch) ?? []);
    } catch (error) {
      log.warn({ err: error, epoch: String(epoch) }, "heartbeats of an epoch could not be stored");
    }
  }
}
