// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMLDSAVerifier} from "../interfaces/IMLDSAVerifier.sol";

/// @notice For tests: answers as another verifier until it is told to refuse everything.
contract MLDSAVerifierDouble is IMLDSAVerifier {
    IMLDSAVerifier private immutable _sound;
    bool private _isRefusing;

    constructor(IMLDSAVerifier sound) {
        _sound = sound;
    }

    /// @notice Refuses every signature from now on.
    function refuse() external {
        _isRefusing = true;
    }

    /// @inheritdoc IMLDSAVerifier
    function verify(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        return !_isRefusing && _sound.verify(publicKey, message, context, signature);
    }
}
