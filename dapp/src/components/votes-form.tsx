import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { delegateVotesPlan, type VotesInput } from "../flows/delegate-votes.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AddressField, addressProblem, readAddress } from "./address-field.tsx";

/** Asks who casts the votes of a wallet's tokens. */
export function VotesForm({
  votes,
  current,
  onPlan,
}: {
  votes: Omit<VotesInput, "delegatee">;
  /** Who casts them now. */
  current: Address | undefined;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const [text, setText] = useState("");
  const delegatee = readAddress(text);
  const plan = (to: Address): void => onPlan(delegateVotesPlan({ ...votes, delegatee: to }));
  const isSelf = current?.toLowerCase() === votes.wallet.toLowerCase();
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (delegatee) plan(delegatee);
      }}
    >
      <AddressField label="Delegate votes to" value={text} onChange={setText} problem={addressProblem(text)}>
        An account you trust to vote. Tokens stay where they are; only their votes move.
      </AddressField>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button" disabled={!delegatee}>
          Preview delegation of votes
        </button>
        {!isSelf && (
          <button type="button" className="button button-primary" onClick={() => plan(votes.wallet)}>
            Vote yourself
          </button>
        )}
      </div>
    </form>
  );
}
