// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

import {ISLHDSAVerifier} from "../interfaces/ISLHDSAVerifier.sol";
import {SLHDSASHA2128s} from "./SLHDSASHA2128s.sol";

/// @title SLH-DSA-SHA2-128s verifier
/// @notice Stateless verifier of FIPS 205 signatures, by the project's interface and by ERC-7913.
contract SLHDSASHA2128sVerifier is ISLHDSAVerifier, IERC7913SignatureVerifier, SLHDSASHA2128s {
    /// @inheritdoc ISLHDSAVerifier
    function verify(
        bytes32 publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        if (context.length > 255) return false;
        bytes memory prefixed = abi.encodePacked(uint8(0), uint8(context.length), context, message);
        return _verifyInternal(publicKey, prefixed, signature);
    }

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev The key is PK.seed ‖ PK.root, the message is the 32-byte hash, the context string is empty.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (key.length != 32) return 0xffffffff;
        bytes memory prefixed = abi.encodePacked(uint16(0), hash);
        return
            _verifyInternal(bytes32(key), prefixed, signature)
                ? IERC7913SignatureVerifier.verify.selector
                : bytes4(0xffffffff);
    }
}
