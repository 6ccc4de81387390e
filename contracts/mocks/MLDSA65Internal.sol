// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MLDSA65Keys} from "../pqc/MLDSA65Keys.sol";
import {MLDSA65Verifier} from "../pqc/MLDSA65Verifier.sol";

/// @title ML-DSA-65, internal interface
/// @notice Exposes ML-DSA.Verify_internal of the deployed code for test vectors that are made for it, and the key check.
contract MLDSA65Internal is MLDSA65Verifier {
    constructor(address core, address expander) MLDSA65Verifier(core, expander) {}

    /// @notice Verifies `signature` over a message that carries no prefix.
    function verifyInternal(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata signature
    ) external view returns (bool) {
        return _verify(publicKey, message, signature);
    }

    /// @notice Tells whether `publicKey` is degenerate.
    function isDegenerate(bytes calldata publicKey) external pure returns (bool) {
        return MLDSA65Keys.isDegenerate(publicKey);
    }
}
