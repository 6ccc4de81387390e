// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands for ML-DSA-65 in random schedules: a signature is sound when it is the word "sound" and the message.
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
        return keccak256(signature) == keccak256(bytes.concat("sound", message));
    }
}
