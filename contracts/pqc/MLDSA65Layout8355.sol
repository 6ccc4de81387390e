// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMLDSAVerifier} from "../interfaces/IMLDSAVerifier.sol";

// The fallback is all there is: the layout has no selectors.
// solhint-disable payable-fallback

/// @title ML-DSA-65 in the byte layout of draft EIP-8355
/// @notice Answers any calldata as the proposed precompile does: public key ‖ signature ‖ message in, one word out.
contract MLDSA65Layout8355 {
    IMLDSAVerifier private immutable VERIFIER;

    uint256 private constant PUBLIC_KEY_LENGTH = 1952;
    uint256 private constant MESSAGE_OFFSET = PUBLIC_KEY_LENGTH + 3309;

    constructor(IMLDSAVerifier verifier) {
        VERIFIER = verifier;
    }

    /// @notice Verifies `input` and returns one word, 1 if it is valid, else 0.
    /// @dev Not payable, as whatever were sent would be lost.
    fallback(bytes calldata input) external returns (bytes memory) {
        if (input.length < MESSAGE_OFFSET) return abi.encode(false);
        bool valid = VERIFIER.verify(
            input[:PUBLIC_KEY_LENGTH],
            input[MESSAGE_OFFSET:],
            "",
            input[PUBLIC_KEY_LENGTH:MESSAGE_OFFSET]
        );
        return abi.encode(valid);
    }
}
