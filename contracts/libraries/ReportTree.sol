// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The Merkle tree of a report: 512 positional leaves, depth 9, an empty leaf is zero.
library ReportTree {
    /// @dev Returns the leaf of an attestation and its signature.
    /// @param attestationHash EIP-712 digest of the attestation.
    /// @param signatureHash keccak256 of its ML-DSA-65 signature.
    function leafOf(uint32 nodeIndex, bytes32 attestationHash, bytes32 signatureHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(nodeIndex, attestationHash, signatureHash));
    }

    /// @dev Returns the root that a leaf at `position` (mod 512) and its nine siblings, from the leaf up, lead to. In assembly
    /// because the encoder would take two thirds of the gas.
    function rootOf(bytes32 leaf, uint256 position, bytes32[9] calldata proof) internal pure returns (bytes32 node) {
        node = leaf;
        assembly ("memory-safe") {
            for {
                let sibling := proof
            } lt(sibling, add(proof, 0x120)) {
                sibling := add(sibling, 0x20)
            } {
                // The node goes to the right half when its bit is set, its sibling to the other one.
                let half := shl(5, and(position, 1))
                mstore(half, node)
                mstore(xor(half, 0x20), calldataload(sibling))
                node := keccak256(0, 0x40)
                position := shr(1, position)
            }
        }
    }
}
