// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";

/// @notice A report copied into memory once, as the data of {IAttestationBridge.ReportAccepted}, and hashed and read there.
/// @dev Head of ten words: round, committeeVersion, beaconBlock and beacon as they stand in the call; digest, signers and
/// submitter, filled in by {emitAccepted}; the offsets of the three lists. The positions of these offsets in the head are
/// the same as in the encoded report. Written in assembly because encoder and decoder would cost 5,000 gas of each report.
library ReportData {
    uint256 internal constant ABSENT = 0xe0;
    uint256 internal constant DEGRADED = 0x100;
    uint256 internal constant QUALITY = 0x120;
    uint256 private constant HEAD = 0x140;

    bytes32 internal constant TYPEHASH = keccak256(
        "Report(uint64 epoch,uint32 shard,uint32 round,uint32 committeeVersion,uint64 beaconBlock,bytes32 beacon,"
        "bytes32 root,bytes absent,bytes degraded,bytes quality)"
    );

    /// @dev Copies a report. Reverts, as reading it would, when a field does not fit its type or a list leaves the call.
    function load(IAttestationBridge.Report calldata report) internal pure returns (uint256 start, uint256 end) {
        assembly ("memory-safe") {
            // Copies a list and its length to `end` and its new offset to the head; returns where the next one begins.
            function copyList(base, head, position, end_) -> next {
                let offset := calldataload(add(base, position))
                let list := add(base, offset)
                let length := calldataload(list)
                if or(shr(32, or(offset, length)), gt(add(add(list, 32), length), calldatasize())) {
                    revert(0, 0)
                }
                next := add(end_, and(add(length, 63), not(31)))
                mstore(add(head, position), sub(end_, head))
                // Zeroes the padding of the last word; for an empty list this is the word of its length.
                mstore(sub(next, 32), 0)
                calldatacopy(end_, list, add(length, 32))
            }
            start := mload(0x40)
            calldatacopy(start, add(report, 0x40), 0x80)
            let excess64 := or(calldataload(report), mload(add(start, 0x40)))
            let excess32 := or(calldataload(add(report, 0x20)), or(mload(start), mload(add(start, 0x20))))
            if or(shr(64, excess64), shr(32, excess32)) {
                revert(0, 0)
            }
            end := copyList(report, start, ABSENT, add(start, HEAD))
            end := copyList(report, start, DEGRADED, end)
            end := copyList(report, start, QUALITY, end)
            mstore(0x40, end)
        }
    }

    /// @dev Returns what a report is about. The report must have been loaded, which checks the widths.
    function subjectOf(IAttestationBridge.Report calldata report) internal pure returns (uint64 epoch, uint32 shard) {
        assembly ("memory-safe") {
            epoch := calldataload(report)
            shard := calldataload(add(report, 0x20))
        }
    }

    /// @dev Returns the committee that loaded data pins.
    function committeeVersionAt(uint256 start) internal pure returns (uint32 version) {
        assembly ("memory-safe") {
            version := mload(add(start, 0x20))
        }
    }

    /// @dev Returns the beacon of loaded data.
    function beaconAt(uint256 start) internal pure returns (uint64 blockNumber, bytes32 beacon) {
        assembly ("memory-safe") {
            blockNumber := mload(add(start, 0x40))
            beacon := mload(add(start, 0x60))
        }
    }

    /// @dev Returns what is stored about an accepted report: keccak256(abi.encode(digest, signers, beacon)).
    function commitmentOf(bytes32 digest, uint256 signers, bytes32 beacon) internal pure returns (bytes32 commitment) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, digest)
            mstore(add(words, 0x20), signers)
            mstore(add(words, 0x40), beacon)
            commitment := keccak256(words, 0x60)
        }
    }

    /// @dev Returns a list of loaded data, by its position in the head.
    function listAt(uint256 start, uint256 position) internal pure returns (bytes memory list) {
        assembly ("memory-safe") {
            list := add(start, mload(add(start, position)))
        }
    }

    /// @dev Returns the EIP-712 struct hash of a report that was loaded to `start`.
    function structHash(IAttestationBridge.Report calldata report, uint256 start) internal pure returns (bytes32 hash) {
        bytes32 typeHash = TYPEHASH;
        bytes32 absent = keccak256(listAt(start, ABSENT));
        bytes32 degraded = keccak256(listAt(start, DEGRADED));
        bytes32 quality = keccak256(listAt(start, QUALITY));
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            calldatacopy(add(words, 0x20), report, 0xe0)
            mstore(add(words, 0x100), absent)
            mstore(add(words, 0x120), degraded)
            mstore(add(words, 0x140), quality)
            hash := keccak256(words, 0x160)
        }
    }

    /// @dev Emits {IAttestationBridge.ReportAccepted} for a report that was loaded. Written out because thirteen arguments
    /// are more than the compiler's stack takes.
    function emitAccepted(
        IAttestationBridge.Report calldata report,
        uint256 start,
        uint256 end,
        bytes32 digest,
        uint256 signers
    ) internal {
        bytes32 topic = IAttestationBridge.ReportAccepted.selector;
        assembly ("memory-safe") {
            mstore(add(start, 0x80), digest)
            mstore(add(start, 0xa0), signers)
            mstore(add(start, 0xc0), caller())
            let shard := calldataload(add(report, 0x20))
            let root := calldataload(add(report, 0xc0))
            log4(start, sub(end, start), topic, calldataload(report), shard, root)
        }
    }
}
