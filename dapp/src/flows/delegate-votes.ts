import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Votes that are delegated; the amount is MESH wei. */
export interface VotesInput {
  token: Address;
  wallet: Address;
  delegatee: Address;
  amount: bigint;
  /** Vault whose locked tokens vote; the wallet's own tokens when undefined. */
  vault?: { name: string; address: Address };
}

/** Lets an account cast the votes of a wallet's, or of a vault's, tokens. */
export function delegateVotesPlan({ token, wallet, delegatee, amount, vault }: VotesInput): TransactionPlan {
  const isSelf = delegatee.toLowerCase() === wallet.toLowerCase();
  const whose = vault ? `the vault of the ${vault.name.toLowerCase()}` : "your wallet";
  const call = vault
    ? { address: vault.address, abi: vestingVaultAbi, functionName: "delegateVotes", args: [token, delegatee] }
    : { address: token, abi: meshTokenAbi, functionName: "delegate", args: [delegatee] };
  return {
    title: isSelf ? "Vote yourself" : "Delegate votes",
    summary: `The votes of all MESH in ${whose}, now ${formatMeshExact(amount)}, are cast by ${isSelf ? "your wallet" : delegatee} from the next proposal on.`,
    facts: [
      { label: "Votes of", value: vault?.address ?? wallet },
      { label: "Cast by", value: delegatee },
      { label: "Votes now", value: `${formatMeshExact(amount)} MESH` },
    ],
    warning: "No token moves, and you can change this at any time. Proposals count votes as they were at their start.",
    steps: [callStep(isSelf ? "Vote yourself" : "Delegate votes", call)],
    outcome: () => `${isSelf ? "Your wallet" : delegatee} casts these votes now.`,
  };
}
