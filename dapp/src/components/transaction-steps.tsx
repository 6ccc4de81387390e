import { type ReactNode, useEffect, useState } from "react";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import type { TransactionState } from "../lib/transaction-state.ts";

/** Milliseconds after which a wallet that shows nothing is spoken of. */
const PATIENCE_MS = 20_000;

/** The steps of a plan with where each stands. */
export function TransactionSteps({ plan, state }: { plan: TransactionPlan; state: TransactionState }): ReactNode {
  const current = "step" in state ? state.step : state.phase === "mined" ? plan.steps.length : -1;
  return (
    <ol className="grid gap-1.5 text-sm">
      {plan.steps.map(({ label }, i) => (
        <li key={label} className="flex items-center gap-2.5" aria-current={i === current ? "step" : undefined}>
          <span
            aria-hidden="true"
            className={`grid size-5 shrink-0 place-items-center rounded-full border text-xs ${
              i < current
                ? "bg-accent border-accent text-accent-ink"
                : i === current
                  ? "border-accent text-accent pulse-dot"
                  : "border-line text-muted"
            }`}
          >
            {i < current ? "✓" : i + 1}
          </span>
          <span className={i > current && current >= 0 ? "text-muted" : ""}>{label}</span>
          {i === current && <StepWords key={state.phase} state={state} />}
        </li>
      ))}
    </ol>
  );
}

function StepWords({ state }: { state: TransactionState }): ReactNode {
  const [late, setLate] = useState(false);
  const isConfirming = state.phase === "confirming";
  useEffect(() => {
    if (!isConfirming) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isConfirming]);
  const words = {
    simulating: "trying it out on the chain …",
    confirming: late
      ? "still waiting: open your wallet; close this window if none appears"
      : "confirm in your wallet …",
    sent: "sent, waiting for the block …",
    review: "",
    mined: "",
    failed: "",
  };
  return <span className="text-muted">{words[state.phase]}</span>;
}
