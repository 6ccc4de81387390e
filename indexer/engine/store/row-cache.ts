import type { EntityRow } from "../values/entity-value.ts";

/**
 * Remembers stored entities by id, the recently used ones for longest. Two generations take turns: what was not touched
 * while the younger one filled up is dropped. Null remembers that an entity does not exist.
 */
export class RowCache {
  readonly #capacity: number;
  #young = new Map<string, EntityRow | null>();
  #old = new Map<string, EntityRow | null>();

  /** @param capacity entries that one generation holds */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(id: string): EntityRow | null | undefined {
    const recent = this.#young.get(id);
    if (recent !== undefined) return recent;
    const older = this.#old.get(id);
    if (older !== undefined) this.set(id, older);
    return older;
  }

  set(id: string, row: EntityRow | null): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(id, row);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }
}
