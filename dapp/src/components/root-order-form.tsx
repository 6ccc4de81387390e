import { ROOT_OPERATIONS, type RootOperation, rootOrderRequest } from "@pqmesh/contracts/protocol/root-order";
import { formatRootOrderRequest } from "@pqmesh/contracts/protocol/root-order-file";
import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import { type ReactNode, useState } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { downloadFile } from "../lib/download-file.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { type OrderDraft, type OrderWish, readOrderDraft } from "../lib/order-draft.ts";
import { orderWord } from "../lib/order-word.ts";
import type { QuantumLockView } from "../lib/quantum-lock.ts";
import { Field } from "./field.tsx";
import { OrderFields } from "./order-fields.tsx";

/** Makes the request file of an order. */
export function RootOrderForm({
  operator,
  lock,
  wish,
  onMade,
}: {
  operator: OperatorAccount;
  lock: QuantumLockView;
  wish: OrderWish | undefined;
  onMade: () => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const [tried, setTried] = useState(false);
  const [draft, setDraft] = useState<OrderDraft>({
    operation: wish?.operation ?? (lock.locked ? "Unbond" : "Lock"),
    nodeIndex: wish?.nodeIndex ?? operator.nodes[0]?.nodeIndex,
    ...{ amount: "", recipient: "", newRootKey: "", days: 7 },
  });
  const change = (changes: Partial<OrderDraft>): void => setDraft({ ...draft, ...changes });
  const reading = readOrderDraft(draft, { operator, now: seconds ?? 0 });
  const make = (): void => {
    setTried(true);
    if ("problem" in reading || seconds === undefined) return;
    const { chainId, contracts } = config;
    const registry = contracts.NodeRegistry;
    const { rootKey, identityId } = operator;
    const request = rootOrderRequest({ chainId, registry, rootKey, nonce: lock.nonce, order: reading.order });
    const name = `order-${identityId}-${lock.nonce}-${draft.operation.toLowerCase()}.json`;
    downloadFile(name, formatRootOrderRequest(request), "application/json");
    onMade();
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <h3 className="font-semibold">1 · Order by the root key</h3>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="What">
          {(props) => (
            <select
              {...props}
              className="field"
              autoFocus={wish !== undefined}
              value={draft.operation}
              onChange={(event) => change({ operation: event.target.value as RootOperation })}
            >
              {ROOT_OPERATIONS.filter((operation) => lock.locked || operation !== "Unlock").map((operation) => (
                <option key={operation} value={operation}>
                  {orderWord(operation)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Signature valid for">
          {(props) => (
            <select
              {...props}
              className="field"
              value={draft.days}
              onChange={(event) => change({ days: Number(event.target.value) })}
            >
              {[1, 7, 30].map((days) => (
                <option key={days} value={days}>
                  {days === 1 ? "one day" : `${days} days`}
                </option>
              ))}
            </select>
          )}
        </Field>
        <OrderFields {...{ draft, operator }} now={seconds ?? 0} onChange={change} />
      </div>
      <p className="text-sm" aria-live="polite" data-testid="order-sentence">
        {"order" in reading ? (
          rootOrderSentence(reading.order)
        ) : (
          <span className={tried ? "text-bad" : "text-muted"}>{reading.problem}</span>
        )}
      </p>
      <div>
        <button type="submit" className="button button-primary" disabled={seconds === undefined}>
          Download the request
        </button>
      </div>
    </form>
  );
}
