import type { ChainSource } from "../rpc/chain-source.ts";
import type { BlockHeader } from "../rpc/chain-types.ts";
import type { IndexStore } from "../store/index-store.ts";
import { ChainReplacedError } from "./sync-error.ts";

/**
 * Finds the last indexed block that the chain still has.
 * @returns undefined when the endpoint merely lags: the blocks it has are those that were indexed
 * @throws ChainReplacedError when the chain was restarted or reorganized deeper than can be unwound
 */
export async function findCommonAncestor(
  store: IndexStore,
  source: ChainSource,
  chainHead: BlockHeader,
): Promise<BlockHeader | undefined> {
  const head = store.head();
  if (head === undefined) return undefined;
  const oldest = store.historyFrom();
  if (chainHead.number < oldest) {
    await verifyGenesis(store, source);
    await verifyCheckpoint(store, source, chainHead);
    return undefined;
  }
  const known = store
    .knownBlocks(Math.min(head.number, chainHead.number), head.number - oldest + 1)
    .filter((block) => block.number >= oldest);
  const remote = await source.headers(known.map((block) => block.number));
  const ancestor = known.find((block, i) => remote[i]?.hash === block.hash);
  if (ancestor === undefined) {
    await verifyGenesis(store, source);
    await verifyCheckpoint(store, source, chainHead);
    throw new ChainReplacedError(
      `the chain was reorganized deeper than the ${head.number - oldest} blocks that can be unwound ` +
        `(indexed up to block ${head.number}, chain head ${chainHead.number}); move the database away to index anew`,
    );
  }
  return ancestor.number === chainHead.number ? undefined : ancestor;
}

/**
 * Compares block 0 of the chain with the one that was indexed, and notes it on the first start.
 * @throws ChainReplacedError when it is another chain under the same chain id
 */
export async function verifyGenesis(store: IndexStore, source: ChainSource): Promise<void> {
  const [genesis] = await source.headers([0]);
  const known = store.genesisHash();
  if (genesis === undefined) return;
  if (known === undefined) store.setGenesisHash(genesis.hash);
  else if (known !== genesis.hash) {
    throw new ChainReplacedError(
      `chain restarted: block 0 is ${genesis.hash}, but the database was made from a chain whose block 0 is ${known}; ` +
        "move the database away to index anew",
    );
  }
}

/**
 * Compares the newest indexed block that both sides have, however old.
 * @throws ChainReplacedError when the chain has another block in its place
 */
async function verifyCheckpoint(store: IndexStore, source: ChainSource, chainHead: BlockHeader): Promise<void> {
  const [known] = store.knownBlocks(chainHead.number, 1);
  if (known === undefined) return;
  const [remote] = await source.headers([known.number]);
  if (remote === undefined || remote.hash === known.hash) return;
  throw new ChainReplacedError(
    `chain restarted: block ${known.number} is ${remote.hash}, but ${known.hash} was indexed, ` +
      "far behind the blocks that can be unwound; move the database away to index anew",
  );
}
