// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGoverned} from "./interfaces/IGoverned.sol";

/// @notice Access to privileged functions for the timelock only, fixed at construction.
abstract contract Governed is IGoverned {
    /// @inheritdoc IGoverned
    address public immutable override timelock;

    modifier onlyTimelock() {
        if (msg.sender != timelock) revert Governed_NotTimelock(msg.sender, timelock);
        _;
    }

    constructor(address timelock_) {
        if (timelock_ == address(0)) revert Governed_ZeroAddress("timelock");
        timelock = timelock_;
    }
}
