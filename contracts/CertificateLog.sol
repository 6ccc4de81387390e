// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "./interfaces/ICertificates.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";

/// @notice How entries come into the transparency log: together, at the end of a call.
abstract contract CertificateLog is ICertificates {
    using MerkleLog for MerkleLog.Tree;

    /// @dev Entries of one call, appended together at its end.
    struct Batch {
        uint64 next;
        uint256 count;
        bytes32[] leaves;
    }

    MerkleLog.Tree internal _tree;
    mapping(uint64 size => bytes32 root) internal _publishedRoots;

    /// @dev Opens a batch of at most so many entries; nothing else may append until it is closed.
    function _openBatch(uint256 entries) internal view returns (Batch memory) {
        return Batch({next: _tree.size, count: 0, leaves: new bytes32[](entries)});
    }

    /// @dev Adds an entry and returns its index in the log.
    function _note(Batch memory batch, LogEntry memory entry) internal view returns (uint64 logIndex) {
        entry.time = uint64(block.timestamp);
        batch.leaves[batch.count++] = _leafHash(entry);
        return batch.next++;
    }

    /// @dev In memory the entry is laid out as `abi.encode` writes it; the byte before it is 0x00 for a moment.
    function _leafHash(LogEntry memory entry) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let before := mload(sub(entry, 0x20))
            mstore8(sub(entry, 1), 0)
            if iszero(staticcall(gas(), 2, sub(entry, 1), 0x161, 0, 0x20)) {
                revert(0, 0)
            }
            mstore(sub(entry, 0x20), before)
            hash := mload(0)
        }
    }

    function _closeBatch(Batch memory batch) internal {
        (uint256 count, bytes32[] memory leaves) = (batch.count, batch.leaves);
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(leaves, count)
        }
        _tree.append(leaves);
    }
}
