import {
  isSignedByEmergencyKey,
  type EmergencyOrder,
  type SignedEmergencyOrder,
} from "@pqmesh/contracts/protocol/emergency-order";
import { parseSignedEmergency } from "@pqmesh/contracts/protocol/emergency-order-file";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Hex } from "viem";
import { readAuthority, registryOf } from "./certificate-view.ts";
import { formatTime } from "./format.ts";
import { chainSeconds, type NetworkServices } from "./network-services.ts";

/** A signature file that was read, or the sentence that says why it cannot be sent. */
export type SignedEmergencyReading = { signed: SignedEmergencyOrder } | { problem: string };

/** What a signature file is compared with. */
export interface EmergencyFrame {
  config: NetworkConfig;
  /** Key in force of the operator or authority that the order names. */
  key: Hex;
  /** Number of its next order. */
  nonce: number;
  /** Chain time, Unix seconds. */
  now: number;
}

/**
 * Reads a signature file and checks what the registry will check: form, digest, chain, contract, key, number, deadline and, in
 * this browser, the SLH-DSA-SHA2-128s signature.
 */
export async function readSignedEmergency(
  text: string,
  frameOf: (order: EmergencyOrder) => Promise<EmergencyFrame>,
): Promise<SignedEmergencyReading> {
  let signed: SignedEmergencyOrder;
  try {
    signed = parseSignedEmergency(text);
  } catch (error) {
    return { problem: `This is not a signature file of an emergency order: ${(error as Error).message}.` };
  }
  const problem = misfit(signed, await frameOf(signed.order));
  if (problem) return { problem };
  return isSignedByEmergencyKey(signed)
    ? { signed }
    : { problem: "The signature does not verify: this key did not sign this order." };
}

/** Key, order number and time by the chain. */
export async function readEmergencyFrame(
  services: NetworkServices,
  { authorityId, identityId }: EmergencyOrder,
): Promise<EmergencyFrame> {
  const { client, config } = services;
  const [key, nonce, now] = await Promise.all([
    authorityId === 0 ? rootKeyOf(services, identityId) : recoveryKeyOf(services, authorityId),
    client.readContract({
      ...{ ...registryOf(services), functionName: "emergencyNonceOf" },
      args: [authorityId, identityId],
    }),
    chainSeconds(services),
  ]);
  return { config, key, nonce, now };
}

async function rootKeyOf({ client, config }: NetworkServices, identityId: number): Promise<Hex> {
  const contract = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const { rootKey } = await client.readContract({ ...contract, functionName: "operatorOf", args: [identityId] });
  return rootKey;
}

async function recoveryKeyOf(services: NetworkServices, authorityId: number): Promise<Hex> {
  const { recoveryKey } = await readAuthority(services, authorityId);
  return recoveryKey;
}

function misfit(signed: SignedEmergencyOrder, { config, key, nonce, now }: EmergencyFrame): string | undefined {
  const { chainId, registry, order } = signed;
  if (chainId !== config.chainId) return `The order is for chain ${chainId}; this network is chain ${config.chainId}.`;
  if (registry.toLowerCase() !== config.contracts.CertificateRegistry.toLowerCase()) {
    return `The order is for the registry ${registry}; this network's is ${config.contracts.CertificateRegistry}.`;
  }
  if (signed.key.toLowerCase() !== key.toLowerCase()) {
    return `The order names the key ${signed.key}, which is not the one in force.`;
  }
  if (order.nonce !== nonce) {
    return `The order is number ${order.nonce}, but number ${nonce} comes next: it was executed already, or another one is due.`;
  }
  if (order.deadline < BigInt(Math.floor(now))) {
    return `The order was valid until ${formatTime(order.deadline)}. Sign a new one.`;
  }
  return undefined;
}
