// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ML-DSA-65 keys
/// @notice Tells keys that FIPS 204 accepts but nobody may be bound to.
library MLDSA65Keys {
    uint256 internal constant LENGTH = 1952;

    uint256 private constant RHO_LENGTH = 32;
    /// @dev 30 bytes hold 24 coefficients of t1.
    uint256 private constant CHUNK = 30;
    uint256 private constant LARGE_COEFFICIENTS_MIN = 768;

    /// @notice Tells whether t1 is so small that anyone can sign under `publicKey`, or the length is wrong.
    /// @dev A signature fits if w = A z - c t1 2^13 has the high bits that were hashed to c. Where c t1 2^13 is small modulo
    /// q these are the high bits of A z, which anyone can compute for a z of their choice. That is the case if the
    /// coefficients of t1 are near 0 or near 1023, as 1023 * 2^13 = q - 1.
    ///
    /// A coefficient counts as large here if it is neither below 64 nor above 959, that is, if its four high bits are not
    /// all alike; then |t1 2^13 mod q| > 2 gamma2. Of the 1,536 coefficients of an honest key seven in eight are large, with
    /// a deviation of 13; a key with fewer than 768 is degenerate. No honest key is refused: 768 is 44 deviations away.
    function isDegenerate(bytes calldata publicKey) internal pure returns (bool) {
        if (publicKey.length != LENGTH) return true;
        uint256 sums;
        unchecked {
            for (uint256 offset = RHO_LENGTH; offset < LENGTH; offset += CHUNK) {
                sums += _largeOnes(uint240(bytes30(publicKey[offset:])));
            }
        }
        uint256 large;
        for (; sums > 0; sums >>= 10) large += sums & 0x3ff;
        return large < LARGE_COEFFICIENTS_MIN;
    }

    /// @dev Marks large coefficients among 24 with a one, in fields of ten bits. In each five bytes of `chunk` the four
    /// high bits of coefficients 0 to 3 are bits 1 and 0 of byte 1 and 7 and 6 of byte 0, then the low bits of byte 2, the
    /// middle bits of byte 3 and the high bits of byte 4: FIPS 204 Algorithm 16 (SimpleBitPack).
    function _largeOnes(uint256 chunk) private pure returns (uint256) {
        unchecked {
            uint256 high = ((chunk >> 38) & (0x3 * EACH_FIVE_BYTES)) | ((chunk >> 22) & (0xc * EACH_FIVE_BYTES));
            high |= (chunk >> 6) & ((0xf << 10) * EACH_FIVE_BYTES);
            high |= (chunk << 10) & ((0xf << 20) * EACH_FIVE_BYTES);
            high |= (chunk << 26) & ((0xf << 30) * EACH_FIVE_BYTES);
            // One more than 0 or 15 has none of bits 1 to 3; any other value carries into bit 4 when 14 is added to them.
            uint256 middle = (high + EACH_FIELD) & (0xe * EACH_FIELD);
            return ((middle + 14 * EACH_FIELD) >> 4) & EACH_FIELD;
        }
    }

    /// @dev A one in each of six groups of five bytes, and in each of 24 fields of ten bits.
    uint256 private constant EACH_FIVE_BYTES = 1 | (1 << 40) | (1 << 80) | (1 << 120) | (1 << 160) | (1 << 200);
    uint256 private constant EACH_FIELD = EACH_FIVE_BYTES * (1 | (1 << 10) | (1 << 20) | (1 << 30));
}
