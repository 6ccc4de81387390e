import { seededRandom } from "../../../test/indexer/fixture/random-activity.ts";
import type { IndexerProcess } from "./indexer-process.ts";
import { MANY_ACCOUNTS, manyAccountId } from "./many-entities.ts";

const FIELDS = "id amount ref note block at party { id name }";
const WARM_UP = 20;

/** Time in milliseconds that 95 of 100 requests keep. */
export function percentile95(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** Milliseconds of requests for one entity by its id, one after the other over HTTP. */
export async function measureKeyedQueries(indexer: IndexerProcess, count: number): Promise<number[]> {
  const random = seededRandom(2);
  return measure(
    indexer,
    count,
    () => `{ account(id: "${manyAccountId(random(MANY_ACCOUNTS))}") { id name balance count } }`,
  );
}

/**
 * Milliseconds of requests for lists of 100 entities with a filter and an order, over HTTP. Half of the filters match
 * many entities, half few; orders are by other fields than the filters.
 */
export async function measureListQueries(indexer: IndexerProcess, count: number): Promise<number[]> {
  const random = seededRandom(3);
  const amount = (): number => random(2_000_000) - 1_000_000;
  const shapes: (() => string)[] = [
    () => `where: { party: "${manyAccountId(random(MANY_ACCOUNTS))}" }, orderBy: ref, orderDirection: desc`,
    () => `where: { amount_gt: "${amount()}" }, orderBy: at`,
    () => `where: { amount_gte: "${990_000 + random(10_000)}" }, orderBy: ref`,
    () => `where: { note: "note ${random(1_000)}", amount_lt: "0" }, orderBy: at, orderDirection: desc`,
    () => `where: { block_gte: "${random(9_000)}", note_not: "note 7" }, orderBy: amount, orderDirection: desc`,
    () => `where: { or: [{ note: "note ${random(1_000)}" }, { amount_gt: "${999_000}" }] }, orderBy: block`,
  ];
  return measure(
    indexer,
    count,
    (i) => `{ deposits(first: 100, ${shapes[i % shapes.length]?.() ?? ""}) { ${FIELDS} } }`,
  );
}

async function measure(indexer: IndexerProcess, count: number, next: (i: number) => string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count + WARM_UP; i++) {
    const query = next(i);
    const begin = performance.now();
    await indexer.query(query);
    if (i >= WARM_UP) times.push(performance.now() - begin);
  }
  return times;
}
