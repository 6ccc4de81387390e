// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochClock} from "./EpochClock.sol";
import {ICaesarEmissions} from "./interfaces/ICaesarEmissions.sol";
import {INodeRewards} from "./interfaces/INodeRewards.sol";

/// @notice What a MESH of weight earns in each word of 256 epochs.
/// @dev While a word runs, only the time per MESH is summed, which needs no other contract and never goes back; what the
/// word emits is known and divided when it is closed.
abstract contract RewardWords is INodeRewards, EpochClock {
    /// @dev The newest word, in one slot.
    /// @param total Weight of all nodes from `epoch` on.
    /// @param epoch Everything before it is summed; at most one ahead of the current epoch.
    /// @param worked Epochs of the word before `epoch` in which there was weight.
    /// @param perMesh Sum of `2^SCALE / total` over these epochs.
    struct Running {
        uint32 total;
        uint32 epoch;
        uint16 worked;
        uint72 perMesh;
    }

    /// @dev A word within which weight changed, and the run of words after it in which it did not.
    /// @param perMesh As in {Running}, of the whole word.
    /// @param worked Epochs of the word in which there was weight.
    /// @param runEnd First word after this one in which weight changed or may change.
    /// @param runTotal Weight in the words between.
    /// @param emission MESH wei; 0 while the word is not closed.
    struct Record {
        uint72 perMesh;
        uint16 worked;
        uint24 runEnd;
        uint32 runTotal;
        uint112 emission;
    }

    /// @dev How far words are closed, in one slot.
    /// @param next First word that is not closed.
    /// @param runEnd Words before it are in a run of constant weight.
    /// @param runTotal Weight in this run.
    /// @param recyclable What returned from absent nodes.
    struct Closing {
        uint24 next;
        uint24 runEnd;
        uint32 runTotal;
        uint128 recyclable;
    }

    uint256 internal constant WORD_EPOCHS = 256;
    /// @dev Binary digits of a time per MESH. The most that a word can sum up, 2^64, times the whole supply fits in 95 bits.
    uint256 internal constant SCALE = 56;
    /// @dev Binary digits of the part of what has returned that a word emits again.
    uint256 private constant RECYCLE_SHIFT = 6;

    ICaesarEmissions internal immutable _emissions;

    Running private _running;
    Closing private _closing;
    mapping(uint256 word => Record) private _records;
    mapping(uint256 word => WordReward) internal _words;

    constructor(ICaesarEmissions emissions) {
        _emissions = emissions;
        uint64 epoch = currentEpoch();
        // Never 0, so that a deployment costs the same gas on both sides of the first epoch.
        _running.epoch = uint32(epoch + 1);
        _closing.next = uint24(epoch >> 8);
    }

    /// @inheritdoc INodeRewards
    function closeWords(uint256 maxWords) public returns (uint64) {
        Closing memory closing = _closing;
        uint256 current = currentEpoch() >> 8;
        if (closing.next >= current || _emissions.distributor() != address(this)) return closing.next;
        if (_running.epoch >> 8 < current) _running = _summedUntil(current << 8);
        uint256 end = current - closing.next > maxWords ? closing.next + maxWords : current;
        uint256 accrued = 0;
        while (closing.next < end) {
            accrued += _closeWord(closing);
        }
        _closing = closing;
        if (accrued > 0) _emissions.release(address(this), accrued);
        return closing.next;
    }

    /// @inheritdoc INodeRewards
    function totalWeight() external view returns (uint256) {
        return uint256(_running.total) * 1 ether;
    }

    /// @inheritdoc INodeRewards
    function wordReward(uint64 word) external view returns (WordReward memory) {
        return _words[word];
    }

    /// @inheritdoc INodeRewards
    function closedUntil() external view returns (uint64) {
        return _closing.next;
    }

    /// @inheritdoc INodeRewards
    function recyclable() external view returns (uint256) {
        return _closing.recyclable;
    }

    /// @dev Replaces the weight of a node in the total, from an epoch on. Returns the time per MESH in its word before it.
    function _changeTotal(uint256 epoch, uint32 previous, uint32 next) internal returns (uint256 perMesh) {
        Running memory running = _summedUntil(epoch);
        perMesh = running.perMesh;
        running.total = running.total - previous + next;
        _running = running;
    }

    /// @dev Keeps what absent nodes did not earn, for later words.
    function _recycle(uint256 amount) internal {
        _closing.recyclable += uint128(amount);
    }

    /// @dev Returns what a MESH of weight earned in the words `[from, until)`, which must be closed. No run of words begins with
    /// the first one of all: whoever has weight in it began in it, and the word of a change is no part of a run.
    function _earnedPerMesh(uint256 from, uint256 until) internal view returns (uint256) {
        return _words[until - 1].accumulated - _words[from - 1].accumulated;
    }

    /// @dev Returns what a node earned in a closed word in which its weight changed.
    /// @param debt What is to be added to `weight` times the time per MESH of the whole word.
    function _earnedIn(uint256 word, uint256 weight, int256 debt) internal view returns (uint256) {
        Record memory record = _records[word];
        if (record.worked == 0) return 0;
        uint256 share = uint256(int256(weight * record.perMesh) + debt);
        return (share * record.emission) / (uint256(record.worked) << SCALE);
    }

    /// @dev Closes the first word that is not closed; it is over. Returns what was emitted for it anew.
    function _closeWord(Closing memory closing) private returns (uint256 accrued) {
        uint256 word = closing.next++;
        bool isRun = word < closing.runEnd;
        Record memory record = isRun ? _constantWord(closing.runTotal) : _records[word];
        uint256 recycled = record.worked == 0 ? 0 : closing.recyclable >> RECYCLE_SHIFT;
        uint64 end = epochStart(uint64((word + 1) << 8));
        accrued = _emissions.accrue(end, record.worked * epochLength);
        uint256 emission = accrued + recycled;
        uint256 perMesh = record.worked == 0 ? 0 : (emission * record.perMesh) / (uint256(record.worked) << SCALE);
        closing.recyclable -= uint128(recycled);
        uint256 before = word == 0 ? 0 : _words[word - 1].accumulated;
        _words[word] = WordReward(uint128(before + perMesh), uint120(perMesh), true);
        if (!isRun) {
            _records[word].emission = uint112(emission);
            (closing.runEnd, closing.runTotal) = (record.runEnd, record.runTotal);
        }
        emit WordClosed(uint64(word), emission, recycled, perMesh, record.worked);
    }

    /// @dev Returns the running word summed up to an epoch. Leaves a record of the word before, when it is another one.
    function _summedUntil(uint256 epoch) private returns (Running memory running) {
        running = _running;
        uint256 last = running.epoch >> 8;
        uint256 word = epoch >> 8;
        if (word != last) {
            _sum(running, (last + 1) << 8);
            _records[last] = Record(running.perMesh, running.worked, uint24(word), running.total, 0);
            (running.epoch, running.worked, running.perMesh) = (uint32(word << 8), 0, 0);
        }
        _sum(running, epoch);
    }

    function _sum(Running memory running, uint256 until) private pure {
        unchecked {
            // Epochs only grow. A word sums up at most 2^64, however small the weight.
            uint256 elapsed = until - running.epoch;
            if (running.total != 0) {
                running.perMesh += uint72((elapsed << SCALE) / running.total);
                running.worked += uint16(elapsed);
            }
            running.epoch = uint32(until);
        }
    }

    /// @dev Returns the record of a word in which the weight was the same throughout.
    function _constantWord(uint256 total) private pure returns (Record memory record) {
        if (total == 0) return record;
        record.worked = uint16(WORD_EPOCHS);
        record.perMesh = uint72((WORD_EPOCHS << SCALE) / total);
    }
}
