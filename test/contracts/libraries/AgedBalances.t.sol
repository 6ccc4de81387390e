// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AgedBalance} from "../../../contracts/libraries/AgedBalances.sol";
import {bounded, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Aged balances against the plain history of an amount.
contract AgedBalancesTest is SolidityTest {
    uint256 private constant STEPS = 24;
    uint256 private constant PERIOD = 1_000;
    uint256 private constant LARGEST = type(uint96).max / STEPS;

    /// @dev The amount from a time on.
    struct Entry {
        uint256 time;
        uint256 amount;
    }

    AgedBalance private _balance;
    Entry[] private _history;

    function setUp() public {
        CHEATS.warp(1_000_000);
        _history.push(Entry({time: 0, amount: 0}));
    }

    /// @dev What counts was there for a period at least, and what was there for two periods counts.
    function test_countsWhatWasThereForOneToTwoPeriods(uint256 seed) public {
        for (uint256 i = 0; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            CHEATS.warp(block.timestamp + ((seed >> 128) % (seed % 4 == 0 ? 4 * PERIOD : PERIOD / 2)));
            uint256 before = _balance.aged(PERIOD);
            bool grows = seed % 3 != 0;
            if (grows) _increase((seed >> 8) % LARGEST);
            else _decrease(bounded(seed >> 8, 0, _balance.amount()));
            uint256 aged = _balance.aged(PERIOD);
            if (grows) _true(aged >= before, "an increase lowers nothing");
            _true(aged <= _balance.amount(), "a decrease counts at once");
            _check();
            CHEATS.warp(block.timestamp + ((seed >> 64) % PERIOD));
            _check();
        }
    }

    function test_dustNeverKeepsAnythingFromCounting(uint96 amount, uint8 gifts) public {
        uint256 first = bounded(amount, 1, LARGEST);
        _increase(first);
        uint256 start = block.timestamp;
        for (uint256 i = 1; i <= gifts; ++i) {
            CHEATS.warp(start + (2 * PERIOD * i) / gifts);
            _increase(1);
        }
        CHEATS.warp(start + 2 * PERIOD);
        _true(_balance.aged(PERIOD) >= first, "counts after two periods");
    }

    function test_keepsTheMarkAndTheAmount(uint96 amount, uint96 taken, uint32 wait) public {
        _balance = _balance.marked();
        _increase(bounded(amount, 1, LARGEST));
        CHEATS.warp(block.timestamp + wait);
        _increase(1);
        uint256 before = _balance.amount();
        uint256 part = bounded(taken, 0, before);
        _decrease(part);
        _true(_balance.isMarked(), "marked");
        _equal(_balance.amount(), before - part, "amount");
    }

    function _increase(uint256 by) private {
        if (_balance.isOver()) _balance = _balance.begun(PERIOD);
        _balance = _balance.plus(by);
        _history.push(Entry({time: block.timestamp, amount: _balance.amount()}));
    }

    function _decrease(uint256 by) private {
        _balance = _balance.minus(by);
        _history.push(Entry({time: block.timestamp, amount: _balance.amount()}));
    }

    function _check() private view {
        uint256 aged = _balance.aged(PERIOD);
        _true(aged <= _rounded(_leastSince(block.timestamp - PERIOD)), "counts nothing newer than a period");
        _true(aged >= _leastSince(block.timestamp - 2 * PERIOD), "counts what is older than two");
    }

    /// @dev Least amount since a time, that which was in force then included.
    function _leastSince(uint256 time) private view returns (uint256 least) {
        least = type(uint256).max;
        for (uint256 i = _history.length; i > 0; --i) {
            Entry memory entry = _history[i - 1];
            if (entry.amount < least) least = entry.amount;
            if (entry.time <= time) return least;
        }
    }

    function _rounded(uint256 amount) private pure returns (uint256) {
        return ((amount + (1 << 40) - 1) >> 40) << 40;
    }
}
