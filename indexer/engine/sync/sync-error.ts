/** Indexing cannot go on without a person: the database does not fit the chain. The process ends with the message. */
export class FatalSyncError extends Error {
  override readonly name: string = "FatalSyncError";
}

/** The indexed blocks are no longer the chain's, further back than can be unwound: a restarted chain, as a rule. */
export class ChainReplacedError extends FatalSyncError {
  override readonly name = "ChainReplacedError";
}

/** The chain changed between two answers; look at it again. */
export class ChainMovedError extends Error {
  override readonly name = "ChainMovedError";
}
