import { numberToHex, type Hex } from "viem";

import type { TestChain } from "../../helpers/anvil.ts";
import { startRpcProxy } from "../../helpers/rpc-proxy.ts";

/** An RPC endpoint that goes on serving blocks which a reorg removed. */
export interface OrphanKeeper {
  readonly url: string;
  /** Remembers the blocks of the chain as it is now; call it before a reorg. */
  remember(): Promise<void>;
  stop(): Promise<void>;
}

interface Block {
  readonly hash: Hex;
  readonly transactions: readonly { readonly hash: Hex }[];
}

/**
 * Starts an endpoint in front of anvil, which forgets removed blocks at once. Real nodes keep them, and graph-node relies on
 * it: it walks back to the fork by asking for the blocks that it has to undo.
 */
export async function startOrphanKeeper(chain: Pick<TestChain, "url" | "rpc" | "head">): Promise<OrphanKeeper> {
  const proxy = await startRpcProxy(chain.url);
  const known = new Map<Hex, Block>();
  proxy.lies.set("eth_getBlockByHash", (params, truth) => {
    const [hash, isFull] = params as [Hex, boolean];
    const orphan = known.get(hash);
    if (truth !== null || !orphan) return truth;
    return isFull ? orphan : { ...orphan, transactions: orphan.transactions.map((transaction) => transaction.hash) };
  });
  return {
    url: proxy.url,
    async remember() {
      const { number } = await chain.head();
      for (let i = number; i >= 0; i--) {
        const block = await chain.rpc<Block>("eth_getBlockByNumber", numberToHex(i), true);
        if (known.has(block.hash)) return;
        known.set(block.hash, block);
      }
    },
    stop: () => proxy.stop(),
  };
}
