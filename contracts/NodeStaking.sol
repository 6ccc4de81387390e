// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice Holds the stake of every node, bonded and unbonding.
contract NodeStaking is INodeStaking {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev One slot. `eligible` is what the registry was told last.
    struct NodeStake {
        uint128 bonded;
        uint32 nextUnbondingId;
        uint32 unbondingCount;
        bool eligible;
    }

    struct Totals {
        uint128 staked;
        uint128 unbonding;
    }

    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;
    IERC20 private immutable _token;

    Totals private _totals;
    mapping(uint32 nodeIndex => NodeStake) private _stakes;
    mapping(uint32 identityId => uint256) private _stakeOfIdentity;
    /// @dev Oldest first. Slots from `unbondingCount` on hold old values and are used again, which is cheaper.
    mapping(uint32 nodeIndex => mapping(uint256 position => Unbonding)) private _unbondings;

    modifier onlyOperator(uint32 nodeIndex) {
        if (!_registry.isOperator(nodeIndex, msg.sender)) revert NodeStaking_NotOperator(msg.sender, nodeIndex);
        _;
    }

    modifier onlyRegistry() {
        if (msg.sender != address(_registry)) revert NodeStaking_NotRegistry(msg.sender);
        _;
    }

    constructor(IERC20 token, INodeRegistry registry, INetworkParameters parameters) {
        if (address(token) == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        if (address(registry) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        _token = token;
        _registry = registry;
        _parameters = parameters;
    }

    // Staking

    /// @inheritdoc INodeStaking
    function stake(uint32 nodeIndex, uint256 amount) external {
        _stake(nodeIndex, amount);
    }

    /// @inheritdoc INodeStaking
    function stakeWithPermit(
        uint32 nodeIndex,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        try IERC20Permit(address(_token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _stake(nodeIndex, amount);
    }

    function _stake(uint32 nodeIndex, uint256 amount) private {
        if (amount == 0) revert NodeStaking_ZeroAmount();
        uint32 identityId = _stakeableIdentity(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        node.bonded += amount.toUint128();
        _totals.staked += uint128(amount);
        _stakeOfIdentity[identityId] += amount;
        emit Staked(nodeIndex, msg.sender, amount, node.bonded);
        _storeAndActivate(nodeIndex, node);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    // Unbonding

    /// @inheritdoc INodeStaking
    function requestUnbond(
        uint32 nodeIndex,
        uint256 amount
    ) external onlyOperator(nodeIndex) returns (uint32 unbondingId) {
        return _requestUnbond(nodeIndex, amount, _unlockedIdentity(nodeIndex));
    }

    /// @inheritdoc INodeStaking
    function requestUnbondByOrder(uint32 nodeIndex, uint256 amount) external onlyRegistry returns (uint32 unbondingId) {
        (uint32 identityId, , ) = _registry.ownershipOf(nodeIndex);
        return _requestUnbond(nodeIndex, amount, identityId);
    }

    /// @inheritdoc INodeStaking
    function cancelUnbond(uint32 nodeIndex, uint32 unbondingId) external onlyOperator(nodeIndex) {
        uint32 identityId = _unlockedIdentity(nodeIndex);
        _stakeableIdentity(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        uint128 amount = _removeUnbonding(nodeIndex, node.unbondingCount, unbondingId);
        --node.unbondingCount;
        node.bonded += amount;
        Totals memory totals = _totals;
        _totals = Totals({staked: totals.staked + amount, unbonding: totals.unbonding - amount});
        _stakeOfIdentity[identityId] += amount;
        emit UnbondCancelled(nodeIndex, unbondingId, amount, node.bonded);
        _storeAndActivate(nodeIndex, node);
    }

    /// @inheritdoc INodeStaking
    function withdraw(uint32 nodeIndex, uint256 maxCount) external returns (uint256 amount) {
        _unlockedIdentity(nodeIndex);
        return _withdraw(nodeIndex, maxCount, type(uint256).max);
    }

    /// @inheritdoc INodeStaking
    function withdrawByOrder(uint32 nodeIndex, address recipient, uint256 amount) external onlyRegistry {
        address beneficiary = _registry.beneficiaryOf(nodeIndex);
        if (recipient != beneficiary) revert NodeStaking_WrongRecipient(recipient, beneficiary);
        uint256 paid = _withdraw(nodeIndex, type(uint256).max, amount);
        if (paid != amount) revert NodeStaking_AmountNotMatured(amount, paid);
    }

    // Minimum

    /// @inheritdoc INodeStaking
    function deactivateBelowMinimum(uint32 nodeIndex) external {
        NodeStake storage node = _stakes[nodeIndex];
        uint256 minimum = _parameters.get(ParameterIds.MIN_NODE_STAKE);
        if (node.bonded >= minimum) revert NodeStaking_NotBelowMinimum(nodeIndex, node.bonded, minimum);
        node.eligible = false;
        _registry.setEligible(nodeIndex, false);
    }

    // Views

    /// @inheritdoc INodeStaking
    function stakeOf(uint32 nodeIndex) external view returns (uint256) {
        return _stakes[nodeIndex].bonded;
    }

    /// @inheritdoc INodeStaking
    function stakeOfIdentity(uint32 identityId) external view returns (uint256) {
        return _stakeOfIdentity[identityId];
    }

    /// @inheritdoc INodeStaking
    function unbondingsOf(uint32 nodeIndex) external view returns (Unbonding[] memory unbondings) {
        unbondings = new Unbonding[](_stakes[nodeIndex].unbondingCount);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            unbondings[i] = _unbondings[nodeIndex][i];
        }
    }

    /// @inheritdoc INodeStaking
    function totalStaked() external view returns (uint256) {
        return _totals.staked;
    }

    /// @inheritdoc INodeStaking
    function totalUnbonding() external view returns (uint256) {
        return _totals.unbonding;
    }

    // Internal

    function _requestUnbond(uint32 nodeIndex, uint256 amount, uint32 identityId) private returns (uint32 unbondingId) {
        NodeStake memory node = _stakes[nodeIndex];
        uint128 unbonded = _unbondable(node, amount);
        node.bonded -= unbonded;
        unbondingId = node.nextUnbondingId++;
        uint64 maturesAt = uint64(block.timestamp + _parameters.get(ParameterIds.UNBONDING_PERIOD));
        _unbondings[nodeIndex][node.unbondingCount++] = Unbonding({
            id: unbondingId,
            amount: unbonded,
            maturesAt: maturesAt
        });
        Totals memory totals = _totals;
        _totals = Totals({staked: totals.staked - unbonded, unbonding: totals.unbonding + unbonded});
        _stakeOfIdentity[identityId] -= unbonded;
        emit UnbondRequested(nodeIndex, unbondingId, unbonded, maturesAt, node.bonded);
        bool deactivates = node.eligible && node.bonded == 0;
        if (deactivates) node.eligible = false;
        _stakes[nodeIndex] = node;
        if (deactivates) _registry.setEligible(nodeIndex, false);
    }

    /// @dev Pays matured unbondings to the beneficiary, at most `maxCount` of them and at most `maxAmount` together.
    function _withdraw(uint32 nodeIndex, uint256 maxCount, uint256 maxAmount) private returns (uint256 amount) {
        address beneficiary = _registry.beneficiaryOf(nodeIndex);
        NodeStake storage node = _stakes[nodeIndex];
        uint32 count = node.unbondingCount;
        uint32 kept = 0;
        uint64 nextMaturity = 0;
        for (uint32 i = 0; i < count; ++i) {
            Unbonding memory unbonding = _unbondings[nodeIndex][i];
            bool fits = i - kept < maxCount && unbonding.amount <= maxAmount - amount;
            if (fits && unbonding.maturesAt <= block.timestamp) {
                amount += unbonding.amount;
                emit Withdrawn(nodeIndex, unbonding.id, beneficiary, unbonding.amount);
                continue;
            }
            if (nextMaturity == 0 || unbonding.maturesAt < nextMaturity) nextMaturity = unbonding.maturesAt;
            if (kept != i) _unbondings[nodeIndex][kept] = unbonding;
            ++kept;
        }
        if (amount == 0) revert NodeStaking_NothingMatured(nodeIndex, nextMaturity);
        node.unbondingCount = kept;
        _totals.unbonding -= uint128(amount);
        _token.safeTransfer(beneficiary, amount);
    }

    /// @dev Returns the identity behind a node; reverts while only its root key can move stake.
    function _unlockedIdentity(uint32 nodeIndex) private view returns (uint32 identityId) {
        bool locked;
        (identityId, , locked) = _registry.ownershipOf(nodeIndex);
        if (locked) revert INodeRegistry.NodeRegistry_QuantumLocked(identityId);
    }

    /// @dev Stores a node after its stake grew, and has it activated when it reached the minimum.
    function _storeAndActivate(uint32 nodeIndex, NodeStake memory node) private {
        bool activates = !node.eligible && node.bonded >= _parameters.get(ParameterIds.MIN_NODE_STAKE);
        if (activates) node.eligible = true;
        _stakes[nodeIndex] = node;
        if (activates) _registry.setEligible(nodeIndex, true);
    }

    /// @dev Returns the amount to unbond after checking it against stake, minimum and number of unbondings.
    function _unbondable(NodeStake memory node, uint256 amount) private view returns (uint128) {
        if (amount == type(uint256).max) amount = node.bonded;
        if (amount == 0) revert NodeStaking_ZeroAmount();
        if (amount > node.bonded) revert NodeStaking_InsufficientStake(amount, node.bonded);
        uint256 remainder = node.bonded - amount;
        if (remainder != 0) {
            uint256 minimum = _parameters.get(ParameterIds.MIN_NODE_STAKE);
            if (remainder < minimum) revert NodeStaking_RemainderBelowMinimum(remainder, minimum);
        }
        uint256 max = _parameters.get(ParameterIds.MAX_UNBONDINGS);
        if (node.unbondingCount >= max) revert NodeStaking_TooManyUnbondings(node.unbondingCount, max);
        return uint128(amount);
    }

    /// @dev Takes an unbonding out of the list and closes the gap. Returns its amount.
    function _removeUnbonding(uint32 nodeIndex, uint256 count, uint32 id) private returns (uint128 amount) {
        mapping(uint256 position => Unbonding) storage list = _unbondings[nodeIndex];
        uint256 position = 0;
        while (position < count && list[position].id != id) ++position;
        if (position == count) revert NodeStaking_UnknownUnbonding(nodeIndex, id);
        amount = list[position].amount;
        for (; position + 1 < count; ++position) {
            list[position] = list[position + 1];
        }
    }

    function _stakeableIdentity(uint32 nodeIndex) private view returns (uint32 identityId) {
        bool exited;
        (identityId, exited, ) = _registry.ownershipOf(nodeIndex);
        if (exited) revert NodeStaking_NodeExited(nodeIndex);
    }
}
