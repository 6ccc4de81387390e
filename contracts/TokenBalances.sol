// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITokenBalances} from "./interfaces/ITokenBalances.sol";

/// @notice What is paid in and what accounts can withdraw, in any ERC-20 that the contract takes.
abstract contract TokenBalances is ITokenBalances, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc ITokenBalances
    mapping(IERC20 token => mapping(address account => uint256)) public override creditOf;

    /// @inheritdoc ITokenBalances
    function withdraw(IERC20 token, address account) external nonReentrant returns (uint256 amount) {
        amount = creditOf[token][account];
        if (amount == 0) revert TokenBalances_NothingToWithdraw(token, account);
        creditOf[token][account] = 0;
        emit Withdrawn(token, account, amount);
        token.safeTransfer(account, amount);
    }

    /// @dev Takes tokens from the caller; returns by how much the balance grew.
    function _pull(IERC20 token, uint256 amount) internal returns (uint256 received) {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        received = token.balanceOf(address(this)) - before;
        if (received > type(uint96).max) revert TokenBalances_AmountTooLarge(received, type(uint96).max);
    }

    /// @dev Uses a permit of the caller. Whoever used it first did what it says, so that a failure is none by itself.
    function _permit(IERC20 token, uint256 amount, bytes calldata permit) internal {
        if (permit.length == 0) return;
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(permit, (uint256, uint8, bytes32, bytes32));
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }

    /// @dev Whoever calls it emits an event that says who was credited what.
    function _credit(IERC20 token, address account, uint256 amount) internal {
        if (amount != 0) creditOf[token][account] += amount;
    }
}
