// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An append-only Merkle tree of a log (RFC 9162 section 2.1, SHA-256); `contracts/protocol/merkle-log.ts`
/// equals it.
/// @dev Only the frontier is kept: for each bit set in the size, the root of a perfect subtree of so many leaves,
/// largest first.
library MerkleLog {
    /// @notice For each level the root of the perfect subtree of 2^level leaves that ends at the size rounded down to a
    /// multiple of 2^level; of use while bit `level` of the size is set, stale otherwise. The size is kept by the
    /// owner.
    struct Frontier {
        bytes32[64] nodes;
    }

    /// @dev Root hash of a log without entries: SHA-256 of nothing.
    bytes32 internal constant EMPTY_ROOT = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// @dev Appends leaf hashes in their order to the log of `size` entries. Each level of the frontier is read and
    /// written once at most, so that many are cheaper than one by one.
    /// @param leaves Leaf hashes; the array is used up.
    function append(Frontier storage frontier, uint64 size, bytes32[] memory leaves) internal {
        uint256 count = leaves.length;
        if (count == 1) return _appendOne(frontier, size, leaves[0]);
        for (uint256 level = 0; count != 0; ++level) {
            bool joins = (size >> level) & 1 == 1;
            bytes32 left = joins ? frontier.nodes[level] : bytes32(0);
            if ((count & 1 == 1) != joins) frontier.nodes[level] = leaves[count - 1];
            count = _climb(leaves, count, left, joins);
        }
    }

    /// @dev Returns the root hash of the log of `size` entries.
    function rootOf(Frontier storage frontier, uint64 size) internal view returns (bytes32 root) {
        if (size == 0) return EMPTY_ROOT;
        uint256 level = 0;
        while ((size >> level) & 1 == 0) ++level;
        root = frontier.nodes[level];
        for (++level; size >> level != 0; ++level) {
            if ((size >> level) & 1 == 1) root = _parent(frontier.nodes[level], root);
        }
    }

    /// @dev Tells whether a leaf hash is at `index` of the log of `size` entries with that root (RFC 9162 section
    /// 2.1.3.2).
    function verifyInclusion(
        bytes32 leaf,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata proof
    ) internal view returns (bool) {
        if (index >= size) return false;
        uint256 last = size - 1;
        uint256 position = index;
        bytes32 node = leaf;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (last == 0) return false;
            // On the right edge of the tree a node is promoted to the level at which it has a left sibling.
            if (position == last) {
                while (position & 1 == 0) {
                    position >>= 1;
                    last >>= 1;
                }
            }
            node = position & 1 == 1 ? _parent(proof[i], node) : _parent(node, proof[i]);
            position >>= 1;
            last >>= 1;
        }
        return last == 0 && node == root;
    }

    /// @dev Tells whether the log of `newSize` entries continues the one of `oldSize` (RFC 9162 section 2.1.4.2). Logs
    /// of one size are consistent when their roots are equal, and every log continues the empty one; the proof is empty
    /// then.
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) internal view returns (bool) {
        if (oldSize > newSize) return false;
        if (oldSize == newSize) return proof.length == 0 && oldRoot == newRoot;
        if (oldSize == 0) return proof.length == 0 && oldRoot == EMPTY_ROOT;
        uint256 position = oldSize - 1;
        uint256 last = newSize - 1;
        while (position & 1 == 1) {
            position >>= 1;
            last >>= 1;
        }
        // A perfect subtree on the left edge is the old tree itself: its root is not in the proof.
        if (position == 0) return _continues(oldRoot, oldRoot, proof, position, last, newRoot);
        if (proof.length == 0) return false;
        return _continues(oldRoot, proof[0], proof[1:], position, last, newRoot);
    }

    /// @dev Both roots grow from the node that the two trees share: the old one from left siblings, the new one from
    /// all.
    function _continues(
        bytes32 oldRoot,
        bytes32 shared,
        bytes32[] calldata proof,
        uint256 position,
        uint256 last,
        bytes32 newRoot
    ) private view returns (bool) {
        bytes32 oldNode = shared;
        bytes32 newNode = shared;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (last == 0) return false;
            if (position == last) {
                while (position & 1 == 0) {
                    position >>= 1;
                    last >>= 1;
                }
            }
            if (position & 1 == 1) {
                oldNode = _parent(proof[i], oldNode);
                newNode = _parent(proof[i], newNode);
            } else {
                newNode = _parent(newNode, proof[i]);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 && oldNode == oldRoot && newNode == newRoot;
    }

    /// @dev The leaf joins the subtrees of every level up to the first that has none.
    function _appendOne(Frontier storage frontier, uint256 size, bytes32 node) private {
        uint256 level = 0;
        for (; size & 1 == 1; size >>= 1) {
            node = _parent(frontier.nodes[level++], node);
        }
        frontier.nodes[level] = node;
    }

    /// @dev Replaces the first `count` nodes of a level, and `left` before them if it `joins`, by the parents of each
    /// pair.
    function _climb(
        bytes32[] memory nodes,
        uint256 count,
        bytes32 left,
        bool joins
    ) private view returns (uint256 parents) {
        uint256 first = joins ? 1 : 0;
        if (joins) nodes[0] = _parent(left, nodes[0]);
        parents = first + (count - first) / 2;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore8(data, 1)
            let to := add(nodes, shl(5, add(first, 1)))
            let end := add(nodes, shl(5, add(parents, 1)))
            for {
                let from := to
            } lt(to, end) {
                from := add(from, 0x40)
                to := add(to, 0x20)
            } {
                mcopy(add(data, 1), from, 0x40)
                if iszero(staticcall(gas(), 2, data, 0x41, to, 0x20)) {
                    revert(0, 0)
                }
            }
        }
    }

    /// @dev Hash of an inner node: SHA-256 of 0x01 and its children.
    function _parent(bytes32 left, bytes32 right) private view returns (bytes32 node) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 0x21), right)
            if iszero(staticcall(gas(), 2, free, 0x41, 0, 0x20)) {
                revert(0, 0)
            }
            node := mload(0)
        }
    }
}
