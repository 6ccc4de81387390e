/** A log as the chain reports it; hex in lower case. */
export interface ChainLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Unix seconds; absent when the node does not send it with logs. */
  readonly blockTimestamp: number | undefined;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

/** Number, hash and time of a block. */
export interface BlockPointer {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** What the follower needs of a block to chain it to the one before. */
export interface BlockHeader extends BlockPointer {
  readonly parentHash: string;
}

/** A header as an endpoint sends it. */
export interface ChainHeader extends BlockHeader {
  /** Bloom filter of the addresses and topics of the block's logs; absent when the endpoint does not send it. */
  readonly logsBloom: string | undefined;
}

/** A block or transaction as JSON-RPC sends it: hex quantities and data by field name. */
export type RpcObject = Readonly<Record<string, unknown>>;

/** A block with its transactions, for handlers that read more than number, hash and time. */
export interface FullBlock {
  readonly header: BlockHeader;
  readonly fields: RpcObject;
  readonly transactions: ReadonlyMap<string, RpcObject>;
}

/** Which logs a subgraph wants: any of the topics from any of the addresses (all addresses when undefined). */
export interface LogFilter {
  readonly addresses: readonly string[] | undefined;
  readonly topics: readonly string[];
}
