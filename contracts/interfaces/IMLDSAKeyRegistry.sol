// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ML-DSA key registry
/// @notice Keeps public keys in expanded form, as contract code, so that a signature costs a third of what it costs from the
/// raw key. Anyone can register any key; a key's place follows from the key alone and never changes.
/// @dev The key's identifier is the Keccak-256 hash of its encoding.
interface IMLDSAKeyRegistry {
    /// @notice Emitted when a key has been expanded and stored.
    /// @param keyId Keccak-256 hash of the public key
    /// @param head address whose code holds the first part of the expanded key
    /// @param tail address whose code holds the rest
    event KeyRegistered(bytes32 indexed keyId, address head, address tail);

    /// @notice Thrown when a public key has another length than the parameter set prescribes.
    error MLDSAKeyRegistry_KeyLength(uint256 length, uint256 expected);

    /// @notice Thrown when a public key is degenerate: nearly all of t1 is so small that anyone could sign.
    error MLDSAKeyRegistry_KeyDegenerate(bytes32 keyId);

    /// @notice Thrown when a key is registered a second time.
    error MLDSAKeyRegistry_KeyKnown(bytes32 keyId);

    /// @notice Thrown when a signature is checked under a key that nobody has registered.
    error MLDSAKeyRegistry_KeyUnknown(bytes32 keyId);

    /// @notice Thrown when an expanded key could not be stored, for want of gas.
    error MLDSAKeyRegistry_NotStored(bytes32 keyId);

    /// @notice Expands `publicKey` on chain and stores the result as contract code.
    /// @param publicKey encoded public key
    /// @return keyId Keccak-256 hash of `publicKey`
    function register(bytes calldata publicKey) external returns (bytes32 keyId);

    /// @notice Tells whether a key has been registered.
    function isRegistered(bytes32 keyId) external view returns (bool);

    /// @notice Returns the two addresses whose code holds the expanded key, whether or not it is registered yet.
    function locate(bytes32 keyId) external view returns (address head, address tail);

    /// @notice Tells whether `signature` is a valid signature of `message` under the registered key `keyId`.
    /// @dev FIPS 204 Algorithm 3 (ML-DSA.Verify). A malformed signature or context gives `false`; an unknown key reverts, as
    /// nothing can then be said about the signature.
    /// Warning: a call that runs out of gas reverts; a caller must not read a failed call as `false`.
    /// @param keyId Keccak-256 hash of the public key
    /// @param message signed message, any length
    /// @param context context string, at most 255 bytes
    /// @param signature encoded signature
    /// @return true if and only if the signature is valid
    function verify(
        bytes32 keyId,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool);
}
