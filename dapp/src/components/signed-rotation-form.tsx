import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type ReactNode, useState } from "react";
import { rotateKeyPlan } from "../flows/rotate-key.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { shorten } from "../lib/format.ts";
import { chainSeconds, type NetworkServices } from "../lib/network-services.ts";
import { parseSignedRotation, rotationProblem, type RotationReading } from "../lib/signed-rotation.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";
import { type ChosenFile, SignatureFileField } from "./signature-file-field.tsx";

/** Takes the signature file of a key rotation, checks it here and offers to send it. */
export function SignedRotationForm({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const services = useNetwork();
  const [checked, setChecked] = useState<{ name: string; reading: RotationReading }>();
  const check = async (file: ChosenFile): Promise<void> => {
    const unread = { problem: "The chain could not be read. Try again." };
    const reading = "problem" in file ? file : await checkRotation(services, file.text).catch(() => unread);
    setChecked({ name: file.name, reading });
  };
  const reading = checked?.reading;
  const name = <span className="text-muted break-all">{checked?.name}: </span>;
  return (
    <div className="grid gap-3">
      <div>
        <SignatureFileField testId="rotation-file" onFile={check} />
      </div>
      <div aria-live="polite" data-testid="signed-rotation">
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
                onClick={() => onPlan(rotateKeyPlan(reading.signed))}
              >
                Preview rotation
              </button>
            }
          >
            {name}
            <span className="text-ok">
              ✓ Signed by the {reading.signed.attestationKey ? "key in force" : "root key"}.
            </span>{" "}
            Node {reading.signed.nodeIndex} gets the key {shorten(reading.signed.newKeyHash, 10, 8)}.
          </Notice>
        )}
      </div>
    </div>
  );
}

async function checkRotation(services: NetworkServices, text: string): Promise<RotationReading> {
  const reading = parseSignedRotation(text);
  if ("problem" in reading) return reading;
  const { config, client } = services;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const { nodeIndex } = reading.signed;
  const { identityId, keyHash, rotations } = await client.readContract({
    ...{ ...registry, functionName: "nodeOf", args: [nodeIndex] },
  });
  const { rootKey } = await client.readContract({ ...registry, functionName: "operatorOf", args: [identityId] });
  const now = await chainSeconds(services);
  const problem = rotationProblem(reading.signed, { config, identityId, rootKey, keyHash, rotations, now });
  return problem ? { problem } : reading;
}
