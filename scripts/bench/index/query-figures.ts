import { seededRandom } from "../../../test/indexer/fixture/random-activity.ts";
import type { IndexerProcess } from "./indexer-process.ts";
import { MANY_ACCOUNTS, manyAccountId } from "./many-entities.ts";

const FIELDS = "id amount ref note block at party { id name }";
/** Requests in front that are not counted. */
const WARM_UP = 200;

/** Time in milliseconds that 95 of 100 requests keep. */
export function percentile95(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** Milliseconds of requests for one entity by its id, one after the other over HTTP, the id as a variable. */
export async function measureKeyedQueries(indexer: IndexerProcess, count: number): Promise<number[]> {
  const random = seededRandom(2);
  const query = "query Account($id: ID!) { account(id: $id) { id name balance count } }";
  return measure(count, () => indexer.query(query, { id: manyAccountId(random(MANY_ACCOUNTS)) }));
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
  return measure(count, (i) =>
    indexer.query(`{ deposits(first: 100, ${shapes[i % shapes.length]?.() ?? ""}) { ${FIELDS} } }`),
  );
}

async function measure(count: number, request: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count + WARM_UP; i++) {
    const begin = performance.now();
    await request(i);
    if (i >= WARM_UP) times.push(performance.now() - begin);
  }
  return times;
}
