import type { Address } from "viem";
import type { HeartbeatRow } from "../store/store-write.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { mergeQuality } from "./report-builder.ts";

/** Epochs for which answers are kept. */
const KEPT_PLACES = 16;

/** Counts of heartbeats by this relayer; undefined or empty when it has none. */
export type OwnHeartbeats = (epoch: bigint, shard: number) => readonly HeartbeatRow[] | undefined;

/** The quality of nodes in an epoch that is over, as the members together saw it. */
export class QualityPanel {
  readonly #own: OwnHeartbeats;
  readonly #answers = new Map<string, Map<Address, Promise<HeartbeatRow[] | undefined>>>();

  constructor(own: OwnHeartbeats) {
    this.#own = own;
  }

  /** Asks every peer that has not answered for this epoch yet, and merges what is known. */
  async gather(place: EpochPlace, peers: readonly CommitteePeer[], timeoutMs: number): Promise<Map<number, number>> {
    const answers = this.#answersOf(place);
    for (const peer of peers) {
      if (answers.has(peer.address)) continue;
      const answer = peer.heartbeats(place, timeoutMs).catch(() => {
        answers.delete(peer.address);
        return undefined;
      });
      answers.set(peer.address, answer);
    }
    const rows = await Promise.all(answers.values());
    const own = this.#own(place.epoch, place.shard) ?? [];
    return mergeQuality([own, ...rows.filter((row) => row !== undefined)]);
  }

  #answersOf({ epoch, shard }: EpochPlace): Map<Address, Promise<HeartbeatRow[] | undefined>> {
    const key = `${epoch}:${shard}`;
    const answers = this.#answers.get(key) ?? new Map<Address, Promise<HeartbeatRow[] | undefined>>();
    this.#answers.set(key, answers);
    for (const old of this.#answers.keys()) {
      if (this.#answers.size <= KEPT_PLACES) break;
      this.#answers.delete(old);
    }
    return answers;
  }
}
