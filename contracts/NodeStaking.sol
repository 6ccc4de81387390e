// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IEntryPause} from "./interfaces/IEntryPause.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeDelegation} from "./interfaces/INodeDelegation.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeRewards} from "./interfaces/INodeRewards.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IQuadraticVotes} from "./interfaces/IQuadraticVotes.sol";
import {AgedBalance} from "./libraries/AgedBalances.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice Holds the stake of every node, bonded and unbonding.
contract NodeStaking is INodeStaking {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev One slot: parameters that every unbonding needs, kept for as long as they cannot change.
    struct Terms {
        uint96 minimum;
        uint64 unbondingPeriod;
        uint64 validUntil;
    }

    /// @dev One slot, which every stake writes. No sum exceeds the supply of MESH, which has 90 bits.
    struct Totals {
        uint96 held;
        uint40 voteAgeRamp;
    }

    /// @dev Stake of all nodes of an identity, marked when votes are told of every fall.
    struct IdentityStake {
        AgedBalance balance;
    }

    /// @dev What a slash still has to take, and what is left to take it from.
    struct SlashRest {
        uint256 amount;
        uint256 total;
    }

    /// @inheritdoc INodeStaking
    uint256 public constant override maxUnbondings = 32;

    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;
    IERC20 private immutable _token;
    INodeRewards private immutable _rewards;
    address private immutable _slashing;
    /// @dev Shortest notice of the parameters in `_terms`: nothing that is announced later can be in force sooner.
    uint64 private immutable _termsLifetime;

    /// @inheritdoc INodeStaking
    INodeDelegation public immutable override delegation;

    IQuadraticVotes private immutable _votes;

    Totals private _totals;
    Terms private _terms;
    mapping(uint32 nodeIndex => NodeStake) private _stakes;
    mapping(uint32 identityId => IdentityStake) private _identities;
    /// @dev Oldest first. Slots from `unbondingCount` on hold old values and are used again, which is cheaper.
    mapping(uint32 nodeIndex => mapping(uint256 position => Unbonding)) private _unbondings;
    mapping(uint32 nodeIndex => uint64) private _heldUntil;

    modifier onlyRegistry() {
        if (msg.sender != address(_registry)) revert NodeStaking_NotRegistry(msg.sender);
        _;
    }

    modifier onlySlashing() {
        if (msg.sender != _slashing) revert NodeStaking_NotSlashing(msg.sender);
        _;
    }

    constructor(Links memory links) {
        if (links.token == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        if (links.registry == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (links.parameters == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        if (links.rewards == address(0)) revert IGoverned.Governed_ZeroAddress("rewards");
        if (links.delegation == address(0)) revert IGoverned.Governed_ZeroAddress("delegation");
        if (links.slashing == address(0)) revert IGoverned.Governed_ZeroAddress("slashing");
        _token = IERC20(links.token);
        _registry = INodeRegistry(links.registry);
        _parameters = INetworkParameters(links.parameters);
        _rewards = INodeRewards(links.rewards);
        delegation = INodeDelegation(links.delegation);
        if (links.votes == address(0)) revert IGoverned.Governed_ZeroAddress("votes");
        _slashing = links.slashing;
        _votes = IQuadraticVotes(links.votes);
        _totals.voteAgeRamp = uint40(_parameters.get(ParameterIds.VOTE_AGE_RAMP));
        uint64 notice = _parameters.parameter(ParameterIds.MIN_NODE_STAKE).notice;
        uint64 otherNotice = _parameters.parameter(ParameterIds.UNBONDING_PERIOD).notice;
        _termsLifetime = notice < otherNotice ? notice : otherNotice;
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
        if (msg.sender != address(_rewards)) _settle(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        if (!node.eligible) _parameters.requireEntry(IEntryPause.EntryArea.Stake);
        uint256 weightBefore = _weight(node);
        node.bonded = (node.bonded + amount).toUint96();
        _totals.held += uint96(amount);
        _raise(identityId, amount);
        emit Staked(nodeIndex, msg.sender, amount, node.bonded);
        _storeGrown(nodeIndex, node, weightBefore);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    // Unbonding

    /// @inheritdoc INodeStaking
    function requestUnbond(uint32 nodeIndex, uint256 amount) external returns (uint32 unbondingId) {
        (uint32 identityId, ) = _operatedIdentity(nodeIndex);
        return _requestUnbond(nodeIndex, amount, identityId);
    }

    /// @inheritdoc INodeStaking
    function requestUnbondByOrder(uint32 nodeIndex, uint256 amount) external onlyRegistry returns (uint32 unbondingId) {
        (uint32 identityId, , ) = _registry.ownershipOf(nodeIndex);
        return _requestUnbond(nodeIndex, amount, identityId);
    }

    /// @inheritdoc INodeStaking
    function cancelUnbond(uint32 nodeIndex, uint32 unbondingId) external {
        (uint32 identityId, bool exited) = _operatedIdentity(nodeIndex);
        if (exited) revert NodeStaking_NodeExited(nodeIndex);
        _settle(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        uint256 weightBefore = _weight(node);
        uint128 amount = _removeUnbonding(nodeIndex, node.unbondingCount, unbondingId);
        --node.unbondingCount;
        node.bonded += uint96(amount);
        _raise(identityId, amount);
        emit UnbondCancelled(nodeIndex, unbondingId, amount, node.bonded);
        _storeGrown(nodeIndex, node, weightBefore);
    }

    /// @inheritdoc INodeStaking
    function withdraw(uint32 nodeIndex, uint256 maxCount) external returns (uint256 amount) {
        (uint32 identityId, , bool locked) = _registry.ownershipOf(nodeIndex);
        if (locked) revert INodeRegistry.NodeRegistry_QuantumLocked(identityId);
        return _withdraw(nodeIndex, maxCount, type(uint256).max);
    }

    /// @inheritdoc INodeStaking
    function withdrawByOrder(uint32 nodeIndex, address recipient, uint256 amount) external onlyRegistry {
        address beneficiary = _registry.beneficiaryOf(nodeIndex);
        if (recipient != beneficiary) revert NodeStaking_WrongRecipient(recipient, beneficiary);
        uint256 paid = _withdraw(nodeIndex, type(uint256).max, amount);
        if (paid != amount) revert NodeStaking_AmountNotMatured(amount, paid);
    }

    // Minimum, pool and exit

    /// @inheritdoc INodeStaking
    function deactivateBelowMinimum(uint32 nodeIndex) external {
        NodeStake memory node = _stakes[nodeIndex];
        uint256 minimum = _parameters.get(ParameterIds.MIN_NODE_STAKE);
        if (node.bonded >= minimum) revert NodeStaking_NotBelowMinimum(nodeIndex, node.bonded, minimum);
        uint256 until =
            _parameters.parameter(ParameterIds.MIN_NODE_STAKE).effectiveAt +
                _parameters.get(ParameterIds.MIN_STAKE_GRACE);
        if (block.timestamp < until) revert NodeStaking_GraceNotOver(nodeIndex, uint64(until));
        _deactivate(nodeIndex, node);
    }

    /// @inheritdoc INodeStaking
    function setPool(uint32 nodeIndex, uint96 assets, bool isJoining) external {
        if (msg.sender != address(delegation)) revert NodeStaking_NotDelegation(msg.sender);
        if (isJoining) _stakeableIdentity(nodeIndex);
        NodeStake storage node = _stakes[nodeIndex];
        (uint96 bonded, bool eligible) = (node.bonded, node.eligible);
        node.pooled = assets;
        if (eligible) _rewards.weightChanged(nodeIndex, bonded + assets);
    }

    /// @inheritdoc INodeStaking
    function nodeExited(uint32 nodeIndex) external onlyRegistry {
        _deactivate(nodeIndex, _stakes[nodeIndex]);
    }

    // Slashing

    /// @inheritdoc INodeStaking
    function slash(
        uint32 nodeIndex,
        uint256 amount,
        uint64 pardonableUntil
    ) external onlySlashing returns (uint256 ownPart, uint256 poolPart) {
        uint256 ofPool = delegation.slashableOf(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        uint256 weightBefore = _weight(node);
        SlashRest memory rest = SlashRest({amount: amount, total: ofPool + _ownSlashable(nodeIndex, node)});
        if (rest.amount > rest.total) rest.amount = rest.total;
        poolPart = _cut(rest, ofPool);
        ownPart = rest.amount;
        uint256 bondedPart = _cut(rest, node.bonded);
        node.bonded -= uint96(bondedPart);
        emit StakeSlashed(nodeIndex, bondedPart, node.bonded);
        node.unbondingCount = _slashUnbondings(nodeIndex, node.unbondingCount, rest);
        if (poolPart > 0) node.pooled = uint96(delegation.slashPool(nodeIndex, poolPart, pardonableUntil));
        (uint32 identityId, , ) = _registry.ownershipOf(nodeIndex);
        _lower(identityId, bondedPart);
        _totals.held -= uint96(ownPart);
        _stakes[nodeIndex] = node;
        _tellWeight(nodeIndex, node, weightBefore);
        if (ownPart > 0) _token.safeTransfer(_slashing, ownPart);
    }

    /// @inheritdoc INodeStaking
    function restore(uint32 nodeIndex, uint256 amount) external onlySlashing {
        (uint32 identityId, , ) = _registry.ownershipOf(nodeIndex);
        NodeStake memory node = _stakes[nodeIndex];
        uint256 weightBefore = _weight(node);
        node.bonded = (node.bonded + amount).toUint96();
        _totals.held += uint96(amount);
        _raise(identityId, amount);
        emit StakeRestored(nodeIndex, amount, node.bonded);
        _stakes[nodeIndex] = node;
        _tellWeight(nodeIndex, node, weightBefore);
        _token.safeTransferFrom(_slashing, address(this), amount);
    }

    /// @inheritdoc INodeStaking
    function setJailed(uint32 nodeIndex, bool jailed) external onlySlashing {
        NodeStake memory node = _stakes[nodeIndex];
        node.jailed = jailed;
        if (jailed) return _deactivate(nodeIndex, node);
        (, bool exited, ) = _registry.ownershipOf(nodeIndex);
        if (exited) _stakes[nodeIndex] = node;
        else _storeGrown(nodeIndex, node, 0);
    }

    /// @inheritdoc INodeStaking
    function hold(uint32 nodeIndex, uint64 until) external onlySlashing {
        if (until != 0 && until < _heldUntil[nodeIndex]) until = _heldUntil[nodeIndex];
        _stakes[nodeIndex].held = until != 0;
        _heldUntil[nodeIndex] = until;
        emit UnbondingsHeld(nodeIndex, until);
    }

    // Votes

    /// @inheritdoc INodeStaking
    function trackStake(uint32 identityId, uint40 ramp) external returns (uint256 aged) {
        if (msg.sender != address(_votes)) revert NodeStaking_NotVotes(msg.sender);
        if (_totals.voteAgeRamp != ramp) _totals.voteAgeRamp = ramp;
        IdentityStake storage identity = _identities[identityId];
        identity.balance = identity.balance.marked();
        return identity.balance.aged(ramp);
    }

    // Views

    /// @inheritdoc INodeStaking
    function totalHeld() external view returns (uint256) {
        return _totals.held;
    }

    /// @inheritdoc INodeStaking
    function stakeOf(uint32 nodeIndex) external view returns (uint256) {
        return _stakes[nodeIndex].bonded;
    }

    /// @inheritdoc INodeStaking
    function nodeStakeOf(uint32 nodeIndex) external view returns (NodeStake memory) {
        return _stakes[nodeIndex];
    }

    /// @inheritdoc INodeStaking
    function weightOf(uint32 nodeIndex) external view returns (uint256) {
        return _weight(_stakes[nodeIndex]);
    }

    /// @inheritdoc INodeStaking
    function slashableOf(uint32 nodeIndex) external view returns (uint256) {
        return delegation.slashableOf(nodeIndex) + _ownSlashable(nodeIndex, _stakes[nodeIndex]);
    }

    /// @inheritdoc INodeStaking
    function withdrawableUntil(uint32 nodeIndex) external view returns (uint64) {
        return _withdrawableUntil(nodeIndex, _stakes[nodeIndex].held);
    }

    /// @inheritdoc INodeStaking
    function stakeOfIdentity(uint32 identityId) external view returns (uint256) {
        return _identities[identityId].balance.amount();
    }

    /// @inheritdoc INodeStaking
    function agedStakeOf(uint32 identityId, uint256 ramp) external view returns (uint256) {
        return _identities[identityId].balance.aged(ramp);
    }

    /// @inheritdoc INodeStaking
    function unbondingsOf(uint32 nodeIndex) external view returns (Unbonding[] memory unbondings) {
        unbondings = new Unbonding[](_stakes[nodeIndex].unbondingCount);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            unbondings[i] = _unbondings[nodeIndex][i];
        }
    }

    // Internal

    function _requestUnbond(uint32 nodeIndex, uint256 amount, uint32 identityId) private returns (uint32 unbondingId) {
        NodeStake memory node = _stakes[nodeIndex];
        uint256 weightBefore = _weight(node);
        Terms memory terms = _currentTerms();
        uint96 unbonded = _unbondable(node, amount, terms.minimum);
        node.bonded -= unbonded;
        unbondingId = node.nextUnbondingId++;
        uint64 maturesAt = uint64(block.timestamp) + terms.unbondingPeriod;
        _unbondings[nodeIndex][node.unbondingCount++] = Unbonding({
            id: unbondingId,
            amount: unbonded,
            maturesAt: maturesAt
        });
        _lower(identityId, unbonded);
        emit UnbondRequested(nodeIndex, unbondingId, unbonded, maturesAt, node.bonded);
        if (node.bonded == 0) return _unbondedAll(nodeIndex, node, unbondingId);
        _stakes[nodeIndex] = node;
        _tellWeight(nodeIndex, node, weightBefore);
    }

    function _unbondedAll(uint32 nodeIndex, NodeStake memory node, uint32 unbondingId) private returns (uint32) {
        _deactivate(nodeIndex, node);
        return unbondingId;
    }

    /// @dev Pays matured unbondings to the beneficiary, at most `maxCount` of them and at most `maxAmount` together.
    function _withdraw(uint32 nodeIndex, uint256 maxCount, uint256 maxAmount) private returns (uint256 amount) {
        address beneficiary = _registry.beneficiaryOf(nodeIndex);
        NodeStake storage node = _stakes[nodeIndex];
        uint8 count = node.unbondingCount;
        uint64 payableUntil = _withdrawableUntil(nodeIndex, node.held);
        uint8 kept = 0;
        uint64 nextMaturity = 0;
        for (uint8 i = 0; i < count; ++i) {
            Unbonding memory unbonding = _unbondings[nodeIndex][i];
            bool fits = i - kept < maxCount && unbonding.amount <= maxAmount - amount;
            if (fits && unbonding.maturesAt <= payableUntil) {
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
        _totals.held -= uint96(amount);
        _token.safeTransfer(beneficiary, amount);
    }

    function _raise(uint32 identityId, uint256 amount) private {
        IdentityStake storage identity = _identities[identityId];
        AgedBalance balance = identity.balance;
        if (balance.isOver()) balance = balance.begun(_totals.voteAgeRamp);
        identity.balance = balance.plus(amount);
    }

    function _lower(uint32 identityId, uint256 amount) private {
        IdentityStake storage identity = _identities[identityId];
        AgedBalance balance = identity.balance.minus(amount);
        identity.balance = balance;
        if (balance.isMarked()) _votes.stakeLowered(identityId, balance);
    }

    /// @dev Has what is final divided between operator and delegators before the operator's part grows.
    function _settle(uint32 nodeIndex) private {
        if (_stakes[nodeIndex].pooled > 0) _rewards.settle(nodeIndex, false);
    }

    /// @dev Stores a node after its stake grew, and has it activated when it reached the minimum.
    function _storeGrown(uint32 nodeIndex, NodeStake memory node, uint256 weightBefore) private {
        bool activates = !node.eligible && !node.jailed && node.bonded >= _parameters.get(ParameterIds.MIN_NODE_STAKE);
        if (activates) node.eligible = true;
        _stakes[nodeIndex] = node;
        if (activates) _registry.setEligible(nodeIndex, true);
        _tellWeight(nodeIndex, node, weightBefore);
    }

    /// @dev Stores a node without weight and has it inactive.
    function _deactivate(uint32 nodeIndex, NodeStake memory node) private {
        bool wasEligible = node.eligible;
        node.eligible = false;
        _stakes[nodeIndex] = node;
        if (!wasEligible) return;
        _registry.setEligible(nodeIndex, false);
        _rewards.weightChanged(nodeIndex, 0);
    }

    function _tellWeight(uint32 nodeIndex, NodeStake memory node, uint256 weightBefore) private {
        uint256 weight = _weight(node);
        if (weight != weightBefore) _rewards.weightChanged(nodeIndex, uint96(weight));
    }

    /// @dev Takes what is left of a slash from the operator's unbondings, oldest first; returns how many remain.
    function _slashUnbondings(uint32 nodeIndex, uint8 count, SlashRest memory rest) private returns (uint8 kept) {
        mapping(uint256 position => Unbonding) storage list = _unbondings[nodeIndex];
        for (uint8 i = 0; i < count; ++i) {
            Unbonding memory unbonding = list[i];
            uint256 part = _cut(rest, unbonding.amount);
            unbonding.amount -= uint128(part);
            if (part > 0) emit UnbondingSlashed(nodeIndex, unbonding.id, part, unbonding.amount);
            if (unbonding.amount > 0) list[kept++] = unbonding;
        }
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

    /// @dev Returns the parameters in force. What was read is used again until a change that was announced by then comes into
    /// force; one announced later has at least the notice ahead of it.
    function _currentTerms() private returns (Terms memory terms) {
        terms = _terms;
        if (block.timestamp < terms.validUntil) return terms;
        INetworkParameters.Parameter memory minimum = _parameters.parameter(ParameterIds.MIN_NODE_STAKE);
        INetworkParameters.Parameter memory period = _parameters.parameter(ParameterIds.UNBONDING_PERIOD);
        terms = Terms({
            minimum: uint96(_inForce(minimum)),
            unbondingPeriod: uint64(_inForce(period)),
            validUntil: uint64(block.timestamp) + _termsLifetime
        });
        if (_isPending(minimum) && minimum.effectiveAt < terms.validUntil) terms.validUntil = minimum.effectiveAt;
        if (_isPending(period) && period.effectiveAt < terms.validUntil) terms.validUntil = period.effectiveAt;
        _terms = terms;
    }

    /// @dev Returns the amount to unbond after checking it against stake, minimum and number of unbondings.
    function _unbondable(NodeStake memory node, uint256 amount, uint256 minimum) private pure returns (uint96) {
        if (amount == type(uint256).max) amount = node.bonded;
        if (amount == 0) revert NodeStaking_ZeroAmount();
        if (amount > node.bonded) revert NodeStaking_InsufficientStake(amount, node.bonded);
        uint256 remainder = node.bonded - amount;
        if (remainder != 0 && remainder < minimum) revert NodeStaking_RemainderBelowMinimum(remainder, minimum);
        if (node.unbondingCount >= maxUnbondings) {
            revert NodeStaking_TooManyUnbondings(node.unbondingCount, maxUnbondings);
        }
        return uint96(amount);
    }

    function _ownSlashable(uint32 nodeIndex, NodeStake memory node) private view returns (uint256 sum) {
        sum = node.bonded;
        for (uint256 i = 0; i < node.unbondingCount; ++i) {
            sum += _unbondings[nodeIndex][i].amount;
        }
    }

    function _withdrawableUntil(uint32 nodeIndex, bool held) private view returns (uint64) {
        if (!held || block.timestamp >= _heldUntil[nodeIndex]) return uint64(block.timestamp);
        uint256 longest =
            _parameters.get(ParameterIds.DISPUTE_PERIOD) +
                _parameters.get(ParameterIds.VETO_PERIOD) +
                _parameters.get(ParameterIds.SLASH_BUFFER);
        return uint64(block.timestamp - longest);
    }

    /// @dev Returns the identity behind a node when the caller may move its stake.
    function _operatedIdentity(uint32 nodeIndex) private view returns (uint32 identityId, bool exited) {
        bool locked;
        bool isOperator;
        (identityId, exited, locked, isOperator) = _registry.accessOf(nodeIndex, msg.sender);
        if (!isOperator) revert NodeStaking_NotOperator(msg.sender, nodeIndex);
        if (locked) revert INodeRegistry.NodeRegistry_QuantumLocked(identityId);
    }

    function _stakeableIdentity(uint32 nodeIndex) private view returns (uint32 identityId) {
        bool exited;
        (identityId, exited, ) = _registry.ownershipOf(nodeIndex);
        if (exited) revert NodeStaking_NodeExited(nodeIndex);
    }

    /// @dev Takes the share of one holding of a slash, so that all holdings together give exactly the amount.
    function _cut(SlashRest memory rest, uint256 holding) private pure returns (uint256 part) {
        if (holding == 0) return 0;
        part = (rest.amount * holding) / rest.total;
        rest.amount -= part;
        rest.total -= holding;
    }

    function _isPending(INetworkParameters.Parameter memory row) private view returns (bool) {
        return block.timestamp < row.effectiveAt;
    }

    function _inForce(INetworkParameters.Parameter memory row) private view returns (uint256) {
        return _isPending(row) ? row.value : row.pending;
    }

    function _weight(NodeStake memory node) private pure returns (uint256) {
        return node.eligible ? uint256(node.bonded) + node.pooled : 0;
    }
}
