import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import { type ReactNode, useState } from "react";
import { executeRootOrderPlan } from "../flows/execute-root-order.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { chainSeconds } from "../lib/network-services.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { type QuantumLockView, readQuantumLock } from "../lib/quantum-lock.ts";
import { readSignedOrder, type SignedOrderReading } from "../lib/signed-order.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";
import { type ChosenFile, SignatureFileField } from "./signature-file-field.tsx";

/** A file that was chosen, and what came of it. */
interface CheckedFile {
  name: string;
  reading: SignedOrderReading;
  /** Number of the next order when it was read. */
  nonce: number;
}

/** Takes the signature file that came back from the offline machine, checks it here and offers to send it. */
export function SignedOrderForm({
  operator,
  lock,
  onPlan,
}: {
  operator: OperatorAccount;
  lock: QuantumLockView;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const services = useNetwork();
  const [checked, setChecked] = useState<CheckedFile>();
  const read = async (file: ChosenFile): Promise<void> => {
    const { name } = file;
    if ("problem" in file) {
      setChecked({ name, reading: file, nonce: lock.nonce });
      return;
    }
    try {
      // Asked for now: an order may have been executed since the page was drawn.
      const { nonce } = await readQuantumLock(services, operator.identityId);
      const { identityId, rootKey } = operator;
      const now = await chainSeconds(services);
      const reading = readSignedOrder(file.text, { config: services.config, identityId, rootKey, nonce, now });
      setChecked({ name, reading, nonce });
    } catch {
      const reading = { problem: "The file or the chain could not be read. Try again." };
      setChecked({ name, reading, nonce: lock.nonce });
    }
  };
  // Once an order is executed its file is done with.
  const reading = checked && checked.nonce >= lock.nonce ? checked.reading : undefined;
  const name = <span className="text-muted break-all">{checked?.name}: </span>;
  return (
    <div className="border-line grid gap-3 border-t pt-4">
      <div>
        <h3 className="font-semibold">3 · Send the signature file</h3>
        <p className="text-muted text-sm">
          Any wallet can send it. Fields, chain, order number, deadline and the SLH-DSA-SHA2-128s signature are checked
          in this browser first.
        </p>
      </div>
      <div>
        <SignatureFileField testId="signature-file" onFile={read} />
      </div>
      <div aria-live="polite" data-testid="signed-order">
        {reading && "problem" in reading && (
          <Notice tone="bad">
            {name}
            {reading.problem}
          </Notice>
        )}
        {reading && "signed" in reading && (
          <Notice
            action={
              <button
                type="button"
                className="button button-small button-primary"
                onClick={() => onPlan(executeRootOrderPlan(reading.signed))}
              >
                Preview order
              </button>
            }
          >
            {name}
            <span className="text-ok">✓ Signed by the root key.</span> {rootOrderSentence(reading.signed.order)}
          </Notice>
        )}
      </div>
    </div>
  );
}
