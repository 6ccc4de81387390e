import type { Abi, Address, Hex, StateOverride, TransactionReceipt, TypedDataDefinition } from "viem";

/** A call of a contract, ready to be simulated and sent. */
export interface ContractCall {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  /** Wei that travel with the call. */
  value?: bigint;
}

/** A step that sends a call. */
export interface CallStep {
  kind: "call";
  label: string;
  call: (signatures: readonly Hex[]) => ContractCall;
  /** What follows, where this step alone would be for nothing. */
  next?: (from: Address) => NextCall;
}

/** One thing the wallet asks for. Later steps see the signatures of earlier ones. */
export type TransactionStep =
  { kind: "sign"; label: string; typedData: () => Promise<TypedDataDefinition> | TypedDataDefinition } | CallStep;

/** The call after one, and the state in which it finds the chain then: refused, it stops the one before, too. */
export interface NextCall {
  call: ContractCall;
  stateOverride: StateOverride;
}

/** A user transaction: what is shown before it is signed, what is sent, and what will be true after it. */
export interface TransactionPlan {
  title: string;
  /** One sentence that says exactly what will happen, with amounts in human units. */
  summary: string;
  /** Facts to compare with what the wallet shows. */
  facts: readonly {
    label: string;
    value: string;
    /** It is hex of no address, so that it gets no checksum, and is shown whole. */
    verbatim?: boolean;
  }[];
  /** What cannot be undone or is easily overlooked. */
  warning?: string;
  steps: readonly TransactionStep[];
  /** What is true once it is mined; the receipt tells numbers that were not known before. */
  outcome: (receipt: TransactionReceipt) => string;
}

/** A step that sends one call whose arguments are known already. */
export function callStep(label: string, call: ContractCall): CallStep {
  return { kind: "call", label, call: () => call };
}
