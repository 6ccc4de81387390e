// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Emergency stop of entries: nobody commits anything new to an area while it is paused. What is already there goes
/// on, earns, is topped up, is slashed and leaves as ever: a pause keeps out, and pushes nobody out.
/// @dev A pause ends by itself. The timelock names a guardian for a limited time, who can pause at once; after each of
/// its pauses the area has to stay open for at least `maxPause`, so that a guardian alone cannot keep an area shut.
interface IEntryPause {
    /// @notice What can be paused: stake of nodes that are not active yet, delegators who are new to a node, new listings, new leases.
    enum EntryArea {
        Stake,
        Delegation,
        Listing,
        Lease
    }

    /// @notice The pause of an area.
    /// @param pausedUntil Unix time in seconds at which the newest pause ends; in the past when the area is open.
    /// @param guardianFrom Unix time in seconds from which the guardian can pause the area again.
    /// @param isByGuardian True when the newest pause is the guardian's, who may end it.
    struct EntryState {
        uint64 pausedUntil;
        uint64 guardianFrom;
        bool isByGuardian;
    }

    /// @notice Emitted when an area is paused, or its pause made longer.
    event EntryPaused(EntryArea indexed area, uint64 until, address indexed by);

    /// @notice Emitted when a pause is ended before its time.
    event EntryResumed(EntryArea indexed area, address indexed by);

    /// @notice Emitted when the timelock names the emergency guardian; the zero address is nobody.
    event EmergencyGuardianSet(address indexed guardian, uint64 until);

    /// @notice Thrown when something would enter an area that is paused.
    error EntryPause_Paused(EntryArea area, uint64 until);

    /// @notice Thrown when the caller is neither the timelock nor a guardian who may do this now.
    error EntryPause_NotGuardian(address caller);

    /// @notice Thrown when a pause would end no later than `earliest`, or later than `latest`.
    error EntryPause_InvalidEnd(uint64 until, uint64 earliest, uint64 latest);

    /// @notice Thrown when the guardian pauses an area again before `guardianFrom`.
    error EntryPause_TooSoon(EntryArea area, uint64 guardianFrom);

    /// @notice Thrown when an area is resumed that is not paused.
    error EntryPause_NotPaused(EntryArea area);

    /// @notice Thrown when a guardian is named for a time that is over, or for more than {maxGuardianTerm}.
    error EntryPause_InvalidTerm(uint64 until, uint64 latest);

    /// @notice Returns the longest time in seconds for which a guardian can be named.
    function maxGuardianTerm() external view returns (uint64);

    /// @notice Returns the emergency guardian and the Unix time at which its powers end.
    function emergencyGuardian() external view returns (address guardian, uint64 until);

    /// @notice Returns the newest pause of an area.
    function entryState(EntryArea area) external view returns (EntryState memory);

    /// @notice Reverts with {EntryPause_Paused} while `area` is paused. Contracts ask at their entries, never at exits.
    function requireEntry(EntryArea area) external view;

    /// @notice Pauses an area until `until`, at most `maxPause` from now, or makes its pause longer. Timelock, or the
    /// guardian while the area is open (ExecutionOp).
    /// @dev Stake of active nodes, delegations and running leases can be topped up, so that nobody falls out who is in.
    function pauseEntry(EntryArea area, uint64 until) external;

    /// @notice Ends the pause of an area. Timelock, or the guardian when the pause is its own (RollbackOp).
    function resumeEntry(EntryArea area) external;

    /// @notice Names the emergency guardian, whose powers end at `until`; the zero address takes them away. Timelock only
    /// (AuthorizationOp).
    function setEmergencyGuardian(address guardian, uint64 until) external;
}
