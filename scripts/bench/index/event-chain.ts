import type { Fixture } from "../../../test/indexer/fixture/build-fixture.ts";
import { startLedgerChain } from "../../../test/indexer/fixture/ledger-chain.ts";
import type { LedgerChain } from "../../../test/indexer/fixture/ledger-chain.ts";

/** Events in one block of {@link startEventChain}. */
export const EVENTS_PER_BLOCK = 100;
/** Accounts that the events are about. */
const ACCOUNTS = 1_000n;
/** Empty blocks on top, so that the events lie where no reorg can reach. */
const SETTLED_BLOCKS = 70;

/** Starts a chain whose blocks hold `events` events of the test contract, in blocks of one hundred. */
export async function startEventChain(fixture: Fixture, events: number): Promise<LedgerChain> {
  const ledger = await startLedgerChain(fixture);
  await ledger.chain.mine();
  for (let block = 0; block * EVENTS_PER_BLOCK < events; block++) {
    await ledger.callTogether([["moveMany", BigInt(EVENTS_PER_BLOCK), BigInt(block + 1), ACCOUNTS]]);
  }
  await ledger.chain.mine(SETTLED_BLOCKS);
  return ledger;
}
