import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { DeliveryKeyPanel } from "../components/delivery-key-panel.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { LeaseTable } from "../components/lease-table.tsx";
import { MarketTabs } from "../components/market-tabs.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TokenCredits } from "../components/token-credits.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useOwnLeases } from "../hooks/use-lease-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { CLOSED_LEASES, type LeaseList } from "../lib/lease-list.ts";
import { formatCount } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Leases of the connected wallet, and what the escrow holds for it. */
export function LeasesPage(): ReactNode {
  usePageTitle("My leases");
  const { address } = useConnection();
  return (
    <div className="grid gap-4">
      <MarketTabs title="My leases">
        What you rent, how far it is paid for, and what returned to you. Nobody has to agree for that.
      </MarketTabs>
      {address ? (
        <OfWallet key={address} wallet={address} />
      ) : (
        <Panel>
          <EmptyState title="Connect the wallet that leases">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

function OfWallet({ wallet }: { wallet: Address }): ReactNode {
  const leases = useOwnLeases(wallet);
  const [plan, setPlan] = useState<TransactionPlan>();
  return (
    <>
      <TokenCredits wallet={wallet} onPlan={setPlan} />
      <QueryView query={leases} height="14rem">
        {(found) => <Leases leases={found} />}
      </QueryView>
      <DeliveryKeyPanel wallet={wallet} onPlan={setPlan} />
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </>
  );
}

function Leases({ leases: { open, closed } }: { leases: LeaseList }): ReactNode {
  return (
    <>
      <Panel title="Running" flush>
        {open.length > 0 ? (
          <LeaseTable leases={open} />
        ) : (
          <EmptyState title="You lease nothing now">
            <Link className="link" to="/market">
              Browse the marketplace
            </Link>
          </EmptyState>
        )}
      </Panel>
      {closed.length > 0 && (
        <Panel
          title="Closed"
          {...(closed.length >= CLOSED_LEASES && { hint: `The newest ${formatCount(closed.length)}` })}
          flush
        >
          <LeaseTable leases={closed} />
        </Panel>
      )}
    </>
  );
}
