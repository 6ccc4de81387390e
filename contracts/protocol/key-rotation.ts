import { type Address, type Hex, hashTypedData } from "viem";

/** What the root key of an operator signs to replace the attestation key of a node. */
export interface KeyRotation {
  nodeIndex: number;
  /** keccak256 of the new raw key. */
  newKeyHash: Hex;
  /** Rotations of the node so far. */
  nonce: number;
  /** Unix seconds after which the signature is void. */
  deadline: bigint;
}

/** EIP-712 digest of a rotation, the same as `NodeRegistry.rotationDigest`. */
export function hashKeyRotation(
  { chainId, registry }: { chainId: number; registry: Address },
  rotation: KeyRotation,
): Hex {
  return hashTypedData({
    domain: { name: "PQMesh NodeRegistry", version: "1", chainId, verifyingContract: registry },
    types: {
      AttestationKeyRotation: [
        { name: "nodeIndex", type: "uint32" },
        { name: "newKeyHash", type: "bytes32" },
        { name: "nonce", type: "uint32" },
        { name: "deadline", type: "uint64" },
      ],
    },
    primaryType: "AttestationKeyRotation",
    message: { ...rotation },
  });
}
