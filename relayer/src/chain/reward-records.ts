import type { ChainEvent } from "./chain-events.ts";
import type { ChainPlace } from "./dispute-records.ts";
import { setWithUndo, type Undo } from "./undo.ts";

/** Words of rewards that were closed, from the events of NodeRewards. */
export class RewardRecords {
  readonly #closed = new Map<bigint, ChainPlace>();

  /** Where a word was closed. */
  closedWord(word: bigint): ChainPlace | undefined {
    return this.#closed.get(word);
  }

  apply(event: ChainEvent): Undo | undefined {
    if (event.eventName !== "WordClosed") return undefined;
    const { blockNumber, transactionHash } = event;
    return setWithUndo(this.#closed, event.args.word, { blockNumber, transactionHash });
  }
}
