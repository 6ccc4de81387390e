// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ML-DSA-65 by byte layout
/// @notice ML-DSA-65 verification of one byte string in the layout of draft EIP-8355, so that a precompile can take over.
interface IMLDSA65 {
    /// @notice Thrown when the configured verifier does not answer with one word, as an address without code does not.
    error MLDSA65_NoVerifier(address verifier);

    /// @notice Thrown when the call of the configured verifier fails, for want of gas.
    error MLDSA65_CallFailed(address verifier);

    /// @notice Returns the address that is asked: the precompile, or a contract of the same byte layout.
    function target() external view returns (address);

    /// @notice Tells whether `input` is a public key, a signature and a message it signs, with an empty context.
    /// @dev Warning: a call that runs out of gas reverts; a caller must not read a failed call as `false`.
    /// @param input public key (1,952 bytes) ‖ signature (3,309 bytes) ‖ message
    /// @return true if and only if the signature is valid; false for an input that is too short
    function verify(bytes calldata input) external view returns (bool);
}
