// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

import {IMLDSAVerifier} from "../interfaces/IMLDSAVerifier.sol";
import {MLDSA65} from "./MLDSA65.sol";

/// @title ML-DSA-65 verifier
/// @notice Stateless verifier of FIPS 204 signatures from the raw public key, by the project's interface and by ERC-7913.
contract MLDSA65Verifier is IMLDSAVerifier, IERC7913SignatureVerifier, MLDSA65 {
    constructor(address core, address expander) MLDSA65(core, expander) {}

    /// @inheritdoc IMLDSAVerifier
    function verify(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        if (context.length > 255) return false;
        return _verify(publicKey, _prefixed(message, context), signature);
    }

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev The key is the encoded public key, the message is the 32-byte hash, the context string is empty.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return
            _verify(key, abi.encodePacked(uint16(0), hash), signature)
                ? IERC7913SignatureVerifier.verify.selector
                : bytes4(0xffffffff);
    }

    /// @dev FIPS 204 Algorithm 8, ML-DSA.Verify_internal.
    function _verify(
        bytes calldata publicKey,
        bytes memory message,
        bytes calldata signature
    ) internal view returns (bool) {
        if (publicKey.length != PUBLIC_KEY_LENGTH || signature.length != SIGNATURE_LENGTH) return false;
        bytes memory input = _layOut(signature, message);
        uint256 key;
        assembly {
            key := add(input, 32)
        }
        return _expand(publicKey, key) && _verifyLaidOut(input);
    }
}
