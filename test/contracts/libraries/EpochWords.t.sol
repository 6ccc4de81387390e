// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochWords} from "../../../contracts/libraries/EpochWords.sol";
import {bounded, SolidityTest} from "../support/SolidityTest.sol";

contract EpochWordsTest is SolidityTest {
    using EpochWords for EpochWords.Table;

    EpochWords.Table private _table;

    function test_countsBitsAsALoopDoes(uint256 bits) public pure {
        _equal(EpochWords.count(bits), _countSlowly(bits), "random bits");
        _equal(EpochWords.count(bits & (bits >> 7)), _countSlowly(bits & (bits >> 7)), "few bits");
        _equal(EpochWords.count(bits | ~(bits >> 7)), _countSlowly(bits | ~(bits >> 7)), "many bits");
    }

    function test_countsEmptyFullAndSingleBits() public pure {
        _equal(EpochWords.count(0), 0, "no bit");
        _equal(EpochWords.count(type(uint256).max), 256, "every bit");
        for (uint256 i = 0; i < 256; ++i) {
            _equal(EpochWords.count(1 << i), 1, "one bit");
            _equal(EpochWords.count(type(uint256).max >> i), 256 - i, "a run of bits");
        }
    }

    function test_findsTheLowestBit(uint256 bits, uint8 position) public pure {
        uint256 above = (bits << position) << 1;
        _equal(EpochWords.lowest(above | (1 << position)), position, "lowest of random bits");
        _equal(EpochWords.lowest(1 << position), position, "the only bit");
    }

    function test_masksTheEpochsOfARange(uint256 index, uint256 from, uint256 length) public pure {
        index = bounded(index, 0, type(uint56).max - 1);
        uint256 start = index << 8;
        from = bounded(from, start > 600 ? start - 600 : 0, start + 255);
        uint256 until = bounded(length, (from > start ? from : start) + 1, start + 900);
        uint256 mask = EpochWords.rangeMask(index, from, until);
        for (uint256 i = 0; i < 256; ++i) {
            uint256 epoch = start + i;
            _equal((mask >> i) & 1, epoch >= from && epoch < until ? 1 : 0, "bit of an epoch");
        }
    }

    function test_keepsOwnersAndEpochsApart(uint32 owner, uint32 other, uint64 epoch, uint64 another) public {
        CHEATS.assume(owner != other && epoch != another);
        _equal(_table.set(owner, epoch), 0, "word before");
        _equal(_table.word(other, epoch >> 8), 0, "another owner");
        if (epoch >> 8 != another >> 8) _equal(_table.word(owner, another >> 8), 0, "another word");
        _equal(_table.word(owner, epoch >> 8), 1 << (epoch & 255), "word after");
        _equal(_table.set(owner, epoch), 1 << (epoch & 255), "word before the second time");
    }

    function _countSlowly(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) {
            count += bits & 1;
        }
    }
}
