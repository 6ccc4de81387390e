// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governed} from "./Governed.sol";
import {IEntryPause} from "./interfaces/IEntryPause.sol";

/// @notice Pauses of entries, kept beside the governed numbers because every entry knows that contract.
abstract contract EntryPause is IEntryPause, Governed {
    /// @inheritdoc IEntryPause
    uint64 public constant override maxGuardianTerm = 365 days;

    address private _guardian;
    uint64 private _guardianUntil;
    mapping(EntryArea area => EntryState) private _entries;

    /// @inheritdoc IEntryPause
    function pauseEntry(EntryArea area, uint64 until) external {
        EntryState memory entry = _entries[area];
        bool isByGuardian = msg.sender != timelock;
        if (isByGuardian) _requireGuardian(area, entry);
        uint64 earliest = entry.pausedUntil > block.timestamp ? entry.pausedUntil : uint64(block.timestamp);
        uint64 longest = uint64(_maxPause());
        uint64 latest = uint64(block.timestamp) + longest;
        if (until <= earliest || until > latest) revert EntryPause_InvalidEnd(until, earliest, latest);
        entry.pausedUntil = until;
        entry.isByGuardian = isByGuardian;
        if (isByGuardian) entry.guardianFrom = until + longest;
        _entries[area] = entry;
        emit EntryPaused(area, until, msg.sender);
    }

    /// @inheritdoc IEntryPause
    function resumeEntry(EntryArea area) external {
        EntryState storage entry = _entries[area];
        bool isAllowed = msg.sender == timelock || (entry.isByGuardian && _isGuardian(msg.sender));
        if (!isAllowed) revert EntryPause_NotGuardian(msg.sender);
        if (entry.pausedUntil <= block.timestamp) revert EntryPause_NotPaused(area);
        entry.pausedUntil = uint64(block.timestamp);
        emit EntryResumed(area, msg.sender);
    }

    /// @inheritdoc IEntryPause
    function setEmergencyGuardian(address guardian, uint64 until) external onlyTimelock {
        uint64 latest = uint64(block.timestamp) + maxGuardianTerm;
        if (guardian == address(0)) until = 0;
        else if (until <= block.timestamp || until > latest) revert EntryPause_InvalidTerm(until, latest);
        (_guardian, _guardianUntil) = (guardian, until);
        emit EmergencyGuardianSet(guardian, until);
    }

    /// @inheritdoc IEntryPause
    function requireEntry(EntryArea area) external view {
        uint64 until = _entries[area].pausedUntil;
        if (block.timestamp < until) revert EntryPause_Paused(area, until);
    }

    /// @inheritdoc IEntryPause
    function emergencyGuardian() external view returns (address guardian, uint64 until) {
        return (_guardian, _guardianUntil);
    }

    /// @inheritdoc IEntryPause
    function entryState(EntryArea area) external view returns (EntryState memory) {
        return _entries[area];
    }

    /// @dev Seconds that one pause may last.
    function _maxPause() internal view virtual returns (uint256);

    function _requireGuardian(EntryArea area, EntryState memory entry) private view {
        if (!_isGuardian(msg.sender)) revert EntryPause_NotGuardian(msg.sender);
        if (block.timestamp < entry.pausedUntil) revert EntryPause_Paused(area, entry.pausedUntil);
        if (block.timestamp < entry.guardianFrom) revert EntryPause_TooSoon(area, entry.guardianFrom);
    }

    function _isGuardian(address account) private view returns (bool) {
        return account == _guardian && block.timestamp < _guardianUntil;
    }
}
