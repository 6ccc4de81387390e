// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";
import {IEpochClock} from "../interfaces/IEpochClock.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @notice The part of an attestation bridge that rewards read, with epochs as a test marks them; all others are attested.
contract EpochMarksDouble {
    /// @dev Bits of the epochs of a word, by what they are marked as: absent, degraded or unreported.
    struct Marks {
        uint256[3] bits;
    }

    uint64 public immutable horizonEpochs;
    INodeRegistry private immutable _registry;
    mapping(uint32 nodeIndex => mapping(uint256 word => Marks)) private _marks;
    mapping(uint32 nodeIndex => mapping(uint256 word => bool)) private _isDisputed;

    /// @notice Returns what a test says is committed of the reports of an epoch.
    mapping(uint32 shard => mapping(uint64 epoch => bytes32)) public reportCommitment;

    constructor(INodeRegistry registry, uint64 horizonEpochs_) {
        _registry = registry;
        horizonEpochs = horizonEpochs_;
    }

    /// @dev An epoch keeps its first mark.
    function mark(uint32 nodeIndex, uint64 epoch, uint256 kind) external {
        Marks storage marks = _marks[nodeIndex][epoch >> 8];
        uint256 bit = 1 << (epoch & 255);
        if ((marks.bits[0] | marks.bits[1] | marks.bits[2]) & bit == 0) marks.bits[kind] |= bit;
    }

    /// @dev Marks the epochs `[from, until)` of a word that are not marked yet.
    function markRange(uint32 nodeIndex, uint64 from, uint64 until, uint256 kind) external {
        for (uint64 epoch = from; epoch < until; ++epoch) {
            this.mark(nodeIndex, epoch, kind);
        }
    }

    function setCommitment(uint32 shard, uint64 epoch, bytes32 commitment) external {
        reportCommitment[shard][epoch] = commitment;
    }

    function setDisputed(uint32 nodeIndex, uint64 word, bool isDisputed) external {
        _isDisputed[nodeIndex][word] = isDisputed;
    }

    function epochLength() external view returns (uint64) {
        return IEpochClock(address(_registry)).epochLength();
    }

    function epochGenesis() external view returns (uint64) {
        return IEpochClock(address(_registry)).epochGenesis();
    }

    function finalizedBefore() external view returns (uint64) {
        uint64 current = IEpochClock(address(_registry)).currentEpoch();
        return current > horizonEpochs ? current - horizonEpochs : 0;
    }

    function statusOf(uint32 nodeIndex, uint64 epoch) external view returns (IAttestationBridge.EpochStatus) {
        bool isAbsent = (_marks[nodeIndex][epoch >> 8].bits[0] >> (epoch & 255)) & 1 == 1;
        return isAbsent ? IAttestationBridge.EpochStatus.Absent : IAttestationBridge.EpochStatus.Attested;
    }

    function marksOf(uint32 nodeIndex, uint64 word) external view returns (uint256 failed, uint256 unreported) {
        Marks storage marks = _marks[nodeIndex][word];
        return (marks.bits[0] | marks.bits[1], marks.bits[2]);
    }

    function troubledWords(
        uint32 nodeIndex,
        uint64 fromWord,
        uint64 untilWord
    ) external view returns (uint256[] memory words, uint64 disputedFrom) {
        words = new uint256[](untilWord - fromWord);
        uint256 count = 0;
        for (uint256 word = fromWord; word < untilWord; ++word) {
            Marks storage marks = _marks[nodeIndex][word];
            if (marks.bits[0] | marks.bits[1] | marks.bits[2] == 0) continue;
            words[count++] =
                (word << 144) |
                (_count(marks.bits[0]) << 96) |
                (_count(marks.bits[1]) << 48) |
                _count(marks.bits[2]);
        }
        assembly ("memory-safe") {
            mstore(words, count)
        }
        disputedFrom = _undisputedUntil(nodeIndex, fromWord, untilWord);
    }

    function serviceOf(
        uint32 nodeIndex,
        uint64 from,
        uint64 until
    ) external view returns (IAttestationBridge.Service memory service) {
        uint64 undisputed = _undisputedUntil(nodeIndex, from >> 8, ((until - 1) >> 8) + 1) << 8;
        service.until =
            undisputed < from
                ? from
                : undisputed < until
                    ? undisputed
                    : until;
        IAttestationBridge.Uptime memory total = uptime(nodeIndex, from, service.until);
        service.proven = total.attested;
        service.missed = total.absent + total.degraded + total.inactive;
        service.beneficiary = _registry.beneficiaryOf(nodeIndex);
    }

    function uptime(
        uint32 nodeIndex,
        uint64 from,
        uint64 until
    ) public view returns (IAttestationBridge.Uptime memory total) {
        for (uint64 epoch = from; epoch < until; ++epoch) {
            Marks storage marks = _marks[nodeIndex][epoch >> 8];
            uint256 bit = 1 << (epoch & 255);
            if (!_registry.isActive(nodeIndex, epoch)) ++total.inactive;
            else if (marks.bits[0] & bit != 0) ++total.absent;
            else if (marks.bits[1] & bit != 0) ++total.degraded;
            else if (marks.bits[2] & bit != 0) ++total.unreported;
            else ++total.attested;
        }
    }

    function _undisputedUntil(uint32 nodeIndex, uint64 word, uint64 untilWord) private view returns (uint64) {
        while (word < untilWord && !_isDisputed[nodeIndex][word]) ++word;
        return word;
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }
}
