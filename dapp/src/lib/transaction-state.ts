import type { Hex } from "viem";

/** Where a transaction stands. `step` counts the steps of its plan from 0. */
export type TransactionState =
  | { phase: "review"; note?: string }
  | { phase: "simulating"; step: number }
  | { phase: "confirming"; step: number }
  | { phase: "sent"; step: number; hash: Hex; slow: boolean }
  | { phase: "mined"; hash: Hex; sentence: string }
  | { phase: "failed"; sentence: string; hash?: Hex };

/** What can happen to a transaction. */
export type TransactionEvent =
  | { type: "reset" }
  | { type: "simulate"; step: number }
  | { type: "confirm"; step: number }
  | { type: "sent"; step: number; hash: Hex }
  | { type: "slow" }
  | { type: "mined"; hash: Hex; sentence: string }
  | { type: "declined"; sentence: string }
  | { type: "failed"; sentence: string; hash?: Hex };

/** The next state. Declining leads back to the review: it is not an error. */
export function nextTransactionState(state: TransactionState, event: TransactionEvent): TransactionState {
  switch (event.type) {
    case "reset":
      return { phase: "review" };
    case "simulate":
      return { phase: "simulating", step: event.step };
    case "confirm":
      return { phase: "confirming", step: event.step };
    case "sent":
      return { phase: "sent", step: event.step, hash: event.hash, slow: false };
    case "slow":
      return state.phase === "sent" ? { ...state, slow: true } : state;
    case "mined":
      return { phase: "mined", hash: event.hash, sentence: event.sentence };
    case "declined":
      return { phase: "review", note: event.sentence };
    case "failed":
      return { phase: "failed", sentence: event.sentence, ...(event.hash && { hash: event.hash }) };
  }
}

/** True while the dialog must not be left by accident. */
export function isUnderWay({ phase }: TransactionState): boolean {
  return phase === "simulating" || phase === "confirming" || phase === "sent";
}
