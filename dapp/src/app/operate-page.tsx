import { MAX_UNBONDINGS } from "@pqmesh/contracts/protocol/staking-limits";
import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Notice } from "../components/notice.tsx";
import { OperatorCard } from "../components/operator-card.tsx";
import { OwnNodeCard } from "../components/own-node-card.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RegisterNodeForm } from "../components/register-node-form.tsx";
import { RegisterOperatorForm } from "../components/register-operator-form.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import type { StakeTerms } from "../components/unbond-form.tsx";
import { UnlockCalendar } from "../components/unlock-calendar.tsx";
import { useParameters } from "../hooks/use-network-queries.ts";
import { useBalances, useOperator } from "../hooks/use-operator.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useStandings } from "../hooks/use-standings.ts";
import { formatDuration, formatMesh } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { isOwner, type OperatorAccount, type WalletBalances } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Where operators register, stake and unbond. */
export function OperatePage(): ReactNode {
  usePageTitle("Operate");
  const { address } = useConnection();
  const parameters = useParameters();
  return (
    <div className="grid gap-4">
      <header>
        <h1>Operate</h1>
        <p className="text-muted">
          {parameters.data
            ? termsSentence(termsOf(parameters.data))
            : "Register an operator, attach nodes, stake and unbond."}
        </p>
      </header>
      {address ? (
        <QueryView query={parameters} height="20rem">
          {(table) => <ForWallet key={address} wallet={address} terms={termsOf(table)} />}
        </QueryView>
      ) : (
        <Panel>
          <EmptyState title="Connect the wallet that owns your nodes">
            <p className="mb-4">
              You will see every amount before you sign. Your root key and attestation keys never touch this page.
            </p>
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

function ForWallet({ wallet, terms }: { wallet: Address; terms: StakeTerms }): ReactNode {
  const operator = useOperator(wallet);
  const balances = useBalances(wallet);
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  const account = operator.data;
  return (
    <>
      <OperatorCard wallet={wallet} balances={balances.data} operator={account} />
      <QueryView query={operator}>
        {(found) =>
          found === null ? (
            <RegisterOperatorForm wallet={wallet} onPlan={setPlan} />
          ) : (
            <>
              <QueryView query={balances}>
                {(amounts) => (
                  <OwnNodes
                    key={finished}
                    {...{ wallet, terms }}
                    operator={found}
                    balances={amounts}
                    onPlan={setPlan}
                  />
                )}
              </QueryView>
              <UnlockCalendar operator={found} onPlan={setPlan} />
              {isOwner(found, wallet) ? (
                <RegisterNodeForm
                  key={found.nodes.length}
                  identityId={found.identityId}
                  isFirst={found.nodes.length === 0}
                  onPlan={setPlan}
                />
              ) : (
                <Notice>
                  You act as the hot wallet. Only the owner wallet can register nodes; connect it to add one.
                </Notice>
              )}
            </>
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

function OwnNodes({
  wallet,
  terms,
  operator,
  balances,
  onPlan,
}: {
  wallet: Address;
  terms: StakeTerms;
  operator: OperatorAccount;
  balances: WalletBalances;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { nodes } = useStandings();
  if (operator.nodes.length === 0) return null;
  const standings = new Map(nodes.map(({ nodeIndex, standing }) => [nodeIndex, standing]));
  const staked = operator.nodes.reduce((sum, { stake }) => sum + stake, 0n);
  return (
    <Panel title="Your nodes" hint={`${operator.nodes.length} registered, ${formatMesh(staked)} MESH bonded`} flush>
      <div className="mt-2">
        {operator.nodes.map((node) => (
          <OwnNodeCard
            key={`${node.nodeIndex}-${node.stake}`}
            {...{ node, operator, wallet, balances, terms, onPlan }}
            standing={standings.get(node.nodeIndex)}
          />
        ))}
      </div>
    </Panel>
  );
}

function termsOf(table: NetworkParameterTable): StakeTerms {
  return {
    minimum: parameterValue(table, "minNodeStake"),
    unbondingPeriod: Number(parameterValue(table, "unbondingPeriod")),
    maxUnbondings: MAX_UNBONDINGS,
  };
}

function termsSentence({ minimum, unbondingPeriod, maxUnbondings }: StakeTerms): string {
  return `At least ${formatMesh(minimum)} MESH per node; unbonding takes ${formatDuration(unbondingPeriod)}, at most ${maxUnbondings} at once per node. The DAO sets minimum and period on chain.`;
}
