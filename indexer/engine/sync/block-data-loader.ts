import type { BlockPointer, FullBlock, RpcObject } from "../rpc/chain-types.ts";
import type { ChainSource } from "../rpc/chain-source.ts";

/** Blocks fetched together. */
const AHEAD = 50;

/**
 * Fetches whole blocks and receipts for the handlers that need them. When one block is needed, those of the next logs
 * are fetched along with it.
 */
export class BlockDataLoader {
  readonly #source: ChainSource;
  #blocks = new Map<string, FullBlock>();
  #receipts = new Map<string, RpcObject>();

  constructor(source: ChainSource) {
    this.#source = source;
  }

  /** A block that was fetched before. */
  known(hash: string): FullBlock | undefined {
    return this.#blocks.get(hash);
  }

  /**
   * @param upcoming blocks that will be processed next
   * @throws Error when the chain no longer has the block; it was reorganized and has to be read anew
   */
  async load(pointer: BlockPointer, upcoming: readonly BlockPointer[]): Promise<FullBlock> {
    const wanted = [pointer, ...upcoming.filter((other) => other.number > pointer.number)].slice(0, AHEAD);
    const blocks = await this.#source.fullBlocks(wanted);
    this.#blocks = new Map();
    for (const block of blocks) if (block !== undefined) this.#blocks.set(block.header.hash, block);
    const block = this.#blocks.get(pointer.hash);
    if (block === undefined) throw new Error(`the chain no longer has block ${pointer.number} (${pointer.hash})`);
    return block;
  }

  /** @throws Error when the chain no longer has the transaction in this block */
  async receipt(transactionHash: string, block: BlockPointer): Promise<RpcObject> {
    const known = this.#receipts.get(transactionHash);
    if (known !== undefined) return known;
    const receipt = await this.#source.receipt(transactionHash);
    if (String(receipt?.["blockHash"]).toLowerCase() !== block.hash || receipt === undefined) {
      throw new Error(`the chain no longer has transaction ${transactionHash} in block ${block.number}`);
    }
    if (this.#receipts.size >= AHEAD) this.#receipts = new Map();
    this.#receipts.set(transactionHash, receipt);
    return receipt;
  }
}
