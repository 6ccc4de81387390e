import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { ReactNode } from "react";
import { rotateKeyPlan } from "../flows/rotate-key.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { shorten } from "../lib/format.ts";
import { chainSeconds, type NetworkServices } from "../lib/network-services.ts";
import { parseSignedRotation, rotationProblem, type RotationReading } from "../lib/signed-rotation.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { SignedFileForm } from "./signed-file-form.tsx";

/** Takes the signature file of a key rotation. */
export function SignedRotationForm({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const services = useNetwork();
  return (
    <SignedFileForm
      fileTestId="rotation-file"
      testId="signed-rotation"
      button="Preview rotation"
      read={(text) => checkRotation(services, text)}
      sentence={({ attestationKey, nodeIndex, newKeyHash }) => ({
        signer: attestationKey ? "key in force" : "root key",
        what: `Node ${nodeIndex} gets the key ${shorten(newKeyHash, 10, 8)}.`,
      })}
      onSend={(signed) => onPlan(rotateKeyPlan(signed))}
    />
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
