import type { DatabaseSync } from "node:sqlite";

import type { BlockHeader } from "../engine/rpc/chain-types.ts";

/** States of the index that are remembered, to tell what a reorg took back. */
const REMEMBERED = 512;

/** A state of the index that was read, and what changed since the one before, by type. */
interface Seen {
  readonly block: BlockHeader;
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What to read again: everything, or entities by type. */
export type Changes = "everything" | ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Tells which entities of some types changed since the last look, after reorgs, too. It reads the undo log of the index:
 * `h_<Type>` names every entity that a block changed; what an undone block had changed is remembered from when it was read.
 */
export class IndexChanges {
  readonly #database: DatabaseSync;
  readonly #types: readonly string[];
  /** Oldest first. */
  #seen: Seen[] = [];

  /** @param types entity types to follow */
  constructor(database: DatabaseSync, types: readonly string[]) {
    this.#database = database;
    this.#types = types;
  }

  /** Looks at the state that the open transaction reads; `block` is its head. */
  since(block: BlockHeader): Changes {
    const common = this.#common();
    if (common === undefined || !this.#reachesBack(common)) {
      this.#seen = [{ block, ids: new Map() }];
      return "everything";
    }
    const ids = this.#changedAfter(common.number);
    const undone = this.#seen.filter((seen) => seen.block.number > common.number);
    this.#seen = [...this.#seen.slice(0, this.#seen.length - undone.length), { block, ids }].slice(-REMEMBERED);
    return union(this.#types, [ids, ...undone.map((seen) => seen.ids)]);
  }

  /** The newest state that was seen and is still a part of the index. */
  #common(): BlockHeader | undefined {
    const known = this.#database.prepare("SELECT 1 FROM blocks WHERE number = ? AND hash = ?");
    return this.#seen.findLast(({ block }) => known.get(block.number, block.hash) !== undefined)?.block;
  }

  /** Whether the undo log names every change after a block. */
  #reachesBack({ number }: BlockHeader): boolean {
    const row = this.#database.prepare("SELECT value FROM meta WHERE key = 'historyFrom'").get();
    return row !== undefined && Number(row["value"]) <= number;
  }

  #changedAfter(block: number): Map<string, Set<string>> {
    return new Map(
      this.#types.map((type) => {
        const rows = this.#database.prepare(`SELECT DISTINCT id FROM "h_${type}" WHERE "$to" > ?`).all(block);
        return [type, new Set(rows.map(({ id }) => String(id)))];
      }),
    );
  }
}

function union(
  types: readonly string[],
  all: readonly ReadonlyMap<string, ReadonlySet<string>>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(types.map((type) => [type, new Set(all.flatMap((ids) => [...(ids.get(type) ?? [])]))]));
}
