// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEvidence} from "../interfaces/IEvidence.sol";
import {ReportData} from "./ReportData.sol";

/// @notice Digests of reports from their summaries, and lists of nodes that a report commits to by a hash.
library ReportSummaries {
    uint256 private constant FIELDS = 10;

    /// @dev Returns the EIP-712 struct hash of the report that a summary stands for.
    function structHash(IEvidence.ReportSummary calldata summary) internal pure returns (bytes32 hash) {
        bytes32 typeHash = ReportData.TYPEHASH;
        _requireWidths(summary);
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            // The first ten fields of a summary are words in the order of the type; the lists are their hashes.
            calldatacopy(add(words, 0x20), summary, mul(FIELDS, 0x20))
            hash := keccak256(words, mul(add(FIELDS, 1), 0x20))
        }
    }

    /// @dev Returns true when a local index is in a list, which must be the one with this hash.
    function contains(bytes calldata list, bytes32 expectedHash, uint256 index) internal pure returns (bool) {
        bytes32 listHash = keccak256(list);
        if (listHash != expectedHash) revert IEvidence.Evidence_WrongList(listHash, expectedHash);
        for (uint256 i = 0; i + 2 <= list.length; i += 2) {
            if (uint16(bytes2(list[i:i + 2])) == index) return true;
        }
        return false;
    }

    /// @dev Reading a field reverts when it does not fit its type.
    function _requireWidths(IEvidence.ReportSummary calldata summary) private pure {
        (summary.epoch, summary.shard, summary.round, summary.committeeVersion, summary.beaconBlock);
    }
}
