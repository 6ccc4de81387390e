// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Signatures of the game: a word, the message, and zeros up to the length of an ML-DSA-65 signature.
function gameSignature(bytes memory word, bytes memory message) pure returns (bytes memory) {
    return bytes.concat(word, message, new bytes(3_309 - word.length - message.length));
}

/// @notice Stands for ML-DSA-65 in random schedules: a signature is sound when its word is "sound".
contract SignatureOracle {
    function rawAt(uint64) external view returns (SignatureOracle) {
        return this;
    }

    function verify(
        bytes calldata,
        bytes calldata message,
        bytes calldata,
        bytes calldata signature
    ) external pure returns (bool) {
        return keccak256(signature) == keccak256(gameSignature("sound", message));
    }
}
