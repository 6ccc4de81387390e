/** Indexing cannot go on without a person: the database does not fit the chain. The process ends with the message. */
export class FatalSyncError extends Error {
  override readonly name = "FatalSyncError";
}

/** The chain changed between two answers; look at it again. */
export class ChainMovedError extends Error {
  override readonly name = "ChainMovedError";
}
