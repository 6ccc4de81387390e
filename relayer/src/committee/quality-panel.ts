import type { Address } from "viem";
import { LONGEST_HEARTBEAT_MS, mostHeartbeats, SHORTEST_HEARTBEAT_MS } from "../session/heartbeat-rules.ts";
import type { HeartbeatRow } from "../store/store-write.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { checkPeerList } from "./peer-list.ts";
import { mergeQuality, type SeenQuality } from "./report-builder.ts";

/** Epochs for which answers are kept. */
const KEPT_PLACES = 16;

/** Counts of heartbeats by this relayer; undefined or empty when it has none. */
export type OwnHeartbeats = (epoch: bigint, shard: number) => readonly HeartbeatRow[] | undefined;

/** What {@link QualityPanel} needs. */
export interface PanelOptions {
  own: OwnHeartbeats;
  /** Nodes of a shard that are active in an epoch. */
  activeNodes(place: EpochPlace): readonly number[];
  epochLengthSeconds: number;
  /** Milliseconds until a peer that gave no answer is asked again. */
  pauseMs: number;
}

interface Answer {
  /** Undefined when the peer gave none. */
  rows: Promise<HeartbeatRow[] | undefined>;
  /** Monotonic time at which the peer may be asked again. */
  askAgainAt: number;
}

/** The quality of nodes in an epoch that is over, as the members together saw it. */
export class QualityPanel {
  readonly #options: PanelOptions;
  readonly #places = new Map<string, Map<Address, Answer>>();

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  /**
   * Asks the peers that have not answered for this epoch yet, and merges what is known.
   *
   * @param peers All other members of the committee.
   */
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
    const rows = await Promise.all(peers.flatMap(({ address }) => answers.get(address)?.rows ?? []));
    const own = this.#options.own(place.epoch, place.shard) ?? [];
    const faults = Math.floor(peers.length / 3);
    return mergeQuality({ own, peers: rows.filter((row) => row !== undefined), faults });
  }

  #ask(peer: CommitteePeer, place: EpochPlace, timeoutMs: number): Answer {
    const read = async (): Promise<HeartbeatRow[]> => this.#checked(place, await peer.heartbeats(place, timeoutMs));
    const rows = read().catch(() => {
      answer.askAgainAt = performance.now() + this.#options.pauseMs;
      return undefined;
    });
    const answer: Answer = { rows, askAgainAt: Infinity };
    return answer;
  }

  /** @throws Error for a list that no honest member gives. */
  #checked(place: EpochPlace, rows: HeartbeatRow[]): HeartbeatRow[] {
    const { activeNodes, epochLengthSeconds } = this.#options;
    checkPeerList(rows, place, activeNodes(place));
    for (const { nodeIndex, received, expected, intervalMicros } of rows) {
      const intervalMs = intervalMicros / 1_000;
      if (intervalMs < SHORTEST_HEARTBEAT_MS || intervalMs > LONGEST_HEARTBEAT_MS) {
        const allowed = `allowed are ${SHORTEST_HEARTBEAT_MS} to ${LONGEST_HEARTBEAT_MS}`;
        throw new Error(`node ${nodeIndex}: interval is ${intervalMs} ms, ${allowed}`);
      }
      const most = mostHeartbeats(epochLengthSeconds, intervalMs);
      if (Math.max(received, expected) > most) {
        throw new Error(`node ${nodeIndex}: ${received} received of ${expected}, more than ${most} fit into an epoch`);
      }
    }
    return rows;
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
