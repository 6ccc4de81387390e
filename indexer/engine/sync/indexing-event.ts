import type { BlockPointer } from "../rpc/chain-types.ts";

/**
 * What the indexer is doing: catching up, at the head, stopped by a failing mapping, cut off from the chain, or held up by
 * its database.
 */
export type IndexingState = "starting" | "syncing" | "live" | "failed" | "disconnected" | "blocked";

/** Where the indexer stands. */
export interface IndexingStatus {
  readonly state: IndexingState;
  /** Last indexed block. */
  readonly block: BlockPointer | undefined;
  /** Newest block of the chain that was seen. */
  readonly chainHead: number | undefined;
  /** One sentence when something is wrong. */
  readonly problem: string | undefined;
  readonly handlersRun: number;
  readonly reorgs: number;
  readonly rpcRequests: number;
  readonly rpcFailures: number;
}

/** What the indexer tells the server. */
export type IndexingEvent =
  | {
      /** The database is open and can be read. */
      readonly kind: "opened";
    }
  | { readonly kind: "status"; readonly status: IndexingStatus }
  | {
      /** A block (or batch of blocks) was committed, or blocks were unwound. */
      readonly kind: "committed";
      readonly block: BlockPointer;
      /** Types of which an entity changed. */
      readonly entities: readonly string[];
      /** Blocks that a reorg took back; 0 otherwise. */
      readonly unwound: number;
    }
  | {
      /** The indexer cannot go on; the process ends with this sentence. */
      readonly kind: "fatal";
      readonly message: string;
    };
