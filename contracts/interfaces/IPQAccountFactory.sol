// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Makes accounts that obey a registered ML-DSA-65 key, at addresses that follow from the key: MESH can be sent to one
/// before it is there. Nobody owns the factory, and an account asks it nothing.
/// @dev Safety: whoever makes the account of a key, it obeys that key. Its address stays when its signer is replaced.
interface IPQAccountFactory {
    /// @notice Emitted when an account was made.
    event AccountCreated(address indexed account, bytes32 indexed keyId);

    /// @notice Thrown when the account of a key is there already.
    error PQAccountFactory_AccountKnown(address account);

    /// @notice Makes the account of a key; registers the key where nobody has. Anyone may.
    /// @dev About 2 M gas, and 8 M more for a key that is not registered.
    /// @param publicKey Raw ML-DSA-65 key, 1,952 bytes.
    function create(bytes calldata publicKey) external returns (address account);

    /// @notice Returns the address of the account of a key, made or not.
    /// @param keyId Keccak-256 hash of the raw key.
    function accountOf(bytes32 keyId) external view returns (address account);
}
