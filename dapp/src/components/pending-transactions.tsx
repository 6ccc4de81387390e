import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { usePendingTransactions } from "../hooks/use-pending-transactions.ts";
import { formatRelative, shorten } from "../lib/format.ts";
import type { PendingFate, PendingTransaction } from "../lib/pending-book.ts";
import { Copyable } from "./copyable.tsx";
import { Notice } from "./notice.tsx";

const TONES = { mined: "info", replaced: "warn", dropped: "warn", failed: "bad" } as const satisfies Record<
  PendingFate["kind"],
  string
>;

/** Seconds after which a transaction that waits is called slow. */
const SLOW_SECONDS = 60;

/** Transactions that were sent from here and that no dialog shows any more: how they stand, until they are dismissed. */
export function PendingTransactions(): ReactNode {
  const { transactions, dismiss } = usePendingTransactions();
  return transactions.map((transaction) => (
    <Notice
      key={transaction.hash}
      tone={transaction.fate ? TONES[transaction.fate.kind] : "info"}
      action={
        transaction.fate && (
          <button type="button" className="button button-small" onClick={() => dismiss(transaction.hash)}>
            Dismiss
          </button>
        )
      }
    >
      <div data-pending={transaction.fate?.kind ?? "waiting"}>
        <strong>{transaction.title}</strong> <Words transaction={transaction} />
        <span className="text-muted block">
          Transaction <Copyable value={transaction.hash} label="transaction hash" lead={10} tail={8} /> of{" "}
          <span className="font-mono text-[0.92em]">{shorten(transaction.account)}</span>
        </span>
      </div>
    </Notice>
  ));
}

function Words({ transaction: { fate, sentAt } }: { transaction: PendingTransaction }): ReactNode {
  const { seconds } = useChainTime();
  if (fate) return <>· {fate.sentence}</>;
  const waited = seconds !== undefined && sentAt > 0 ? seconds - sentAt : undefined;
  return (
    <>
      · <span className="pulse-dot">●</span> sent
      {waited !== undefined && waited >= 1 && ` ${formatRelative(0, waited)}`}, waiting for its block
      {waited !== undefined && waited > SLOW_SECONDS && ". If it stays stuck, speed it up or cancel it in your wallet."}
    </>
  );
}
