import { formatEther, getAddress, maxUint256 } from "viem";
import type { RootOperation, RootOrder } from "./root-order.ts";

const SENTENCES: Readonly<Record<RootOperation, (order: RootOrder) => string>> = {
  Lock: ({ identityId }) =>
    `Lock identity ${identityId}: its wallets can no longer move stake, end nodes or change owner, beneficiary or lock, ` +
    "only its root key can. Pending changes and a requested unlock are cancelled.",
  Unlock: ({ identityId }) => `Unlock identity ${identityId} at once: its wallets can do everything again.`,
  Unbond: ({ identityId, nodeIndex, amount }) =>
    `Start to unbond ${amount === maxUint256 ? "the whole stake" : mesh(amount)} of node ${nodeIndex} ` +
    `(identity ${identityId}).`,
  Withdraw: ({ identityId, nodeIndex, amount, recipient }) =>
    `Pay ${mesh(amount)} of the matured unbondings of node ${nodeIndex} (identity ${identityId}) to its beneficiary ` +
    `${getAddress(recipient)}.`,
  ExitNode: ({ identityId, nodeIndex }) => `End node ${nodeIndex} (identity ${identityId}) for good.`,
  ProposeOwner: ({ identityId, recipient }) =>
    `Begin to hand identity ${identityId} over to the owner ${getAddress(recipient)}, who completes it after the delay.`,
  ProposeBeneficiary: ({ identityId, recipient }) =>
    `Begin to pay identity ${identityId} at ${getAddress(recipient)}; owner or hot wallet completes it after the delay.`,
  CancelChanges: ({ identityId }) => `Cancel the pending changes of owner and beneficiary of identity ${identityId}.`,
  ChangeRootKey: ({ identityId, newRootKey }) =>
    `Replace the root key of identity ${identityId} by ${newRootKey}, at once: the present root key is void from then on.`,
};

/** What an order does, in plain words, for the person who signs or sends it. */
export function rootOrderSentence(order: RootOrder): string {
  return SENTENCES[order.operation](order);
}

function mesh(wei: bigint): string {
  return `${formatEther(wei)} MESH`;
}
