import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** A change of owner or beneficiary under way. */
export interface PendingChange {
  what: "owner" | "beneficiary";
  next: Address;
  /** Unix seconds from which it can be completed. */
  readyAt: number;
}

/** Quantum lock of an operator, read from the chain. */
export interface QuantumLockView {
  locked: boolean;
  /** Orders executed so far; the next one signs it. */
  nonce: number;
  /** Unix seconds from which the owner can unlock without the root key; undefined when not asked for. */
  unlockAt?: number;
  pending: PendingChange[];
}

/** Reads the lock and what is pending from the chain. */
export async function readQuantumLock({ client, config }: ChainAccess, identityId: number): Promise<QuantumLockView> {
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi, args: [identityId] } as const;
  const [{ locked, nonce, unlockAt }, [owner, beneficiary]] = await Promise.all([
    client.readContract({ ...registry, functionName: "quantumLockOf" }),
    client.readContract({ ...registry, functionName: "pendingChanges" }),
  ]);
  const change = (what: PendingChange["what"], { next, readyAt }: { next: Address; readyAt: bigint }) =>
    readyAt > 0n ? [{ what, next, readyAt: Number(readyAt) }] : [];
  return {
    ...{ locked, nonce },
    ...(unlockAt > 0n && { unlockAt: Number(unlockAt) }),
    pending: [...change("owner", owner), ...change("beneficiary", beneficiary)],
  };
}
