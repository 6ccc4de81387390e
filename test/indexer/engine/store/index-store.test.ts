import { expect } from "chai";
import { join } from "node:path";

import { MappingError } from "../../../../indexer/engine/host/mapping-error.ts";
import type { BlockHeader } from "../../../../indexer/engine/rpc/chain-types.ts";
import { parseSchema } from "../../../../indexer/engine/schema/parse-schema.ts";
import { IndexStore } from "../../../../indexer/engine/store/index-store.ts";
import type { EntityValue } from "../../../../indexer/engine/values/entity-value.ts";
import { temporaryFolder } from "../../fixture/temporary-folder.ts";
import { dumpEntities } from "../../fixture/test-indexer.ts";

const SCHEMA = parseSchema(`
type Item @entity(immutable: false) { id: ID! value: BigInt! note: String owner: Owner }
type Owner @entity(immutable: false) { id: Bytes! items: [Item!]! @derivedFrom(field: "owner") }
type Fact @entity(immutable: true) { id: ID! value: BigInt! }
`);
const IDENTITY = { deployment: "d", chainId: 1 };

describe("index store", () => {
  let file = "";
  let store: IndexStore;

  beforeEach(() => {
    file = join(temporaryFolder(), "index.db");
    store = IndexStore.open(file, SCHEMA, IDENTITY);
    commit(0, () => undefined);
  });

  afterEach(() => store.close());

  /** Runs one block as the follower does. */
  function commit(number: number, work: () => void, history = true): string[] {
    store.begin();
    store.entities.beginBlock(number);
    work();
    const changed = store.entities.endBlock(history);
    store.setHead(header(number));
    store.commit();
    return changed;
  }

  function set(typeName: string, id: string, values: Record<string, EntityValue>): void {
    const type = store.entities.entityType(typeName);
    store.entities.set(
      type,
      id,
      type.columns.map((field) => values[field.name]),
    );
  }

  const get = (typeName: string, id: string): readonly EntityValue[] | undefined =>
    store.entities.get(store.entities.entityType(typeName), id)?.values;
  const remove = (typeName: string, id: string): void => store.entities.remove(store.entities.entityType(typeName), id);

  it("merges what is set into what there is", () => {
    commit(1, () => set("Item", "a", { value: 1n, note: "x" }));
    commit(2, () => set("Item", "a", { value: 2n }));
    expect(get("Item", "a")).to.deep.equal(["a", 2n, "x", null]);
    commit(3, () => set("Item", "a", { note: null }));
    expect(get("Item", "a")).to.deep.equal(["a", 2n, null, null]);
  });

  it("does not merge after a removal in the same block", () => {
    commit(1, () => set("Item", "a", { value: 1n, note: "x" }));
    commit(2, () => {
      remove("Item", "a");
      set("Item", "a", { value: 2n });
    });
    expect(get("Item", "a")).to.deep.equal(["a", 2n, null, null]);
  });

  it("reports only types that really changed", () => {
    expect(commit(1, () => set("Item", "a", { value: 1n }))).to.deep.equal(["Item"]);
    expect(commit(2, () => set("Item", "a", { value: 1n }))).to.deep.equal([]);
    expect(commit(3, () => remove("Item", "b"))).to.deep.equal([]);
    expect(dumpEntities(file).join()).to.contain('"$block":"1"');
  });

  it("names a required field that is missing", () => {
    expect(() => commit(1, () => set("Item", "a", { note: "x" }))).to.throw(MappingError, "non-nullable field `value`");
    store.rollback();
  });

  it("takes back what a failed handler did", () => {
    commit(1, () => {
      set("Item", "a", { value: 1n });
      store.entities.beginHandler();
      set("Item", "a", { value: 2n });
      set("Item", "b", { value: 3n });
      remove("Item", "a");
      store.entities.rollbackHandler();
    });
    expect(get("Item", "a")).to.deep.equal(["a", 1n, null, null]);
    expect(get("Item", "b")).to.equal(undefined);
  });

  it("refuses to change an immutable entity in a later block", () => {
    commit(1, () => {
      set("Fact", "f", { value: 1n });
      set("Fact", "f", { value: 2n });
    });
    expect(() => commit(2, () => set("Fact", "f", { value: 3n }))).to.throw(MappingError, "Fact[f] is immutable");
    store.rollback();
    expect(() => commit(2, () => (get("Fact", "f"), remove("Fact", "f")))).to.throw(
      MappingError,
      "Fact[f] is immutable",
    );
    store.rollback();
    expect(get("Fact", "f")).to.deep.equal(["f", 2n]);
  });

  it("accepts ids of Bytes in any spelling", () => {
    commit(1, () => set("Owner", "0xAB", {}));
    expect(get("Owner", "ab")?.[0]).to.deep.equal(Buffer.from([0xab]));
    expect(() => get("Owner", "0xA")).to.throw(MappingError, "Bytes id");
  });

  it("finds derived entities through all layers", () => {
    const owner = Buffer.from([1]);
    commit(1, () => {
      set("Owner", "0x01", {});
      set("Item", "a", { value: 1n, owner });
      set("Item", "b", { value: 1n, owner });
    });
    store.begin();
    store.entities.beginBlock(2);
    set("Item", "a", { owner: Buffer.from([2]) });
    set("Item", "c", { value: 1n, owner });
    const related = store.entities.loadRelated(store.entities.entityType("Owner"), "0x01", "items");
    expect(related.rows.map((row) => row.values[0])).to.deep.equal(["b", "c"]);
    store.rollback();
  });

  it("unwinds any number of blocks to the exact state before", () => {
    const states = new Map<number, string[]>();
    for (let block = 1; block <= 12; block++) {
      commit(block, () => {
        set("Item", `i${block % 5}`, { value: BigInt(block), note: block % 2 === 0 ? "even" : null });
        if (block % 3 === 0) remove("Item", `i${(block + 1) % 5}`);
        set("Fact", `f${block}`, { value: BigInt(block) });
      });
      states.set(block, dumpEntities(file));
    }
    for (const block of [11, 7, 6, 1]) {
      store.begin();
      store.unwind(header(block));
      store.commit();
      expect(dumpEntities(file), `block ${block}`).to.deep.equal(states.get(block));
      expect(store.head()?.number).to.equal(block);
    }
  });

  it("refuses to unwind past the undo log", () => {
    for (let block = 1; block <= 5; block++) commit(block, () => set("Item", "a", { value: BigInt(block) }));
    store.prune(3);
    expect(store.historyFrom()).to.equal(3);
    expect(() => store.unwind(header(2))).to.throw("the undo log begins at block 3");
  });

  it("keeps nothing of a batch that is rolled back", () => {
    commit(1, () => set("Item", "a", { value: 1n }));
    store.begin();
    store.entities.beginBlock(2);
    set("Item", "a", { value: 2n });
    store.entities.endBlock(false);
    store.entities.flush();
    store.rollback();
    expect(get("Item", "a")?.[1]).to.equal(1n);
  });

  it("refuses the database of another build, chain or process", () => {
    expect(() => IndexStore.open(file, SCHEMA, IDENTITY)).to.throw("another indexer already uses the database");
    store.close();
    expect(() => IndexStore.open(file, SCHEMA, { ...IDENTITY, chainId: 2 })).to.throw("belongs to another chain id");
    expect(() => IndexStore.open(file, SCHEMA, { ...IDENTITY, deployment: "e" })).to.throw("another build");
    store = IndexStore.open(file, SCHEMA, IDENTITY);
  });
});

function header(number: number): BlockHeader {
  return { number, hash: `0x${number}`, parentHash: `0x${number - 1}`, timestamp: number };
}
