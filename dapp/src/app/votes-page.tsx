import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { GovernTabs } from "../components/govern-tabs.tsx";
import { OwnBallotsPanel } from "../components/own-ballots-panel.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { UnitsPanel } from "../components/units-panel.tsx";
import { VoteDelegationPanel } from "../components/vote-delegation-panel.tsx";
import { VoteLockPanel } from "../components/vote-lock-panel.tsx";
import { useVoteWeight } from "../hooks/use-governance-queries.ts";
import { useParameters } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What the connected wallet weighs in the DAO, and how it comes to more. */
export function VotesPage(): ReactNode {
  usePageTitle("My votes");
  const { address } = useConnection();
  return (
    <div className="grid gap-4">
      <GovernTabs title="My votes">
        What you weigh in both houses, why it is that, and who votes for you. Weights are taken when the voting on a
        proposal begins.
      </GovernTabs>
      {address ? (
        <OfWallet key={address} wallet={address} />
      ) : (
        <Panel>
          <EmptyState title="Connect a wallet to see what it weighs">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

function OfWallet({ wallet }: { wallet: Address }): ReactNode {
  const weight = useVoteWeight(wallet);
  const parameters = useParameters();
  const [plan, setPlan] = useState<TransactionPlan>();
  return (
    <>
      <QueryView query={weight} height="24rem">
        {(found) => (
          <QueryView query={parameters} height="24rem">
            {(table) => (
              <>
                <UnitsPanel weight={found} parameters={table} onPlan={setPlan} />
                <div className="grid items-start gap-4 lg:grid-cols-[1fr_2fr]">
                  <VoteLockPanel wallet={wallet} weight={found} parameters={table} onPlan={setPlan} />
                  <VoteDelegationPanel wallet={wallet} weight={found} onPlan={setPlan} />
                </div>
              </>
            )}
          </QueryView>
        )}
      </QueryView>
      <OwnBallotsPanel wallet={wallet} />
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </>
  );
}
