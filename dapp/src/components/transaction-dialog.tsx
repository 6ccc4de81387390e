import { Dialog } from "radix-ui";
import { type ReactNode, useEffect } from "react";
import { useConnection } from "wagmi";
import { useNetwork } from "../hooks/use-network.ts";
import { useTransaction } from "../hooks/use-transaction.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { isUnderWay, type TransactionState } from "../lib/transaction-state.ts";
import { Copyable } from "./copyable.tsx";
import { ModalContent } from "./modal-content.tsx";
import { Notice } from "./notice.tsx";
import { TransactionSteps } from "./transaction-steps.tsx";

/** Shows a plan before it is signed, then signs, sends, waits and reports. The only place in the app that does. */
export function TransactionDialog({
  plan,
  action = "Continue in the wallet",
  blocked,
  onClose,
  onDone,
  children,
}: {
  /** What to do; the dialog is closed while there is none. */
  plan: TransactionPlan | undefined;
  /** Words of the button that begins. */
  action?: string;
  /** Why the plan cannot be sent as it is. */
  blocked?: string | undefined;
  onClose: () => void;
  /** Called once it is mined. */
  onDone?: () => void;
  /** What can still be chosen; the plan follows it. */
  children?: ReactNode;
}): ReactNode {
  const { state, start, reset } = useTransaction();
  const { address, chainId } = useConnection();
  const { config } = useNetwork();
  const isMined = state.phase === "mined";
  useEffect(() => {
    if (isMined) onDone?.();
    // Only the moment of being mined counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isMined]);
  const close = (): void => {
    reset();
    onClose();
  };
  if (!plan) return null;
  const canSign = address !== undefined && chainId === config.chainId;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <ModalContent title={plan.title} keepOpen={isUnderWay(state)}>
        {!isMined && !isUnderWay(state) && children}
        {!blocked && <Preview plan={plan} collapsed={isMined} />}
        {!blocked && <TransactionSteps plan={plan} state={state} />}
        <Outcome state={state} />
        {blocked && <p className="text-bad text-sm">{blocked}</p>}
        {!canSign && <p className="text-warn text-sm">Connect a wallet on {config.name} to go on.</p>}
        <footer className="border-line bg-panel sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t px-5 py-3 max-sm:flex-col-reverse">
          <button type="button" className="button" onClick={close}>
            {isMined || isUnderWay(state) ? "Close" : "Not now"}
          </button>
          {(state.phase === "review" || state.phase === "failed") && (
            <button
              type="button"
              className="button button-primary"
              disabled={!canSign || blocked !== undefined}
              onClick={() => address && start(plan, address)}
            >
              {state.phase === "failed" || state.note ? "Try again" : action}
            </button>
          )}
        </footer>
      </ModalContent>
    </Dialog.Root>
  );
}

function Preview({ plan, collapsed }: { plan: TransactionPlan; collapsed: boolean }): ReactNode {
  if (collapsed) return null;
  return (
    <>
      <p data-testid="preview">{plan.summary}</p>
      <dl className="bg-well grid gap-x-4 gap-y-1.5 rounded-lg p-3 text-sm sm:grid-cols-[auto_1fr]">
        {plan.facts.map(({ label, value, verbatim = false }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 break-words sm:text-right">
              {/^0x[0-9a-f]{40,}$/i.test(value) ? (
                <Copyable {...{ value, label, verbatim }} full={verbatim} lead={10} tail={8} />
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
      {plan.warning && <Notice tone="warn">{plan.warning}</Notice>}
    </>
  );
}

function Outcome({ state }: { state: TransactionState }): ReactNode {
  return (
    <div aria-live="polite" data-testid="transaction-state" data-phase={state.phase} className="grid gap-2">
      {state.phase === "review" && state.note && <Notice>{state.note}</Notice>}
      {state.phase === "sent" && state.slow && (
        <Notice tone="warn">
          This takes longer than usual. It is safe to close this window: the transaction goes on. If it stays stuck,
          speed it up in your wallet.
        </Notice>
      )}
      {state.phase === "mined" && <Notice>✓ {state.sentence}</Notice>}
      {state.phase === "failed" && <Notice tone="bad">{state.sentence}</Notice>}
      {"hash" in state && state.hash && (
        <p className="text-muted text-sm">
          Transaction <Copyable value={state.hash} label="transaction hash" lead={10} tail={8} />
        </p>
      )}
    </div>
  );
}
