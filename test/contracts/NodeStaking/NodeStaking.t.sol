// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {INodeStaking} from "../../../contracts/interfaces/INodeStaking.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodeStaking} from "../../../contracts/NodeStaking.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {bounded, ensure, ICheats} from "../support/SolidityTest.sol";

/// @notice Random actions of two operators with two nodes each, of a stranger, and of the DAO.
contract StakingHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint32 public constant NODES = 4;

    NodeStaking private immutable _staking;
    NodeRegistry private immutable _registry;
    NetworkParameters private immutable _parameters;
    MeshToken private immutable _token;
    address private immutable _timelock;
    address[2] private _owners;

    uint256 public deposited;
    uint256 public withdrawn;
    uint256 public donated;

    constructor(
        NodeStaking staking,
        NodeRegistry registry,
        NetworkParameters parameters,
        MeshToken token,
        address[2] memory owners
    ) {
        _staking = staking;
        _registry = registry;
        _parameters = parameters;
        _token = token;
        _timelock = msg.sender;
        _owners = owners;
        token.approve(address(staking), type(uint256).max);
    }

    function stake(uint32 node, uint256 amount) external {
        node %= NODES;
        if (_exited(node)) return;
        amount = bounded(amount, 1, 30_000e18);
        _staking.stake(node, amount);
        deposited += amount;
    }

    function requestUnbond(uint32 node, uint256 amount) external {
        node %= NODES;
        uint256 bonded = _staking.stakeOf(node);
        if (bonded == 0 || _staking.unbondingsOf(node).length >= 8) return;
        uint256 minimum = _parameters.get(ParameterIds.MIN_NODE_STAKE);
        amount = bonded > minimum ? bounded(amount, 1, bonded - minimum) : type(uint256).max;
        CHEATS.prank(ownerOf(node));
        _staking.requestUnbond(node, amount);
    }

    /// @dev Several small ones at once, so that there is an order to keep.
    function unbondParts(uint32 node, uint256 count) external {
        node %= NODES;
        for (uint256 left = bounded(count, 2, 4); left > 0; --left) {
            bool hasSpare = _staking.stakeOf(node) > _parameters.get(ParameterIds.MIN_NODE_STAKE) + 1e18;
            if (!hasSpare || _staking.unbondingsOf(node).length >= 8) return;
            CHEATS.prank(ownerOf(node));
            _staking.requestUnbond(node, 1e18);
        }
    }

    function unbondAll(uint32 node) external {
        node %= NODES;
        if (_staking.stakeOf(node) == 0 || _staking.unbondingsOf(node).length >= 8) return;
        CHEATS.prank(ownerOf(node));
        _staking.requestUnbond(node, type(uint256).max);
    }

    function cancelUnbond(uint32 node, uint256 position) external {
        node %= NODES;
        INodeStaking.Unbonding[] memory unbondings = _staking.unbondingsOf(node);
        if (unbondings.length == 0 || _exited(node)) return;
        CHEATS.prank(ownerOf(node));
        _staking.cancelUnbond(node, unbondings[position % unbondings.length].id);
    }

    function withdraw(uint32 node, uint256 maxCount) external {
        node %= NODES;
        if (maturedCount(node) == 0) return;
        withdrawn += _staking.withdraw(node, bounded(maxCount, 1, 8));
    }

    function deactivate(uint32 node) external {
        node %= NODES;
        if (_staking.stakeOf(node) >= _parameters.get(ParameterIds.MIN_NODE_STAKE)) return;
        _staking.deactivateBelowMinimum(node);
    }

    /// @dev Rare, because an exit is final and leaves nothing to do with the node.
    function exitNode(uint32 node, uint8 chance) external {
        node %= NODES;
        if (chance > 16 || _exited(node)) return;
        CHEATS.prank(ownerOf(node));
        _registry.exitNode(node);
    }

    function setMinimum(uint256 minimum) external {
        CHEATS.prank(_timelock);
        _parameters.set(ParameterIds.MIN_NODE_STAKE, bounded(minimum, 1, 60_000e18));
    }

    function setUnbondingPeriod(uint256 period) external {
        CHEATS.prank(_timelock);
        _parameters.set(ParameterIds.UNBONDING_PERIOD, bounded(period, 1, 500));
    }

    function donate(uint256 amount) external {
        amount = bounded(amount, 1, 1e18);
        ensure(_token.transfer(address(_staking), amount), "transfer");
        donated += amount;
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 200));
    }

    function ownerOf(uint32 node) public view returns (address) {
        return _owners[node % 2];
    }

    function maturedCount(uint32 node) public view returns (uint256 count) {
        INodeStaking.Unbonding[] memory unbondings = _staking.unbondingsOf(node);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            if (unbondings[i].maturesAt <= block.timestamp) ++count;
        }
    }

    function _exited(uint32 node) private view returns (bool exited) {
        (, exited, ) = _registry.ownershipOf(node);
    }
}

contract NodeStakingTest is NetworkStack {
    StakingHandler private _handler;
    address[2] private _owners = [address(0xB1), address(0xB2)];
    address private constant BENEFICIARY = address(0xC1);

    function setUp() public {
        _deployStack();
        for (uint256 i = 0; i < 2; ++i) {
            CHEATS.prank(_owners[i]);
            _registry.registerOperator(address(0), BENEFICIARY, bytes32(uint256(1)));
        }
        for (uint32 node = 0; node < 4; ++node) {
            CHEATS.prank(_owners[node % 2]);
            _registry.registerNode(_key(node), 0);
        }
        _handler = new StakingHandler(_staking, _registry, _parameters, _token, _owners);
        _true(_token.transfer(address(_handler), 300_000_000e18), "transfer");
        _target(address(_handler));
    }

    function invariant_stakeIsConserved() public view {
        uint256 held = _token.balanceOf(address(_staking));
        _equal(held, _staking.totalHeld() + _handler.donated(), "tokens held");
        uint256 owed = _handler.deposited() - _handler.withdrawn();
        _equal(_staking.totalHeld(), owed, "deposits less withdrawals");
        _equal(_token.balanceOf(BENEFICIARY), _handler.withdrawn(), "paid to the beneficiary");
    }

    function invariant_totalsAreTheSumOfTheNodes() public view {
        uint256 staked = 0;
        uint256 unbonding = 0;
        uint256[2] memory ofIdentity;
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            staked += _staking.stakeOf(node);
            ofIdentity[node % 2] += _staking.stakeOf(node);
            unbonding += _unbondingOf(node);
        }
        _equal(_staking.totalHeld(), staked + unbonding, "total held");
        _equal(_staking.stakeOfIdentity(1), ofIdentity[0], "stake of identity 1");
        _equal(_staking.stakeOfIdentity(2), ofIdentity[1], "stake of identity 2");
    }

    function invariant_unbondingsAreOrderedAndNeverEmpty() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            INodeStaking.Unbonding[] memory unbondings = _staking.unbondingsOf(node);
            _true(unbondings.length <= 8, "number of unbondings");
            for (uint256 i = 0; i < unbondings.length; ++i) {
                _true(unbondings[i].amount > 0, "amount");
                _true(i == 0 || unbondings[i - 1].id < unbondings[i].id, "order of ids");
            }
        }
    }

    function invariant_activityFollowsStake() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            INodeRegistry.Interval[] memory intervals = _registry.intervalsOf(node);
            for (uint256 i = 0; i < intervals.length; ++i) {
                _true(intervals[i].from < intervals[i].until, "interval is not empty");
                _true(i == 0 || intervals[i - 1].until < intervals[i].from, "intervals are apart");
            }
            bool open = intervals.length > 0 && intervals[intervals.length - 1].until == type(uint64).max;
            _true(!open || _staking.stakeOf(node) > 0, "an active node has stake");
        }
    }

    /// @dev Uses calls of the operator and of strangers only, and leaves nothing but donations behind.
    function invariant_allStakeCanLeave() public {
        uint256 snapshot = CHEATS.snapshotState();
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            CHEATS.warp(block.timestamp + 1_000);
            if (_handler.maturedCount(node) > 0) _staking.withdraw(node, 8);
            if (_staking.stakeOf(node) == 0) continue;
            CHEATS.prank(_handler.ownerOf(node));
            _staking.requestUnbond(node, type(uint256).max);
            CHEATS.warp(block.timestamp + 1_000);
            _staking.withdraw(node, 8);
        }
        _equal(_token.balanceOf(address(_staking)), _handler.donated(), "tokens left");
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.stake(0, 25_000e18);
        _handler.requestUnbond(0, 4_999e18);
        _handler.requestUnbond(0, 0);
        _equal(_staking.unbondingsOf(0).length, 2, "unbondings after two requests");
        _handler.cancelUnbond(0, 0);
        _equal(_staking.unbondingsOf(0).length, 1, "unbondings after a cancellation");
        _handler.unbondParts(0, 0);
        _equal(_staking.unbondingsOf(0).length, 3, "unbondings in parts");
        _handler.passTime(199);
        _handler.withdraw(0, 0);
        _true(_handler.withdrawn() > 0, "withdrawn");
        _handler.setMinimum(59_999e18);
        _handler.passTime(99);
        _handler.deactivate(0);
        _true(_registry.intervalsOf(0)[0].until != type(uint64).max, "deactivated");
        _handler.unbondAll(0);
        _equal(_staking.stakeOf(0), 0, "stake after unbonding all");
        _handler.setUnbondingPeriod(300);
        _handler.donate(5);
        _handler.exitNode(0, 0);
        (, bool exited, ) = _registry.ownershipOf(0);
        _true(exited, "exited");
    }

    function test_unbondKeepsEveryWei(uint128 staked, uint128 first, uint128 second) public {
        uint256 total = bounded(staked, MIN_STAKE, 1_000_000e18);
        _handler.stake(1, 0);
        uint256 dust = _staking.stakeOf(1);
        _true(_token.approve(address(_staking), total), "approve");
        _staking.stake(1, total);
        uint256 spare = total + dust - MIN_STAKE;
        uint256 a = bounded(first, 1, spare / 2 + 1);
        uint256 b = bounded(second, 1, spare / 2 + 1);
        CHEATS.assume(a + b <= spare);
        CHEATS.prank(_owners[1]);
        _staking.requestUnbond(1, a);
        CHEATS.prank(_owners[1]);
        _staking.requestUnbond(1, b);
        CHEATS.warp(block.timestamp + UNBONDING_PERIOD);
        _equal(_staking.withdraw(1, 2), a + b, "paid");
        _equal(_staking.stakeOf(1), total + dust - a - b, "stake left");
    }

    function test_strangersNeverUnbond(address stranger, uint256 amount) public {
        CHEATS.assume(stranger != _owners[0]);
        _handler.stake(0, 20_000e18);
        CHEATS.expectRevert(abi.encodeWithSelector(INodeStaking.NodeStaking_NotOperator.selector, stranger, uint32(0)));
        CHEATS.prank(stranger);
        _staking.requestUnbond(0, amount);
    }

    function _unbondingOf(uint32 node) private view returns (uint256 sum) {
        INodeStaking.Unbonding[] memory unbondings = _staking.unbondingsOf(node);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            sum += unbondings[i].amount;
        }
    }
}
