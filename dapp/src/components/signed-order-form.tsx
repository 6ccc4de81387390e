import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import type { ReactNode } from "react";
import { executeRootOrderPlan } from "../flows/execute-root-order.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { chainSeconds } from "../lib/network-services.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { type QuantumLockView, readQuantumLock } from "../lib/quantum-lock.ts";
import { readSignedOrder, type SignedOrderReading } from "../lib/signed-order.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { SignedFileForm } from "./signed-file-form.tsx";

/** Takes the signature file of an order that came back from the offline machine. */
export function SignedOrderForm({
  operator: { identityId, rootKey },
  lock,
  onPlan,
}: {
  operator: OperatorAccount;
  lock: QuantumLockView;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const services = useNetwork();
  const read = async (text: string): Promise<SignedOrderReading> => {
    // Asked for now: an order may have been executed since the page was drawn.
    const { nonce } = await readQuantumLock(services, identityId);
    const now = await chainSeconds(services);
    return readSignedOrder(text, { config: services.config, identityId, rootKey, nonce, now });
  };
  return (
    <div className="border-line grid gap-3 border-t pt-4">
      <div>
        <h3 className="font-semibold">3 · Send the signature file</h3>
        <p className="text-muted text-sm">
          Any wallet can send it. Fields, chain, order number, deadline and the SLH-DSA-SHA2-128s signature are checked
          in this browser first.
        </p>
      </div>
      <SignedFileForm
        fileTestId="signature-file"
        testId="signed-order"
        button="Preview order"
        read={read}
        isDone={({ nonce }) => nonce < lock.nonce}
        sentence={({ order }) => ({ signer: "root key", what: rootOrderSentence(order) })}
        onSend={(signed) => onPlan(executeRootOrderPlan(signed))}
      />
    </div>
  );
}
