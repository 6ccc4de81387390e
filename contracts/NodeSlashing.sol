// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Arbitrated} from "./Arbitrated.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeDelegation} from "./interfaces/INodeDelegation.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeRewards} from "./interfaces/INodeRewards.sol";
import {INodeSlashing} from "./interfaces/INodeSlashing.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice Takes and freezes stake of nodes that offended, and keeps them in jail.
contract NodeSlashing is INodeSlashing, Arbitrated {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev End of a jail that has none.
    uint64 private constant FOR_EVER = type(uint64).max;
    bytes32 private constant DOWNTIME = "Downtime";

    IERC20 private immutable _token;
    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;
    IAttestationBridge private immutable _bridge;
    INodeRewards private immutable _rewards;
    address private immutable _deployer;

    /// @inheritdoc INodeSlashing
    uint64 public immutable override downtimeWindow;

    /// @inheritdoc INodeSlashing
    uint256 public override totalFrozen;

    /// @inheritdoc INodeSlashing
    mapping(uint32 nodeIndex => uint64) public override jailedUntil;

    INodeStaking private _staking;
    uint256 private _slashCount;
    mapping(uint256 slashId => Slash) private _slashes;
    mapping(uint32 nodeIndex => BitMaps.BitMap) private _judgedWindows;

    constructor(Links memory links, uint64 downtimeWindow_) Governed(links.timelock) {
        if (links.token == address(0)) revert Governed_ZeroAddress("token");
        if (links.registry == address(0)) revert Governed_ZeroAddress("registry");
        if (links.parameters == address(0)) revert Governed_ZeroAddress("parameters");
        if (links.bridge == address(0)) revert Governed_ZeroAddress("bridge");
        if (links.rewards == address(0)) revert Governed_ZeroAddress("rewards");
        _token = IERC20(links.token);
        _registry = INodeRegistry(links.registry);
        _parameters = INetworkParameters(links.parameters);
        _bridge = IAttestationBridge(links.bridge);
        _rewards = INodeRewards(links.rewards);
        _deployer = msg.sender;
        _requireJudgeable(downtimeWindow_);
        downtimeWindow = downtimeWindow_;
    }

    /// @inheritdoc INodeSlashing
    function bindStaking(address staking_) external {
        if (msg.sender != _deployer || address(_staking) != address(0)) revert Governed_BindingClosed(msg.sender);
        if (staking_ == address(0)) revert Governed_ZeroAddress("staking");
        _staking = INodeStaking(staking_);
        emit StakingBound(staking_);
    }

    // Punishing

    /// @inheritdoc INodeSlashing
    function slashDowntime(uint32 nodeIndex, uint64 window) external returns (uint256 slashId) {
        uint64 fromEpoch = window * downtimeWindow;
        _requireOpenWindow(window, fromEpoch);
        if (_judgedWindows[nodeIndex].get(window)) revert NodeSlashing_WindowJudged(nodeIndex, window);
        _judgedWindows[nodeIndex].set(window);
        IAttestationBridge.Uptime memory uptime = _bridge.uptime(nodeIndex, fromEpoch, fromEpoch + downtimeWindow);
        uint256 reported = uint256(uptime.attested) + uptime.degraded + uptime.absent;
        uint256 maxAbsent = reported * _parameters.get(ParameterIds.DOWNTIME_MAX_ABSENT_BP);
        if (2 * reported < downtimeWindow || uptime.absent * BASIS_POINTS <= maxAbsent) {
            revert NodeSlashing_NotDown(nodeIndex, uptime.absent, reported);
        }
        uint256 shareBp = _parameters.get(ParameterIds.SLASH_DOWNTIME_BP);
        (slashId, ) = _punish(
            Punishment({
                offence: DOWNTIME,
                nodeIndex: nodeIndex,
                amount: (pinnedStake(nodeIndex, fromEpoch) * shareBp) / BASIS_POINTS,
                reporter: msg.sender,
                isBarred: false,
                isFinal: false
            })
        );
    }

    /// @inheritdoc INodeSlashing
    function punish(Punishment calldata order) external onlyArbiter returns (uint256 slashId, uint256 taken) {
        return _punish(order);
    }

    /// @inheritdoc INodeSlashing
    function hold(uint32 nodeIndex, uint64 until) external onlyArbiter {
        _staking.hold(nodeIndex, until);
    }

    // Afterwards

    /// @inheritdoc INodeSlashing
    function paySlash(uint256 slashId) external {
        Slash memory frozen = _slashes[slashId];
        if (frozen.payableAt == 0 || block.timestamp < frozen.payableAt) {
            revert NodeSlashing_NotPayable(slashId, frozen.payableAt, uint64(block.timestamp));
        }
        uint256 amount = _unfreeze(slashId, frozen);
        uint256 reward = (amount * frozen.rewardBp) / BASIS_POINTS;
        emit NodeSlashPaid(slashId, reward, amount - reward);
        if (reward > 0) _token.safeTransfer(frozen.reporter, reward);
        if (amount > reward) _token.safeTransfer(timelock, amount - reward);
    }

    /// @inheritdoc INodeSlashing
    function pardon(uint256 slashId) external onlyTimelock {
        Slash memory frozen = _slashes[slashId];
        if (block.timestamp >= frozen.payableAt) revert NodeSlashing_NoPardon(slashId, frozen.payableAt);
        _unfreeze(slashId, frozen);
        INodeDelegation delegation = _staking.delegation();
        (uint256 pooled, uint256 unbonding) = delegation.restorableOf(frozen.nodeIndex, frozen.poolPart);
        uint256 toPool = pooled + unbonding;
        uint256 toTreasury = frozen.poolPart - toPool;
        emit NodeSlashPardoned(slashId, frozen.ownPart, toPool, toTreasury);
        if (frozen.ownPart > 0) {
            _token.forceApprove(address(_staking), frozen.ownPart);
            _staking.restore(frozen.nodeIndex, frozen.ownPart);
        }
        if (frozen.poolPart > 0) {
            _token.forceApprove(address(delegation), toPool);
            delegation.restorePool(frozen.nodeIndex, frozen.poolPart);
        }
        if (toTreasury > 0) _token.safeTransfer(timelock, toTreasury);
    }

    /// @inheritdoc INodeSlashing
    function unjail(uint32 nodeIndex) external {
        uint64 until = jailedUntil[nodeIndex];
        if (until == 0) revert NodeSlashing_NotJailed(nodeIndex);
        if (block.timestamp < until && msg.sender != timelock) revert NodeSlashing_Jailed(nodeIndex, until);
        jailedUntil[nodeIndex] = 0;
        emit NodeUnjailed(nodeIndex);
        _staking.setJailed(nodeIndex, false);
    }

    // Views

    /// @inheritdoc INodeSlashing
    function pinnedStake(uint32 nodeIndex, uint64 epoch) public view returns (uint256) {
        (uint96 weight, bool isKnown) = _rewards.weightAt(nodeIndex, epoch);
        if (isKnown && (weight > 0 || !_registry.isActive(nodeIndex, epoch))) return weight;
        return _staking.slashableOf(nodeIndex);
    }

    /// @inheritdoc INodeSlashing
    function slashOf(uint256 slashId) external view returns (Slash memory) {
        return _slashes[slashId];
    }

    // Internal

    function _punish(Punishment memory order) private returns (uint256 slashId, uint256 taken) {
        _jail(order);
        uint64 payableAt = uint64(block.timestamp);
        if (!order.isFinal) payableAt += uint64(_parameters.get(ParameterIds.VETO_PERIOD));
        (uint256 ownPart, uint256 poolPart) = _staking.slash(order.nodeIndex, order.amount, payableAt);
        taken = ownPart + poolPart;
        if (taken > 0) slashId = ++_slashCount;
        bool isRewarded = order.reporter != address(0) && !_isParty(order.nodeIndex, order.reporter);
        Slash memory frozen = Slash({
            nodeIndex: order.nodeIndex,
            payableAt: payableAt,
            reporter: isRewarded ? order.reporter : address(0),
            ownPart: ownPart.toUint96(),
            poolPart: poolPart.toUint96(),
            rewardBp: isRewarded ? uint16(_parameters.get(ParameterIds.SLASH_REPORTER_BP)) : 0
        });
        if (taken > 0) _slashes[slashId] = frozen;
        totalFrozen += taken;
        uint256 reward = (taken * frozen.rewardBp) / BASIS_POINTS;
        emit NodeSlashed(
            slashId,
            order.nodeIndex,
            order.offence,
            frozen.reporter,
            ownPart,
            poolPart,
            reward,
            payableAt
        );
    }

    /// @dev Jails a node, or keeps it in jail; never shortens its time.
    function _jail(Punishment memory order) private {
        uint64 previous = jailedUntil[order.nodeIndex];
        uint64 until = FOR_EVER;
        if (!order.isBarred) until = uint64(block.timestamp + _parameters.get(ParameterIds.JAIL_PERIOD));
        if (until <= previous) return;
        jailedUntil[order.nodeIndex] = until;
        emit NodeJailed(order.nodeIndex, order.offence, until);
        if (previous == 0) _staking.setJailed(order.nodeIndex, true);
    }

    /// @dev Forgets frozen funds before they move; returns how much they are.
    function _unfreeze(uint256 slashId, Slash memory frozen) private returns (uint256 amount) {
        _slashes[slashId].payableAt = 0;
        amount = uint256(frozen.ownPart) + frozen.poolPart;
        totalFrozen -= amount;
    }

    /// @dev A window must be final before stake that was bonded at its start can have left.
    function _requireJudgeable(uint64 window) private view {
        uint256 untilFinal = (uint256(window) + _bridge.horizonEpochs()) * IEpochClock(address(_bridge)).epochLength();
        uint256 period = _parameters.get(ParameterIds.UNBONDING_PERIOD);
        if (window == 0 || untilFinal >= period) revert NodeSlashing_WindowTooLong(window, untilFinal, period);
    }

    /// @dev A window is judged once it is final, and for as long as its stake cannot have left.
    function _requireOpenWindow(uint64 window, uint64 fromEpoch) private view {
        uint64 toEpoch = fromEpoch + downtimeWindow;
        bool isOpen =
            toEpoch <= _bridge.finalizedBefore() &&
                block.timestamp <
                    IEpochClock(address(_bridge)).epochStart(fromEpoch) +
                        _parameters.get(ParameterIds.UNBONDING_PERIOD);
        if (!isOpen) revert NodeSlashing_WindowNotOpen(window, fromEpoch, toEpoch);
    }

    /// @dev Who belongs to the operator is not rewarded for reporting it.
    function _isParty(uint32 nodeIndex, address wallet) private view returns (bool) {
        return _registry.isOperator(nodeIndex, wallet) || _registry.beneficiaryOf(nodeIndex) == wallet;
    }
}
