import {
  type Hex,
  TransactionNotFoundError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  type Transaction,
} from "viem";
import { formatCount } from "./format.ts";
import type { ChainClient } from "./network-chain.ts";
import type { PendingFate, PendingTransaction } from "./pending-book.ts";

/** Milliseconds for which an endpoint may not know a transaction before it counts as dropped: endpoints behind a balancer lag. */
const DROP_MS = 20_000;

/** What one look at the chain tells of a transaction. */
export interface PendingLook {
  nonce?: number;
  fate?: PendingFate;
  /** True when the endpoint knows neither the transaction nor a receipt. */
  isMissing: boolean;
}

/** What the chain is asked about a transaction. */
export type FateClient = Pick<ChainClient, "call" | "getTransaction" | "getTransactionCount" | "getTransactionReceipt">;

/**
 * Looks once how a sent transaction stands.
 *
 * @param missingMs Milliseconds for which it has been missing without a break.
 * @throws when the RPC endpoint does not answer; nothing is decided then.
 */
export async function lookAtTransaction(
  client: FateClient,
  pending: PendingTransaction,
  missingMs: number,
): Promise<PendingLook> {
  const { hash, account, nonce } = pending;
  const transaction = await orNothing(client.getTransaction({ hash }), TransactionNotFoundError);
  // Asked for last: who is gone from the pool between two questions has a receipt by then.
  const count = nonce === undefined ? undefined : await client.getTransactionCount({ address: account });
  const receipt = await orNothing(client.getTransactionReceipt({ hash }), TransactionReceiptNotFoundError);
  if (receipt) return { fate: await minedFate(client, pending, receipt), isMissing: false };
  if (transaction) return { nonce: transaction.nonce, isMissing: false };
  if (count !== undefined && count > nonce!) return { fate: { kind: "replaced", sentence: REPLACED }, isMissing: true };
  if (missingMs >= DROP_MS) {
    const sentence = nonce === undefined ? GONE : DROPPED;
    return { fate: { kind: "dropped", sentence }, isMissing: true };
  }
  return { isMissing: true };
}

const REPLACED =
  "Another transaction of this wallet with the same number took its place. If you sped it up in the wallet, what you asked for has happened; if you cancelled it there, nothing has.";
const DROPPED =
  "The network does not know this transaction any more: it was dropped, and nothing happened. Look into your wallet before you send it again, because it may still hold it.";

/** Its number was never seen, so that it cannot be told whether another transaction took its place. */
const GONE =
  "The network does not know this transaction any more: it was dropped, or you replaced it in your wallet. Look there before you send it again, because what you asked for may have happened.";

async function minedFate(
  client: FateClient,
  { hash, step, hasMore }: PendingTransaction,
  receipt: TransactionReceipt,
): Promise<PendingFate> {
  const block = `block ${formatCount(receipt.blockNumber)}`;
  if (receipt.status === "success") {
    const rest = hasMore ? ` “${step}” is done, but what follows it was not sent: start again to go on.` : "";
    return { kind: "mined", sentence: `Mined in ${block}.${rest}` };
  }
  const reason = await revertReason(client, hash, receipt);
  return { kind: "failed", sentence: `Mined in ${block} but reverted, so nothing changed. ${reason}`.trim() };
}

/** Runs the call again on the state of its block to learn why it reverted; empty when that does not tell. */
async function revertReason(client: FateClient, hash: Hex, { blockNumber }: TransactionReceipt): Promise<string> {
  const sent = await orNothing(client.getTransaction({ hash }), TransactionNotFoundError);
  if (!sent) return "";
  try {
    await client.call({ account: sent.from, to: sent.to, data: sent.input, value: sent.value, blockNumber });
    return "";
  } catch (error) {
    return (await import("./error-sentences.ts")).explainError(error).sentence;
  }
}

async function orNothing<T extends Transaction | TransactionReceipt>(
  asked: Promise<T>,
  missing: new (...parameters: never[]) => Error,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof missing) return undefined;
    throw error;
  }
}
