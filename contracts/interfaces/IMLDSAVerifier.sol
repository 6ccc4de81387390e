// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ML-DSA verifier
/// @notice Checks ML-DSA signatures of one FIPS 204 parameter set, pure mode with a context string, from the raw public key.
interface IMLDSAVerifier {
    /// @notice Tells whether `signature` is a valid signature of `message` under `publicKey`.
    /// @dev FIPS 204 Algorithm 3 (ML-DSA.Verify). Malformed input of any kind gives `false`, never a revert.
    /// Warning: a call that runs out of gas reverts; a caller must not read a failed call as `false`, or whoever chooses
    /// the gas limit also chooses the verdict.
    /// Warning: the standard accepts degenerate keys, for which anyone can sign. Whoever binds a key to an identity must
    /// refuse them; see `MLDSA65Keys`.
    /// @param publicKey encoded public key, of exactly the length the parameter set prescribes
    /// @param message signed message, any length
    /// @param context context string, at most 255 bytes
    /// @param signature encoded signature, of exactly the length the parameter set prescribes
    /// @return true if and only if the signature is valid
    function verify(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool);
}
