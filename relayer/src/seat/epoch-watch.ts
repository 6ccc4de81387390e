import type { ChainFollower } from "../chain/follow-chain.ts";

/** Epochs of one member's turn at a duty of all seats: enough for its transaction to be mined and seen. */
export const TURN_EPOCHS = 4n;

/** What a member looks after in each epoch. */
export interface SeatDuty {
  /** Called once in each epoch that a head of the chain lies in. */
  look(epoch: bigint): void;
}

/** Has duties looked after once in each epoch, beginning with the running one. */
export class EpochWatch {
  readonly #chain: ChainFollower;
  readonly #duties: readonly SeatDuty[];
  #lookedIn = -1n;

  constructor(chain: ChainFollower, duties: readonly SeatDuty[]) {
    this.#chain = chain;
    this.#duties = duties;
  }

  start(): void {
    this.#chain.events.on("head", this.#look);
    this.#look();
  }

  stop(): void {
    this.#chain.events.off("head", this.#look);
  }

  readonly #look = (): void => {
    const epoch = this.#chain.epochAt(this.#chain.head().timestamp);
    if (epoch === this.#lookedIn) return;
    this.#lookedIn = epoch;
    for (const duty of this.#duties) duty.look(epoch);
  };
}
