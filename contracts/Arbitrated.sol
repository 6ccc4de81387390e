// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governed} from "./Governed.sol";
import {IArbitrated} from "./interfaces/IArbitrated.sol";

/// @notice Access of arbiters, which the timelock names once.
abstract contract Arbitrated is IArbitrated, Governed {
    /// @inheritdoc IArbitrated
    mapping(address wallet => bool) public override isArbiter;

    bool private _areArbitersBound;

    modifier onlyArbiter() {
        if (!isArbiter[msg.sender]) revert Arbitrated_NotArbiter(msg.sender);
        _;
    }

    /// @inheritdoc IArbitrated
    function bindArbiters(address[] calldata arbiters) external onlyTimelock {
        if (_areArbitersBound || arbiters.length == 0) revert Governed_BindingClosed(msg.sender);
        _areArbitersBound = true;
        for (uint256 i = 0; i < arbiters.length; ++i) {
            if (arbiters[i] == address(0)) revert Governed_ZeroAddress("arbiters");
            isArbiter[arbiters[i]] = true;
        }
        emit ArbitersBound(arbiters);
    }
}
