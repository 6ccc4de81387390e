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

    /// @dev Returns the root that a leaf at `position` (mod 512) and its nine siblings, from the leaf up, lead to.
    function rootOf(bytes32 leaf, uint256 position, bytes32[9] calldata proof) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 depth = 0; depth < 9; ++depth) {
            bool isRight = (position >> depth) & 1 == 1;
            node = isRight ? keccak256(abi.encode(proof[depth], node)) : keccak256(abi.encode(node, proof[depth]));
        }
    }
}
