import type { Address, Hex } from "viem";

/** What the chain says about something a relayer wants to achieve by a transaction. */
export type Verdict =
  | { state: "wanted" }
  /** Done, by anyone, in this block of the current chain. */
  | { state: "achieved"; blockNumber: bigint; transactionHash: Hex }
  /** Nothing more can come of it, and the chain does not tell whether it was achieved. */
  | { state: "over"; reason: string }
  /** Cannot be achieved any more. */
  | { state: "void"; reason: string };

/** A sort of intent. Its judgement must rest on the chain alone, since it outlives the process. */
export interface IntentKind {
  readonly name: string;
  /** True when its intents go before others and may be in flight beyond their number. */
  readonly isUrgent?: boolean;
  /** Looks at the current view of the chain. @param key What the intent achieves. */
  judge(key: string): Verdict;
}

/** A transaction to get onto the chain once. */
export interface Intent {
  /** Name of an {@link IntentKind} that the submitter was given. */
  kind: string;
  /** What it achieves; one open intent for each kind and key. */
  key: string;
  to: Address;
  data: Hex;
  /** Wei sent along; default none. */
  value?: bigint;
  /** Least gas to send along: a call that goes on after a part of it failed needs more than an estimate tells. */
  gas?: bigint;
}
