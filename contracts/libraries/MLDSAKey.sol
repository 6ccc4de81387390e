// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Checks of raw ML-DSA-65 public keys (FIPS 204, section 7.2: rho ‖ t1) before anybody relies on them.
library MLDSAKey {
    /// @dev Length of a raw key in bytes.
    uint256 internal constant LENGTH = 1952;

    uint256 private constant RHO_LENGTH = 32;

    /// @dev Returns true when t1 has only zero bits or only one bits. Anyone can sign for such a key, although every
    /// standard verifier accepts it. The key must have LENGTH bytes.
    function isDegenerate(bytes calldata key) internal pure returns (bool) {
        bytes32 anyOnes;
        bytes32 allOnes = bytes32(type(uint256).max);
        for (uint256 i = RHO_LENGTH; i < LENGTH; i += 32) {
            bytes32 word = bytes32(key[i:i + 32]);
            anyOnes |= word;
            allOnes &= word;
        }
        return anyOnes == 0 || allOnes == bytes32(type(uint256).max);
    }
}
