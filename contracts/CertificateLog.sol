// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "./interfaces/ICertificates.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";

/// @notice How entries come into the transparency log: together, at the end of a call.
abstract contract CertificateLog is ICertificates {
    using MerkleLog for MerkleLog.Frontier;

    /// @dev Entries of one call, appended together at its end.
    struct Batch {
        uint256 next;
        bytes32[] leaves;
    }

    MerkleLog.Frontier internal _frontier;
    mapping(uint64 size => bytes32 root) internal _publishedRoots;

    /// @dev Number of entries. The last one here: what comes next lies in its slot, which every change reads and
    /// writes.
    uint64 internal _size;

    /// @dev Opens a batch of at most so many entries; nothing else may append until it is closed.
    function _openBatch(uint256 entries) internal view returns (Batch memory batch) {
        bytes32[] memory leaves;
        assembly ("memory-safe") {
            leaves := mload(0x40)
            mstore(leaves, 0)
            mstore(0x40, add(leaves, shl(5, add(entries, 1))))
        }
        (batch.next, batch.leaves) = (_size, leaves);
    }

    /// @dev Adds an entry by its leaf hash and returns its index in the log.
    function _note(Batch memory batch, bytes32 leaf) internal pure returns (uint64 logIndex) {
        bytes32[] memory leaves = batch.leaves;
        assembly ("memory-safe") {
            let count := add(mload(leaves), 1)
            mstore(leaves, count)
            mstore(add(leaves, shl(5, count)), leaf)
        }
        logIndex = uint64(batch.next);
        unchecked {
            batch.next = logIndex + 1;
        }
    }

    /// @dev Returns an entry of now of which all else is 0.
    function _entryOf(Action action, uint32 authorityId) internal view returns (LogEntry memory entry) {
        (entry.action, entry.authorityId, entry.time) = (action, authorityId, uint64(block.timestamp));
    }

    function _closeBatch(Batch memory batch) internal {
        bytes32[] memory leaves = batch.leaves;
        (uint64 next, uint256 count) = (uint64(batch.next), leaves.length);
        if (count == 0) return;
        unchecked {
            _frontier.append(uint64(next - count), leaves);
        }
        _size = next;
    }
}
