// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SLHDSASHA2128s} from "../pqc/SLHDSASHA2128s.sol";

/// @title SLH-DSA-SHA2-128s, internal interface
/// @notice Exposes slh_verify_internal of the deployed code for test vectors that are made for it.
contract SLHDSASHA2128sInternal is SLHDSASHA2128s {
    /// @notice Verifies `signature` over a message that carries no prefix.
    function verifyInternal(
        bytes32 publicKey,
        bytes calldata message,
        bytes calldata signature
    ) external view returns (bool) {
        return _verifyInternal(publicKey, message, signature);
    }
}
