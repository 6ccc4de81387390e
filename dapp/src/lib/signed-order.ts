import type { RootOrder, SignedRootOrder } from "@pqmesh/contracts/protocol/root-order";
import { isSignedByRootKey } from "@pqmesh/contracts/protocol/root-order";
import { parseSignedRootOrder } from "@pqmesh/contracts/protocol/root-order-file";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Hex } from "viem";
import { formatTime } from "./format.ts";

/** A signature file that was read, or the sentence that says why it cannot be sent. */
export type SignedOrderReading = { signed: SignedRootOrder } | { problem: string };

/** What a signature file is compared with. */
export interface OrderFrame {
  config: NetworkConfig;
  identityId: number;
  /** Root key in force. */
  rootKey: Hex;
  /** Number of the identity's next order. */
  nonce: number;
  /** Chain time, Unix seconds. */
  now: number;
}

/**
 * Reads a signature file and checks everything that the registry will check: form, digest, chain, contract, identity, root key,
 * number, deadline and, in this browser, the SLH-DSA-SHA2-128s signature.
 */
export function readSignedOrder(text: string, frame: OrderFrame): SignedOrderReading {
  let signed: SignedRootOrder;
  try {
    signed = parseSignedRootOrder(text);
  } catch (error) {
    return { problem: `This is not a signature file: ${(error as Error).message}.` };
  }
  const problem = misfit(signed, frame);
  if (problem) return { problem };
  return isSignedByRootKey(signed)
    ? { signed }
    : { problem: "The signature does not verify: the root key did not sign this order." };
}

function misfit({ chainId, registry, rootKey, nonce, order }: SignedRootOrder, frame: OrderFrame): string | undefined {
  const { config } = frame;
  if (chainId !== config.chainId) return `The order is for chain ${chainId}; this network is chain ${config.chainId}.`;
  if (registry.toLowerCase() !== config.contracts.NodeRegistry.toLowerCase()) {
    return `The order is for the registry ${registry}; this network's is ${config.contracts.NodeRegistry}.`;
  }
  if (order.identityId !== frame.identityId) {
    return `The order is for operator ${order.identityId}; you are operator ${frame.identityId}.`;
  }
  if (rootKey.toLowerCase() !== frame.rootKey.toLowerCase()) {
    return `The order names the root key ${rootKey}, which is not the one in force.`;
  }
  return nonceMisfit(nonce, frame.nonce) ?? deadlineMisfit(order, frame.now);
}

function nonceMisfit(nonce: number, next: number): string | undefined {
  if (nonce === next) return undefined;
  return nonce < next
    ? `The order is number ${nonce}, but number ${next} comes next: it was executed already, or another one was.`
    : `The order is number ${nonce}, but number ${next} comes next: send the orders before it first.`;
}

function deadlineMisfit({ deadline }: RootOrder, now: number): string | undefined {
  if (BigInt(Math.floor(now)) <= deadline) return undefined;
  return `The order was valid until ${formatTime(deadline)}. Make a new request and sign it.`;
}
