// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEpochClock} from "./interfaces/IEpochClock.sol";

/// @notice The schedule of a deployment as immutable values, so that reading it costs no storage.
abstract contract EpochClock is IEpochClock {
    uint64 private constant MIN_LENGTH = 2 seconds;
    uint64 private constant MAX_LENGTH = 1 days;

    /// @inheritdoc IEpochClock
    uint64 public immutable override epochGenesis;

    /// @inheritdoc IEpochClock
    uint64 public immutable override epochLength;

    constructor(uint64 genesis, uint64 length) {
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            revert EpochClock_LengthOutOfBounds(length, MIN_LENGTH, MAX_LENGTH);
        }
        if (genesis > block.timestamp) revert EpochClock_GenesisInFuture(genesis, uint64(block.timestamp));
        epochGenesis = genesis;
        epochLength = length;
    }

    /// @inheritdoc IEpochClock
    function currentEpoch() public view override returns (uint64) {
        return (uint64(block.timestamp) - epochGenesis) / epochLength;
    }

    /// @inheritdoc IEpochClock
    function epochStart(uint64 epoch) public view override returns (uint64) {
        return epochGenesis + epoch * epochLength;
    }

    /// @dev Reverts unless another contract counts epochs as this one does.
    function _requireSameSchedule(IEpochClock other) internal view {
        if (other.epochGenesis() != epochGenesis || other.epochLength() != epochLength) {
            revert EpochClock_ScheduleMismatch(address(other));
        }
    }
}
