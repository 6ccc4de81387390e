import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Hex } from "viem";
import { type Session, withErrors } from "./chain-session.ts";

/** What the chain says of an operator, as far as its root key's orders are concerned. */
export interface OrderState {
  owner: Hex;
  beneficiary: Hex;
  rootKey: Hex;
  locked: boolean;
  /** Orders executed so far. */
  nonce: number;
  /** Unix seconds from which the owner can unlock without the root key; 0 when not requested. */
  unlockAt: bigint;
  /** Time of the newest block, Unix seconds. */
  now: bigint;
}

/** Reads an operator and its quantum lock. */
export async function readOrderState({ network, client }: Session, identityId: number): Promise<OrderState> {
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const [operator, lock, { timestamp: now }] = await Promise.all([
    client.readContract({ ...registry, functionName: "operatorOf", args: [identityId] }),
    client.readContract({ ...registry, functionName: "quantumLockOf", args: [identityId] }),
    client.getBlock(),
  ]);
  return { ...operator, ...lock, now };
}
