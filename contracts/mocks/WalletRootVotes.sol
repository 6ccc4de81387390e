// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Quadratic votes of wallets instead of identities: nobody is certified and nothing ages. What attacks on a
/// governor without identities are measured with.
contract WalletRootVotes is Votes {
    IERC20 private immutable _token;

    mapping(address account => uint256) private _locked;

    constructor(IERC20 token) EIP712("Wallets", "1") {
        _token = token;
    }

    /// @notice Locks MESH for any account, whose units become the root of all that is locked for it.
    function lockFor(address account, uint256 amount) external {
        uint256 before = _getVotingUnits(account);
        _locked[account] += amount;
        _transferVotingUnits(address(0), account, _getVotingUnits(account) - before);
        _token.transferFrom(msg.sender, address(this), amount);
    }

    /// @notice Returns the votes of an account at a snapshot.
    function votesAt(address account, uint256 timepoint) external view returns (uint256) {
        return getPastVotes(account, timepoint);
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
        return Math.sqrt(_locked[account]);
    }
}
