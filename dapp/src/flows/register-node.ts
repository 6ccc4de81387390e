import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, type Hex, keccak256, parseEventLogs, zeroHash } from "viem";
import { shorten } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What a registration of a node needs. */
export interface RegisterNodeInput {
  registry: Address;
  identityId: number;
  /** Raw ML-DSA-65 public key of the agent. */
  attestationKey: Hex;
}

/** Registers a node of the operator and publishes its attestation key. */
export function registerNodePlan({ registry, identityId, attestationKey }: RegisterNodeInput): TransactionPlan {
  const keyHash = keccak256(attestationKey);
  return {
    title: "Register a node",
    summary: `Operator ${identityId} gets a new node. Its attestation key ${shorten(keyHash, 10, 8)} is published on chain.`,
    facts: [
      { label: "Operator", value: String(identityId) },
      { label: "Key", value: "ML-DSA-65, 1,952 bytes" },
      { label: "Key hash", value: keyHash },
    ],
    steps: [
      {
        kind: "call",
        label: "Register node",
        call: () => ({
          address: registry,
          abi: nodeRegistryAbi,
          functionName: "registerNode",
          args: [attestationKey, zeroHash],
        }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeRegistryAbi, eventName: "NodeRegistered", logs: receipt.logs });
      return `Your node has index ${log?.args.nodeIndex ?? "?"}. Next: stake it, certify its TLS key and run npx pqmesh agent init; docs/OPERATOR.md has every command.`;
    },
  };
}
