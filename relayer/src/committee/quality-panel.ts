import type { Address } from "viem";
import type { HeartbeatRow } from "../store/store-write.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { mergeQuality, type SeenQuality } from "./report-builder.ts";

/** Epochs for which answers are kept. */
const KEPT_PLACES = 16;

/** Counts of heartbeats by this relayer; undefined or empty when it has none. */
export type OwnHeartbeats = (epoch: bigint, shard: number) => readonly HeartbeatRow[] | undefined;

interface Answer {
  /** Undefined when the peer gave none. */
  rows: Promise<HeartbeatRow[] | undefined>;
  /** Monotonic time at which the peer may be asked again. */
  askAgainAt: number;
}

/** The quality of nodes in an epoch that is over, as the members together saw it. */
export class QualityPanel {
  readonly #own: OwnHeartbeats;
  readonly #pauseMs: number;
  readonly #places = new Map<string, Map<Address, Answer>>();

  /** @param pauseMs Milliseconds until a peer that gave no answer is asked again. */
  constructor(own: OwnHeartbeats, pauseMs: number) {
    this.#own = own;
    this.#pauseMs = pauseMs;
  }

  /** Asks the peers that have not answered for this epoch yet, and merges what is known. */
  async gather(
    place: EpochPlace,
    peers: readonly CommitteePeer[],
    timeoutMs: number,
  ): Promise<Map<number, SeenQuality>> {
    const answers = this.#answersOf(place);
    for (const peer of peers) {
      const known = answers.get(peer.address);
      if (!known || known.askAgainAt <= performance.now()) answers.set(peer.address, this.#ask(peer, place, timeoutMs));
    }
    const rows = await Promise.all([...answers.values()].map((answer) => answer.rows));
    const own = this.#own(place.epoch, place.shard) ?? [];
    return mergeQuality([own, ...rows.filter((row) => row !== undefined)]);
  }

  #ask(peer: CommitteePeer, place: EpochPlace, timeoutMs: number): Answer {
    const rows = peer.heartbeats(place, timeoutMs).catch(() => {
      answer.askAgainAt = performance.now() + this.#pauseMs;
      return undefined;
    });
    const answer: Answer = { rows, askAgainAt: Infinity };
    return answer;
  }

  #answersOf({ epoch, shard }: EpochPlace): Map<Address, Answer> {
    const key = `${epoch}:${shard}`;
    const answers = this.#places.get(key) ?? new Map<Address, Answer>();
    this.#places.set(key, answers);
    for (const old of this.#places.keys()) {
      if (this.#places.size <= KEPT_PLACES) break;
      this.#places.delete(old);
    }
    return answers;
  }
}
