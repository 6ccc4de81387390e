import type { RootOperation } from "@pqmesh/contracts/protocol/root-order";

const WORDS: Record<RootOperation, string> = {
  Lock: "lock",
  Unlock: "unlock",
  Unbond: "unbond stake",
  Withdraw: "withdraw matured stake",
  ExitNode: "exit a node",
  ProposeOwner: "propose a new owner",
  ProposeBeneficiary: "propose a new payout address",
  CancelChanges: "cancel pending changes",
  ChangeRootKey: "change the root key",
};

/** What an operation is called. */
export function orderWord(operation: string): string {
  return WORDS[operation as RootOperation] ?? operation;
}
