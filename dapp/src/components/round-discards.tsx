import type { ReactNode } from "react";
import { discardBallotPlan } from "../flows/discard-ballot.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useDiscardable } from "../hooks/use-round-queries.ts";
import type { RoundView } from "../lib/round-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Panel } from "./panel.tsx";

/** Votes of identities that lost their certificate, which anybody can take out; absent while there are none. */
export function RoundDiscards({
  round,
  isOpen,
  onPlan,
}: {
  round: RoundView;
  isOpen: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const identities = useDiscardable(round.id, isOpen).data ?? [];
  if (!isOpen || identities.length === 0) return null;
  return (
    <Panel
      title="Votes without a certificate"
      hint="These identities voted and are not certified any more. Anybody can take their votes out while the season lasts."
    >
      <ul className="grid gap-2">
        {identities.map((identity) => (
          <li key={String(identity)} className="flex flex-wrap items-center justify-between gap-3">
            <span className="min-w-0 break-all">Identity {String(identity)}</span>
            <button
              type="button"
              className="button button-small"
              onClick={() => onPlan(discardBallotPlan(config.contracts.QuadraticRound, round.id, identity))}
            >
              Take its votes out
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
