import type { ReactNode } from "react";
import { acceptLeasePlan, declineLeasePlan } from "../flows/answer-lease.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { LeaseList } from "../lib/lease-list.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { EmptyState } from "./empty-state.tsx";
import { LeaseTable } from "./lease-table.tsx";
import { Panel } from "./panel.tsx";

/** Closed leases that are still listed. */
const CLOSED_SHOWN = 20;

/** Leases of the operator's listings: incoming, running, closed. */
export function ProviderLeases({
  leases: { open, closed },
  onPlan,
}: {
  leases: LeaseList;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const escrow = config.contracts.LeaseEscrow;
  const pending = open.filter(({ status }) => status === "Pending");
  const active = open.filter(({ status }) => status === "Active");
  return (
    <>
      {pending.length > 0 && (
        <Panel
          title="Incoming leases"
          hint="An agent that serves leases accepts by itself and delivers endpoint and credential; by hand you only accept"
          flush
        >
          <LeaseTable
            leases={pending}
            showClient
            actions={(lease) => (
              <span className="inline-flex gap-2 max-sm:flex-col">
                <button
                  type="button"
                  className="button button-small button-primary"
                  onClick={() => onPlan(acceptLeasePlan(escrow, lease))}
                >
                  Accept
                </button>
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => onPlan(declineLeasePlan(escrow, lease))}
                >
                  Decline
                </button>
              </span>
            )}
          />
        </Panel>
      )}
      <Panel title="Running leases" flush>
        {active.length > 0 ? <LeaseTable leases={active} showClient /> : <EmptyState title="No lease is running" />}
      </Panel>
      {closed.length > 0 && (
        <Panel title="Closed leases" flush>
          <LeaseTable leases={closed.slice(0, CLOSED_SHOWN)} showClient />
        </Panel>
      )}
    </>
  );
}
