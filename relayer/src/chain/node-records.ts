import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { hexToBytes } from "viem/utils";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import type { NodeRecord } from "./chain-view.ts";
import { pushWithUndo, setWithUndo, type Undo } from "./undo.ts";

/** Nodes, their active intervals and keys, from the events of the NodeRegistry. */
export class NodeRecords {
  readonly #nodes = new Map<number, NodeRecord>();
  readonly #keep: (nodeIndex: number) => boolean;

  /** @param keep Nodes to keep; the events of others are passed over. */
  constructor(keep: (nodeIndex: number) => boolean) {
    this.#keep = keep;
  }

  get(nodeIndex: number): NodeRecord | undefined {
    return this.#nodes.get(nodeIndex);
  }

  ofShard(shard: number): number[] {
    const first = shard * SHARD_SIZE;
    const indices = Array.from({ length: SHARD_SIZE }, (_, i) => first + i);
    return indices.filter((nodeIndex) => this.#nodes.has(nodeIndex));
  }

  isActive(nodeIndex: number, epoch: bigint): boolean {
    const intervals = this.#nodes.get(nodeIndex)?.intervals ?? [];
    return intervals.some(({ from, until }) => from <= epoch && (until === undefined || epoch < until));
  }

  keyAt(nodeIndex: number, epoch: bigint): Uint8Array | undefined {
    return this.#nodes.get(nodeIndex)?.keys.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.publicKey;
  }

  /** Shards that have a node. */
  shards(): number[] {
    return [...new Set([...this.#nodes.keys()].map((nodeIndex) => shardOf(nodeIndex)))];
  }

  apply(event: ChainEvent): Undo | undefined {
    if (!("nodeIndex" in event.args) || !this.#keep(event.args.nodeIndex)) return undefined;
    switch (event.eventName) {
      case "NodeRegistered":
        return this.#register(event.args);
      case "NodeActivated":
        return this.#activate(event.args);
      case "NodeDeactivated":
      case "NodeExitRequested":
      case "NodeBarred":
        return this.#deactivate(event.args);
      case "AttestationKeyRotated":
        return this.#rotate(event.args);
      default:
        return undefined;
    }
  }

  #register({ nodeIndex, identityId, keyHash, attestationKey }: ChainEventArgs<"NodeRegistered">): Undo {
    const keys = [{ fromEpoch: 0n, keyHash, publicKey: hexToBytes(attestationKey) }];
    return setWithUndo(this.#nodes, nodeIndex, { nodeIndex, identityId, intervals: [], keys });
  }

  #activate({ nodeIndex, fromEpoch }: ChainEventArgs<"NodeActivated">): Undo {
    return pushWithUndo(this.#known(nodeIndex).intervals, { from: fromEpoch, until: undefined });
  }

  /** An exit or a bar repeats the end of the interval that a deactivation gave, or brings it forward. */
  #deactivate({ nodeIndex, untilEpoch }: ChainEventArgs<"NodeDeactivated">): Undo | undefined {
    const interval = this.#known(nodeIndex).intervals.at(-1);
    if (!interval || (interval.until !== undefined && interval.until <= untilEpoch)) return undefined;
    const { until } = interval;
    interval.until = untilEpoch;
    return () => {
      interval.until = until;
    };
  }

  #rotate({ nodeIndex, newKeyHash, attestationKey, fromEpoch }: ChainEventArgs<"AttestationKeyRotated">): Undo {
    const key = { fromEpoch, keyHash: newKeyHash, publicKey: hexToBytes(attestationKey) };
    return pushWithUndo(this.#known(nodeIndex).keys, key);
  }

  #known(nodeIndex: number): NodeRecord {
    const node = this.#nodes.get(nodeIndex);
    if (!node) throw new Error(`chain has an event of node ${nodeIndex} before its registration`);
    return node;
  }
}
