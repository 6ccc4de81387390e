import { MAX_UNBONDINGS } from "@pqmesh/contracts/protocol/staking-limits";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { CommissionPanel } from "../components/commission-panel.tsx";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EntryPauseNotice } from "../components/entry-pause-notice.tsx";
import { GiftStakePanel } from "../components/gift-stake-panel.tsx";
import { NodeKeysPanel } from "../components/node-keys-panel.tsx";
import { Notice } from "../components/notice.tsx";
import { OfferedOperators } from "../components/offered-operators.tsx";
import { OperatorCard } from "../components/operator-card.tsx";
import { OwnNodeCard } from "../components/own-node-card.tsx";
import { Panel } from "../components/panel.tsx";
import { PartBoundary } from "../components/part-boundary.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RegisterNodeForm } from "../components/register-node-form.tsx";
import { RegisterOperatorForm } from "../components/register-operator-form.tsx";
import { RewardsPanel } from "../components/rewards-panel.tsx";
import { SlashingPanel } from "../components/slashing-panel.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import type { StakeTerms } from "../components/unbond-form.tsx";
import { UnlockCalendar } from "../components/unlock-calendar.tsx";
import { WalletsPanel } from "../components/wallets-panel.tsx";
import { useParameters } from "../hooks/use-network-queries.ts";
import { useBalances, useOperator } from "../hooks/use-operator.ts";
import { useQuantumLock } from "../hooks/use-quantum-lock.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useStandings } from "../hooks/use-standings.ts";
import { formatDuration, formatMesh } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { isOwner, type OperatorAccount, type WalletBalances } from "../lib/operator-view.ts";
import type { OrderWish } from "../lib/order-draft.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Its code verifies signatures of root keys, which only operators need. */
const QuantumLockPanel = lazy(async () => ({
  default: (await import("../components/quantum-lock-panel.tsx")).QuantumLockPanel,
}));

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
      <EntryPauseNotice area="Stake" />
      {address ? (
        <QueryView query={parameters} height="20rem">
          {(table) => <ForWallet key={address} wallet={address} table={table} />}
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

function ForWallet({ wallet, table }: { wallet: Address; table: NetworkParameterTable }): ReactNode {
  const operator = useOperator(wallet);
  const balances = useBalances(wallet);
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <>
      <OperatorCard wallet={wallet} balances={balances.data} operator={operator.data} />
      <OfferedOperators wallet={wallet} onPlan={setPlan} />
      <QueryView query={operator}>
        {(found) =>
          found === null ? (
            <RegisterOperatorForm wallet={wallet} onPlan={setPlan} />
          ) : (
            <ForOperator {...{ wallet, table, finished }} operator={found} balances={balances} onPlan={setPlan} />
          )
        }
      </QueryView>
      <GiftStakePanel key={`gift-${finished}`} wallet={wallet} minimum={termsOf(table).minimum} onPlan={setPlan} />
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </>
  );
}

function ForOperator({
  wallet,
  table,
  finished,
  operator,
  balances,
  onPlan,
}: {
  wallet: Address;
  table: NetworkParameterTable;
  /** Transactions finished so far: what was typed is thrown away with each. */
  finished: number;
  operator: OperatorAccount;
  balances: UseQueryResult<WalletBalances>;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const lock = useQuantumLock(operator.identityId);
  const [wish, setWish] = useState<OrderWish>();
  const order = (operation: OrderWish["operation"], nodeIndex: number): void => {
    setWish({ operation, nodeIndex, nonce: lock.data?.nonce ?? 0, serial: (wish?.serial ?? 0) + 1 });
  };
  const onOrder = lock.data?.locked ? order : undefined;
  const terms = termsOf(table);
  const nodes = operator.nodes.map(({ nodeIndex }) => nodeIndex);
  return (
    <>
      <QueryView query={balances}>
        {(amounts) => <OwnNodes key={finished} {...{ wallet, terms, operator, onPlan, onOrder }} balances={amounts} />}
      </QueryView>
      <UnlockCalendar {...{ operator, onPlan, onOrder }} />
      {nodes.length > 0 && (
        <>
          <RewardsPanel {...{ operator, onPlan }} horizon={Number(parameterValue(table, "finalityHorizon"))} />
          <SlashingPanel {...{ nodes, onPlan }} />
          <CommissionPanel nodes={operator.nodes} {...{ table, onPlan }} />
        </>
      )}
      {isOwner(operator, wallet) ? (
        <RegisterNodeForm
          key={operator.nodes.length}
          identityId={operator.identityId}
          isFirst={operator.nodes.length === 0}
          onPlan={onPlan}
        />
      ) : (
        <Notice>You act as the hot wallet. Only the owner wallet can register nodes; connect it to add one.</Notice>
      )}
      <QueryView query={lock} height="12rem">
        {(view) => (
          <PartBoundary part="quantum lock">
            <Suspense fallback={<div className="skeleton h-48" />}>
              <QuantumLockPanel {...{ operator, wallet, wish, onPlan }} lock={view} />
            </Suspense>
          </PartBoundary>
        )}
      </QueryView>
      {nodes.length > 0 && <NodeKeysPanel key={`keys-${finished}`} {...{ nodes, onPlan }} />}
      <WalletsPanel
        key={`wallets-${finished}`}
        {...{ operator, wallet, table, onPlan }}
        isLocked={lock.data?.locked === true}
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
  onOrder,
}: {
  wallet: Address;
  terms: StakeTerms;
  operator: OperatorAccount;
  balances: WalletBalances;
  onPlan: (plan: TransactionPlan) => void;
  onOrder: ((operation: OrderWish["operation"], nodeIndex: number) => void) | undefined;
}): ReactNode {
  const { nodes } = useStandings();
  if (operator.nodes.length === 0) return null;
  const seen = new Map(nodes.map((node) => [node.nodeIndex, node]));
  const staked = operator.nodes.reduce((sum, { stake }) => sum + stake, 0n);
  return (
    <Panel title="Your nodes" hint={`${operator.nodes.length} registered, ${formatMesh(staked)} MESH bonded`} flush>
      <div className="mt-2">
        {operator.nodes.map((node) => (
          <OwnNodeCard
            key={`${node.nodeIndex}-${node.stake}`}
            {...{ node, operator, wallet, balances, terms, onPlan }}
            seen={seen.get(node.nodeIndex)}
            onOrder={onOrder && ((operation) => onOrder(operation, node.nodeIndex))}
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
