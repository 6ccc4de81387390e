import { type ReactNode, useState } from "react";
import type { OperatorAccount } from "../lib/operator-view.ts";
import type { OrderWish } from "../lib/order-draft.ts";
import type { QuantumLockView } from "../lib/quantum-lock.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { RootOrderForm } from "./root-order-form.tsx";
import { SignedOrderForm } from "./signed-order-form.tsx";

/** Orders of the root key: a request to carry to the offline machine, and the signature file that comes back. */
export function RootOrderDesk({
  operator,
  lock,
  wish,
  onPlan,
}: {
  operator: OperatorAccount;
  lock: QuantumLockView;
  wish: OrderWish | undefined;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const [made, setMade] = useState(0);
  const current = wish?.nonce === lock.nonce ? wish : undefined;
  return (
    <section aria-label="Orders of the root key" className="bg-well grid gap-5 rounded-lg p-4">
      <RootOrderForm
        key={`${lock.nonce}-${lock.locked}-${current?.serial ?? 0}`}
        {...{ operator, lock }}
        wish={current}
        onMade={() => setMade((count) => count + 1)}
      />
      <div className="border-line border-t pt-4">
        <h3 className="font-semibold">2 · Sign it offline</h3>
        <p className="text-muted text-sm">
          Carry the file to the machine with the root key, which needs no network:{" "}
          <code className="bg-panel rounded px-1 break-words">
            pqmesh key sign --request order.json --keystore root.json --out signed.json
          </code>
          . It shows in plain words what is signed.
        </p>
      </div>
      <SignedOrderForm key={made} {...{ operator, lock, onPlan }} />
    </section>
  );
}
