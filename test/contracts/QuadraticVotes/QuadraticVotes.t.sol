// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IQuadraticVotes} from "../../../contracts/interfaces/IQuadraticVotes.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {bounded} from "../support/SolidityTest.sol";
import {VotesHandler} from "./VotesHandler.sol";

/// @notice Votes of identities while stake, locks, accounts, certificates and parameters change at random.
contract QuadraticVotesTest is NetworkStack {
    /// @dev What has aged is rounded down to multiples of it.
    uint256 private constant GRAIN = 1 << 40;

    VotesHandler private _handler;

    function setUp() public {
        _deployStack();
        _handler = new VotesHandler(_staking, _registry, _parameters, _gate, _votes, _token, address(_slashing));
        _true(_token.transfer(address(_handler), 100_000_000e18), "fund handler");
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            address account = _handler.accountAt(i);
            _true(_token.transfer(account, 10_000_000e18), "fund account");
            CHEATS.prank(account);
            _token.approve(address(_votes), type(uint256).max);
            if (i >= _handler.OPERATORS()) continue;
            _register(account, i);
        }
        _token.approve(address(_votes), type(uint256).max);
        _token.approve(address(_staking), type(uint256).max);
        _votes.fundSyncRewards(5e18);
        _target(address(_handler));
    }

    // Invariants

    function invariant_unitsAreConserved() public view {
        uint256 held = 0;
        uint256 cast = 0;
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            held += _votes.balanceOf(_handler.accountAt(i));
            cast += _votes.getVotes(_handler.accountAt(i));
        }
        uint256 units = 0;
        for (uint256 i = 0; i < _handler.OPERATORS() + _handler.VOTERS(); ++i) {
            units += _votes.holdingOf(_handler.identityAt(i)).units;
        }
        _equal(held, units, "units of accounts are units of identities");
        _equal(_votes.totalSupply(), units, "total");
        _equal(cast, units, "votes after delegation");
    }

    function invariant_unitsAreBackedByWhatIsThereNow() public view {
        for (uint256 i = 0; i < _handler.OPERATORS() + _handler.VOTERS(); ++i) {
            uint256 identity = _handler.identityAt(i);
            IQuadraticVotes.Holding memory holding = _votes.holdingOf(identity);
            uint256 mesh = _votes.lockOf(holding.account).amount;
            if (i < _handler.OPERATORS()) mesh += _staking.stakeOfIdentity(uint32(identity));
            _true(uint256(holding.units) * holding.units <= mesh, "units above the root of stake and lock");
        }
    }

    function invariant_anAccountHasOneIdentity() public view {
        for (uint256 i = 0; i < _handler.OPERATORS() + _handler.VOTERS(); ++i) {
            uint256 identity = _handler.identityAt(i);
            address account = _votes.holdingOf(identity).account;
            if (account != address(0)) _equal(_votes.recordedIdentityOf(account), identity, "recorded both ways");
            account = _gate.accountOf(identity);
            if (account != address(0)) _equal(_gate.identityOf(account), identity, "certified both ways");
        }
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            address account = _handler.accountAt(i);
            uint256 identity = _votes.recordedIdentityOf(account);
            if (identity != 0) _true(_votes.holdingOf(identity).account == account, "no record without a holding");
        }
    }

    function invariant_nobodyVotesTwice() public view {
        _equal(_handler.secondVotes(), 0, "second votes of an identity");
        uint256 snapshot = _handler.snapshot();
        if (snapshot == 0) return;
        _true(_handler.cast() <= _votes.getPastTotalSupply(snapshot), "no more votes than units at the snapshot");
    }

    function invariant_locksAndBudgetAreHeld() public view {
        uint256 locked = 0;
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            IQuadraticVotes.Lock memory held = _votes.lockOf(_handler.accountAt(i));
            locked += uint256(held.amount) + held.unlocking;
        }
        _equal(_votes.totalLocked(), locked, "sum of locks");
        _equal(_token.balanceOf(address(_votes)), locked + _votes.syncBudget(), "MESH held");
    }

    function invariant_everyLockCanLeave() public {
        _equal(_handler.blockedExits(), 0, "exits that failed");
        uint256 state = CHEATS.snapshotState();
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            _leave(_handler.accountAt(i));
        }
        _equal(_votes.totalLocked(), 0, "locked after everybody left");
        _true(CHEATS.revertToState(state), "state");
    }

    /// @dev Whoever wants all votes right needs one call for each identity; a second one changes nothing.
    function invariant_syncIsIdempotent() public {
        uint256 state = CHEATS.snapshotState();
        for (uint256 i = 0; i < _handler.OPERATORS() + _handler.VOTERS(); ++i) {
            uint256 identity = _handler.identityAt(i);
            uint256 expected = _votes.unitsAfterSync(identity);
            _equal(_votes.sync(identity), expected, "units as foretold");
            address account = _gate.accountOf(identity);
            if (account != address(0)) _equal(_votes.balanceOf(account), expected, "with who holds it now");
            _equal(_votes.sync(identity), expected, "units after a second sync");
        }
        _true(CHEATS.revertToState(state), "state");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.stake(0, 20_000e18);
        _handler.admit(4, 0, 999);
        _handler.lock(4, 10_000e18);
        _handler.passTime(199);
        _handler.passTime(1);
        _handler.sync(0);
        _handler.sync(3);
        _equal(_votes.totalSupply(), Math.sqrt(20_000e18 + 1) + Math.sqrt(10_000e18 + 1), "units of both");
        _handler.delegate(4, 7);
        _equal(_votes.getVotes(_handler.accountAt(4)), 0, "delegated");
        _handler.openBallot();
        _handler.vote(0);
        _equal(_handler.cast(), _votes.totalSupply(), "cast for both");
        _handler.slash(0, 10_000e18);
        _handler.unbond(0, 3);
        _handler.cancelUnbond(0);
        _equal(_votes.balanceOf(_handler.accountAt(0)), 0, "everything was unbonded");
        _handler.unlock(4, 3);
        _handler.passTime(60);
        _handler.withdraw(4);
        _equal(_votes.totalLocked(), 0, "withdrawn");
        _handler.changeOwner(1, 5);
        _true(_registry.operatorOf(2).owner == _handler.accountAt(5), "owner changed");
        _handler.suspendOrRelease(2);
        _handler.revoke(0);
        _equal(_gate.identityOf(_handler.accountAt(4)), 0, "revoked");
    }

    // Power

    function test_splittingWithinAnIdentityChangesNothing(uint96 total, uint96 onSecondNode, uint96 locked) public {
        uint256 mesh = bounded(total, 2 * MIN_STAKE, VOTE_CAP);
        uint256 lockPart = bounded(locked, 1, mesh / 2);
        uint256 stakePart = bounded(onSecondNode, 1, mesh - lockPart - 1);
        address owner = _handler.accountAt(0);
        CHEATS.prank(owner);
        uint32 second = _registry.registerNode(_key(99), bytes32(0));
        _staking.stake(0, mesh - lockPart - stakePart);
        _staking.stake(second, stakePart);
        CHEATS.prank(owner);
        _votes.lock(lockPart);
        _staking.stake(1, mesh);
        CHEATS.warp(block.timestamp + 2 * VOTE_AGE_RAMP);
        _equal(_votes.sync(1), _votes.sync(2), "split and whole");
        _equal(_votes.balanceOf(owner), Math.sqrt(mesh), "the root of all");
    }

    /// @dev √(S / m) times the units, for operators that one person registers with at least the minimum m each.
    function test_fakeOperatorsGainAtMostTheRootOfStakeOverMinimum(uint96 total, uint8 count) public {
        uint256 mesh = bounded(total, MIN_STAKE, VOTE_CAP);
        uint256 fakes = bounded(count, 1, 24);
        uint256 units = 0;
        for (uint256 i = 0; i < fakes; ++i) {
            _register(address(uint160(0xFA4E00 + i)), 100 + i);
            _staking.stake(_registry.nodeCount() - 1, mesh / fakes);
        }
        CHEATS.warp(block.timestamp + 2 * VOTE_AGE_RAMP);
        for (uint256 i = 0; i < fakes; ++i) {
            units += _votes.sync(_handler.OPERATORS() + 1 + i);
        }
        uint256 most = Math.sqrt((mesh * mesh) / MIN_STAKE);
        _true(units <= most + most / 1e9, "gain");
        if (mesh / fakes < MIN_STAKE - GRAIN) _equal(units, 0, "units below the minimum");
    }

    function test_unitsNeverExceedTheCap(uint96 amount, uint96 cap) public {
        uint256 mesh = bounded(amount, MIN_STAKE, 50_000_000e18);
        _parameters.set(ParameterIds.VOTE_CAP, bounded(cap, MIN_STAKE, 50_000_000e18));
        _staking.stake(0, mesh);
        CHEATS.warp(block.timestamp + 2 * VOTE_AGE_RAMP);
        uint256 counted = Math.min(mesh, _parameters.get(ParameterIds.VOTE_CAP));
        _equal(_votes.sync(1), Math.sqrt(counted), "units");
    }

    function test_newStakeCountsAfterOneToTwoRamps(uint96 amount, uint32 phase) public {
        uint256 mesh = bounded(amount, MIN_STAKE, VOTE_CAP);
        CHEATS.warp(block.timestamp + (phase % VOTE_AGE_RAMP));
        uint256 start = block.timestamp;
        _staking.stake(0, mesh);
        CHEATS.warp(start + VOTE_AGE_RAMP - 1);
        _equal(_votes.sync(1), 0, "units within a ramp");
        CHEATS.warp(start + 2 * VOTE_AGE_RAMP);
        _equal(_votes.sync(1), Math.sqrt(mesh), "units after two ramps");
    }

    /// @dev Gifts of a wei in every second neither delay nor lower what counts.
    function test_giftsOfDustChangeNothing(uint96 amount, uint8 gifts) public {
        uint256 mesh = amount % 4 == 0 ? MIN_STAKE : bounded(amount, MIN_STAKE, VOTE_CAP - 1e18);
        _staking.stake(0, mesh);
        uint256 start = block.timestamp;
        uint256 count = bounded(gifts, 1, 100);
        for (uint256 i = 1; i <= count; ++i) {
            CHEATS.warp(start + (2 * VOTE_AGE_RAMP * i) / count);
            _staking.stake(0, 1);
        }
        _true(_votes.sync(1) >= Math.sqrt(mesh), "units after two ramps");
    }

    function _register(address owner, uint256 seed) private {
        CHEATS.prank(owner);
        _registry.registerOperator(address(0), address(0), keccak256(abi.encode(seed)));
        CHEATS.prank(owner);
        _registry.registerNode(_key(seed), bytes32(0));
    }

    function _leave(address account) private {
        if (_votes.lockOf(account).amount > 0) {
            CHEATS.prank(account);
            _votes.requestUnlock(type(uint256).max);
        }
        IQuadraticVotes.Lock memory held = _votes.lockOf(account);
        if (held.unlocking == 0) return;
        if (block.timestamp < held.maturesAt) CHEATS.warp(held.maturesAt);
        CHEATS.prank(account);
        _votes.withdraw();
    }
}
