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
    /// @dev A pool of which a slash left more shares per wei counts them anew, 256 old ones as a new one, until it does not:
    /// so shares never overflow, and 10^13 of them or more are worth a wei.
    uint256 private constant MAX_SHARES_PER_WEI = OFFSET << 42;
    uint8 private constant RESCALE_BITS = 8;
    /// @dev Generations after which nothing is left of 144 bits.
    uint16 private constant GENERATIONS_TO_NOTHING = 18;

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

    /// @dev Takes assets from all shares alike. Shares are void when nothing is left; when next to nothing is, a new
    /// generation counts them anew. Nothing happens to a pool from which nothing is taken.
    function take(INodeDelegation.Pool memory pool, uint256 amount) internal pure {
        if (amount == 0) return;
        pool.assets -= uint96(amount);
        if (pool.assets == 0 && pool.shares > 0) {
            pool.shares = 0;
            pool.generation += GENERATIONS_TO_NOTHING;
        }
        while (pool.shares > uint256(pool.assets) * MAX_SHARES_PER_WEI) {
            pool.shares >>= RESCALE_BITS;
            ++pool.generation;
        }
    }

    /// @dev Returns what shares of a generation are now, rounded down.
    function counted(
        INodeDelegation.Pool memory pool,
        uint144 shares,
        uint16 generation
    ) internal pure returns (uint144) {
        uint256 passed = pool.generation - generation;
        return passed < GENERATIONS_TO_NOTHING ? shares >> (passed * RESCALE_BITS) : 0;
    }

    /// @dev Returns the assets that shares are worth.
    function worth(INodeDelegation.Pool memory pool, uint256 shares) internal pure returns (uint256) {
        return Math.mulDiv(shares, uint256(pool.assets) + 1, pool.shares + OFFSET);
    }
}
