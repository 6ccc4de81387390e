// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies SLH-DSA-SHA2-128s signatures (FIPS 205, pure mode).
interface ISLHDSAVerifier {
    /// @notice Returns true when a signature verifies. Malformed input returns false and never reverts.
    /// @param publicKey PK.seed ‖ PK.root, 32 bytes.
    /// @param message Bytes that were signed.
    /// @param context Context string, at most 255 bytes.
    /// @param signature 7,856 bytes.
    function verify(
        bytes32 publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool);
}
