import type { IndexerConfig } from "../../../indexer/engine/config/indexer-config.ts";
import { loadSubgraphBuild } from "../../../indexer/engine/manifest/subgraph-build.ts";
import type { BlockHeader } from "../../../indexer/engine/rpc/chain-types.ts";
import type { EntityType } from "../../../indexer/engine/schema/entity-schema.ts";
import { IndexStore } from "../../../indexer/engine/store/index-store.ts";
import type { EntityValue } from "../../../indexer/engine/values/entity-value.ts";
import { seededRandom } from "../../../test/indexer/fixture/random-activity.ts";
import type { Random } from "../../../test/indexer/fixture/random-activity.ts";

const PER_BLOCK = 100;
const BLOCKS_PER_COMMIT = 200;
export const MANY_ACCOUNTS = 1_000;

/** Fills a database with deposits through the engine's own store, as if the chain up to `head` had brought them. */
export function fillWithEntities(config: IndexerConfig, head: BlockHeader, count: number): void {
  const { schema, deployment } = loadSubgraphBuild(config.subgraph, config.overrides);
  const store = IndexStore.open(config.database, schema, { deployment, chainId: config.chainId });
  const random = seededRandom(1);
  const blocks = count / PER_BLOCK;
  const deposit = store.entities.entityType("Deposit");
  const account = store.entities.entityType("Account");
  for (let block = 0; block < blocks; block++) {
    if (block % BLOCKS_PER_COMMIT === 0) store.begin();
    store.entities.beginBlock(block + 1);
    if (block === 0) addAccounts(store, account);
    for (let i = 0; i < PER_BLOCK; i++) addDeposit(store, deposit, { random, number: block * PER_BLOCK + i });
    store.entities.endBlock(false);
    if ((block + 1) % BLOCKS_PER_COMMIT === 0 || block + 1 === blocks) {
      store.setHead(head);
      store.setHistoryFrom(head.number);
      store.commit();
    }
  }
  store.close();
}

function addAccounts(store: IndexStore, type: EntityType): void {
  for (let i = 0; i < MANY_ACCOUNTS; i++) {
    set(store, type, {
      id: manyAccountId(i),
      values: {
        name: `account ${i}`,
        balance: BigInt(i),
        average: { digits: 0n, exponent: 0 },
        count: i,
        kind: "Plain",
        active: true,
        total: BigInt(i),
        tags: [],
        friends: [],
      },
    });
  }
}

function addDeposit(store: IndexStore, type: EntityType, { random, number }: { random: Random; number: number }): void {
  set(store, type, {
    id: `0x${random(2 ** 31)
      .toString(16)
      .padStart(8, "0")}${number.toString(16).padStart(8, "0")}`,
    values: {
      party: Buffer.from(manyAccountId(random(MANY_ACCOUNTS)).slice(2), "hex"),
      amount: BigInt(random(2_000_000) - 1_000_000),
      ref: BigInt(random(1_000_000_000)),
      note: `note ${random(1_000)}`,
      block: BigInt(Math.floor(number / PER_BLOCK) + 1),
      at: BigInt(1_700_000_000 + number) * 1_000_000n,
    },
  });
}

function set(
  store: IndexStore,
  type: EntityType,
  { id, values }: { id: string; values: Readonly<Record<string, EntityValue>> },
): void {
  store.entities.set(
    type,
    id,
    type.columns.map((field) => values[field.name]),
  );
}

/** Id of one of the accounts. */
export function manyAccountId(number: number): string {
  return `0x${(0x1000 + number).toString(16).padStart(40, "0")}`;
}
