// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

import {IMLDSAKeyRegistry} from "../interfaces/IMLDSAKeyRegistry.sol";
import {MLDSA65} from "./MLDSA65.sol";
import {MLDSA65Keys} from "./MLDSA65Keys.sol";

/// @title ML-DSA-65 key registry
/// @notice Expanded ML-DSA-65 keys as contract code, and verification with them.
/// @dev An expanded key is larger than the 24,576 bytes a contract may have, so its code lies at two addresses. Each begins
/// with a zero byte, so that it cannot be called to any effect. An address follows from this contract and the key's
/// identifier: a proxy with constant code is created by CREATE2, and the proxy creates the code by CREATE with nonce 1. As
/// only this contract can create the proxies, and uses them in the same call, what lies there is what it has expanded.
contract MLDSA65KeyRegistry is IMLDSAKeyRegistry, IERC7913SignatureVerifier, MLDSA65 {
    uint256 private constant HEAD_LENGTH = 24_575;
    uint256 private constant TAIL_LENGTH = 2113;

    /// @dev Deploys CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY CALLDATASIZE PUSH0 PUSH0 CREATE: creates what it is sent.
    bytes private constant PROXY = hex"67365f5f37365f5ff05f5260086018f3";
    bytes32 private constant PROXY_HASH = keccak256(PROXY);

    constructor(address core, address expander) MLDSA65(core, expander) {}

    /// @inheritdoc IMLDSAKeyRegistry
    function register(bytes calldata publicKey) external returns (bytes32 keyId) {
        if (publicKey.length != PUBLIC_KEY_LENGTH) {
            revert MLDSAKeyRegistry_KeyLength(publicKey.length, PUBLIC_KEY_LENGTH);
        }
        keyId = keccak256(publicKey);
        if (isRegistered(keyId)) revert MLDSAKeyRegistry_KeyKnown(keyId);
        if (MLDSA65Keys.isDegenerate(publicKey)) revert MLDSAKeyRegistry_KeyDegenerate(keyId);
        (address head, address tail) = _store(keyId, publicKey);
        emit KeyRegistered(keyId, head, tail);
    }

    /// @inheritdoc IMLDSAKeyRegistry
    function verify(
        bytes32 keyId,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        if (!isRegistered(keyId)) revert MLDSAKeyRegistry_KeyUnknown(keyId);
        if (context.length > 255) return false;
        return _verify(keyId, _prefixed(message, context), signature);
    }

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev The key is the 32-byte identifier, the message is the 32-byte hash, the context string is empty.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool valid =
            key.length == 32 &&
                isRegistered(bytes32(key)) &&
                _verify(bytes32(key), abi.encodePacked(uint16(0), hash), signature);
        return valid ? IERC7913SignatureVerifier.verify.selector : bytes4(0xffffffff);
    }

    /// @inheritdoc IMLDSAKeyRegistry
    function isRegistered(bytes32 keyId) public view returns (bool) {
        return _tail(keyId).code.length == TAIL_LENGTH + 1;
    }

    /// @inheritdoc IMLDSAKeyRegistry
    function locate(bytes32 keyId) public view returns (address head, address tail) {
        return (_head(keyId), _tail(keyId));
    }

    function _verify(bytes32 keyId, bytes memory message, bytes calldata signature) private view returns (bool) {
        if (signature.length != SIGNATURE_LENGTH) return false;
        bytes memory input = _layOut(signature, message);
        (address head, address tail) = locate(keyId);
        assembly ("memory-safe") {
            let key := add(input, 32)
            extcodecopy(head, key, 1, HEAD_LENGTH)
            extcodecopy(tail, add(key, HEAD_LENGTH), 1, TAIL_LENGTH)
        }
        return _verifyLaidOut(input);
    }

    function _store(bytes32 keyId, bytes calldata publicKey) private returns (address head, address tail) {
        (head, tail) = locate(keyId);
        bytes memory expanded = _allocateExpanded();
        uint256 key;
        assembly {
            key := add(expanded, 32)
        }
        if (!_expand(publicKey, key)) revert MLDSAKeyRegistry_KeyDegenerate(keyId);
        _create(_headSalt(keyId), key, HEAD_LENGTH);
        _create(_tailSalt(keyId), key + HEAD_LENGTH, TAIL_LENGTH);
        bool stored = head.code.length == HEAD_LENGTH + 1 && tail.code.length == TAIL_LENGTH + 1;
        if (!stored) revert MLDSAKeyRegistry_NotStored(keyId);
    }

    /// @dev Memory for an expanded key, with a word of room before it for the code that deploys it.
    function _allocateExpanded() private pure returns (bytes memory expanded) {
        assembly ("memory-safe") {
            expanded := mload(0x40)
            mstore(0x40, add(add(expanded, 32), EXPANDED_LENGTH))
        }
    }

    /// @dev Creates code that is a zero byte and the `length` bytes at `from`, by way of a proxy. The word before `from` is
    /// put to use and then restored: PUSH2 length+1, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN, and the zero byte.
    function _create(bytes32 salt, uint256 from, uint256 length) private {
        bytes memory proxy = PROXY;
        assembly {
            let creator := create2(0, add(proxy, 32), mload(proxy), salt)
            let before := sub(from, 32)
            let saved := mload(before)
            mstore(before, or(shl(64, add(length, 1)), 0x61000080600a5f395ff300))
            pop(call(gas(), creator, 0, sub(from, 11), add(length, 11), 0, 0))
            mstore(before, saved)
        }
    }

    function _head(bytes32 keyId) private view returns (address) {
        return _createdBy(_headSalt(keyId));
    }

    function _tail(bytes32 keyId) private view returns (address) {
        return _createdBy(_tailSalt(keyId));
    }

    function _headSalt(bytes32 keyId) private pure returns (bytes32) {
        return keyId;
    }

    function _tailSalt(bytes32 keyId) private pure returns (bytes32) {
        return keccak256(abi.encode(keyId));
    }

    /// @dev The address of the first contract created by the proxy of `salt`: EIP-1014, and the RLP list [proxy, 1].
    function _createdBy(bytes32 salt) private view returns (address) {
        address proxy = address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", this, salt, PROXY_HASH)))));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", proxy, hex"01")))));
    }
}
