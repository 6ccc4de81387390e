import type { ReactNode } from "react";
import type { Address } from "viem";
import { completeUnlockPlan, requestUnlockPlan } from "../flows/slow-unlock.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatRelative, formatTime } from "../lib/format.ts";
import { isOwner, type OperatorAccount } from "../lib/operator-view.ts";
import type { OrderWish } from "../lib/order-draft.ts";
import type { PendingChange, QuantumLockView } from "../lib/quantum-lock.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { LockHistory } from "./lock-history.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { RootOrderDesk } from "./root-order-desk.tsx";

/** What the quantum lock is about. */
const MEANING =
  "While it is locked, only the offline root key can unbond, withdraw, exit nodes, change owner, payout address or root key, and unlock. Whoever steals or breaks the wallet cannot take the stake.";

/** Quantum lock of the operator: its state, what changes with it, orders of the root key, and what happened. */
export function QuantumLockPanel({
  operator,
  wallet,
  lock,
  wish,
  onPlan,
}: {
  operator: OperatorAccount;
  wallet: Address;
  lock: QuantumLockView;
  /** Order that somebody asked for elsewhere on the page. */
  wish: OrderWish | undefined;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const registry = config.contracts.NodeRegistry;
  const { identityId } = operator;
  const { locked, nonce, unlockAt, pending } = lock;
  const canUnlock = unlockAt !== undefined && seconds !== undefined && unlockAt <= seconds;
  const slowUnlock = (): void => {
    if (seconds === undefined) return;
    const plan = canUnlock
      ? completeUnlockPlan(registry, identityId)
      : requestUnlockPlan(registry, identityId, Math.floor(seconds));
    onPlan(plan);
  };
  return (
    <Panel title="Quantum lock" hint={MEANING}>
      <div className="grid gap-5">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p className="min-w-0 flex-1 basis-60" role="status" data-testid="lock-state" data-locked={locked}>
            <strong className={locked ? "text-ok" : "text-warn"}>{locked ? "● Locked" : "○ Not locked"}</strong>{" "}
            <span className="text-muted">
              · {nonce} {nonce === 1 ? "order" : "orders"} of the root key executed
            </span>
            {unlockAt !== undefined && seconds !== undefined && (
              <span className="block text-sm" data-testid="unlock-at">
                {canUnlock
                  ? "The owner wallet can unlock now."
                  : `An unlock without the root key was requested: possible from ${formatTime(unlockAt)} on, ${formatRelative(unlockAt, seconds)}. An order to lock cancels it.`}
              </span>
            )}
          </p>
          {locked && isOwner(operator, wallet) && (unlockAt === undefined || canUnlock) && (
            <button type="button" className="button button-small" onClick={slowUnlock}>
              {canUnlock ? "Unlock" : "Lost the root key?"}
            </button>
          )}
        </div>
        <PendingChanges pending={pending} locked={locked} seconds={seconds} />
        <RootOrderDesk {...{ operator, lock, wish, onPlan }} />
        <LockHistory identityId={identityId} />
      </div>
    </Panel>
  );
}

function PendingChanges({
  pending,
  locked,
  seconds = 0,
}: {
  pending: readonly PendingChange[];
  locked: boolean;
  seconds: number | undefined;
}): ReactNode {
  if (pending.length === 0) return null;
  return (
    <Notice tone="warn">
      <p>{locked ? "Under way, ordered by the root key:" : "Under way; locking cancels it:"}</p>
      <ul>
        {pending.map(({ what, next, readyAt }) => (
          <li key={what} data-pending-change={what}>
            New {what === "owner" ? "owner" : "payout address"} <Copyable value={next} label={`new ${what}`} />,{" "}
            {readyAt <= seconds ? "can be completed now" : `can be completed ${formatRelative(readyAt, seconds)}`}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
