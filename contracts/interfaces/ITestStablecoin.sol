// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A stablecoin without value for the local development chain, with ERC-2612 permit and 6 decimals.
interface ITestStablecoin {
    /// @notice Thrown when it is deployed on any chain but the local development chain (31337).
    error TestStablecoin_WrongChain(uint256 chainId);

    /// @notice Thrown when anybody but the minter mints.
    error TestStablecoin_NotMinter(address caller, address minter);

    /// @notice Mints `amount` (6 decimals) to `to`. Minter only.
    function mint(address to, uint256 amount) external;

    /// @notice Returns the wallet that mints: the devnet's faucet.
    function minter() external view returns (address);
}
