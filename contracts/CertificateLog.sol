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

    /// @dev Opens a batch of exactly so many entries; nothing else may append until it is closed.
    function _openBatch(uint256 entries) internal view returns (Batch memory) {
        return Batch({next: _tree.size, count: 0, leaves: new bytes32[](entries)});
    }

    /// @dev Adds an entry and returns its index in the log.
    function _note(Batch memory batch, LogEntry memory entry) internal view returns (uint64 logIndex) {
        entry.time = uint64(block.timestamp);
        batch.leaves[batch.count++] = MerkleLog.leafHash(abi.encode(entry));
        return batch.next++;
    }

    function _closeBatch(Batch memory batch) internal {
        _tree.append(batch.leaves);
    }
}
