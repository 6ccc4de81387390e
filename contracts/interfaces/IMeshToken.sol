// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice MESH: fixed supply of 1,000,000,000 tokens with 18 decimals, ERC-2612 permit, ERC-5805 votes (timestamps).
/// @dev The whole supply is minted by the constructor; there is no function that mints, burns or pauses.
interface IMeshToken {
    /// @notice Emitted once, by the constructor. Amounts are MESH wei and add up to the supply.
    /// @param emissions CaesarEmissions, which holds the operators' 40 %.
    /// @param team Vesting vault of the team, 20 %.
    /// @param investors Vesting vault of the investors, 20 %.
    /// @param treasury Timelock, which holds the community's 20 %.
    event GenesisSplit(
        address indexed emissions,
        address team,
        address investors,
        address treasury,
        uint256 emissionsAmount,
        uint256 teamAmount,
        uint256 investorsAmount,
        uint256 treasuryAmount
    );

    /// @notice Thrown when the receiver of a share is zero, or receives more than one share.
    error MeshToken_InvalidReceiver(address receiver);
}
