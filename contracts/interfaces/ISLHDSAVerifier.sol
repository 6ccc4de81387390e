// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SLH-DSA verifier
/// @notice Checks SLH-DSA signatures of one FIPS 205 parameter set, pure mode with a context string.
interface ISLHDSAVerifier {
    /// @notice Tells whether `signature` is a valid signature of `message` under `publicKey`.
    /// @dev FIPS 205 Algorithm 24 (slh_verify). Malformed input of any kind gives `false`, never a revert.
    /// Warning: a call that runs out of gas reverts; a caller must not read a failed call as `false`, or whoever chooses
    /// the gas limit also chooses the verdict.
    /// Warning: gas varies with the signature, because the lengths of its hash chains do; budget for the documented maximum.
    /// @param publicKey PK.seed ‖ PK.root, 16 bytes each
    /// @param message signed message, any length
    /// @param context context string, at most 255 bytes
    /// @param signature SLH-DSA signature, of exactly the length the parameter set prescribes
    /// @return true if and only if the signature is valid
    function verify(
        bytes32 publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool);
}
