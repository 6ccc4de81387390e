import { expect } from "chai";
import {
  isUnderWay,
  nextTransactionState,
  type TransactionEvent,
  type TransactionState,
} from "../../../dapp/src/lib/transaction-state.ts";

const after = (...events: TransactionEvent[]): TransactionState =>
  events.reduce<TransactionState>(nextTransactionState, { phase: "review" });
const SENT: TransactionEvent = { type: "sent", step: 1, hash: "0xab" };

describe("nextTransactionState", () => {
  it("leads from review to mined", () => {
    const state = after({ type: "simulate", step: 0 }, { type: "confirm", step: 0 }, SENT);
    expect(state).to.deep.equal({ phase: "sent", step: 1, hash: "0xab", slow: false });
    expect(isUnderWay(state)).to.equal(true);
    const mined = after(SENT, { type: "mined", hash: "0xab", sentence: "Done." });
    expect(mined).to.deep.equal({ phase: "mined", hash: "0xab", sentence: "Done." });
    expect(isUnderWay(mined)).to.equal(false);
  });

  it("leads back to the review when the wallet declines", () => {
    const state = after({ type: "confirm", step: 0 }, { type: "declined", sentence: "No." });
    expect(state).to.deep.equal({ phase: "review", note: "No." });
  });

  it("names a slow transaction only while it is under way", () => {
    expect(after(SENT, { type: "slow" })).to.have.property("slow", true);
    expect(after({ type: "slow" })).to.deep.equal({ phase: "review" });
  });

  it("keeps the hash of a transaction that failed after it was sent", () => {
    const state = after(SENT, { type: "failed", sentence: "Reverted.", hash: "0xab" });
    expect(state).to.deep.equal({ phase: "failed", sentence: "Reverted.", hash: "0xab" });
    expect(nextTransactionState(state, { type: "reset" })).to.deep.equal({ phase: "review" });
  });
});
