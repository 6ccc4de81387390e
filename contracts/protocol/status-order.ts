import type { CertificateRegistryDomain } from "./emergency-order.ts";

/** What a delegate of an authority can order, by name and value of `ICertificateRegistry.Action`. */
const ACTION_NUMBERS = { Revoke: 8, Hold: 9, Release: 10 } as const;

/** What a delegate signs; meaning of each field is on `ICertificateRegistry.StatusOrder`. */
export interface StatusOrder {
  action: keyof typeof ACTION_NUMBERS;
  /** Authority whose delegate signs. */
  authorityId: number;
  serials: readonly bigint[];
  /** RFC 5280 reason, for Revoke; else 0. */
  reason: number;
  /** Next keyed nonce of the signer. */
  nonce: bigint;
  /** Unix seconds after which the signature is void. */
  deadline: bigint;
}

const statusOrderTypes = {
  StatusOrder: [
    { name: "action", type: "uint8" },
    { name: "authorityId", type: "uint32" },
    { name: "serials", type: "uint160[]" },
    { name: "reason", type: "uint8" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
} as const;

/** The order as the registry takes it. */
export function statusOrderArgument(order: StatusOrder) {
  return { ...order, action: ACTION_NUMBERS[order.action] };
}

/** What a delegate's wallet signs. */
export function statusOrderTypedData({ chainId, registry }: CertificateRegistryDomain, order: StatusOrder) {
  return {
    domain: { name: "PQMesh CertificateRegistry", version: "1", chainId, verifyingContract: registry },
    types: statusOrderTypes,
    primaryType: "StatusOrder",
    message: statusOrderArgument(order),
  } as const;
}
