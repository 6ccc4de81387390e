import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { CapacityPanel } from "../components/capacity-panel.tsx";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EntryPauseNotice } from "../components/entry-pause-notice.tsx";
import { IncomePanel } from "../components/income-panel.tsx";
import { ListingForm } from "../components/listing-form.tsx";
import { MarketTabs } from "../components/market-tabs.tsx";
import { MembersPanel } from "../components/members-panel.tsx";
import { OwnListingsPanel } from "../components/own-listings-panel.tsx";
import { Panel } from "../components/panel.tsx";
import { ProviderBondPanel } from "../components/provider-bond-panel.tsx";
import { ProviderLeases } from "../components/provider-leases.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TokenCredits } from "../components/token-credits.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useLeasesOf, useOwnListings } from "../hooks/use-lease-queries.ts";
import { useMarketTokens } from "../hooks/use-market-queries.ts";
import { useOperator } from "../hooks/use-operator.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { ListingView } from "../lib/listing-view.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Where operators rent out what their nodes offer. */
export function ProvidePage(): ReactNode {
  usePageTitle("Provide");
  const { address } = useConnection();
  return (
    <div className="grid gap-4">
      <MarketTabs title="Provide">
        Rent out what your nodes attest. You are paid for every epoch that the committee reports as attested and
        healthy.
      </MarketTabs>
      <EntryPauseNotice area="Listing" />
      {address ? (
        <OfWallet key={address} wallet={address} />
      ) : (
        <Panel>
          <EmptyState title="Connect the wallet of your operator">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

function OfWallet({ wallet }: { wallet: Address }): ReactNode {
  const operator = useOperator(wallet);
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <>
      <TokenCredits wallet={wallet} onPlan={setPlan} />
      <QueryView query={operator} height="24rem">
        {(found) =>
          found && found.nodes.length > 0 ? (
            <OfOperator {...{ wallet, finished }} operator={found} onPlan={setPlan} />
          ) : (
            <Panel>
              <EmptyState title="This wallet acts for no node">
                <Link className="link" to="/operate">
                  Register as an operator, and a node
                </Link>
              </EmptyState>
            </Panel>
          )
        }
      </QueryView>
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </>
  );
}

interface OperatorProps {
  wallet: Address;
  operator: OperatorAccount;
  /** Transactions finished so far: what was typed is thrown away with each. */
  finished: number;
  onPlan: (plan: TransactionPlan) => void;
}

function OfOperator(props: OperatorProps): ReactNode {
  const listings = useOwnListings(props.operator.identityId);
  const { beneficiary } = props.operator;
  return (
    <>
      {beneficiary.toLowerCase() !== props.wallet.toLowerCase() && (
        <TokenCredits wallet={beneficiary} owner="your payout address" onPlan={props.onPlan} />
      )}
      <QueryView query={listings} height="24rem">
        {(found) => <WithListings {...props} listings={found} />}
      </QueryView>
    </>
  );
}

function WithListings({
  wallet,
  operator,
  finished,
  listings,
  onPlan,
}: OperatorProps & { listings: readonly ListingView[] }): ReactNode {
  const { identityId } = operator;
  const ids = listings.map(({ id }) => id);
  const leases = useLeasesOf(identityId, ids);
  const tokens = useMarketTokens();
  return (
    <>
      <QueryView query={leases}>{(found) => <ProviderLeases leases={found} onPlan={onPlan} />}</QueryView>
      <OwnListingsPanel key={`listings-${finished}`} {...{ listings, wallet, onPlan }} />
      {leases.data && leases.data.open.length + leases.data.closed.length > 0 && (
        <IncomePanel {...{ identityId }} listings={ids} />
      )}
      <QueryView query={tokens}>
        {(units) => (
          <>
            <ProviderBondPanel key={`bond-${finished}`} {...{ wallet, operator, units, onPlan }} />
            <CapacityPanel {...{ operator, onPlan }} />
            <ListingForm key={`create-${finished}`} {...{ operator, units, onPlan }} />
          </>
        )}
      </QueryView>
      <MembersPanel key={`members-${finished}`} {...{ identityId, onPlan }} />
    </>
  );
}
