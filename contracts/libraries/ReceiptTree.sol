// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice The Merkle tree of a receipt: a batch of digests, an odd node is promoted; `contracts/protocol/merkle.ts` equals it.
library ReceiptTree {
    /// @dev Returns the root that a digest at `index` of `size` and its siblings lead to; zero when they do not fit.
    function rootOf(
        bytes32 digest,
        uint256 index,
        uint256 size,
        bytes32[] calldata path
    ) internal pure returns (bytes32 node) {
        if (index >= size) return 0;
        node = digest;
        uint256 used = 0;
        for (uint256 width = size; width > 1; width = width / 2 + (width & 1)) {
            if (index ^ 1 < width) {
                if (used == path.length) return 0;
                bytes32 sibling = path[used++];
                node =
                    index & 1 == 0
                        ? Hashes.efficientKeccak256(node, sibling)
                        : Hashes.efficientKeccak256(sibling, node);
            }
            index >>= 1;
        }
        if (used != path.length) return 0;
    }
}
