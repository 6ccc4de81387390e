// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {INodeDelegation} from "../interfaces/INodeDelegation.sol";
import {INodeRewards} from "../interfaces/INodeRewards.sol";

/// @notice Stake and delegation pools as rewards see them, with amounts as a test sets them.
contract StakeDouble {
    using SafeERC20 for IERC20;

    struct Bonds {
        uint96 own;
        uint96 pool;
        uint16 commissionBp;
        bool isJailed;
    }

    IERC20 public immutable token;
    INodeRewards private immutable _rewards;
    mapping(uint32 nodeIndex => Bonds) public bondsOf;

    constructor(IERC20 token_, INodeRewards rewards) {
        token = token_;
        _rewards = rewards;
    }

    function setBonds(uint32 nodeIndex, Bonds calldata bonds) external {
        if (bonds.pool != 0) _rewards.settle(nodeIndex, true);
        bondsOf[nodeIndex] = bonds;
        _report(nodeIndex);
    }

    function stake(uint32 nodeIndex, uint256 amount) external {
        bondsOf[nodeIndex].own += uint96(amount);
        _report(nodeIndex);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function addToPool(uint32 nodeIndex, uint256 amount) external {
        bondsOf[nodeIndex].pool += uint96(amount);
        _report(nodeIndex);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function stakeOf(uint32 nodeIndex) external view returns (uint256) {
        return bondsOf[nodeIndex].own;
    }

    function hasDelegators(uint32 nodeIndex) external view returns (bool) {
        return bondsOf[nodeIndex].pool != 0;
    }

    function poolOf(uint32 nodeIndex) external view returns (INodeDelegation.Pool memory pool) {
        pool.assets = bondsOf[nodeIndex].pool;
        pool.shares = pool.assets;
    }

    function commissionBp(uint32 nodeIndex) external view returns (uint256) {
        return bondsOf[nodeIndex].commissionBp;
    }

    function _report(uint32 nodeIndex) private {
        Bonds memory bonds = bondsOf[nodeIndex];
        _rewards.weightChanged(nodeIndex, bonds.isJailed ? 0 : bonds.own + bonds.pool);
    }
}
