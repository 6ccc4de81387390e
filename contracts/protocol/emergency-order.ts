import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { type Address, type Hex, hashTypedData, hexToBytes, zeroAddress, zeroHash } from "viem";

/** What an offline key can order in an emergency, by name and value of `ICertificateRegistry.Action`. */
const ACTION_NUMBERS = { Revoke: 8, RevokeAuthority: 3, AdmitAuthority: 1 } as const;

/** One action of an emergency order. */
export type EmergencyAction = keyof typeof ACTION_NUMBERS;

/** Every action that an emergency order can have. */
export const EMERGENCY_ACTIONS = Object.keys(ACTION_NUMBERS) as readonly EmergencyAction[];

/** Most certificates that one order revokes, so that it fits a file and a transaction. */
export const MAX_EMERGENCY_SERIALS = 200;

/** One act that an offline SLH-DSA-SHA2-128s key signs; meaning of each field is on `ICertificateRegistry.EmergencyOrder`. */
export interface EmergencyOrder {
  action: EmergencyAction;
  /** Authority whose recovery key signs; 0 when the root key of an operator does. */
  authorityId: number;
  /** Operator whose root key signs; 0 when the recovery key of an authority does. */
  identityId: number;
  serials: readonly bigint[];
  /** RFC 5280 reason. */
  reason: number;
  successor: Address;
  successorKey: Hex;
  successorHash: Hex;
  /** Emergency orders of this signer executed so far. */
  nonce: number;
  /** Unix seconds after which the signature is void. */
  deadline: bigint;
}

/** The CertificateRegistry that an order is for. */
export interface CertificateRegistryDomain {
  chainId: number;
  registry: Address;
}

/** An order on its way to the offline key: everything that is signed, and by which key. Holds no secret. */
export interface EmergencyOrderRequest extends CertificateRegistryDomain {
  /** Root key of the operator or recovery key of the authority: PK.seed ‖ PK.root. */
  key: Hex;
  order: EmergencyOrder;
  /** EIP-712 digest of all of it. */
  digest: Hex;
}

/** An order with its signature; anyone may send it. */
export interface SignedEmergencyOrder extends EmergencyOrderRequest {
  signature: Hex;
}

/** EIP-712 digest of an order, the same as `CertificateRegistry.emergencyOrderDigest`. */
export function hashEmergencyOrder({ chainId, registry }: CertificateRegistryDomain, order: EmergencyOrder): Hex {
  return hashTypedData({
    domain: { name: "PQMesh CertificateRegistry", version: "1", chainId, verifyingContract: registry },
    types: {
      EmergencyOrder: [
        { name: "action", type: "uint8" },
        { name: "authorityId", type: "uint32" },
        { name: "identityId", type: "uint32" },
        { name: "serials", type: "uint160[]" },
        { name: "reason", type: "uint8" },
        { name: "successor", type: "address" },
        { name: "successorKey", type: "bytes32" },
        { name: "successorHash", type: "bytes32" },
        { name: "nonce", type: "uint32" },
        { name: "deadline", type: "uint64" },
      ],
    },
    primaryType: "EmergencyOrder",
    message: emergencyOrderArgument(order),
  });
}

/** An order as `executeEmergencyOrder` takes it. */
export function emergencyOrderArgument(order: EmergencyOrder): Omit<EmergencyOrder, "action"> & { action: number } {
  return { ...order, action: ACTION_NUMBERS[order.action] };
}

/** An order of an action with every field that is not given empty. */
export function emergencyOrder(
  action: EmergencyAction,
  fields: Pick<EmergencyOrder, "nonce" | "deadline"> & Partial<EmergencyOrder>,
): EmergencyOrder {
  const successor = { successor: zeroAddress, successorKey: zeroHash, successorHash: zeroHash };
  return { authorityId: 0, identityId: 0, serials: [], reason: 0, ...successor, ...fields, action };
}

/** A request with its digest. @throws Error when a field does not fit the action. */
export function emergencyOrderRequest(parts: Omit<EmergencyOrderRequest, "digest">): EmergencyOrderRequest {
  requireFittingFields(parts.order);
  return { ...parts, digest: hashEmergencyOrder(parts, parts.order) };
}

/** True when the key that the request names signed it (pure SLH-DSA-SHA2-128s, empty context). */
export function isSignedByEmergencyKey({ key, digest, signature }: SignedEmergencyOrder): boolean {
  return slh_dsa_sha2_128s.verify(hexToBytes(signature), hexToBytes(digest), hexToBytes(key));
}

/** What an order does, in plain words, for the person who signs or sends it. */
export function emergencySentence(order: EmergencyOrder): string {
  const { action, authorityId, identityId, serials, successor } = order;
  const signer = authorityId === 0 ? `operator ${identityId} and its nodes` : `authority ${authorityId} or below it`;
  if (action === "Revoke") {
    return `Revoke ${serials.length} ${serials.length === 1 ? "certificate" : "certificates"} of ${signer}, for ever.`;
  }
  if (action === "RevokeAuthority") return `Revoke authority ${authorityId} and everything below it, for ever.`;
  return `Put a new authority with the account ${successor} in the place of authority ${authorityId}.`;
}

function requireFittingFields({ action, authorityId, identityId, serials, ...rest }: EmergencyOrder): void {
  if ((authorityId === 0) === (identityId === 0)) throw new Error("order names an authority or an operator, not both");
  if (action !== "Revoke" && authorityId === 0) throw new Error(`order.authorityId is 0, ${action} needs one`);
  if ((action === "Revoke") !== serials.length > 0) {
    throw new Error(
      `order.serials has ${serials.length} certificates, ${action} ${action === "Revoke" ? "needs some" : "uses none"}`,
    );
  }
  const isEmpty = rest.successor === zeroAddress && rest.successorKey === zeroHash && rest.successorHash === zeroHash;
  const hasAll = rest.successor !== zeroAddress && rest.successorKey !== zeroHash && rest.successorHash !== zeroHash;
  if (action === "AdmitAuthority" ? !hasAll : !isEmpty) {
    throw new Error(`order.successor and its key and hash are ${action === "AdmitAuthority" ? "needed" : "not used"}`);
  }
}
