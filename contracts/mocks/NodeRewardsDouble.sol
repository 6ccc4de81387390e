// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EpochClock} from "../EpochClock.sol";
import {INodeDelegation} from "../interfaces/INodeDelegation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice The part of a rewards contract that staking and slashing use: the history of weights, exact to the wei, and
/// payments into pools as a test orders them.
contract NodeRewardsDouble is EpochClock {
    using Checkpoints for Checkpoints.Trace160;

    bool public isHistoryLost;
    mapping(uint32 nodeIndex => uint96) public weightOf;
    mapping(uint32 nodeIndex => Checkpoints.Trace160) private _weights;

    constructor(uint64 genesis, uint64 length) EpochClock(genesis, length) {}

    function weightChanged(uint32 nodeIndex, uint96 newWeight) external {
        weightOf[nodeIndex] = newWeight;
        _weights[nodeIndex].push(uint96(currentEpoch() + 1), newWeight);
    }

    /// @dev There is nothing to settle.
    function settle(uint32, bool) external {}

    /// @dev Answers from now on as if the history did not reach back.
    function loseHistory() external {
        isHistoryLost = true;
    }

    function pay(INodeDelegation delegation, IERC20 token, uint32 nodeIndex, uint256 amount) external {
        token.approve(address(delegation), amount);
        delegation.addToPool(nodeIndex, amount);
    }

    function weightAt(uint32 nodeIndex, uint64 epoch) external view returns (uint96 weight, bool isKnown) {
        if (isHistoryLost) return (0, false);
        return (uint96(_weights[nodeIndex].upperLookup(epoch)), true);
    }
}
