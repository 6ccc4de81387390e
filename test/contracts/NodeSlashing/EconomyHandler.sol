// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeDelegation} from "../../../contracts/interfaces/INodeDelegation.sol";
import {ISlashProposals} from "../../../contracts/interfaces/ISlashProposals.sol";
import {INodeSlashing} from "../../../contracts/interfaces/INodeSlashing.sol";
import {INodeStaking} from "../../../contracts/interfaces/INodeStaking.sol";
import {AbsenceDouble} from "../../../contracts/mocks/AbsenceDouble.sol";
import {NodeRewardsDouble} from "../../../contracts/mocks/NodeRewardsDouble.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NodeDelegation} from "../../../contracts/NodeDelegation.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodeSlashing} from "../../../contracts/NodeSlashing.sol";
import {NodeStaking} from "../../../contracts/NodeStaking.sol";
import {SlashProposals} from "../../../contracts/SlashProposals.sol";
import {bounded, ensure, ICheats} from "../support/SolidityTest.sol";

/// @notice The contracts of the stake economy.
struct Economy {
    MeshToken token;
    NodeRegistry registry;
    NodeStaking staking;
    NodeDelegation delegation;
    NodeSlashing slashing;
    SlashProposals proposals;
    NodeRewardsDouble rewards;
    AbsenceDouble uptimes;
}

/// @notice Stake, pool and unbondings of a node from an epoch on, at their most.
struct Held {
    uint64 epoch;
    uint256 amount;
}

/// @notice A pool, or what is unbonding from it; `isOwned` when somebody has shares of it.
struct Shares {
    uint256 assets;
    bool isOwned;
}

/// @notice What a pool was given back, what one delegator had of it before, and what was in it.
struct Gain {
    uint256 restored;
    uint256 held;
    uint256 assets;
}

/// @notice Random actions of two operators with two nodes each, of three delegators, an arbiter, accusers and the DAO.
contract EconomyHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint32 public constant NODES = 4;
    uint256 public constant DELEGATORS = 3;

    Economy private _economy;
    address private immutable _timelock;
    uint256 public proposalCount;
    uint256 public slashCount;
    uint256 public donated;
    uint256 public slashed;
    /// @dev Largest amount by which a slash took more than its share of the stake at the time of the offence.
    uint256 public excess;
    bool public hasSlashFailed;
    /// @dev True once a slash took more than the node's stake and pool at the time of the offence.
    bool public hasOverslashed;
    /// @dev True once somebody joined a pool that a slash can still be given back to.
    bool public hasJoinedBeforePardon;
    /// @dev True once somebody was refused at another time.
    bool public hasBeenRefused;
    /// @dev True once a pardon did not come to a delegator in proportion to its shares, pooled or unbonding, or not to those
    /// who were slashed although all of them were there.
    bool public hasUnfairPardon;
    /// @dev True while somebody gets no part of a pardon: it withdrew since the slash, or its shares are void.
    mapping(uint32 node => bool) private _hasForfeited;
    /// @dev Until when the newest slash of a pool can be given back, told by the slashes themselves.
    mapping(uint32 node => uint64) private _pardonableUntil;
    /// @dev What a node could lose at most in an epoch in which something happened to it, oldest first.
    mapping(uint32 node => Held[]) private _history;
    mapping(uint32 node => uint256) private _heldNow;

    modifier noted() {
        _;
        for (uint32 node = 0; node < NODES; ++node) {
            _note(node);
        }
    }

    constructor(Economy memory economy) {
        _economy = economy;
        _timelock = msg.sender;
        economy.token.approve(address(economy.staking), type(uint256).max);
        economy.token.approve(address(economy.proposals), type(uint256).max);
    }

    function stake(uint32 node, uint256 amount) external noted {
        node %= NODES;
        if (_exited(node)) return;
        _economy.staking.stake(node, bounded(amount, 1, 40_000e18));
    }

    function requestUnbond(uint32 node, uint256 amount) external {
        node %= NODES;
        uint256 bonded = _economy.staking.stakeOf(node);
        if (bonded == 0 || _economy.staking.unbondingsOf(node).length >= 8) return;
        amount = bonded > 10_000e18 ? bounded(amount, 1, bonded - 10_000e18) : type(uint256).max;
        CHEATS.prank(ownerOf(node));
        _economy.staking.requestUnbond(node, amount);
    }

    /// @dev Often waits for what is unbonding, which would seldom be mature by chance.
    function withdraw(uint32 node, uint8 patience) external noted {
        node %= NODES;
        INodeStaking.Unbonding[] memory unbondings = _economy.staking.unbondingsOf(node);
        if (patience % 2 == 0 && unbondings.length > 0 && unbondings[0].maturesAt > block.timestamp) {
            CHEATS.warp(unbondings[0].maturesAt);
        }
        try _economy.staking.withdraw(node, 8) {} catch {}
    }

    function delegate(uint32 node, uint256 who, uint256 amount) external noted {
        node %= NODES;
        if (_exited(node)) return;
        CHEATS.prank(delegatorOf(who));
        try _economy.delegation.delegate(node, bounded(amount, 1e18, 100_000e18), 0) {
            _noteJoin(node);
        } catch {
            _noteRefusal(node);
        }
    }

    function undelegate(uint32 node, uint256 who, uint256 shares) external {
        node %= NODES;
        (uint256 held, ) = _economy.delegation.delegationOf(node, delegatorOf(who));
        if (held == 0 || _economy.delegation.undelegationsOf(node, delegatorOf(who)).length >= 8) return;
        CHEATS.prank(delegatorOf(who));
        _economy.delegation.undelegate(node, bounded(shares, 1, held), 0);
    }

    function cancelUndelegation(uint32 node, uint256 who, uint256 position) external {
        node %= NODES;
        INodeDelegation.DelegatedUnbonding[] memory list = _economy.delegation.undelegationsOf(node, delegatorOf(who));
        if (list.length == 0 || _exited(node)) return;
        CHEATS.prank(delegatorOf(who));
        try _economy.delegation.cancelUndelegation(node, list[position % list.length].id, 0) {
            _noteJoin(node);
        } catch {
            _noteRefusal(node);
        }
    }

    function withdrawDelegation(uint32 node, uint256 who) external noted {
        CHEATS.prank(delegatorOf(who));
        try _economy.delegation.withdrawDelegation(node % NODES, delegatorOf(who), 8) returns (uint256 amount) {
            if (amount > 0) _hasForfeited[node % NODES] = true;
        } catch {}
    }

    function payRewards(uint32 node, uint256 amount) external noted {
        node %= NODES;
        if (!_economy.delegation.hasDelegators(node)) return;
        amount = bounded(amount, 1, 10_000e18);
        ensure(_economy.token.transfer(address(_economy.rewards), amount), "transfer");
        _economy.rewards.pay(_economy.delegation, _economy.token, node, amount);
    }

    function punish(uint32 node, uint256 epochsAgo, uint256 shareBp, bool isFinal) external noted {
        node %= NODES;
        uint64 current = _economy.registry.currentEpoch();
        uint64 epoch = uint64(current - bounded(epochsAgo, 0, current < 12 ? current : 12));
        uint256 pinned = _economy.slashing.pinnedStake(node, epoch);
        uint256 amount = (pinned * bounded(shareBp, 1, 10_000)) / 10_000;
        uint256 taken = _punish(node, amount, isFinal);
        if (_isPinned(node, epoch) && taken > heldIn(node, epoch)) hasOverslashed = true;
    }

    /// @dev More than there is. Rare, because it leaves little to do with the node.
    function punishAll(uint32 node, uint8 chance) external noted {
        if (chance > 24) return;
        _punish(node % NODES, _economy.staking.slashableOf(node % NODES) + chance, false);
    }

    function slashDowntime(uint32 node, uint64 absent) external noted {
        node %= NODES;
        uint64 window = _economy.slashing.downtimeWindow();
        uint64 over = _economy.registry.currentEpoch() / window;
        if (over == 0) return;
        _economy.uptimes.setUptime(node, uint64(bounded(absent, 0, window)), 0);
        try _economy.slashing.slashDowntime(node, over - 1) returns (uint256 slashId) {
            if (slashId > slashCount) slashCount = slashId;
            _noteSlash(slashId);
        } catch {}
    }

    function propose(uint32 node, uint64 epochsAgo, uint256 shareBp) external {
        uint64 current = _economy.registry.currentEpoch();
        if (current == 0) return;
        uint64 epoch = current - 1 - uint64(bounded(epochsAgo, 0, current < 10 ? current - 1 : 9));
        try _economy.proposals.propose(node % NODES, epoch, bounded(shareBp, 1, 10_000), bytes32(uint256(1))) {
            ++proposalCount;
        } catch {}
    }

    function moveProposal(uint256 proposalId, uint8 step) external noted {
        if (proposalCount == 0) return;
        SlashProposals proposals = _economy.proposals;
        proposalId = bounded(proposalId, 1, proposalCount);
        step %= 6;
        if (step == 1) _checkProposal(proposals.proposalOf(proposalId));
        if (step == 3 || step == 4) CHEATS.prank(_timelock);
        if (step == 0) try proposals.dispute(proposalId) {} catch {}
        else if (step == 1) try proposals.execute(proposalId) {} catch {}
        else if (step == 2) try proposals.lapse(proposalId) {} catch {}
        else if (step == 3) try proposals.uphold(proposalId) {} catch {}
        else if (step == 4) try proposals.veto(proposalId) {} catch {}
        else try proposals.cancel(proposalId) {} catch {}
    }

    function settleSlash(uint256 slashId, bool isPardoned) external noted {
        if (slashCount == 0) return;
        slashId = bounded(slashId, 1, slashCount);
        if (isPardoned) _pardon(slashId);
        else try _economy.slashing.paySlash(slashId) {} catch {}
    }

    /// @dev As soon as it was punished, and with delegators of both kinds, which would seldom come together by chance.
    function punishAndPardon(uint32 node, uint256 who, uint256 shareBp) external noted {
        node %= NODES;
        (uint256 held, ) = _economy.delegation.delegationOf(node, delegatorOf(who));
        if (held > 1 && _economy.delegation.undelegationsOf(node, delegatorOf(who)).length < 8) {
            CHEATS.prank(delegatorOf(who));
            _economy.delegation.undelegate(node, held / 2, 0);
        }
        uint256 amount = (_economy.staking.slashableOf(node) * bounded(shareBp, 1, 10_000)) / 10_000;
        if (_punish(node, amount, false) > 0) _pardon(slashCount);
    }

    function unjail(uint32 node) external {
        try _economy.slashing.unjail(node % NODES) {} catch {}
    }

    /// @dev Rare, because an exit is final.
    function exitNode(uint32 node, uint8 chance) external {
        node %= NODES;
        if (chance > 6 || _exited(node)) return;
        CHEATS.prank(ownerOf(node));
        _economy.registry.exitNode(node);
    }

    function donate(uint256 amount) external {
        amount = bounded(amount, 1, 1e18);
        ensure(_economy.token.transfer(address(_economy.delegation), amount), "transfer");
        donated += amount;
    }

    /// @dev Often a step of a dispute, sometimes so long that unbondings mature.
    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, time % 3 == 0 ? 400 : 60));
    }

    function ownerOf(uint32 node) public pure returns (address) {
        return address(uint160(0xB1 + (node % 2)));
    }

    function delegatorOf(uint256 who) public pure returns (address) {
        return address(uint160(0xD1 + (who % DELEGATORS)));
    }

    /// @dev The most that a node held in an epoch.
    function heldIn(uint32 node, uint64 epoch) public view returns (uint256) {
        Held[] storage history = _history[node];
        for (uint256 i = history.length; i > 0; --i) {
            if (history[i - 1].epoch <= epoch) return history[i - 1].amount;
        }
        return 0;
    }

    /// @dev Never fails, and never takes more than was ordered or than there is.
    function _punish(uint32 node, uint256 amount, bool isFinal) private returns (uint256 taken) {
        uint256 available = _economy.staking.slashableOf(node);
        uint256 allowed = amount < available ? amount : available;
        INodeSlashing.Punishment memory order = INodeSlashing.Punishment({
            offence: "test",
            nodeIndex: node,
            amount: amount,
            reporter: address(0xE1),
            isBarred: false,
            isFinal: isFinal
        });
        if (block.timestamp >= _economy.delegation.pardonableUntil(node)) _hasForfeited[node] = false;
        Shares[2] memory pools = _poolsOf(node);
        try _economy.slashing.punish(order) returns (uint256 slashId, uint256 amountTaken) {
            _noteVoid(node, pools);
            taken = amountTaken;
            if (slashId != 0) slashCount = slashId;
            _noteSlash(slashId);
            slashed += taken;
            uint256 difference = taken > allowed ? taken - allowed : allowed - taken;
            if (difference > excess) excess = difference;
        } catch {
            hasSlashFailed = true;
        }
    }

    function _pardon(uint256 slashId) private {
        INodeSlashing.Slash memory slash = _economy.slashing.slashOf(slashId);
        uint32 node = slash.nodeIndex;
        Shares[2] memory pools = _poolsOf(node);
        uint256[DELEGATORS] memory pooled;
        uint256[DELEGATORS] memory unbonding;
        for (uint256 i = 0; i < DELEGATORS; ++i) {
            (pooled[i], unbonding[i]) = _worthOf(node, delegatorOf(i));
        }
        CHEATS.prank(_timelock);
        try _economy.slashing.pardon(slashId) {} catch {
            if (block.timestamp < slash.payableAt) hasUnfairPardon = true;
            return;
        }
        Shares[2] memory later = _poolsOf(node);
        uint256 toPool = later[0].assets - pools[0].assets;
        uint256 toUnbondings = later[1].assets - pools[1].assets;
        // Every slash and pardon that can meet rounds by some wei.
        bool isWhole = toPool + toUnbondings + 100 >= slash.poolPart;
        if (toPool + toUnbondings > slash.poolPart || !(isWhole || _hasForfeited[node])) hasUnfairPardon = true;
        for (uint256 i = 0; i < DELEGATORS; ++i) {
            (uint256 pooledNow, uint256 unbondingNow) = _worthOf(node, delegatorOf(i));
            _checkGain(pooledNow - pooled[i], Gain(toPool, pooled[i], pools[0].assets));
            _checkGain(unbondingNow - unbonding[i], Gain(toUnbondings, unbonding[i], pools[1].assets));
        }
    }

    /// @dev What was in a pool without shares, or with void ones now, is given back to nobody.
    function _noteVoid(uint32 node, Shares[2] memory before) private {
        Shares[2] memory pools = _poolsOf(node);
        for (uint256 i = 0; i < 2; ++i) {
            if (before[i].assets > 0 && !pools[i].isOwned) _hasForfeited[node] = true;
        }
    }

    /// @dev All shares of a pool gain alike. Every position is rounded before and after.
    function _checkGain(uint256 gained, Gain memory gain) private {
        uint256 expected = (gain.restored * gain.held) / (gain.assets + 1);
        uint256 difference = gained > expected ? gained - expected : expected - gained;
        if (difference > 32 * (gain.restored / (gain.assets + 1) + 1)) hasUnfairPardon = true;
    }

    /// @dev What a proposal may still take.
    function _checkProposal(ISlashProposals.Proposal memory proposal) private {
        if (!_isPinned(proposal.nodeIndex, proposal.epoch)) return;
        if (proposal.amount > heldIn(proposal.nodeIndex, proposal.epoch)) hasOverslashed = true;
    }

    function _noteSlash(uint256 slashId) private {
        INodeSlashing.Slash memory taken = _economy.slashing.slashOf(slashId);
        uint64 known = _pardonableUntil[taken.nodeIndex];
        if (taken.poolPart > 0 && taken.payableAt > known) _pardonableUntil[taken.nodeIndex] = taken.payableAt;
    }

    function _noteJoin(uint32 node) private {
        if (block.timestamp < _pardonableUntil[node]) hasJoinedBeforePardon = true;
    }

    function _noteRefusal(uint32 node) private {
        if (block.timestamp >= _pardonableUntil[node]) hasBeenRefused = true;
    }

    function _note(uint32 node) private {
        uint256 held = _economy.staking.slashableOf(node);
        Held[] storage history = _history[node];
        uint64 epoch = _economy.registry.currentEpoch();
        bool isKnown = history.length > 0 && history[history.length - 1].epoch == epoch;
        if (!isKnown) history.push(Held(epoch, _heldNow[node]));
        Held storage newest = history[history.length - 1];
        if (held > newest.amount) newest.amount = held;
        _heldNow[node] = held;
    }

    /// @dev Whether slashes for an offence in an epoch are a share of the stake of that time: the node's weight is known.
    function _isPinned(uint32 node, uint64 epoch) private view returns (bool) {
        (uint96 weight, ) = _economy.rewards.weightAt(node, epoch);
        return weight > 0 || !_economy.registry.isActive(node, epoch);
    }

    /// @dev What is pooled at a node, and what is unbonding from it.
    function _poolsOf(uint32 node) private view returns (Shares[2] memory pools) {
        INodeDelegation.Pool memory pool = _economy.delegation.poolOf(node);
        INodeDelegation.Pool memory unbonding = _economy.delegation.unbondingPoolOf(node);
        pools[0] = Shares({assets: pool.assets, isOwned: pool.shares > 0});
        pools[1] = Shares({assets: unbonding.assets, isOwned: unbonding.shares > 0});
    }

    /// @dev What a delegator has at a node.
    function _worthOf(uint32 node, address delegator) private view returns (uint256 pooled, uint256 unbonding) {
        (, pooled) = _economy.delegation.delegationOf(node, delegator);
        INodeDelegation.DelegatedUnbonding[] memory list = _economy.delegation.undelegationsOf(node, delegator);
        for (uint256 i = 0; i < list.length; ++i) {
            unbonding += list[i].amount;
        }
    }

    function _exited(uint32 node) private view returns (bool exited) {
        (, exited, ) = _economy.registry.ownershipOf(node);
    }
}
