import { type ReactNode, useState } from "react";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmissionPanel } from "../components/emission-panel.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Panel } from "../components/panel.tsx";
import { SupplyPanel } from "../components/supply-panel.tsx";
import { TokenAccountPanel } from "../components/token-account-panel.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { VestingPanel } from "../components/vesting-panel.tsx";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What a holder of MESH wants to know and do. */
export function TokenPage(): ReactNode {
  usePageTitle("Token");
  const { address } = useConnection();
  const [plan, setPlan] = useState<TransactionPlan>();
  return (
    <div className="grid gap-4">
      <header>
        <h1>Token</h1>
        <p className="text-muted">
          MESH is staked by nodes, delegated to them and votes in the DAO. Nobody can mint it.
        </p>
      </header>
      {address ? (
        <TokenAccountPanel key={address} wallet={address} onPlan={setPlan} />
      ) : (
        <Panel>
          <EmptyState title="Connect a wallet to see its MESH and votes">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <EmissionPanel />
        <SupplyPanel />
      </div>
      <VestingPanel onPlan={setPlan} />
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}
