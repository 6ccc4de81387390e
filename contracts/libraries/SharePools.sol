// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {INodeDelegation} from "../interfaces/INodeDelegation.sol";

/// @notice Arithmetic of pools of shares. Every rounding is in favour of the pool.
/// @dev Prices count one wei and `OFFSET` shares that nobody holds: who inflates the price of a nearly empty pool loses most
/// of it to them.
library SharePools {
    using SafeCast for uint256;

    /// @dev Shares that nobody holds; also the shares that one wei buys at first.
    uint256 private constant OFFSET = 1_000;
    /// @dev A pool with more shares per wei begins a new generation, so that shares never overflow: less than one part in
    /// 10^13 of it is left.
    uint256 private constant MAX_SHARES_PER_WEI = OFFSET << 44;

    /// @dev Adds assets and returns the shares that they buy.
    function mint(INodeDelegation.Pool memory pool, uint256 amount) internal pure returns (uint256 shares) {
        shares = Math.mulDiv(amount, pool.shares + OFFSET, uint256(pool.assets) + 1);
        pool.assets = (pool.assets + amount).toUint96();
        pool.shares = (pool.shares + shares).toUint144();
    }

    /// @dev Takes shares out and returns the assets that they were worth.
    function burn(INodeDelegation.Pool memory pool, uint256 shares) internal pure returns (uint256 amount) {
        amount = worth(pool, shares);
        pool.assets -= uint96(amount);
        pool.shares -= uint144(shares);
    }

    /// @dev Adds assets to all shares alike.
    function add(INodeDelegation.Pool memory pool, uint256 amount) internal pure {
        pool.assets = (pool.assets + amount).toUint96();
    }

    /// @dev Takes assets from all shares alike; returns true when it begins a new generation.
    function take(INodeDelegation.Pool memory pool, uint256 amount) internal pure returns (bool isEmptied) {
        pool.assets -= uint96(amount);
        isEmptied = pool.shares > uint256(pool.assets) * MAX_SHARES_PER_WEI;
        if (!isEmptied) return false;
        pool.shares = 0;
        ++pool.generation;
    }

    /// @dev Returns the assets that shares are worth.
    function worth(INodeDelegation.Pool memory pool, uint256 shares) internal pure returns (uint256) {
        return Math.mulDiv(shares, uint256(pool.assets) + 1, pool.shares + OFFSET);
    }
}
