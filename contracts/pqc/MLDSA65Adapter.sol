// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMLDSA65} from "../interfaces/IMLDSA65.sol";
import {IMLDSAVerifier} from "../interfaces/IMLDSAVerifier.sol";

/// @title ML-DSA-65 adapter
/// @notice Verifies through whatever answers in the byte layout of draft EIP-8355: today `MLDSA65Layout8355`, and a
/// precompile once a chain has one.
/// @dev The layout knows no context string, so signatures with one are checked by `contextual`. An address that does not
/// answer with one word, such as a precompile that a chain does not have, makes every check revert.
contract MLDSA65Adapter is IMLDSA65, IMLDSAVerifier {
    /// @inheritdoc IMLDSA65
    address public immutable target;
    /// @notice Returns the verifier of signatures with a context string.
    IMLDSAVerifier public immutable contextual;

    uint256 private constant PUBLIC_KEY_LENGTH = 1952;
    uint256 private constant SIGNATURE_LENGTH = 3309;

    constructor(address target_, IMLDSAVerifier contextual_) {
        target = target_;
        contextual = contextual_;
    }

    /// @inheritdoc IMLDSA65
    function verify(bytes calldata input) external view returns (bool) {
        return _ask(input);
    }

    /// @inheritdoc IMLDSAVerifier
    function verify(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        if (context.length > 0) return contextual.verify(publicKey, message, context, signature);
        if (publicKey.length != PUBLIC_KEY_LENGTH || signature.length != SIGNATURE_LENGTH) return false;
        return _ask(abi.encodePacked(publicKey, signature, message));
    }

    function _ask(bytes memory input) private view returns (bool) {
        (bool success, bytes memory answer) = target.staticcall(input);
        if (!success) revert MLDSA65_CallFailed(target);
        if (answer.length != 32) revert MLDSA65_NoVerifier(target);
        return abi.decode(answer, (uint256)) == 1;
    }
}
