import type { OutboxEntry, OutboxTransaction } from "./outbox-store.ts";

/** An open nonce that nothing wanted uses. */
export interface FreeNonce {
  nonce: number;
  /** Newest transaction signed for it, which a mempool may still hold; a replacement must pay more. */
  replaces: OutboxTransaction | undefined;
}

/** What to do with the nonces that the chain has not used yet. */
export interface NoncePlan {
  /** Newest transaction of each nonce that serves a wanted entry, lowest nonce first. */
  kept: OutboxTransaction[];
  /** Nonces up to the highest one ever signed for that serve nothing wanted, lowest first. */
  free: FreeNonce[];
  /** Wanted entries without an open nonce, oldest first. */
  unassigned: OutboxEntry[];
  /** First nonce that was never signed for. */
  next: number;
}

/**
 * Sorts out open nonces. Pure.
 *
 * @param chainNonce Nonce the chain expects next.
 * @param transactions Everything signed for nonces from `chainNonce` on, by nonce, then in the order of signing.
 * @param wanted Entries that still have to get onto the chain, oldest first.
 */
export function planNonces(
  chainNonce: number,
  transactions: readonly OutboxTransaction[],
  wanted: readonly OutboxEntry[],
): NoncePlan {
  const newest = new Map(transactions.map((transaction) => [transaction.nonce, transaction]));
  const next = Math.max(chainNonce, ...[...newest.keys()].map((nonce) => nonce + 1));
  const waiting = new Map(wanted.map((entry) => [entry.id, entry]));
  const kept: OutboxTransaction[] = [];
  const free: FreeNonce[] = [];
  for (let nonce = chainNonce; nonce < next; nonce++) {
    const transaction = newest.get(nonce);
    const serves = transaction?.entryId !== undefined && waiting.delete(transaction.entryId);
    if (transaction && serves) kept.push(transaction);
    else free.push({ nonce, replaces: transaction });
  }
  return { kept, free, unassigned: [...waiting.values()], next };
}

/** Free nonces that hold up a transaction behind them. */
export function blockingNonces(free: readonly FreeNonce[], used: readonly number[]): FreeNonce[] {
  const highest = Math.max(-1, ...used);
  return free.filter(({ nonce }) => nonce < highest);
}
