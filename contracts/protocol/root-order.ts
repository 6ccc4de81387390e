import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { type Address, type Hex, hashTypedData, hexToBytes, zeroAddress, zeroHash } from "viem";

/** What a root key can order: `INodeRegistry.RootOperation` by its values, and the fields that each one uses. */
const OPERATION_FIELDS = {
  Lock: [],
  Unlock: [],
  Unbond: ["nodeIndex", "amount"],
  Withdraw: ["nodeIndex", "recipient", "amount"],
  ExitNode: ["nodeIndex"],
  ProposeOwner: ["recipient"],
  ProposeBeneficiary: ["recipient"],
  CancelChanges: [],
  ChangeRootKey: ["newRootKey"],
} as const satisfies Record<string, readonly (keyof RootOrder)[]>;

/** One operation of a root key. */
export type RootOperation = keyof typeof OPERATION_FIELDS;

/** Every operation, in the order of its value on chain. */
export const ROOT_OPERATIONS = Object.keys(OPERATION_FIELDS) as readonly RootOperation[];

/** Bytes of a root key's signature (SLH-DSA-SHA2-128s, FIPS 205, table 2). */
export const ROOT_SIGNATURE_BYTES = 7_856;

/** One act that a root key signs; meaning and units of each field are on `INodeRegistry.RootOrder`. */
export interface RootOrder {
  operation: RootOperation;
  identityId: number;
  nodeIndex: number;
  recipient: Address;
  amount: bigint;
  newRootKey: Hex;
  deadline: bigint;
}

/** The registry that an order is for. */
export interface RegistryDomain {
  chainId: number;
  registry: Address;
}

/** An order on its way to the root key: everything that is signed, and whose signature is needed. Holds no secret. */
export interface RootOrderRequest extends RegistryDomain {
  /** Root key in force: PK.seed ‖ PK.root. */
  rootKey: Hex;
  /** Orders of the identity executed so far. */
  nonce: number;
  order: RootOrder;
  /** EIP-712 digest of all of it. */
  digest: Hex;
}

/** An order with the root key's signature; anyone may send it. */
export interface SignedRootOrder extends RootOrderRequest {
  signature: Hex;
}

/** EIP-712 digest of an order, the same as `NodeRegistry.rootOrderDigest` while `nonce` is the identity's. */
export function hashRootOrder({ chainId, registry }: RegistryDomain, order: RootOrder, nonce: number): Hex {
  return hashTypedData({
    domain: { name: "PQMesh NodeRegistry", version: "1", chainId, verifyingContract: registry },
    types: {
      RootOrder: [
        { name: "operation", type: "uint8" },
        { name: "identityId", type: "uint32" },
        { name: "nodeIndex", type: "uint32" },
        { name: "recipient", type: "address" },
        { name: "amount", type: "uint256" },
        { name: "newRootKey", type: "bytes32" },
        { name: "nonce", type: "uint32" },
        { name: "deadline", type: "uint64" },
      ],
    },
    primaryType: "RootOrder",
    message: { ...rootOrderArgument(order), nonce },
  });
}

/** An order as `executeRootOrder` takes it. */
export function rootOrderArgument(order: RootOrder): Omit<RootOrder, "operation"> & { operation: number } {
  return { ...order, operation: ROOT_OPERATIONS.indexOf(order.operation) };
}

/** An order of an operation with every field that is not given empty. */
export function rootOrder(
  operation: RootOperation,
  fields: Pick<RootOrder, "identityId" | "deadline"> & Partial<RootOrder>,
): RootOrder {
  return { nodeIndex: 0, recipient: zeroAddress, amount: 0n, newRootKey: zeroHash, ...fields, operation };
}

/** A request with its digest. @throws Error when a field does not fit the operation. */
export function rootOrderRequest(parts: Omit<RootOrderRequest, "digest">): RootOrderRequest {
  requireFittingFields(parts.order);
  return { ...parts, digest: hashRootOrder(parts, parts.order, parts.nonce) };
}

/** True when the root key that the request names signed it (pure SLH-DSA-SHA2-128s, empty context). */
export function isSignedByRootKey({ rootKey, digest, signature }: SignedRootOrder): boolean {
  return slh_dsa_sha2_128s.verify(hexToBytes(signature), hexToBytes(digest), hexToBytes(rootKey));
}

/** What every operation does with each field that it uses; the others are empty in every order that is accepted. */
function requireFittingFields(order: RootOrder): void {
  const used = OPERATION_FIELDS[order.operation] as readonly (keyof RootOrder)[];
  const empty = { nodeIndex: 0, recipient: zeroAddress, amount: 0n, newRootKey: zeroHash } as const;
  for (const [field, nothing] of Object.entries(empty) as [keyof typeof empty, unknown][]) {
    const isEmpty = order[field] === nothing;
    if (!used.includes(field) && !isEmpty) throw new Error(`order.${field} is not empty, ${order.operation} uses none`);
    if (used.includes(field) && isEmpty && field !== "nodeIndex") {
      throw new Error(`order.${field} is empty, ${order.operation} needs one`);
    }
  }
}
