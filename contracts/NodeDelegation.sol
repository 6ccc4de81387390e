// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEntryPause} from "./interfaces/IEntryPause.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeDelegation} from "./interfaces/INodeDelegation.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeRewards} from "./interfaces/INodeRewards.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {SharePools} from "./libraries/SharePools.sol";

/// @notice Holds what is delegated to nodes, pooled and unbonding.
contract NodeDelegation is INodeDelegation {
    using SafeERC20 for IERC20;
    using SharePools for Pool;

    /// @dev One slot. Shares of an earlier generation than the pool's count as {SharePools-counted} says.
    struct Position {
        uint144 shares;
        uint16 generation;
        uint32 nextUnbondingId;
        uint8 unbondingCount;
    }

    /// @dev One slot. Shares of what is unbonding from the node's pool.
    struct UnbondingShares {
        uint144 shares;
        uint16 generation;
        uint32 id;
        uint64 maturesAt;
    }

    /// @dev Two slots. What slashes took, in MESH wei, since all of before were past pardon; `ofPool` and `ofUnbondings` is what
    /// those have lost of it who are in there now. Who withdrew, or holds void shares, is in neither.
    struct Losses {
        uint64 pardonableUntil;
        uint96 taken;
        uint96 ofPool;
        uint96 ofUnbondings;
    }

    /// @notice Smallest delegation in MESH wei: rounding is nothing beside it.
    uint256 public constant MIN_DELEGATION = 1e18;
    /// @notice Largest number of unbondings of a delegator at a node.
    uint256 public constant MAX_UNDELEGATIONS = 32;

    IERC20 private immutable _token;
    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;
    address private immutable _rewards;
    address private immutable _slashing;
    address private immutable _deployer;

    INodeStaking private _staking;
    mapping(uint32 nodeIndex => Losses) private _losses;
    mapping(uint32 nodeIndex => Pool) private _pools;
    mapping(uint32 nodeIndex => Pool) private _unbondingPools;
    mapping(uint32 nodeIndex => Commission) private _commissions;
    mapping(uint32 nodeIndex => mapping(address delegator => Position)) private _positions;
    /// @dev Oldest first. Slots from `unbondingCount` on hold old values and are used again, which is cheaper.
    mapping(uint32 nodeIndex => mapping(address delegator => mapping(uint256 position => UnbondingShares)))
        private _unbondings;

    constructor(
        IERC20 token,
        INodeRegistry registry,
        INetworkParameters parameters,
        address rewards,
        address slashing
    ) {
        if (address(token) == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        if (address(registry) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        if (rewards == address(0)) revert IGoverned.Governed_ZeroAddress("rewards");
        if (slashing == address(0)) revert IGoverned.Governed_ZeroAddress("slashing");
        _token = token;
        _registry = registry;
        _parameters = parameters;
        _rewards = rewards;
        _slashing = slashing;
        _deployer = msg.sender;
    }

    /// @inheritdoc INodeDelegation
    function bindStaking(address staking_) external {
        if (msg.sender != _deployer || address(_staking) != address(0)) {
            revert IGoverned.Governed_BindingClosed(msg.sender);
        }
        if (staking_ == address(0)) revert IGoverned.Governed_ZeroAddress("staking");
        _staking = INodeStaking(staking_);
        emit StakingBound(staking_);
    }

    // Delegators

    /// @inheritdoc INodeDelegation
    function delegate(uint32 nodeIndex, uint256 amount, uint256 minShares) external returns (uint256 shares) {
        return _delegate(nodeIndex, amount, minShares);
    }

    /// @inheritdoc INodeDelegation
    function delegateWithPermit(
        uint32 nodeIndex,
        uint256 amount,
        uint256 minShares,
        Permit calldata permit
    ) external returns (uint256 shares) {
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = (permit.deadline, permit.v, permit.r, permit.s);
        try IERC20Permit(address(_token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        return _delegate(nodeIndex, amount, minShares);
    }

    /// @inheritdoc INodeDelegation
    function undelegate(uint32 nodeIndex, uint256 shares, uint256 minAmount) external returns (uint32 unbondingId) {
        Pool memory pool = _pools[nodeIndex];
        Position memory position = _positionIn(pool, nodeIndex, msg.sender);
        if (shares == type(uint256).max) shares = position.shares;
        if (shares == 0) revert NodeDelegation_ZeroAmount();
        if (shares > position.shares) revert NodeDelegation_InsufficientShares(shares, position.shares);
        if (position.unbondingCount >= MAX_UNDELEGATIONS) {
            revert NodeDelegation_TooManyUnbondings(position.unbondingCount, MAX_UNDELEGATIONS);
        }
        position.shares -= uint144(shares);
        uint256 lossPart = Math.mulDiv(_openLosses(nodeIndex).ofPool, shares, pool.shares);
        uint256 amount = pool.burn(shares);
        if (amount < minAmount) revert NodeDelegation_TooSmallAmount(amount, minAmount);
        unbondingId = position.nextUnbondingId++;
        UnbondingShares memory unbonding = _startUnbonding(nodeIndex, amount, unbondingId);
        if (lossPart > 0) _moveLoss(nodeIndex, uint96(lossPart));
        _unbondings[nodeIndex][msg.sender][position.unbondingCount++] = unbonding;
        _positions[nodeIndex][msg.sender] = position;
        _pools[nodeIndex] = pool;
        emit Undelegated(
            nodeIndex,
            msg.sender,
            unbondingId,
            amount,
            shares,
            unbonding.shares,
            unbonding.maturesAt,
            pool.assets,
            pool.shares
        );
        _staking.setPool(nodeIndex, pool.assets, false);
    }

    /// @inheritdoc INodeDelegation
    function cancelUndelegation(
        uint32 nodeIndex,
        uint32 unbondingId,
        uint256 minShares
    ) external returns (uint256 shares) {
        _requireNoPardon(nodeIndex);
        INodeRewards(_rewards).settle(nodeIndex, true);
        Pool memory pool = _pools[nodeIndex];
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        Position memory position = _positionIn(pool, nodeIndex, msg.sender);
        uint256 amount = _redeem(unbondingPool, _removeUnbonding(nodeIndex, position.unbondingCount, unbondingId));
        --position.unbondingCount;
        shares = pool.mint(amount);
        if (shares < minShares) revert NodeDelegation_TooFewShares(shares, minShares);
        position.shares += uint144(shares);
        _positions[nodeIndex][msg.sender] = position;
        _unbondingPools[nodeIndex] = unbondingPool;
        _pools[nodeIndex] = pool;
        emit UndelegationCancelled(nodeIndex, msg.sender, unbondingId, amount, shares, pool.assets, pool.shares);
        _staking.setPool(nodeIndex, pool.assets, true);
    }

    /// @inheritdoc INodeDelegation
    function withdrawDelegation(
        uint32 nodeIndex,
        address delegator,
        uint256 maxCount
    ) external returns (uint256 amount) {
        if (msg.sender != delegator) _requireNoPardonFor(nodeIndex, delegator);
        uint64 payableUntil = _staking.withdrawableUntil(nodeIndex);
        mapping(uint256 position => UnbondingShares) storage list = _unbondings[nodeIndex][delegator];
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        uint256 sharesBefore = unbondingPool.shares;
        uint8 count = _positions[nodeIndex][delegator].unbondingCount;
        uint8 kept = 0;
        uint64 nextMaturity = 0;
        for (uint8 i = 0; i < count; ++i) {
            UnbondingShares memory unbonding = list[i];
            if (i - kept < maxCount && unbonding.maturesAt <= payableUntil) {
                uint256 part = _redeem(unbondingPool, unbonding);
                amount += part;
                emit DelegationWithdrawn(nodeIndex, delegator, unbonding.id, part);
                continue;
            }
            if (nextMaturity == 0 || unbonding.maturesAt < nextMaturity) nextMaturity = unbonding.maturesAt;
            if (kept != i) list[kept] = unbonding;
            ++kept;
        }
        if (kept == count) revert NodeDelegation_NothingMatured(nodeIndex, delegator, nextMaturity);
        _positions[nodeIndex][delegator].unbondingCount = kept;
        _unbondingPools[nodeIndex] = unbondingPool;
        _forgetLoss(nodeIndex, sharesBefore, unbondingPool.shares);
        if (amount > 0) _token.safeTransfer(delegator, amount);
    }

    // Operators

    /// @inheritdoc INodeDelegation
    function setCommission(uint32 nodeIndex, uint16 bp) external {
        if (!_registry.isOperator(nodeIndex, msg.sender)) revert NodeDelegation_NotOperator(msg.sender, nodeIndex);
        uint256 max = _parameters.get(ParameterIds.MAX_COMMISSION_BP);
        if (bp > max) revert NodeDelegation_CommissionTooHigh(bp, max);
        uint16 inForce = uint16(commissionBp(nodeIndex));
        uint64 fromTime = uint64(block.timestamp);
        if (bp > inForce) {
            fromTime += uint64(_parameters.get(ParameterIds.COMMISSION_RAISE_DELAY));
            _commissions[nodeIndex] = Commission({bp: inForce, nextBp: bp, nextFrom: fromTime});
        } else {
            _commissions[nodeIndex] = Commission({bp: bp, nextBp: 0, nextFrom: 0});
        }
        emit CommissionSet(nodeIndex, bp, fromTime);
    }

    // Rewards and slashes

    /// @inheritdoc INodeDelegation
    function addToPool(uint32 nodeIndex, uint256 amount) external {
        if (msg.sender != _rewards) revert NodeDelegation_NotPayer(msg.sender);
        Pool memory pool = _pools[nodeIndex];
        if (pool.shares == 0) revert NodeDelegation_EmptyPool(nodeIndex);
        pool.add(amount);
        _pools[nodeIndex] = pool;
        emit PoolGrew(nodeIndex, amount, pool.assets);
        _staking.setPool(nodeIndex, pool.assets, false);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeDelegation
    function slashPool(uint32 nodeIndex, uint256 amount, uint64 until) external returns (uint256 assetsAfter) {
        if (msg.sender != address(_staking)) revert NodeDelegation_NotStaking(msg.sender);
        Pool memory pool = _pools[nodeIndex];
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        uint256 unbondingPart = (amount * unbondingPool.assets) / (uint256(pool.assets) + unbondingPool.assets);
        (uint16 generation, uint16 unbondingGeneration) = (pool.generation, unbondingPool.generation);
        pool.take(amount - unbondingPart);
        unbondingPool.take(unbondingPart);
        _pools[nodeIndex] = pool;
        _unbondingPools[nodeIndex] = unbondingPool;
        assetsAfter = pool.assets;
        emit PoolSlashed(nodeIndex, amount - unbondingPart, assetsAfter, unbondingPart, unbondingPool.assets);
        if (pool.generation != generation) _tellGeneration(nodeIndex, false, pool);
        if (unbondingPool.generation != unbondingGeneration) _tellGeneration(nodeIndex, true, unbondingPool);
        Losses memory losses = _openLosses(nodeIndex);
        if (until > block.timestamp) {
            losses.taken += uint96(amount);
            losses.ofPool += uint96(amount - unbondingPart);
            losses.ofUnbondings += uint96(unbondingPart);
        }
        if (pool.shares == 0) losses.ofPool = 0;
        if (unbondingPool.shares == 0) losses.ofUnbondings = 0;
        if (until > losses.pardonableUntil) losses.pardonableUntil = until;
        _losses[nodeIndex] = losses;
        _token.safeTransfer(_slashing, amount);
    }

    /// @inheritdoc INodeDelegation
    function restorePool(uint32 nodeIndex, uint256 amount) external {
        if (msg.sender != _slashing) revert NodeDelegation_NotSlashing(msg.sender);
        (uint256 poolPart, uint256 unbondingPart) = restorableOf(nodeIndex, amount);
        Losses memory losses = _losses[nodeIndex];
        uint256 left = losses.taken - amount;
        // Not what is given back is taken off but what is left is kept, rounded down: the sums never exceed what was taken.
        losses.ofPool = uint96((losses.ofPool * left) / losses.taken);
        losses.ofUnbondings = uint96((losses.ofUnbondings * left) / losses.taken);
        losses.taken = uint96(left);
        _losses[nodeIndex] = losses;
        Pool memory pool = _pools[nodeIndex];
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        pool.add(poolPart);
        unbondingPool.add(unbondingPart);
        _pools[nodeIndex] = pool;
        _unbondingPools[nodeIndex] = unbondingPool;
        emit PoolRestored(nodeIndex, poolPart, pool.assets, unbondingPart, unbondingPool.assets);
        _staking.setPool(nodeIndex, pool.assets, false);
        _token.safeTransferFrom(msg.sender, address(this), poolPart + unbondingPart);
    }

    // Views

    /// @inheritdoc INodeDelegation
    function poolOf(uint32 nodeIndex) external view returns (Pool memory) {
        return _pools[nodeIndex];
    }

    /// @inheritdoc INodeDelegation
    function unbondingPoolOf(uint32 nodeIndex) external view returns (Pool memory) {
        return _unbondingPools[nodeIndex];
    }

    /// @inheritdoc INodeDelegation
    function hasDelegators(uint32 nodeIndex) external view returns (bool) {
        return _pools[nodeIndex].shares > 0;
    }

    /// @inheritdoc INodeDelegation
    function pardonableUntil(uint32 nodeIndex) external view returns (uint64) {
        return _losses[nodeIndex].pardonableUntil;
    }

    /// @inheritdoc INodeDelegation
    function restorableOf(
        uint32 nodeIndex,
        uint256 amount
    ) public view returns (uint256 poolPart, uint256 unbondingPart) {
        Losses memory losses = _openLosses(nodeIndex);
        if (amount > losses.taken) revert NodeDelegation_NotTaken(nodeIndex, amount, losses.taken);
        if (amount == 0) return (0, 0);
        poolPart = (amount * losses.ofPool) / losses.taken;
        unbondingPart = (amount * losses.ofUnbondings) / losses.taken;
    }

    /// @inheritdoc INodeDelegation
    function slashableOf(uint32 nodeIndex) external view returns (uint256) {
        return uint256(_pools[nodeIndex].assets) + _unbondingPools[nodeIndex].assets;
    }

    /// @inheritdoc INodeDelegation
    function delegationOf(uint32 nodeIndex, address delegator) external view returns (uint256 shares, uint256 amount) {
        Pool memory pool = _pools[nodeIndex];
        shares = _positionIn(pool, nodeIndex, delegator).shares;
        amount = pool.worth(shares);
    }

    /// @inheritdoc INodeDelegation
    function undelegationsOf(
        uint32 nodeIndex,
        address delegator
    ) external view returns (DelegatedUnbonding[] memory unbondings) {
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        unbondings = new DelegatedUnbonding[](_positions[nodeIndex][delegator].unbondingCount);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            UnbondingShares memory unbonding = _unbondings[nodeIndex][delegator][i];
            uint144 shares = unbondingPool.counted(unbonding.shares, unbonding.generation);
            unbondings[i] = DelegatedUnbonding({
                id: unbonding.id,
                amount: unbondingPool.worth(shares),
                maturesAt: unbonding.maturesAt
            });
        }
    }

    /// @inheritdoc INodeDelegation
    function commissionOf(uint32 nodeIndex) external view returns (Commission memory) {
        return _commissions[nodeIndex];
    }

    /// @inheritdoc INodeDelegation
    function commissionBp(uint32 nodeIndex) public view returns (uint256) {
        Commission memory commission = _commissions[nodeIndex];
        bool isRaised = commission.nextFrom != 0 && block.timestamp >= commission.nextFrom;
        return isRaised ? commission.nextBp : commission.bp;
    }

    // Internal

    function _delegate(uint32 nodeIndex, uint256 amount, uint256 minShares) private returns (uint256 shares) {
        if (amount < MIN_DELEGATION) revert NodeDelegation_BelowMinimum(amount, MIN_DELEGATION);
        _requireNoPardon(nodeIndex);
        INodeRewards(_rewards).settle(nodeIndex, true);
        Pool memory pool = _pools[nodeIndex];
        Position memory position = _positionIn(pool, nodeIndex, msg.sender);
        if (position.shares == 0) _parameters.requireEntry(IEntryPause.EntryArea.Delegation);
        shares = pool.mint(amount);
        if (shares < minShares || shares == 0) revert NodeDelegation_TooFewShares(shares, minShares);
        position.shares += uint144(shares);
        _positions[nodeIndex][msg.sender] = position;
        _pools[nodeIndex] = pool;
        emit Delegated(nodeIndex, msg.sender, amount, shares, pool.assets, pool.shares);
        _staking.setPool(nodeIndex, pool.assets, true);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @dev Moves an amount into what is unbonding from a node.
    function _startUnbonding(
        uint32 nodeIndex,
        uint256 amount,
        uint32 id
    ) private returns (UnbondingShares memory unbonding) {
        Pool memory unbondingPool = _unbondingPools[nodeIndex];
        unbonding.shares = uint144(unbondingPool.mint(amount));
        unbonding.generation = unbondingPool.generation;
        unbonding.id = id;
        unbonding.maturesAt = uint64(block.timestamp + _parameters.get(ParameterIds.UNBONDING_PERIOD));
        _unbondingPools[nodeIndex] = unbondingPool;
    }

    /// @dev Takes the caller's unbonding out of its list and closes the gap.
    function _removeUnbonding(
        uint32 nodeIndex,
        uint256 count,
        uint32 id
    ) private returns (UnbondingShares memory unbonding) {
        mapping(uint256 position => UnbondingShares) storage list = _unbondings[nodeIndex][msg.sender];
        uint256 position = 0;
        while (position < count && list[position].id != id) ++position;
        if (position == count) revert NodeDelegation_UnknownUnbonding(nodeIndex, msg.sender, id);
        unbonding = list[position];
        for (; position + 1 < count; ++position) {
            list[position] = list[position + 1];
        }
    }

    /// @dev Who joined between a slash and its pardon would get a part of what others lost.
    function _requireNoPardon(uint32 nodeIndex) private view {
        uint64 until = _losses[nodeIndex].pardonableUntil;
        if (block.timestamp < until) revert NodeDelegation_Pardonable(nodeIndex, until);
    }

    /// @dev Who was paid before a pardon gets no part of it: until then nobody pays somebody else.
    function _requireNoPardonFor(uint32 nodeIndex, address delegator) private view {
        uint64 until = _losses[nodeIndex].pardonableUntil;
        if (block.timestamp < until) revert NodeDelegation_NotDelegator(msg.sender, delegator, until);
    }

    function _tellGeneration(uint32 nodeIndex, bool isUnbonding, Pool memory pool) private {
        if (pool.shares == 0) emit PoolEmptied(nodeIndex, isUnbonding, pool.generation);
        else emit PoolRescaled(nodeIndex, isUnbonding, pool.generation, pool.shares);
    }

    /// @dev Returns a delegator's position with shares of the pool's generation.
    function _positionIn(
        Pool memory pool,
        uint32 nodeIndex,
        address delegator
    ) private view returns (Position memory position) {
        position = _positions[nodeIndex][delegator];
        if (position.generation == pool.generation) return position;
        position.shares = pool.counted(position.shares, position.generation);
        position.generation = pool.generation;
    }

    /// @dev Returns what can still be given back; nothing once all slashes are past pardon.
    function _openLosses(uint32 nodeIndex) private view returns (Losses memory losses) {
        losses.pardonableUntil = _losses[nodeIndex].pardonableUntil;
        if (block.timestamp < losses.pardonableUntil) return _losses[nodeIndex];
    }

    /// @dev Notes that who lost this is unbonding now.
    function _moveLoss(uint32 nodeIndex, uint96 amount) private {
        _losses[nodeIndex].ofPool -= amount;
        _losses[nodeIndex].ofUnbondings += amount;
    }

    /// @dev Notes that shares of what is unbonding were paid: nothing is given back to them.
    function _forgetLoss(uint32 nodeIndex, uint256 sharesBefore, uint256 sharesAfter) private {
        uint256 ofUnbondings = _openLosses(nodeIndex).ofUnbondings;
        if (ofUnbondings == 0 || sharesBefore == 0) return;
        _losses[nodeIndex].ofUnbondings = uint96(Math.mulDiv(ofUnbondings, sharesAfter, sharesBefore));
    }

    /// @dev Takes the shares of an unbonding out of a pool.
    function _redeem(Pool memory unbondingPool, UnbondingShares memory unbonding) private pure returns (uint256) {
        return unbondingPool.burn(unbondingPool.counted(unbonding.shares, unbonding.generation));
    }
}
