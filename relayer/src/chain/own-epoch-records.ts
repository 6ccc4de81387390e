import type { Hex } from "viem";
import type { ChainEvent } from "./chain-events.ts";
import type { ChainPlace } from "./dispute-records.ts";
import { setWithUndo, type Undo } from "./undo.ts";

/** An attestation's hash that a node's operator put on chain in time. */
export interface CommittedHash extends ChainPlace {
  hash: Hex;
}

/** Epochs that nodes committed to, and those that were admitted or voided afterwards, from events of the AttestationBridge. */
export class OwnEpochRecords {
  readonly #committed = new Map<string, CommittedHash & { epoch: bigint }>();
  readonly #admitted = new Map<string, ChainPlace & { epoch: bigint }>();
  readonly #voided = new Map<string, ChainPlace & { epoch: bigint }>();
  readonly #keepNode: (nodeIndex: number) => boolean;

  /** @param keepNode Nodes whose epochs are kept. */
  constructor(keepNode: (nodeIndex: number) => boolean) {
    this.#keepNode = keepNode;
  }

  /** Hash that was committed for a node in an epoch. */
  committed(nodeIndex: number, epoch: bigint): CommittedHash | undefined {
    return this.#committed.get(keyOf(nodeIndex, epoch));
  }

  /** Where a node's epoch was admitted by its own proof. */
  admitted(nodeIndex: number, epoch: bigint): ChainPlace | undefined {
    return this.#admitted.get(keyOf(nodeIndex, epoch));
  }

  /** Where a dispute marked a node absent although a report claimed its leaf. */
  voided(nodeIndex: number, epoch: bigint): ChainPlace | undefined {
    return this.#voided.get(keyOf(nodeIndex, epoch));
  }

  /** Forgets epochs before `epoch`. */
  forgetBefore(epoch: bigint): void {
    for (const records of [this.#committed, this.#admitted, this.#voided]) {
      for (const [key, record] of records) if (record.epoch < epoch) records.delete(key);
    }
  }

  apply(event: ChainEvent): Undo | undefined {
    const place = { blockNumber: event.blockNumber, transactionHash: event.transactionHash };
    switch (event.eventName) {
      case "AttestationCommitted": {
        const { nodeIndex, epoch, attestationHash: hash } = event.args;
        if (!this.#keepNode(nodeIndex)) return undefined;
        return setWithUndo(this.#committed, keyOf(nodeIndex, epoch), { ...place, epoch, hash });
      }
      case "EpochVoided": {
        const { nodeIndex, epoch } = event.args;
        if (!this.#keepNode(nodeIndex)) return undefined;
        return setWithUndo(this.#voided, keyOf(nodeIndex, epoch), { ...place, epoch });
      }
      case "EpochsAdmitted": {
        const { nodeIndex, epochs } = event.args;
        if (!this.#keepNode(nodeIndex)) return undefined;
        const undos = epochs.map((epoch) => setWithUndo(this.#admitted, keyOf(nodeIndex, epoch), { ...place, epoch }));
        return () => undos.reverse().forEach((undo) => undo());
      }
      default:
        return undefined;
    }
  }
}

function keyOf(nodeIndex: number, epoch: bigint): string {
  return `${nodeIndex}:${epoch}`;
}
