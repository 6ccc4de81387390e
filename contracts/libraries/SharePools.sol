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
    /// @dev A slash after which a pool has more shares per wei begins a new generation, so that shares never overflow.
    uint256 private constant MAX_SHARES_PER_WEI = OFFSET << 44;
    /// @dev Nobody joins a pool with more shares per wei: it begins a new generation first. So shares are void only when
    /// their pool lost all but one part in 4,096 since they were bought, or all but one part in 4 * 10^9 at any time.
    uint256 private constant MAX_SHARES_PER_WEI_TO_JOIN = OFFSET << 32;

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
        return _limit(pool, MAX_SHARES_PER_WEI);
    }

    /// @dev Prepares a pool for {mint}; returns true when it begins a new generation.
    function renew(INodeDelegation.Pool memory pool) internal pure returns (bool isEmptied) {
        return _limit(pool, MAX_SHARES_PER_WEI_TO_JOIN);
    }

    /// @dev Returns the assets that shares are worth.
    function worth(INodeDelegation.Pool memory pool, uint256 shares) internal pure returns (uint256) {
        return Math.mulDiv(shares, uint256(pool.assets) + 1, pool.shares + OFFSET);
    }

    /// @dev Voids all shares when there are more of them per wei.
    function _limit(INodeDelegation.Pool memory pool, uint256 maxSharesPerWei) private pure returns (bool isEmptied) {
        isEmptied = pool.shares > uint256(pool.assets) * maxSharesPerWei;
        if (!isEmptied) return false;
        pool.shares = 0;
        ++pool.generation;
    }
}
