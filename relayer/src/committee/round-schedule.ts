import type { ChainView } from "../chain/chain-view.ts";

/** Shortest round in milliseconds. */
const MIN_ROUND_MS = 2_000;
/** Length of a round as a share of an epoch. */
const ROUND_SHARE = 0.2;
/** How far the clocks of two members may differ, in milliseconds: block timestamps are whole seconds. */
const CLOCK_TOLERANCE_MS = 1_000;

/** When epochs end and rounds begin, in milliseconds of chain time. */
export class RoundSchedule {
  readonly roundMs: number;
  readonly #genesisMs: number;
  readonly #epochMs: number;
  readonly #window: bigint;

  constructor(chain: Pick<ChainView, "epochGenesis" | "epochLengthSeconds"> & { reportWindowEpochs: bigint }) {
    this.#epochMs = chain.epochLengthSeconds * 1_000;
    this.#genesisMs = Number(chain.epochGenesis) * 1_000;
    this.#window = chain.reportWindowEpochs;
    this.roundMs = Math.max(MIN_ROUND_MS, this.#epochMs * ROUND_SHARE);
  }

  /** Round 0 begins when the epoch is over. */
  roundStartMs(epoch: bigint, round: number): number {
    return this.#startMs(epoch + 1n) + round * this.roundMs;
  }

  /** Round under way, undefined while the epoch is not over. */
  roundAt(epoch: bigint, nowMs: number): number | undefined {
    const round = Math.floor((nowMs - this.roundStartMs(epoch, 0)) / this.roundMs);
    return round < 0 ? undefined : round;
  }

  /** True once a round has begun by the clock of a member that may lag. */
  hasBegun(epoch: bigint, round: number, nowMs: number): boolean {
    return nowMs + CLOCK_TOLERANCE_MS >= this.roundStartMs(epoch, round);
  }

  /** True once the bridge takes no report of the epoch any more. */
  isClosed(epoch: bigint, nowMs: number): boolean {
    return nowMs >= this.#startMs(epoch + 1n + this.#window);
  }

  /** Oldest epoch that can still be reported. */
  oldestOpen(nowMs: number): bigint {
    const current = BigInt(Math.max(0, Math.floor((nowMs - this.#genesisMs) / this.#epochMs)));
    return current > this.#window ? current - this.#window : 0n;
  }

  #startMs(epoch: bigint): number {
    return this.#genesisMs + Number(epoch) * this.#epochMs;
  }
}
