import type { Abi, Address, Hex, TransactionReceipt, TypedDataDefinition } from "viem";

/** A call of a contract, ready to be simulated and sent. */
export interface ContractCall {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  /** Wei that travel with the call. */
  value?: bigint;
}

/** One thing the wallet asks for. Later steps see the signatures of earlier ones. */
export type TransactionStep =
  | { kind: "sign"; label: string; typedData: () => Promise<TypedDataDefinition> | TypedDataDefinition }
  | { kind: "call"; label: string; call: (signatures: readonly Hex[]) => ContractCall };

/** A user transaction: what is shown before it is signed, what is sent, and what will be true after it. */
export interface TransactionPlan {
  title: string;
  /** One sentence that says exactly what will happen, with amounts in human units. */
  summary: string;
  /** Facts to compare with what the wallet shows. */
  facts: readonly { label: string; value: string }[];
  /** What cannot be undone or is easily overlooked. */
  warning?: string;
  steps: readonly TransactionStep[];
  /** What is true once it is mined; the receipt tells numbers that were not known before. */
  outcome: (receipt: TransactionReceipt) => string;
}

/** A step that sends one call whose arguments are known already. */
export function callStep(label: string, call: ContractCall): TransactionStep {
  return { kind: "call", label, call: () => call };
}
