import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, type Hex, parseEventLogs, zeroAddress } from "viem";
import { shorten } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What a registration of an operator needs. */
export interface RegisterOperatorInput {
  registry: Address;
  wallet: Address;
  rootKey: Hex;
  /** Hot wallet; the owner itself when undefined. */
  operatorWallet?: Address;
  /** Payout address; the owner itself when undefined. */
  beneficiary?: Address;
}

/** Registers the connected wallet as an operator. */
export function registerOperatorPlan(input: RegisterOperatorInput): TransactionPlan {
  const { registry, wallet, rootKey, operatorWallet, beneficiary } = input;
  return {
    title: "Register as an operator",
    summary: `Your wallet ${shorten(wallet)} becomes the owner of a new identity with the root key ${shorten(rootKey, 10, 8)}.`,
    facts: [
      { label: "Owner", value: wallet },
      { label: "Hot wallet", value: operatorWallet ?? "same as the owner" },
      { label: "Payout address", value: beneficiary ?? "same as the owner" },
      { label: "Root key", value: rootKey },
    ],
    warning:
      "Keep the secret half of the root key offline: it opens a quantum lock and replaces lost attestation keys. Nobody can restore it.",
    steps: [
      {
        kind: "call",
        label: "Register",
        call: () => ({
          address: registry,
          abi: nodeRegistryAbi,
          functionName: "registerOperator",
          args: [operatorWallet ?? zeroAddress, beneficiary ?? zeroAddress, rootKey],
        }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeRegistryAbi, eventName: "OperatorRegistered", logs: receipt.logs });
      return `You are operator ${log?.args.identityId ?? "?"} now. Next: register a node.`;
    },
  };
}
