// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The schedule every contract of one deployment shares: epochs of a fixed length, counted by block timestamp.
/// @dev Epoch `e` covers `[genesis + e * length, genesis + (e + 1) * length)` in seconds. Both values are immutable.
interface IEpochClock {
    /// @notice Thrown when an epoch length is outside its limits (seconds).
    error EpochClock_LengthOutOfBounds(uint64 length, uint64 min, uint64 max);

    /// @notice Thrown when epoch 0 would start after the deployment (Unix seconds).
    error EpochClock_GenesisInFuture(uint64 genesis, uint64 nowSeconds);

    /// @notice Thrown when the schedule of a contract differs from the schedule of one it works with.
    error EpochClock_ScheduleMismatch(address other);

    /// @notice Returns the Unix time in seconds at which epoch 0 starts.
    function epochGenesis() external view returns (uint64);

    /// @notice Returns the length of an epoch in seconds.
    function epochLength() external view returns (uint64);

    /// @notice Returns the epoch that the current block's timestamp falls into.
    function currentEpoch() external view returns (uint64);

    /// @notice Returns the Unix time in seconds at which `epoch` starts.
    function epochStart(uint64 epoch) external view returns (uint64);
}
