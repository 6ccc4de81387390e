import type { AppendGroup, PackedGroup, StoreWrite } from "./store-write.ts";
import { DIGEST_BYTES, ITEM_BYTES } from "./wire-fields.ts";

/** Attestations that fit the shared memory; larger appends get memory of their own. */
const SHARED_ITEMS = 512;

/** An append on its way to the writer's thread. */
export interface PackedAppend {
  write: StoreWrite;
  /** Call it when the writer has answered. */
  release(): void;
}

/** Packs appends into memory that the writer's thread shares, so that a steady load makes no garbage. */
export class AppendBuffer {
  readonly #shared = new Uint8Array(new SharedArrayBuffer(SHARED_ITEMS * ITEM_BYTES));
  #isFree = true;

  pack(groups: readonly AppendGroup[]): PackedAppend {
    const length = groups.reduce((sum, { items }) => sum + items.length * ITEM_BYTES, 0);
    const isShared = this.#isFree && length <= this.#shared.length;
    const bytes = isShared ? this.#shared.subarray(0, length) : new Uint8Array(length);
    if (isShared) this.#isFree = false;
    let at = 0;
    const packed = groups.map(({ items, ...header }): PackedGroup => {
      items.forEach(({ digest }, i) => bytes.set(digest, at + i * DIGEST_BYTES));
      const wiresAt = at + items.length * DIGEST_BYTES;
      items.forEach(({ wire }, i) => bytes.set(wire, wiresAt + i * (ITEM_BYTES - DIGEST_BYTES)));
      at += items.length * ITEM_BYTES;
      return { ...header, count: items.length };
    });
    return {
      write: { kind: "append", groups: packed, bytes },
      release: () => {
        if (isShared) this.#isFree = true;
      },
    };
  }
}
