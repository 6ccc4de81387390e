// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MLDSA65CodeHashes} from "./generated/MLDSA65CodeHashes.sol";

/// @title ML-DSA-65
/// @notice What all ways to verify ML-DSA-65 have in common: the lengths of FIPS 204 table 2, the call of the core, the call
/// of the expander.
/// @dev Core and expander are bare bytecode (contracts/pqc/yul), bound here by the hash of their code. Both are pure
/// functions of their calldata, without storage or calls, so a call of them fails only for want of gas. Then everything
/// reverts: no verdict is drawn from a failed call.
abstract contract MLDSA65 {
    /// @notice Thrown when the code at `helper` is not the one that this contract has been built for.
    error MLDSA65_WrongCode(address helper, bytes32 codeHash, bytes32 expected);

    /// @notice Thrown when the call of a helper has run out of gas.
    error MLDSA65_OutOfGas(address helper);

    uint256 internal constant PUBLIC_KEY_LENGTH = 1952;
    uint256 internal constant SIGNATURE_LENGTH = 3309;
    /// @dev tr (64 bytes) and 1,024 words of 26 bytes.
    uint256 internal constant EXPANDED_LENGTH = 26_688;

    address private immutable CORE;
    address private immutable EXPANDER;

    constructor(address core, address expander) {
        _requireCode(core, MLDSA65CodeHashes.CORE);
        _requireCode(expander, MLDSA65CodeHashes.EXPANDER);
        CORE = core;
        EXPANDER = expander;
    }

    function _requireCode(address helper, bytes32 expected) private view {
        if (helper.codehash != expected) revert MLDSA65_WrongCode(helper, helper.codehash, expected);
    }

    /// @dev FIPS 204 Algorithm 3 step 5: M', the message with its domain separator, length of context and context.
    function _prefixed(bytes calldata message, bytes calldata context) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(0), uint8(context.length), context, message);
    }

    /// @dev Lays out the core's input: room for an expanded key, the signature, M'.
    function _layOut(bytes calldata signature, bytes memory message) internal pure returns (bytes memory input) {
        assembly ("memory-safe") {
            input := mload(0x40)
            let to := add(add(input, 32), EXPANDED_LENGTH)
            calldatacopy(to, signature.offset, SIGNATURE_LENGTH)
            to := add(to, SIGNATURE_LENGTH)
            mcopy(to, add(message, 32), mload(message))
            to := add(to, mload(message))
            mstore(input, sub(sub(to, input), 32))
            mstore(0x40, and(add(to, 31), not(31)))
        }
    }

    /// @dev Writes tr and the expanded key to `to`. A key is not expandable if one of its SHAKE128 streams yields fewer than
    /// 256 coefficients in 336 candidates; FIPS 204 appendix C lets a verifier give up after 298.
    function _expand(bytes calldata publicKey, uint256 to) internal view returns (bool isExpandable) {
        address expander = EXPANDER;
        bool success;
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, publicKey.offset, PUBLIC_KEY_LENGTH)
            success := staticcall(gas(), expander, input, PUBLIC_KEY_LENGTH, to, EXPANDED_LENGTH)
            isExpandable := eq(returndatasize(), EXPANDED_LENGTH)
        }
        if (!success) revert MLDSA65_OutOfGas(expander);
    }

    /// @dev FIPS 204 Algorithm 8 on an input that `_layOut` has made and a key has been put into.
    function _verifyLaidOut(bytes memory input) internal view returns (bool valid) {
        address core = CORE;
        bool success;
        assembly ("memory-safe") {
            success := staticcall(gas(), core, add(input, 32), mload(input), 0, 32)
            valid := eq(mload(0), 1)
        }
        if (!success) revert MLDSA65_OutOfGas(core);
    }
}
