import { emergencySentence } from "@pqmesh/contracts/protocol/emergency-order";
import type { ReactNode } from "react";
import { executeEmergencyOrderPlan } from "../flows/execute-emergency-order.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { readEmergencyFrame, readSignedEmergency } from "../lib/signed-emergency.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Panel } from "./panel.tsx";
import { SignedFileForm } from "./signed-file-form.tsx";

/** Takes the signature file of an emergency order that was made offline. */
export function EmergencyDesk({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const services = useNetwork();
  return (
    <Panel
      title="Emergency"
      hint="When wallets or the authority are lost or stolen: the root key of an operator, or the recovery key of an authority, revokes with a signature made offline. Any wallet can send it."
    >
      <SignedFileForm
        fileTestId="emergency-file"
        testId="signed-emergency"
        button="Preview emergency order"
        read={(text) => readSignedEmergency(text, (order) => readEmergencyFrame(services, order))}
        sentence={({ order }) => ({
          signer: order.authorityId === 0 ? "root key of the operator" : "recovery key of the authority",
          what: emergencySentence(order),
        })}
        onSend={(signed) => onPlan(executeEmergencyOrderPlan(signed))}
      />
    </Panel>
  );
}
