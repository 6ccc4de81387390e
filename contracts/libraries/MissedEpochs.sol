// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {EpochWords} from "./EpochWords.sol";

/// @notice Finds the epoch in which missed epochs break the terms of a lease: too many in all, or too many in a row.
/// @dev Words are looked at in ascending order. What comes out depends on the epochs alone, not on how they are cut into
/// pages.
library MissedEpochs {
    using EpochWords for uint256;

    /// @notice A search under way.
    /// @param allowed Missed epochs that break nothing.
    /// @param maxRun Missed epochs in a row that break the terms.
    /// @param missed Missed epochs so far.
    /// @param run Missed epochs in a row up to `next`.
    /// @param next First epoch that was not looked at.
    /// @param brokenAt First epoch after the one that broke the terms; 0 while none did.
    struct Search {
        uint256 allowed;
        uint256 maxRun;
        uint256 missed;
        uint256 run;
        uint256 next;
        uint256 brokenAt;
    }

    /// @dev Looks at the epochs `[search.next, until)`, which lie in one word; bit i of `bits` is set when epoch
    /// 256 * word + i was missed.
    function look(Search memory search, uint256 bits, uint256 until) internal pure {
        uint256 start = search.next & ~uint256(255);
        bits &= EpochWords.rangeMask(start >> 8, search.next, until);
        while (bits != 0 && search.brokenAt == 0) {
            uint256 first = bits.lowest();
            uint256 above = ~(bits >> first);
            uint256 length = above == 0 ? 256 : above.lowest();
            if (start + first != search.next) search.run = 0;
            _take(search, start + first, length);
            bits = first + length > 255 ? 0 : bits & (type(uint256).max << (first + length));
        }
        if (search.brokenAt != 0) return;
        if (search.next != until) search.run = 0;
        search.next = until;
    }

    /// @dev Returns the epochs of a word that lie in active intervals of a node, as bits.
    function activeIn(uint64 word, INodeRegistry.Interval[] memory intervals) internal pure returns (uint256 active) {
        for (uint256 i = 0; i < intervals.length; ++i) {
            active |= EpochWords.bitsWithin(word, intervals[i].from, intervals[i].until);
        }
    }

    /// @dev Takes `length` missed epochs in a row from epoch `first` on.
    function _take(Search memory search, uint256 first, uint256 length) private pure {
        uint256 toTotal = search.allowed + 1 - search.missed;
        uint256 toRun = search.maxRun - search.run;
        uint256 needed = toTotal < toRun ? toTotal : toRun;
        if (length > needed) length = needed;
        search.missed += length;
        search.run += length;
        search.next = first + length;
        if (length == needed) search.brokenAt = search.next;
    }
}
