import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { parseEventLogs } from "viem";
import { formatTime } from "../lib/format.ts";
import type { SignedRotation } from "../lib/signed-rotation.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Sends a rotation that the key in force or the root key signed. Any wallet can. */
export function rotateKeyPlan(signed: SignedRotation): TransactionPlan {
  const { registry, nodeIndex, newKey, newKeyHash, currentKeyHash, deadline, signature, attestationKey } = signed;
  const rotation = [nodeIndex, newKey, BigInt(deadline)] as const;
  return {
    title: `Replace the attestation key of node ${nodeIndex}`,
    summary: `Two epochs from now only the new key signs for node ${nodeIndex}. The ${attestationKey ? "key in force" : "root key"} signed this.`,
    facts: [
      { label: "Old key, hash", value: currentKeyHash },
      { label: "New key, hash", value: newKeyHash },
      {
        label: "Signed by",
        value: attestationKey ? "the key in force (ML-DSA-65)" : "the root key (SLH-DSA-SHA2-128s)",
      },
      { label: "Valid until", value: formatTime(deadline) },
    ],
    warning:
      "Start the agent with the new keystore as nextAttestationKeystore before: it changes over at the right epoch by itself.",
    steps: [
      callStep("Replace the key", {
        ...{ address: registry, abi: nodeRegistryAbi },
        functionName: attestationKey ? "rotateAttestationKeyByKey" : "rotateAttestationKey",
        args: attestationKey ? [...rotation, attestationKey, signature] : [...rotation, signature],
      }),
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeRegistryAbi, eventName: "AttestationKeyRotated", logs: receipt.logs });
      return `The new key is in force from epoch ${log?.args.fromEpoch ?? "?"} on.`;
    },
  };
}
