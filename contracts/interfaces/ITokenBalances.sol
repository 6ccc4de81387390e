// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Balances in ERC-20 tokens that their owners withdraw themselves: nobody's receiver can block anybody.
/// @dev What comes in is measured by the change of this contract's balance. Tokens whose balances change by themselves
/// (rebasing) are not supported.
interface ITokenBalances {
    /// @notice Emitted when an account was paid out.
    event Withdrawn(IERC20 indexed token, address indexed account, uint256 amount);

    /// @notice Thrown when an account has nothing to withdraw.
    error TokenBalances_NothingToWithdraw(IERC20 token, address account);

    /// @notice Thrown when a number does not fit where it is kept.
    error TokenBalances_AmountTooLarge(uint256 amount, uint256 max);

    /// @notice Pays an account all that it was credited in a token, to itself. Anyone may call it.
    function withdraw(IERC20 token, address account) external returns (uint256 amount);

    /// @notice Returns what an account can withdraw in a token.
    function creditOf(IERC20 token, address account) external view returns (uint256);
}
