// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeDelegation} from "../../../contracts/interfaces/INodeDelegation.sol";
import {INodeSlashing} from "../../../contracts/interfaces/INodeSlashing.sol";
import {INodeStaking} from "../../../contracts/interfaces/INodeStaking.sol";
import {ISlashProposals} from "../../../contracts/interfaces/ISlashProposals.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {bounded} from "../support/SolidityTest.sol";
import {Economy, EconomyHandler} from "./EconomyHandler.sol";

contract StakeEconomyTest is NetworkStack {
    EconomyHandler private _handler;
    address private constant BENEFICIARY = address(0xC1);
    address private constant ALICE = address(0xD1);
    address private constant BOB = address(0xD2);

    function setUp() public {
        _deployStack();
        _handler = new EconomyHandler(
            Economy(_token, _registry, _staking, _delegation, _slashing, _proposals, _rewards, _uptimes)
        );
        address[] memory arbiters = new address[](3);
        (arbiters[0], arbiters[1], arbiters[2]) = (address(_proposals), address(_handler), address(this));
        _slashing.bindArbiters(arbiters);
        for (uint32 node = 0; node < 4; ++node) {
            CHEATS.prank(_handler.ownerOf(node));
            if (node < 2) _registry.registerOperator(address(0), BENEFICIARY, bytes32(uint256(1)));
            else _registry.registerNode(_key(node), 0);
        }
        for (uint32 node = 0; node < 2; ++node) {
            CHEATS.prank(_handler.ownerOf(node));
            _registry.registerNode(_key(node), 0);
        }
        _true(_token.transfer(address(_handler), 100_000_000e18), "transfer");
        _true(_token.approve(address(_staking), type(uint256).max), "approve");
        for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
            address delegator = _handler.delegatorOf(i);
            _true(_token.transfer(delegator, 20_000_000e18), "transfer");
            CHEATS.prank(delegator);
            _token.approve(address(_delegation), type(uint256).max);
        }
        _target(address(_handler));
    }

    // Conservation

    function invariant_everyContractHoldsWhatItOwes() public view {
        uint256 pooled = 0;
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            pooled += _delegation.slashableOf(node);
        }
        _equal(_token.balanceOf(address(_staking)), _staking.totalHeld(), "staking");
        _equal(_token.balanceOf(address(_delegation)), pooled + _handler.donated(), "delegation");
        _equal(_token.balanceOf(address(_slashing)), _slashing.totalFrozen(), "slashing");
        _equal(_token.balanceOf(address(_proposals)), _proposals.totalBonds(), "proposals");
    }

    function invariant_totalHeldIsTheSumOfTheNodes() public view {
        uint256 held = 0;
        uint256[2] memory ofIdentity;
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            uint256 bonded = _staking.stakeOf(node);
            held += bonded + _ownUnbondings(node);
            ofIdentity[node % 2] += bonded;
        }
        _equal(_staking.totalHeld(), held, "total held");
        _equal(_staking.stakeOfIdentity(1), ofIdentity[0], "stake of identity 1");
        _equal(_staking.stakeOfIdentity(2), ofIdentity[1], "stake of identity 2");
    }

    function invariant_sharesAreTheSumOfThePositions() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            uint256 shares = 0;
            uint256 worth = 0;
            uint256 leaving = 0;
            for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
                (uint256 held, uint256 amount) = _delegation.delegationOf(node, _handler.delegatorOf(i));
                shares += held;
                worth += amount;
                leaving += _undelegating(node, _handler.delegatorOf(i));
            }
            INodeDelegation.Pool memory pool = _delegation.poolOf(node);
            // A pool that counted its shares anew rounds each position down.
            bool isExact = pool.generation % 18 == 0;
            _true(shares <= pool.shares && pool.shares - shares <= (isExact ? 0 : 1_000), "shares");
            _true(worth <= pool.assets, "shares are worth at most the pool");
            _true(leaving <= _delegation.unbondingPoolOf(node).assets, "unbondings are worth at most theirs");
        }
    }

    // Weights

    function invariant_weightIsWhatStakeAndPoolSay() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            INodeStaking.NodeStake memory stake = _staking.nodeStakeOf(node);
            _equal(stake.pooled, _delegation.poolOf(node).assets, "pool");
            _equal(_rewards.weightOf(node), _staking.weightOf(node), "weight that was told");
            (, bool exited, ) = _registry.ownershipOf(node);
            bool isOut = exited || _slashing.jailedUntil(node) != 0 || stake.bonded == 0;
            _true(!isOut || _staking.weightOf(node) == 0, "no weight in jail, after the exit or without stake");
        }
    }

    function invariant_jailedNodesAreInactive() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            bool jailed = _slashing.jailedUntil(node) != 0;
            _true(jailed == _staking.nodeStakeOf(node).jailed, "jail");
            uint64 later = _registry.currentEpoch() + 2;
            _true(!jailed || !_registry.isActive(node, later), "active in jail");
        }
    }

    // Slashes

    function invariant_slashesTakeExactlyTheirShareAndNeverFail() public view {
        _equal(_handler.excess(), 0, "taken beside what was ordered and is there");
        _true(!_handler.hasSlashFailed(), "a slash failed");
    }

    function invariant_slashesNeverExceedTheStakeOfTheirTime() public view {
        _true(!_handler.hasOverslashed(), "more than the stake at the time of the offence");
    }

    function invariant_nobodyJoinsBetweenASlashAndItsPardon() public view {
        _true(!_handler.hasJoinedBeforePardon(), "joined before a pardon");
        _true(!_handler.hasBeenRefused(), "refused without a slash");
    }

    function invariant_pardonsComeToAllWhoWereSlashed() public view {
        _true(!_handler.hasUnfairPardon(), "a pardon came to some delegators and not to others");
    }

    function invariant_openProposalsHoldUnbondings() public view {
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            _true(_staking.nodeStakeOf(node).held == (_proposals.openProposals(node) > 0), "held");
            uint256 longest = 20 + 30 + 10;
            _true(_staking.withdrawableUntil(node) + longest >= block.timestamp, "held for longer than a dispute");
        }
    }

    // Exit

    /// @dev Uses calls of the owners and of strangers only, whatever is proposed against them.
    function invariant_allStakeAndDelegationCanLeave() public {
        uint256 snapshot = CHEATS.snapshotState();
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            if (_staking.stakeOf(node) > 0) {
                CHEATS.prank(_handler.ownerOf(node));
                _staking.requestUnbond(node, type(uint256).max);
            }
            for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
                _undelegateAll(node, _handler.delegatorOf(i));
            }
        }
        CHEATS.warp(block.timestamp + UNBONDING_PERIOD + 60);
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            if (_staking.unbondingsOf(node).length > 0) _staking.withdraw(node, 32);
            for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
                address delegator = _handler.delegatorOf(i);
                if (_delegation.undelegationsOf(node, delegator).length > 0) {
                    _delegation.withdrawDelegation(node, delegator, 32);
                }
            }
            _equal(_delegation.poolOf(node).shares, 0, "shares left");
            _equal(_delegation.unbondingPoolOf(node).shares, 0, "unbonding shares left");
        }
        _equal(_staking.totalHeld(), 0, "stake left");
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    // Arithmetic of pools

    function test_shareNeutrality(uint256 first, uint256 second, uint256 rewards, uint256 loss) public {
        _pool(bounded(first, 1e18, 1_000_000e18), bounded(rewards, 0, 1_000_000e18), bounded(loss, 0, 9_999));
        (, uint256 before) = _delegation.delegationOf(0, ALICE);
        uint256 amount = bounded(second, 1e18, 1_000_000e18);
        CHEATS.prank(BOB);
        uint256 shares = _delegation.delegate(0, amount, 0);
        CHEATS.prank(BOB);
        _delegation.undelegate(0, shares, 0);
        (, uint256 afterwards) = _delegation.delegationOf(0, ALICE);
        uint256 returned = _delegation.undelegationsOf(0, BOB)[0].amount;
        INodeDelegation.Pool memory pool = _delegation.poolOf(0);
        uint256 rounding = 10 + (2 * uint256(pool.assets)) / pool.shares;
        _true(returned <= amount && returned + rounding >= amount, "in and out again");
        _true(afterwards >= before && afterwards <= before + rounding, "of the others");
    }

    /// @dev What the next delegator loses to the price is nothing beside what it cost to drive it up.
    function test_inflationHurtsNobodyElse(uint256 left, uint256 gift, uint256 amount) public {
        _stakeNode(20_000e18);
        CHEATS.prank(ALICE);
        uint256 shares = _delegation.delegate(0, 1e18, 0);
        CHEATS.prank(ALICE);
        _delegation.undelegate(0, shares - bounded(left, 1, 1_000), 0);
        gift = bounded(gift, 1, 1_000_000e18);
        _earn(gift);
        amount = bounded(amount, 1e18, 1_000_000e18);
        CHEATS.prank(BOB);
        try _delegation.delegate(0, amount, 0) {
            (, uint256 worth) = _delegation.delegationOf(0, BOB);
            (, uint256 ofAttacker) = _delegation.delegationOf(0, ALICE);
            _true(worth + ofAttacker <= _delegation.poolOf(0).assets, "more than there is");
            _true(amount - worth <= gift || amount - worth < amount / 500, "the victim lost more than the gift");
            ofAttacker += _delegation.undelegationsOf(0, ALICE)[0].amount;
            _true(ofAttacker <= 1e18 + gift, "the attacker gained");
            uint256 cost = 1e18 + gift - ofAttacker;
            _true((amount - worth) * 100 <= cost + 1_000, "the victim lost a hundredth of what it cost the attacker");
        } catch {}
    }

    function test_donationsChangeNoPrice(uint256 amount) public {
        _pool(50_000e18, 0, 0);
        (, uint256 before) = _delegation.delegationOf(0, ALICE);
        _true(_token.transfer(address(_delegation), bounded(amount, 1, 1_000_000e18)), "transfer");
        (, uint256 afterwards) = _delegation.delegationOf(0, ALICE);
        _equal(afterwards, before, "worth");
    }

    function test_delegationWorksAfterLosingEverything(uint256 amount) public {
        _pool(50_000e18, 0, 0);
        CHEATS.prank(ALICE);
        _delegation.undelegate(0, 1_000, 0);
        _punish(type(uint256).max);
        _equal(_staking.slashableOf(0), 0, "left");
        (uint256 shares, ) = _delegation.delegationOf(0, ALICE);
        _equal(shares, 0, "old shares");
        _slashing.unjail(0);
        _staking.stake(0, 20_000e18);
        CHEATS.warp(block.timestamp + VETO_PERIOD);
        amount = bounded(amount, 1e18, 1_000_000e18);
        CHEATS.prank(ALICE);
        shares = _delegation.delegate(0, amount, amount * 1_000);
        CHEATS.prank(ALICE);
        _delegation.undelegate(0, shares, amount);
        CHEATS.warp(block.timestamp + UNBONDING_PERIOD);
        _equal(_delegation.withdrawDelegation(0, ALICE, 8), amount, "paid after a new begin");
    }

    /// @dev However often shares are counted anew, each delegator keeps its part of what a slash leaves.
    function test_sharesAreVoidOnlyWhenNothingIsLeft(uint256 digits, uint256 left) public {
        _pool(75_000e18, 0, 0);
        CHEATS.prank(BOB);
        _delegation.delegate(0, 25_000e18, 0);
        left = bounded(left, 0, 10 ** bounded(digits, 0, 18));
        _punish(_staking.slashableOf(0) - left);
        uint256 assets = _delegation.poolOf(0).assets;
        (, uint256 ofAlice) = _delegation.delegationOf(0, ALICE);
        (, uint256 ofBob) = _delegation.delegationOf(0, BOB);
        _near(ofAlice, (assets * 3) / 4, 1, "three quarters");
        _near(ofBob, assets / 4, 1, "one quarter");
        _true(ofAlice + ofBob <= assets, "no more than there is");
    }

    function test_holdersLoseAlike(uint256 own, uint256 pooled, uint256 leaving, uint256 share) public {
        own = bounded(own, 10_000e18, 1_000_000e18);
        pooled = bounded(pooled, 2e18, 1_000_000e18);
        _stakeNode(own + 10_000e18);
        CHEATS.prank(_handler.ownerOf(0));
        _staking.requestUnbond(0, 10_000e18);
        CHEATS.prank(ALICE);
        uint256 shares = _delegation.delegate(0, pooled, 0);
        CHEATS.prank(ALICE);
        _delegation.undelegate(0, bounded(leaving, 1, shares), 0);
        uint256 before = _delegation.slashableOf(0);
        uint256 total = _staking.slashableOf(0);
        uint256 amount = (total * bounded(share, 0, 10_000)) / 10_000;
        _punish(amount);
        _near(_staking.stakeOf(0), own - (own * amount) / total, 3, "bonded");
        _near(_ownUnbondings(0), 10_000e18 - (10_000e18 * amount) / total, 3, "unbonding");
        _near(_delegation.slashableOf(0), before - (before * amount) / total, 3, "delegated");
        _equal(_staking.slashableOf(0), total - amount, "left");
    }

    function test_orderOfSlashesChangesNothing(uint256 first, uint256 second) public {
        _pool(30_000e18, 0, 0);
        uint256 pinned = _staking.slashableOf(0);
        uint256 a = bounded(first, 0, pinned);
        uint256 b = bounded(second, 0, pinned);
        uint256 snapshot = CHEATS.snapshotState();
        _punish(a);
        _punish(b);
        (uint256 own, uint256 pool) = (_staking.stakeOf(0), _delegation.slashableOf(0));
        _true(CHEATS.revertToState(snapshot), "snapshot");
        _punish(b);
        _punish(a);
        _near(_staking.stakeOf(0), own, 2, "own stake");
        _near(_delegation.slashableOf(0), pool, 2, "pool");
        _equal(_staking.slashableOf(0), a + b < pinned ? pinned - a - b : 0, "left");
    }

    function test_downtimeIsJudgedOnceAndInTime() public {
        _stakeNode(20_000e18);
        _refuseDowntime(abi.encodeWithSelector(INodeSlashing.NodeSlashing_WindowNotOpen.selector, 1, 8, 16));
        CHEATS.warp(GENESIS + 2 * DOWNTIME_WINDOW * EPOCH_LENGTH);
        _uptimes.setUptime(0, 4, 0);
        _refuseDowntime(abi.encodeWithSelector(INodeSlashing.NodeSlashing_NotDown.selector, 0, 4, 8));
        _uptimes.setUptime(0, 3, 5);
        _refuseDowntime(abi.encodeWithSelector(INodeSlashing.NodeSlashing_NotDown.selector, 0, 3, 3));
        _uptimes.setUptime(0, 5, 0);
        _equal(_slashing.slashDowntime(0, 1), 1, "slash");
        _equal(_slashing.slashOf(1).ownPart, 200e18, "a hundredth");
        _refuseDowntime(abi.encodeWithSelector(INodeSlashing.NodeSlashing_WindowJudged.selector, 0, 1));
        CHEATS.warp(GENESIS + DOWNTIME_WINDOW * EPOCH_LENGTH + UNBONDING_PERIOD);
        _refuseDowntime(abi.encodeWithSelector(INodeSlashing.NodeSlashing_WindowNotOpen.selector, 1, 8, 16));
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.stake(0, 39_999e18);
        _handler.delegate(0, 0, 50_000e18);
        _handler.payRewards(0, 9_999e18);
        _handler.passTime(39);
        _handler.undelegate(0, 0, 5e18);
        _handler.cancelUndelegation(0, 0, 0);
        _handler.undelegate(0, 0, 5e18);
        _handler.requestUnbond(0, 5e18);
        _handler.propose(0, 0, 999);
        _equal(_handler.proposalCount(), 1, "proposals");
        _handler.passTime(49);
        _handler.moveProposal(1, 1);
        _true(_proposals.proposalOf(1).status == ISlashProposals.Status.Closed, "executed");
        _handler.passTime(59);
        _handler.unjail(0);
        _true(_staking.weightOf(0) > 0, "unjailed");
        _handler.passTime(19);
        _handler.punish(0, 0, 499, false);
        uint256 shares = _delegation.poolOf(0).shares;
        _handler.delegate(0, 0, 50_000e18);
        _equal(_delegation.poolOf(0).shares, shares, "joined before a pardon");
        _handler.settleSlash(2, true);
        _handler.slashDowntime(0, 8);
        _handler.passTime(59);
        _handler.unjail(0);
        _equal(_handler.slashCount(), 3, "slashes");
        _handler.passTime(59);
        _handler.settleSlash(3, false);
        _handler.withdraw(0, 1);
        _handler.withdrawDelegation(0, 0);
        _equal(_staking.unbondingsOf(0).length, 0, "unbondings");
        _equal(_delegation.undelegationsOf(0, ALICE).length, 0, "undelegations");
        _handler.punishAll(0, 0);
        _equal(_staking.slashableOf(0), 0, "slashed to nothing");
        _handler.donate(7);
        _handler.exitNode(0, 0);
    }

    /// @dev A pool of node 0 that earned and lost.
    function _pool(uint256 amount, uint256 rewards, uint256 lossBp) private {
        _stakeNode(20_000e18);
        CHEATS.prank(ALICE);
        _delegation.delegate(0, amount, 0);
        if (rewards > 0) _earn(rewards);
        if (lossBp == 0) return;
        _punish((_staking.slashableOf(0) * lossBp) / 10_000);
        CHEATS.warp(block.timestamp + VETO_PERIOD);
    }

    function _refuseDowntime(bytes memory reason) private {
        CHEATS.expectRevert(reason);
        _slashing.slashDowntime(0, 1);
    }

    function _stakeNode(uint256 amount) private {
        _staking.stake(0, amount);
    }

    function _earn(uint256 amount) private {
        _true(_token.transfer(address(_rewards), amount), "transfer");
        _rewards.pay(_delegation, _token, 0, amount);
    }

    function _punish(uint256 amount) private {
        _slashing.punish(INodeSlashing.Punishment("test", 0, amount, address(0), false, false));
    }

    function _undelegateAll(uint32 node, address delegator) private {
        (uint256 shares, ) = _delegation.delegationOf(node, delegator);
        if (shares == 0) return;
        CHEATS.prank(delegator);
        _delegation.undelegate(node, shares, 0);
    }

    function _ownUnbondings(uint32 node) private view returns (uint256 sum) {
        INodeStaking.Unbonding[] memory unbondings = _staking.unbondingsOf(node);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            sum += unbondings[i].amount;
        }
    }

    function _undelegating(uint32 node, address delegator) private view returns (uint256 sum) {
        INodeDelegation.DelegatedUnbonding[] memory unbondings = _delegation.undelegationsOf(node, delegator);
        for (uint256 i = 0; i < unbondings.length; ++i) {
            sum += unbondings[i].amount;
        }
    }

    function _near(uint256 actual, uint256 expected, uint256 tolerance, string memory label) private pure {
        uint256 difference = actual > expected ? actual - expected : expected - actual;
        if (difference > tolerance) revert Unexpected(label, actual, expected);
    }
}
