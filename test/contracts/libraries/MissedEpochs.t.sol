// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MissedEpochs} from "../../../contracts/libraries/MissedEpochs.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

/// @dev Compares the search word by word with one that looks at each epoch.
contract MissedEpochsTest is SolidityTest {
    using MissedEpochs for MissedEpochs.Search;

    uint256 private constant WORDS = 3;

    /// @dev Three words of epochs; `thin` takes most missed epochs away, so that searches reach later words.
    function testFuzz_FindsTheEpochThatBreaksTheTerms(
        uint256[WORDS] memory bits,
        uint256[WORDS] memory thin,
        uint256 limits,
        uint256 range
    ) public pure {
        for (uint256 i = 0; i < WORDS; ++i) {
            if (limits & (1 << (200 + i)) != 0) bits[i] &= thin[i] & (thin[i] >> 7) & (thin[i] >> 13);
        }
        uint256 from = range & 255;
        uint256 until = from + 1 + ((range >> 8) % (WORDS * 256 - from));
        MissedEpochs.Search memory search = MissedEpochs.Search({
            allowed: (limits & 0xffff) % 300,
            maxRun: 1 + (((limits >> 16) & 0xffff) % 40),
            missed: 0,
            run: 0,
            next: from,
            brokenAt: 0
        });
        (uint256 missed, uint256 run, uint256 brokenAt) = _model(search, bits, until);
        while (search.next < until && search.brokenAt == 0) {
            uint256 word = search.next >> 8;
            uint256 end = (word + 1) << 8;
            // Pages may end anywhere within a word.
            uint256 page = search.next + 1 + (uint256(keccak256(abi.encode(range, search.next))) % 300);
            if (page < end) end = page;
            search.look(bits[word], end < until ? end : until);
        }
        _equal(search.brokenAt, brokenAt, "broken at");
        _equal(search.missed, missed, "missed");
        _equal(search.run, run, "run");
    }

    function test_TakesAWordOfWhichEveryEpochWasMissed() public pure {
        MissedEpochs.Search memory search = MissedEpochs.Search(1_000, 600, 0, 0, 0, 0);
        for (uint256 word = 0; word < 2; ++word) {
            search.look(type(uint256).max, (word + 1) << 8);
            _equal(search.missed, (word + 1) << 8, "missed");
            _equal(search.run, (word + 1) << 8, "run");
            _equal(search.next, (word + 1) << 8, "next");
            _equal(search.brokenAt, 0, "not broken");
        }
        search.look(type(uint256).max, 3 << 8);
        _equal(search.brokenAt, 600, "broken within the third word");
    }

    function test_BreaksTermsWithTheLastEpochOfAWord() public pure {
        MissedEpochs.Search memory byRun = MissedEpochs.Search(1_000, 256, 0, 0, 0, 0);
        byRun.look(type(uint256).max, 256);
        _equal(byRun.brokenAt, 256, "in a row");
        MissedEpochs.Search memory byTotal = MissedEpochs.Search(255, 1_000, 0, 0, 0, 0);
        byTotal.look(type(uint256).max, 256);
        _equal(byTotal.brokenAt, 256, "in all");
    }

    function _model(
        MissedEpochs.Search memory search,
        uint256[WORDS] memory bits,
        uint256 until
    ) private pure returns (uint256 missed, uint256 run, uint256 brokenAt) {
        for (uint256 epoch = search.next; epoch < until; ++epoch) {
            if ((bits[epoch >> 8] >> (epoch & 255)) & 1 == 0) {
                run = 0;
                continue;
            }
            ++missed;
            ++run;
            if (missed > search.allowed || run == search.maxRun) return (missed, run, epoch + 1);
        }
    }
}
