import type { Address } from "viem";
import { getAddress } from "viem/utils";
import type { ChainEvent } from "./chain-events.ts";
import type { ChainPlace } from "./dispute-records.ts";
import { setWithUndo, type Undo } from "./undo.ts";

/** A member that lost its seat by silence. */
interface Removal extends ChainPlace {
  /** Epoch of the last report that it did not sign. */
  lastEpoch: bigint;
}

/** Reports that were paid and members that were silent, from the events of CommitteeFees. */
export class FeeRecords {
  readonly #paid = new Map<string, ChainPlace & { epoch: bigint }>();
  readonly #removals = new Map<Address, Removal>();

  /** Where the report of an epoch was paid. */
  paidReport(shard: number, epoch: bigint): ChainPlace | undefined {
    return this.#paid.get(keyOf(shard, epoch));
  }

  /** Where a member lost its seat by silence last, as far as the view keeps it. */
  removalOf(member: Address): Removal | undefined {
    return this.#removals.get(getAddress(member));
  }

  /** Forgets payments of epochs before `epoch`. */
  forgetBefore(epoch: bigint): void {
    for (const [key, paid] of this.#paid) if (paid.epoch < epoch) this.#paid.delete(key);
  }

  apply(event: ChainEvent): Undo | undefined {
    const place = { blockNumber: event.blockNumber, transactionHash: event.transactionHash };
    if (event.eventName === "ReportPaid") {
      const { shard, epoch } = event.args;
      return setWithUndo(this.#paid, keyOf(shard, epoch), { ...place, epoch });
    }
    if (event.eventName !== "SilentMemberRemoved") return undefined;
    const { member, lastEpoch } = event.args;
    return setWithUndo(this.#removals, getAddress(member), { ...place, lastEpoch });
  }
}

function keyOf(shard: number, epoch: bigint): string {
  return `${shard}:${epoch}`;
}
