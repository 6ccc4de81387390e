import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, isAddressEqual } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** An address that was proposed, and from when on it can come into force (Unix seconds). */
export interface PendingAddress {
  next: Address;
  readyAt: number;
}

/** What was proposed for an operator and is not in force. */
export interface PendingWallets {
  owner?: PendingAddress;
  beneficiary?: PendingAddress;
}

/** Reads what is pending for an operator. */
export async function readPendingWallets({ client, config }: ChainAccess, identityId: number): Promise<PendingWallets> {
  const [owner, beneficiary] = await client.readContract({
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    functionName: "pendingChanges",
    args: [identityId],
  });
  return {
    ...(owner.readyAt > 0n && { owner: { next: owner.next, readyAt: Number(owner.readyAt) } }),
    ...(beneficiary.readyAt > 0n && {
      beneficiary: { next: beneficiary.next, readyAt: Number(beneficiary.readyAt) },
    }),
  };
}

/** An operator that was handed over to a wallet. */
export interface OfferedOperator {
  identityId: number;
  /** Unix seconds from which it can be accepted. */
  readyAt: number;
}

/** Reads which operators were handed over to a wallet that has not accepted them yet. */
export async function readOfferedOperators(access: ChainAccess, wallet: Address): Promise<OfferedOperator[]> {
  const { client, config } = access;
  const proposed = await client.getContractEvents({
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    eventName: "OwnerChangeProposed",
    args: { newOwner: wallet },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  });
  const identities = [...new Set(proposed.map(({ args }) => args.identityId))];
  const pending = await Promise.all(identities.map((identityId) => readPendingWallets(access, identityId)));
  return identities.flatMap((identityId, i) => {
    const owner = pending[i]?.owner;
    return owner && isAddressEqual(owner.next, wallet) ? [{ identityId, readyAt: owner.readyAt }] : [];
  });
}
