/**
 * A mapping did something that fails the same way on every machine: an abort, a bad value, a forbidden call.
 * The indexer stops before the block in which it happened, as graph-node does.
 */
export class MappingError extends Error {
  override readonly name = "MappingError";
}

/** A handler touched block or transaction data that was not fetched; it is run again with that data. */
export class BlockDataNeeded extends Error {
  override readonly name = "BlockDataNeeded";

  constructor() {
    super("the handler reads block or transaction data that was not fetched");
  }
}
