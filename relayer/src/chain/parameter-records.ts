import type { Hex } from "viem";
import { hexToString } from "viem/utils";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import { setWithUndo, type Undo } from "./undo.ts";

interface ParameterRecord {
  value: bigint;
  pending: bigint;
  effectiveAt: bigint;
}

/** Governed numbers, from the events of NetworkParameters. */
export class ParameterRecords {
  readonly #rows = new Map<string, ParameterRecord>();

  /** Value in force at a block timestamp. @throws Error when the table has no such parameter. */
  at(id: string, timestamp: bigint): bigint {
    const row = this.#rows.get(id);
    if (!row) throw new Error(`network parameter "${id}" is not in the table on chain`);
    return timestamp >= row.effectiveAt ? row.pending : row.value;
  }

  apply(event: ChainEvent): Undo | undefined {
    return event.eventName === "ParameterSet" ? this.#set(event.args) : undefined;
  }

  #set({ id, previousValue, newValue, effectiveAt }: ChainEventArgs<"ParameterSet">): Undo {
    return setWithUndo(this.#rows, parameterName(id), { value: previousValue, pending: newValue, effectiveAt });
  }
}

function parameterName(id: Hex): string {
  return hexToString(id, { size: 32 });
}
