// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contract whose privileged functions belong to one address for ever: the timelock of the DAO.
interface IGoverned {
    /// @notice Thrown when a governed function is called by anyone but the timelock.
    error Governed_NotTimelock(address caller, address timelock);

    /// @notice Thrown when an address that must be set is zero. `field` names it.
    error Governed_ZeroAddress(string field);

    /// @notice Thrown when a one-time binding is made twice, or by anyone but the deployer.
    error Governed_BindingClosed(address caller);

    /// @notice Returns the timelock, the only admin.
    function timelock() external view returns (address);
}
