// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochClock} from "../EpochClock.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @notice The part of a node registry that the bridge reads, with intervals and operators as a test sets them.
contract NodeRegistryDouble is EpochClock {
    uint32 public nodeCount;
    mapping(uint32 nodeIndex => INodeRegistry.Interval[]) private _intervals;
    mapping(uint32 nodeIndex => address) private _operators;

    constructor(uint64 genesis, uint64 length) EpochClock(genesis, length) {}

    function setNodeCount(uint32 count) external {
        nodeCount = count;
    }

    function setOperator(uint32 nodeIndex, address wallet) external {
        _operators[nodeIndex] = wallet;
    }

    /// @dev Intervals in order and without overlap, as the real registry gives them.
    function setIntervals(uint32 nodeIndex, INodeRegistry.Interval[] calldata intervals) external {
        delete _intervals[nodeIndex];
        for (uint256 i = 0; i < intervals.length; ++i) {
            _intervals[nodeIndex].push(intervals[i]);
        }
    }

    function isOperator(uint32 nodeIndex, address wallet) external view returns (bool) {
        return _operators[nodeIndex] == wallet;
    }

    function beneficiaryOf(uint32 nodeIndex) external view returns (address) {
        return _operators[nodeIndex];
    }

    function intervalsOf(uint32 nodeIndex) external view returns (INodeRegistry.Interval[] memory) {
        return _intervals[nodeIndex];
    }

    function intervalsWithin(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) public view returns (INodeRegistry.Interval[] memory within) {
        INodeRegistry.Interval[] memory all = _intervals[nodeIndex];
        within = new INodeRegistry.Interval[](all.length);
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].from < toEpoch && all[i].until > fromEpoch) within[count++] = all[i];
        }
        assembly ("memory-safe") {
            mstore(within, count)
        }
    }

    function earnerOf(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (address, INodeRegistry.Interval[] memory) {
        return (_operators[nodeIndex], intervalsWithin(nodeIndex, fromEpoch, toEpoch));
    }

    function tenureOf(uint32 nodeIndex) external view returns (address, uint64, uint64) {
        INodeRegistry.Interval[] storage intervals = _intervals[nodeIndex];
        if (intervals.length == 0) return (_operators[nodeIndex], 0, 0);
        INodeRegistry.Interval memory newest = intervals[intervals.length - 1];
        return (_operators[nodeIndex], newest.from, newest.until);
    }

    function isActive(uint32 nodeIndex, uint64 epoch) external view returns (bool) {
        INodeRegistry.Interval[] storage intervals = _intervals[nodeIndex];
        for (uint256 i = 0; i < intervals.length; ++i) {
            if (epoch >= intervals[i].from && epoch < intervals[i].until) return true;
        }
        return false;
    }
}
