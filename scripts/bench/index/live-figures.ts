import { setTimeout as sleep } from "node:timers/promises";

import { waitUntil } from "../../../test/helpers/wait-until.ts";
import type { LedgerChain } from "../../../test/indexer/fixture/ledger-chain.ts";
import { accountAddress } from "../../../test/indexer/fixture/ledger-chain.ts";
import type { IndexerProcess } from "./indexer-process.ts";

const FIRST_REF = 9_000_000_000n;
const TIMEOUT = 20_000;

/** Longest time in milliseconds from a mined block to its event's entity in an answer, over `count` blocks. */
export async function measureLiveLatency(ledger: LedgerChain, indexer: IndexerProcess, count: number): Promise<number> {
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const ref = FIRST_REF + BigInt(i);
    await ledger.call("move", accountAddress(0x1000 + i), ref, 5n, "", 0);
    const mined = performance.now();
    await waitForRef(indexer, ref);
    longest = Math.max(longest, performance.now() - mined);
    await sleep(37 * (i % 7));
  }
  return longest;
}

/**
 * Milliseconds from a reorg of `depth` blocks, with an event in the first block of the new fork, to answers from that fork.
 * The blocks that go had events too.
 */
export async function measureReorgRepair(ledger: LedgerChain, indexer: IndexerProcess, depth: number): Promise<number> {
  const old = FIRST_REF * 2n;
  for (let i = 0; i < depth; i++) await ledger.call("move", accountAddress(0x1000 + i), old + BigInt(i), 5n, "", 0);
  await waitForRef(indexer, old + BigInt(depth - 1));
  const replacement = old + 1_000n;
  await ledger.chain.reorg(depth);
  const begin = performance.now();
  await ledger.call("move", accountAddress(0x1000), replacement, 5n, "", 0);
  await waitForRef(indexer, replacement);
  const took = performance.now() - begin;
  const { deposits } = await indexer.query<{ deposits: unknown[] }>(
    `{ deposits(where: { ref_gte: "${old}", ref_lt: "${replacement}" }) { id } }`,
  );
  if (deposits.length > 0) throw new Error(`${deposits.length} entities of the abandoned fork are still there`);
  return took;
}

async function waitForRef(indexer: IndexerProcess, ref: bigint): Promise<void> {
  const query = `{ deposits(first: 1, where: { ref: "${ref}" }) { id } }`;
  const isThere = async (): Promise<boolean> =>
    (await indexer.query<{ deposits: unknown[] }>(query)).deposits.length > 0;
  await waitUntil(`the event ${ref} is answered`, isThere, TIMEOUT);
}
