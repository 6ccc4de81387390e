// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IMeshGovernor} from "../../../contracts/interfaces/IMeshGovernor.sol";
import {IMeshTimelock} from "../../../contracts/interfaces/IMeshTimelock.sol";
import {MeshGovernor} from "../../../contracts/MeshGovernor.sol";
import {MeshTimelock} from "../../../contracts/MeshTimelock.sol";
import {VotesHandler} from "../QuadraticVotes/VotesHandler.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {Decisions, GovernorHandler, GovernorLinks} from "./GovernorHandler.sol";

/// @notice Governor, timelock and votes together, while identities, stake, tokens and parameters change at random.
contract MeshGovernorTest is NetworkStack {
    uint256 private constant TIMELOCK_DELAY = 20;

    VotesHandler private _people;
    GovernorHandler private _handler;
    MeshGovernor private _governor;
    MeshTimelock private _timelock;
    Decisions private _decisions;

    function setUp() public {
        _deployStack();
        _people = new VotesHandler(_staking, _registry, _parameters, _gate, _votes, _token, address(_slashing));
        _true(_token.transfer(address(_people), 50_000_000e18), "fund handler");
        _deployGovernor();
        for (uint256 i = 0; i < _people.ACCOUNTS(); ++i) {
            _equip(_people.accountAt(i), i);
        }
        for (uint256 i = 0; i < _people.VOTERS(); ++i) {
            address account = _people.accountAt(_people.OPERATORS() + i);
            _gate.admit(account, _people.nullifierAt(i), type(uint48).max);
            CHEATS.prank(account);
            _votes.lock(5_000e18 * (i + 1));
        }
        CHEATS.warp(block.timestamp + 2 * VOTE_AGE_RAMP);
        for (uint256 i = 0; i < _people.OPERATORS() + _people.VOTERS(); ++i) {
            _votes.sync(_people.identityAt(i));
        }
        CHEATS.warp(block.timestamp + 1);
        _target(address(_people));
        _target(address(_handler));
    }

    // Invariants

    function invariant_nothingHappensThatMustNot() public view {
        bytes32[13] memory whats = [
            bytes32("queued before it had passed"),
            "what passed cannot be queued",
            "approved what nobody queued",
            "what is due cannot be executed",
            "cancelled without the right",
            "a bond went elsewhere",
            "a bond is stuck",
            "an account voted twice",
            "other units than votesAt says",
            "a ballot without votes",
            "a state that may not follow",
            "an end out of bounds",
            "terms that are not in force"
        ];
        for (uint256 i = 0; i < whats.length; ++i) {
            _equal(_handler.breaches(whats[i]), 0, string(abi.encodePacked(whats[i])));
        }
    }

    function invariant_noIdentityVotesTwice() public view {
        _equal(_handler.breaches("no identity, or a second vote"), 0, "identities");
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            if (book.snapshot >= block.timestamp) continue;
            uint256 cast = book.units[0] + book.units[1] + book.units[2];
            _true(cast <= _votes.getPastTotalSupply(book.snapshot), "no more units than at the snapshot");
            _true(book.tokens[0] + book.tokens[1] <= _token.totalSupply(), "no more tokens than there are");
        }
    }

    function invariant_talliesAreTheSumOfTheBallots() public view {
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            (uint256 against, uint256 for_, uint256 abstain) = _governor.proposalVotes(book.id);
            _equal(against, book.units[0], "units against");
            _equal(for_, book.units[1], "units for");
            _equal(abstain, book.units[2], "units abstaining");
            (against, for_) = _governor.tokenVotes(book.id);
            _equal(against, book.tokens[0], "tokens against");
            _equal(for_, book.tokens[1], "tokens for");
        }
    }

    function invariant_outcomesAreThoseOfBothHouses() public view {
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            IGovernor.ProposalState state = _governor.state(book.id);
            bool isDefeated = state == IGovernor.ProposalState.Defeated;
            bool isOpen = state == IGovernor.ProposalState.Pending || state == IGovernor.ProposalState.Active;
            if (isOpen || state == IGovernor.ProposalState.Canceled) continue;
            _true(isDefeated != _handler.passes(i), "defeated if and only if it does not pass");
        }
    }

    function invariant_termsNeverChange() public view {
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            IMeshGovernor.Terms memory terms = _governor.proposalTerms(book.id);
            _equal(terms.bond, book.settled == 0 ? book.terms.bond : 0, "bond");
            terms.bond = book.terms.bond;
            _true(keccak256(abi.encode(terms)) == keccak256(abi.encode(book.terms)), "terms");
            _equal(_governor.proposalSnapshot(book.id), book.snapshot, "snapshot");
        }
    }

    function invariant_bondsOfProposalsAreConserved() public view {
        uint256 open = 0;
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            _true(book.settled <= 1, "settled once");
            if (book.settled == 0) open += book.terms.bond;
        }
        _equal(_token.balanceOf(address(_governor)), open, "MESH held");
    }

    function invariant_onlyWhatWasApprovedAndWaitedForIsDone() public view {
        _equal(_handler.breaches("executed without what it needs"), 0, "executions");
        for (uint256 i = 1; i <= _handler.count(); ++i) {
            GovernorHandler.Book memory book = _handler.bookOf(i);
            bool isExecuted = _governor.state(book.id) == IGovernor.ProposalState.Executed;
            _equal(_decisions.made(i), isExecuted ? 1 : 0, "done once, and only then");
            if (!isExecuted) continue;
            _true(_handler.passes(i), "it had passed");
            _true(!_timelock.isApproved(_handler.operationOf(i)) || !book.isCritical, "its approval is used");
        }
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_proposalsReachEveryEnd() public {
        _handler.propose(0, true);
        _handler.cancel(0, 0);
        _equal(_handler.reached("cancelled"), 1, "cancelled by the guardian");
        _carry(2, false);
        _handler.execute(1, false);
        _equal(_handler.reached("executed"), 1, "executed");
        _carry(3, true);
        _handler.execute(2, false);
        _equal(_decisions.made(3), 0, "not without approval");
        _handler.approve(2);
        _handler.execute(2, true);
        _equal(_handler.reached("executed critical"), 1, "executed with approval");
        _handler.releaseBond(1);
        _equal(_handler.reached("returned"), 1, "bond returned");
        _handler.propose(4, false);
        _handler.advance(3, 1);
        for (uint256 i = 0; i < 6; ++i) {
            _handler.vote(3, i, 0);
        }
        _handler.advance(3, 1);
        _handler.releaseBond(3);
        _equal(_handler.reached("burnt"), 1, "bond burnt");
        _equal(_handler.reached("voted"), 18, "ballots");
        invariant_nothingHappensThatMustNot();
        invariant_outcomesAreThoseOfBothHouses();
    }

    /// @dev Has a proposal made, voted for and queued, and goes to its time.
    function _carry(uint256 number, bool isCritical) private {
        _handler.propose(number, isCritical);
        _equal(_handler.count(), number, "proposed");
        _handler.advance(number - 1, 1);
        for (uint256 i = 0; i < 6; ++i) {
            _handler.vote(number - 1, i, 1);
        }
        _handler.advance(number - 1, 1);
        _handler.queue(number - 1);
        _handler.advance(number - 1, 1);
    }

    function _deployGovernor() private {
        _decisions = new Decisions();
        address approver = address(0xA9940);
        _timelock = new MeshTimelock(TIMELOCK_DELAY, 1_000, address(this), approver, address(0));
        IMeshTimelock.Privilege[] memory rows = new IMeshTimelock.Privilege[](1);
        rows[0] = IMeshTimelock.Privilege({
            target: address(_decisions),
            selector: Decisions.plain.selector,
            kind: IMeshTimelock.OperationKind.ExecutionOp,
            isCritical: false
        });
        _timelock.setPrivileges(rows);
        _governor = new MeshGovernor(
            IMeshGovernor.Links({
                votes: _votes,
                mesh: _token,
                parameters: _parameters,
                emissions: address(this),
                staking: address(_staking),
                delegation: address(_people),
                teamVesting: address(0xA1),
                investorVesting: address(0xA2)
            }),
            _timelock,
            address(0x6A4D)
        );
        bytes32[2] memory roles = [_timelock.PROPOSER_ROLE(), _timelock.CANCELLER_ROLE()];
        for (uint256 i = 0; i < roles.length; ++i) {
            CHEATS.prank(address(_timelock));
            _timelock.grantRole(roles[i], address(_governor));
            CHEATS.prank(address(_timelock));
            _timelock.revokeRole(roles[i], address(this));
        }
        CHEATS.prank(address(0xA3));
        _true(_token.transfer(address(_timelock), 200_000_000e18), "treasury");
        _handler = new GovernorHandler(
            GovernorLinks({
                governor: _governor,
                timelock: _timelock,
                parameters: _parameters,
                token: _token,
                votes: _votes,
                gate: _gate,
                people: _people,
                decisions: _decisions
            })
        );
    }

    /// @dev Gives an account MESH, which votes, and makes the first ones operators with stake.
    function _equip(address account, uint256 i) private {
        _true(_token.transfer(account, 2_000_000e18), "fund account");
        CHEATS.prank(account);
        _token.approve(address(_votes), type(uint256).max);
        CHEATS.prank(account);
        _token.approve(address(_governor), type(uint256).max);
        CHEATS.prank(account);
        _token.delegate(account);
        if (i >= _people.OPERATORS()) return;
        CHEATS.prank(account);
        _registry.registerOperator(address(0), address(0), keccak256(abi.encode(i)));
        CHEATS.prank(account);
        _registry.registerNode(_key(i), bytes32(0));
        _people.stake(uint32(i), 30_000e18 - 1);
    }
}
