// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Bits of epochs, 256 to a word, for any number of owners (nodes or shards).
/// @dev A word that was never written costs nothing and reads as "no epoch". Owners are below 2^192.
library EpochWords {
    /// @notice The words of all owners, by {keyOf}.
    struct Table {
        mapping(uint256 key => uint256 word) words;
    }

    /// @dev Sets the bit of an epoch and returns the word as it was before.
    function set(Table storage table, uint256 owner, uint64 epoch) internal returns (uint256 previous) {
        uint256 key = keyOf(owner, epoch >> 8);
        previous = table.words[key];
        table.words[key] = previous | (1 << (epoch & 255));
    }

    /// @dev Returns true when the bit of an epoch is set.
    function has(Table storage table, uint256 owner, uint64 epoch) internal view returns (bool) {
        return (table.words[keyOf(owner, epoch >> 8)] >> (epoch & 255)) & 1 == 1;
    }

    /// @dev Returns the word with number `index`: the bits of epochs `[256 * index, 256 * index + 256)`.
    function word(Table storage table, uint256 owner, uint256 index) internal view returns (uint256) {
        return table.words[keyOf(owner, index)];
    }

    /// @dev Returns the key of a word of an owner; also used for words of words (summaries).
    function keyOf(uint256 owner, uint256 index) internal pure returns (uint256) {
        return (owner << 64) | index;
    }

    /// @dev Returns the bits of word `index` that lie in the epochs `[from, until)`. The word and the range must overlap.
    function rangeMask(uint256 index, uint256 from, uint256 until) internal pure returns (uint256 mask) {
        unchecked {
            // The shifts are taken only when the range begins or ends within the word.
            uint256 start = index << 8;
            mask = type(uint256).max;
            if (from > start) mask <<= from - start;
            if (until < start + 256) mask &= (1 << (until - start)) - 1;
        }
    }

    /// @dev Returns the number of set bits.
    function count(uint256 bits) internal pure returns (uint256) {
        unchecked {
            // No bit or one, as in most words that hold something.
            if (bits & (bits - 1) == 0) return bits == 0 ? 0 : 1;
            // Sums neighbours in place: lanes of 2, 4, 8 and 16 bits. The product then adds all sixteen lanes into the
            // highest one, where 256 still fits.
            bits -= (bits >> 1) & 0x5555555555555555555555555555555555555555555555555555555555555555;
            bits =
                (bits & 0x3333333333333333333333333333333333333333333333333333333333333333) +
                ((bits >> 2) & 0x3333333333333333333333333333333333333333333333333333333333333333);
            bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
            bits = (bits + (bits >> 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            return (bits * 0x0001000100010001000100010001000100010001000100010001000100010001) >> 240;
        }
    }

    /// @dev Returns the position of the lowest set bit. `bits` must not be zero.
    function lowest(uint256 bits) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            // CLZ (EIP-7939) counts the zeros above the only bit that remains.
            position := sub(255, clz(and(bits, sub(0, bits))))
        }
    }

    /// @dev Ends the call with the entries of an owner, by {keyOf}, for several epochs, encoded as `bytes32[]`. In
    /// assembly because proofs read a hundred.
    function returnAll(
        mapping(uint256 key => bytes32) storage entries,
        uint256 owner,
        uint64[] calldata epochs
    ) internal view {
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, 0x20)
            mstore(add(data, 0x20), epochs.length)
            let to := add(data, 0x40)
            mstore(0x20, entries.slot)
            owner := shl(64, owner)
            let excess := 0
            for {
                let from := epochs.offset
            } lt(from, add(epochs.offset, shl(5, epochs.length))) {
                from := add(from, 0x20)
            } {
                let epoch := calldataload(from)
                excess := or(excess, epoch)
                mstore(0, or(owner, epoch))
                mstore(to, sload(keccak256(0, 0x40)))
                to := add(to, 0x20)
            }
            if shr(64, excess) {
                revert(0, 0)
            }
            return(data, sub(to, data))
        }
    }

    /// @dev Returns the bits of word `index` that lie in the epochs `[from, until)`, which it need not overlap.
    function bitsWithin(uint256 index, uint256 from, uint256 until) internal pure returns (uint256) {
        if (from >= until || (index << 8) + 256 <= from || index << 8 >= until) return 0;
        return rangeMask(index, from, until);
    }

    /// @dev Emits an event about an owner and the epochs of a word, an `uint64[]`. In assembly because there may be hundreds.
    function emitEpochs(bytes32 selector, uint256 owner, uint256 index, uint256 bits) internal {
        assembly ("memory-safe") {
            let data := mload(0x40)
            let start := add(data, 0x40)
            let to := start
            for {
                let first := shl(8, index)
            } bits {
                bits := and(bits, sub(bits, 1))
            } {
                mstore(to, add(first, sub(255, clz(and(bits, sub(0, bits))))))
                to := add(to, 0x20)
            }
            mstore(data, 0x20)
            mstore(add(data, 0x20), shr(5, sub(to, start)))
            log2(data, sub(to, data), selector, owner)
        }
    }
}
