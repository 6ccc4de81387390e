// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice An amount in one word, with the least that it was in the newest period and in the one before.
/// @dev From the lowest bit on: amount (96 bits), least of the newest period and of the one before (56 bits each, in 2^40), end of
/// the newest period (40 bits, Unix seconds), and a mark that means what the owner of the word wants (1 bit). The newest
/// period is that of the last increase; it may be over.
type AgedBalance is uint256;

using AgedBalances for AgedBalance global;

/// @notice Balances of which only counts what was there for one to two periods.
/// @dev What counts is the least of this period and of the one before. It is rounded up to a multiple of 2^40, but never above
/// the amount, unless two periods have passed since the last increase. An increase, however small or frequent, never lowers
/// it; a decrease lowers it at once. The length of periods may change: then what was there for one of the shorter ones counts.
library AgedBalances {
    /// @dev What has aged is a multiple of two to this power, while it is not the whole amount.
    uint256 internal constant GRAIN_BITS = 40;

    /// @dev Amounts up to this one, rounded up, fit into 56 bits.
    uint256 private constant LARGEST = (1 << 96) - (1 << GRAIN_BITS);
    uint256 private constant LEAST_MASK = type(uint56).max;
    uint256 private constant LEAST_SHIFT = 96;
    uint256 private constant EARLIER_SHIFT = 152;
    uint256 private constant END_SHIFT = 208;
    uint256 private constant MARK = 1 << 248;
    /// @dev Everything that a new period leaves as it is.
    uint256 private constant KEPT = MARK | type(uint96).max;

    /// @dev Returns the amount, new or not.
    function amount(AgedBalance self) internal pure returns (uint256) {
        return uint96(AgedBalance.unwrap(self));
    }

    /// @dev Returns whether the balance bears the mark.
    function isMarked(AgedBalance self) internal pure returns (bool) {
        return AgedBalance.unwrap(self) & MARK != 0;
    }

    /// @dev Returns the balance with the mark.
    function marked(AgedBalance self) internal pure returns (AgedBalance) {
        return AgedBalance.wrap(AgedBalance.unwrap(self) | MARK);
    }

    /// @dev Returns what counts, for periods of this many seconds.
    function aged(AgedBalance self, uint256 period) internal view returns (uint256) {
        uint256 word = AgedBalance.unwrap(self);
        uint256 all = uint96(word);
        uint256 least = _least(word);
        if (!isOver(self)) {
            uint256 earlier = (word >> EARLIER_SHIFT) & LEAST_MASK;
            if (earlier < least) least = earlier;
        } else if (block.timestamp - _end(word) >= period) {
            return all;
        }
        uint256 counted = least << GRAIN_BITS;
        return counted < all ? counted : all;
    }

    /// @dev Returns whether the newest period is over: before more is added, {begun} has to begin the present one.
    function isOver(AgedBalance self) internal view returns (bool) {
        return block.timestamp >= _end(AgedBalance.unwrap(self));
    }

    /// @dev Begins the present period when the newest one is over. Since the last increase the amount has only fallen, so it
    /// was never less than now.
    function begun(AgedBalance self, uint256 period) internal view returns (AgedBalance) {
        uint256 word = AgedBalance.unwrap(self);
        uint256 end = _end(word);
        uint256 passed = (block.timestamp - end) / period;
        uint256 grains = _grains(uint96(word));
        uint256 earlier = passed == 0 ? _least(word) : grains;
        uint256 next = uint40(end + (passed + 1) * period);
        word = (word & KEPT) | (grains << LEAST_SHIFT) | (earlier << EARLIER_SHIFT) | (next << END_SHIFT);
        return AgedBalance.wrap(word);
    }

    /// @dev Returns the balance with more, which is new. Reverts when the amount no longer fits.
    function plus(AgedBalance self, uint256 by) internal pure returns (AgedBalance) {
        uint256 word = AgedBalance.unwrap(self);
        uint256 sum = uint96(word) + by;
        if (sum > LARGEST) revert SafeCast.SafeCastOverflowedUintDowncast(96, sum);
        return AgedBalance.wrap(word + by);
    }

    /// @dev Returns the balance with less. Reverts when there is not as much.
    function minus(AgedBalance self, uint256 by) internal pure returns (AgedBalance) {
        uint256 word = AgedBalance.unwrap(self);
        uint256 left = _grains(uint96(word) - by);
        word -= by;
        if (left < _least(word)) word = (word & ~(LEAST_MASK << LEAST_SHIFT)) | (left << LEAST_SHIFT);
        return AgedBalance.wrap(word);
    }

    /// @dev Rounded up, so that dust on top never costs anybody what a round amount gives.
    function _grains(uint256 whole) private pure returns (uint256) {
        return (whole + (1 << GRAIN_BITS) - 1) >> GRAIN_BITS;
    }

    function _least(uint256 word) private pure returns (uint256) {
        return (word >> LEAST_SHIFT) & LEAST_MASK;
    }

    function _end(uint256 word) private pure returns (uint256) {
        return uint40(word >> END_SHIFT);
    }
}
