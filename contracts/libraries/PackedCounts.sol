// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Small numbers side by side in storage words, so that several change for the price of one.
library PackedCounts {
    /// @notice Returns number `i` of `bits` bits each; `bits` divides 256.
    function countAt(
        mapping(uint256 word => uint256) storage words,
        uint256 i,
        uint256 bits
    ) internal view returns (uint256) {
        uint256 perWord = 256 / bits;
        return (words[i / perWord] >> ((i % perWord) * bits)) & ((1 << bits) - 1);
    }

    /// @notice Sets number `i` of `bits` bits each. The value must fit.
    function set(mapping(uint256 word => uint256) storage words, uint256 i, uint256 bits, uint256 value) internal {
        uint256 perWord = 256 / bits;
        uint256 shift = (i % perWord) * bits;
        uint256 mask = ((1 << bits) - 1) << shift;
        words[i / perWord] = (words[i / perWord] & ~mask) | (value << shift);
    }
}
