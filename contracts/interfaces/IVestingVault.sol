// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Locked MESH of the team or the investors: linear vesting with a cliff, released to its owner.
/// @dev What is in the vault has no votes: whoever wants to vote with what has vested releases it first.
/// The schedule is OpenZeppelin's VestingWalletCliff; ownership (the right to what is released) moves in two steps.
interface IVestingVault {
    /// @notice Emitted once, by the constructor: nothing vests before `cliff`; what vests grows evenly from `start` on and
    /// is everything at `end` (Unix seconds).
    event TermsSet(uint64 start, uint64 cliff, uint64 end);

    /// @notice Thrown when the owner renounces: what vests later would be lost.
    error VestingVault_CannotRenounce();
}
