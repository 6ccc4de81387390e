// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The tree of a report in the games: 512 positions, of which those behind the given leaves are empty.
library GameTree {
    uint256 private constant DEPTH = 9;

    /// @dev Returns the root of leaves at the first positions; an empty subtree counts as zero.
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        for (uint256 depth = 0; depth < DEPTH; ++depth) level = _parents(level);
        return level[0];
    }

    /// @dev Returns the siblings of a leaf from the bottom up.
    function proofOf(bytes32[] memory leaves, uint256 position) internal pure returns (bytes32[9] memory proof) {
        bytes32[] memory level = leaves;
        for (uint256 depth = 0; depth < DEPTH; ++depth) {
            uint256 sibling = position ^ 1;
            if (sibling < level.length) proof[depth] = level[sibling];
            level = _parents(level);
            position >>= 1;
        }
    }

    function _parents(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            bytes32 right = 2 * i + 1 < level.length ? level[2 * i + 1] : bytes32(0);
            above[i] = keccak256(abi.encode(level[2 * i], right));
        }
    }
}
