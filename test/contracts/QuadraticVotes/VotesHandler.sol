// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AdmittedIdentities} from "../../../contracts/AdmittedIdentities.sol";
import {IQuadraticVotes} from "../../../contracts/interfaces/IQuadraticVotes.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodeStaking} from "../../../contracts/NodeStaking.sol";
import {QuadraticVotes} from "../../../contracts/QuadraticVotes.sol";
import {bounded, ICheats} from "../support/SolidityTest.sol";

/// @notice Random actions of operators, voters, strangers and the DAO, and a ballot that they vote in.
contract VotesHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint32 public constant OPERATORS = 3;
    uint256 public constant VOTERS = 3;
    uint256 public constant ACCOUNTS = 7;
    uint256 private constant FIRST_NULLIFIER = 1 << 32;

    NodeStaking private immutable _staking;
    NodeRegistry private immutable _registry;
    NetworkParameters private immutable _parameters;
    AdmittedIdentities private immutable _gate;
    QuadraticVotes private immutable _votes;
    address private immutable _slashing;
    address private immutable _timelock;

    /// @notice Snapshot of the ballot, 0 before there is one.
    uint256 public snapshot;
    /// @notice Number of the ballot.
    uint256 public ballot;
    /// @notice Units that were cast in the ballot.
    uint256 public cast;
    /// @notice How often an identity cast units in a ballot in which it had voted.
    uint256 public secondVotes;
    /// @notice How often something that must always work failed.
    uint256 public blockedExits;

    mapping(uint256 ballot => mapping(address account => bool)) private _hasVoted;
    mapping(uint256 ballot => mapping(uint256 identity => bool)) private _hasCast;

    constructor(
        NodeStaking staking,
        NodeRegistry registry,
        NetworkParameters parameters,
        AdmittedIdentities gate,
        QuadraticVotes votes,
        MeshToken token,
        address slashing
    ) {
        (_staking, _registry, _parameters) = (staking, registry, parameters);
        (_gate, _votes, _slashing) = (gate, votes, slashing);
        _timelock = msg.sender;
        token.approve(address(staking), type(uint256).max);
        token.approve(address(votes), type(uint256).max);
    }

    // Stake

    function stake(uint32 node, uint256 amount) external {
        _staking.stake(node % OPERATORS, bounded(amount, 1, 30_000e18));
    }

    function unbond(uint32 node, uint256 amount) external {
        node %= OPERATORS;
        uint256 bonded = _staking.stakeOf(node);
        if (bonded == 0 || _staking.unbondingsOf(node).length >= 8) return;
        uint256 minimum = _parameters.get(ParameterIds.MIN_NODE_STAKE);
        bool isPart = amount % 3 != 0 && bonded > minimum;
        CHEATS.prank(_registry.operatorOf(node + 1).owner);
        try _staking.requestUnbond(node, isPart ? bounded(amount, 1, bonded - minimum) : bonded) {} catch {
            ++blockedExits;
        }
    }

    function cancelUnbond(uint32 node) external {
        node %= OPERATORS;
        if (_staking.unbondingsOf(node).length == 0) return;
        uint32 first = _staking.unbondingsOf(node)[0].id;
        CHEATS.prank(_registry.operatorOf(node + 1).owner);
        _staking.cancelUnbond(node, first);
    }

    function slash(uint32 node, uint256 amount) external {
        node %= OPERATORS;
        CHEATS.prank(_slashing);
        try _staking.slash(node, bounded(amount, 0, 20_000e18), 0) {} catch {
            ++blockedExits;
        }
    }

    // Locks

    function lock(uint256 account, uint256 amount) external {
        CHEATS.prank(accountAt(account));
        try _votes.lock(bounded(amount, 1, 20_000e18)) {} catch {}
    }

    function unlock(uint256 account, uint256 amount) external {
        address holder = accountAt(account);
        uint256 locked = _votes.lockOf(holder).amount;
        if (locked == 0) return;
        CHEATS.prank(holder);
        try _votes.requestUnlock(amount % 3 == 0 ? type(uint256).max : bounded(amount, 1, locked)) {} catch {
            ++blockedExits;
        }
    }

    function withdraw(uint256 account) external {
        address holder = accountAt(account);
        IQuadraticVotes.Lock memory held = _votes.lockOf(holder);
        if (held.unlocking == 0 || block.timestamp < held.maturesAt) return;
        CHEATS.prank(holder);
        try _votes.withdraw() {} catch {
            ++blockedExits;
        }
    }

    // Identities

    function admit(uint256 account, uint256 voter, uint256 time) external {
        CHEATS.prank(_timelock);
        try
            _gate.admit(accountAt(account), nullifierAt(voter), uint48(block.timestamp + bounded(time, 1, 1_000)))
        {} catch {}
    }

    function revoke(uint256 voter) external {
        CHEATS.prank(_timelock);
        try _gate.revoke(nullifierAt(voter)) {} catch {}
    }

    function suspendOrRelease(uint32 operator) external {
        uint32 identityId = (operator % OPERATORS) + 1;
        bool isSuspended = _gate.isSuspended(identityId);
        CHEATS.prank(_timelock);
        if (isSuspended) _gate.release(identityId);
        else _gate.suspend(identityId);
    }

    function changeOwner(uint32 operator, uint256 account) external {
        uint32 identityId = (operator % OPERATORS) + 1;
        address next = accountAt(account);
        CHEATS.prank(_registry.operatorOf(identityId).owner);
        try _registry.proposeOwner(identityId, next) {} catch {
            return;
        }
        CHEATS.warp(block.timestamp + 30);
        CHEATS.prank(next);
        _registry.acceptOwner(identityId);
    }

    function sync(uint256 identity) external {
        _votes.sync(identityAt(identity));
    }

    function delegate(uint256 account, uint256 delegatee) external {
        CHEATS.prank(accountAt(account));
        try _votes.delegate(delegatee % 5 == 0 ? address(0) : accountAt(delegatee)) {} catch {}
    }

    // The DAO, and time

    function setCap(uint256 cap) external {
        _set(ParameterIds.VOTE_CAP, bounded(cap, 1e18, 100_000e18));
    }

    function setRamp(uint256 ramp) external {
        _set(ParameterIds.VOTE_AGE_RAMP, bounded(ramp, 1, 200));
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 200));
    }

    // A ballot

    function openBallot() public {
        snapshot = block.timestamp;
        ++ballot;
        cast = 0;
        CHEATS.warp(block.timestamp + 1);
    }

    function vote(uint256 account) public {
        address voter = accountAt(account);
        if (snapshot == 0 || _hasVoted[ballot][voter]) return;
        uint256 units = _votes.votesAt(voter, snapshot);
        if (units == 0) return;
        _hasVoted[ballot][voter] = true;
        uint256 identity = _gate.identityOf(voter);
        if (_hasCast[ballot][identity]) ++secondVotes;
        _hasCast[ballot][identity] = true;
        cast += units;
    }

    /// @notice Everything ages and is counted.
    function ageAndSync() external {
        CHEATS.warp(block.timestamp + 2 * _parameters.get(ParameterIds.VOTE_AGE_RAMP));
        for (uint256 i = 0; i < OPERATORS + VOTERS; ++i) {
            _votes.sync(identityAt(i));
        }
    }

    function everybodyVotesAnew() external {
        openBallot();
        everybodyVotes();
    }

    function everybodyVotes() public {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            vote(i);
        }
    }

    // Who there is

    function accountAt(uint256 index) public pure returns (address) {
        return address(uint160(0xC0FFEE00 + (index % ACCOUNTS)));
    }

    /// @notice Operators come first, then voters.
    function identityAt(uint256 index) public pure returns (uint256) {
        index %= OPERATORS + VOTERS;
        return index < OPERATORS ? index + 1 : nullifierAt(index);
    }

    function nullifierAt(uint256 index) public pure returns (uint256) {
        return FIRST_NULLIFIER + (index % VOTERS);
    }

    function _set(bytes32 id, uint256 value) private {
        CHEATS.prank(_timelock);
        _parameters.set(id, value);
    }
}
