// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contract some of whose functions only arbiters call: contracts that judge proofs, named once and for ever.
interface IArbitrated {
    /// @notice Emitted when the arbiters were named.
    event ArbitersBound(address[] arbiters);

    /// @notice Thrown when the caller is not an arbiter.
    error Arbitrated_NotArbiter(address caller);

    /// @notice Names the arbiters, once and for ever. Timelock only (AuthorizationOp).
    /// @param arbiters Contracts that judge proofs; none may be the zero address.
    function bindArbiters(address[] calldata arbiters) external;

    /// @notice Returns true when an address is an arbiter.
    function isArbiter(address wallet) external view returns (bool);
}
