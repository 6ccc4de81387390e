// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @notice Units by decree: what a governor sees of QuadraticVotes, without identities and stake.
contract QuadraticVotesDouble is Votes {
    mapping(address account => uint256) private _units;
    mapping(address account => bool) private _isOut;

    constructor() EIP712("Units", "1") {}

    /// @notice Gives an account units.
    function setUnits(address account, uint256 units) external {
        uint256 before = _units[account];
        _units[account] = units;
        if (units > before) _transferVotingUnits(address(0), account, units - before);
        else _transferVotingUnits(account, address(0), before - units);
    }

    /// @notice Takes an account's certificate away, or gives it back.
    function setOut(address account, bool isOut) external {
        _isOut[account] = isOut;
    }

    /// @notice Votes that an account may cast now.
    function votesAt(address account, uint256 timepoint) external view returns (uint256) {
        return _isOut[account] ? 0 : getPastVotes(account, timepoint);
    }

    /// @notice Delegates to itself unless it chose another.
    function delegates(address account) public view override returns (address) {
        address chosen = super.delegates(account);
        return chosen == address(0) ? account : chosen;
    }

    /// @notice Time in seconds.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice Describes the clock.
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _units[account];
    }
}
