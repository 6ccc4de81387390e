// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AdmittedIdentities} from "../../../contracts/AdmittedIdentities.sol";
import {IMeshGovernor} from "../../../contracts/interfaces/IMeshGovernor.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshGovernor} from "../../../contracts/MeshGovernor.sol";
import {MeshTimelock} from "../../../contracts/MeshTimelock.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {QuadraticVotes} from "../../../contracts/QuadraticVotes.sol";
import {VotesHandler} from "../QuadraticVotes/VotesHandler.sol";
import {bounded, ICheats} from "../support/SolidityTest.sol";

/// @notice What proposals call: it remembers which of them were executed, and how often.
contract Decisions {
    mapping(uint256 number => uint256 times) public made;

    /// @notice Carries out a decision that needs no approval.
    function plain(uint256 number) external {
        ++made[number];
    }

    /// @notice Carries out a decision that needs one.
    function critical(uint256 number) external {
        ++made[number];
    }
}

/// @notice What the handler does with.
struct GovernorLinks {
    MeshGovernor governor;
    MeshTimelock timelock;
    NetworkParameters parameters;
    MeshToken token;
    QuadraticVotes votes;
    AdmittedIdentities gate;
    VotesHandler people;
    Decisions decisions;
}

/// @notice Proposals that are made, voted on, queued, approved, executed and cancelled at random, with books of their own.
contract GovernorHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant PROPOSALS = 6;
    address public constant GUARDIAN = address(0x6A4D);
    address public constant APPROVER = address(0xA9940);
    uint256 private constant WHOLE = 1e18;

    /// @notice What is known of a proposal without asking the governor.
    struct Book {
        uint256 id;
        address proposer;
        bool isCritical;
        IMeshGovernor.Terms terms;
        uint256 snapshot;
        uint256 firstEnd;
        uint256 end;
        uint256[3] units;
        uint256[2] tokens;
        IGovernor.ProposalState seen;
        uint256 settled;
    }

    GovernorLinks private _links;
    address private immutable _dao;

    /// @notice Proposals made.
    uint256 public count;
    /// @notice How often something happened that must not, by what it was.
    mapping(bytes32 what => uint256 times) public breaches;
    /// @notice How often something happened, to prove that the actions reach it.
    mapping(bytes32 what => uint256 times) public reached;

    mapping(uint256 number => Book) private _books;
    mapping(uint256 number => mapping(address account => bool)) private _hasVoted;
    mapping(uint256 number => mapping(uint256 identity => bool)) private _hasCast;

    constructor(GovernorLinks memory links) {
        _links = links;
        _dao = msg.sender;
    }

    function bookOf(uint256 number) external view returns (Book memory) {
        return _books[number];
    }

    // Proposals

    function propose(uint256 account, bool isCritical) public {
        if (count == PROPOSALS) return;
        uint256 number = count + 1;
        address proposer = _links.people.accountAt(account);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _callsOf(number, isCritical);
        CHEATS.prank(proposer);
        try _links.governor.propose(targets, values, calls, _text(number)) returns (uint256 id) {
            _open(number, id, proposer, isCritical);
        } catch {}
        _observe();
    }

    function vote(uint256 number, uint256 account, uint8 support) public {
        number = _chosen(number);
        if (number == 0) return;
        address voter = _links.people.accountAt(account);
        Book storage book = _books[number];
        support %= 3;
        CHEATS.prank(voter);
        try _links.governor.castVote(book.id, support) returns (uint256 units) {
            _enter(number, voter, support, units);
        } catch {}
        _observe();
    }

    /// @notice Some say yes, some no, and one tries it twice.
    function everybodyVotes(uint256 number, uint256 seed) public {
        for (uint256 i = 0; i < _links.people.ACCOUNTS(); ++i) {
            vote(number, i, uint8((seed >> (8 * i)) % 5 < 3 ? 1 : seed >> (8 * i)));
        }
        vote(number, seed, 1);
    }

    /// @notice A proposal from its making to its execution, with votes early or late; some of its steps are left out.
    function carry(uint256 account, uint256 seed, uint8 leftOut) external {
        propose(account, seed % 2 == 0);
        if (count == 0) return;
        uint256 number = count - 1;
        advance(number, 1);
        if (leftOut % 3 == 0) _goTo(_books[count].end - 1);
        everybodyVotes(number, seed);
        advance(number, 1);
        if (leftOut % 4 != 0) queue(number);
        if (leftOut % 4 != 1) approve(number);
        if (leftOut % 4 != 2) advance(number, leftOut);
        execute(number, leftOut % 8 < 4);
    }

    /// @notice A voter votes, moves to the account of another one who has lost its certificate, and tries again.
    function voteAndMove(uint256 number, uint256 from, uint256 to) external {
        uint256 identity = _links.people.nullifierAt(from);
        uint256 other = _links.people.nullifierAt(to);
        (address first, address second) = (_links.gate.accountOf(identity), _links.gate.accountOf(other));
        if (count == 0 || identity == other || first == address(0) || second == address(0)) return;
        number = count - 1;
        _goTo(_books[count].snapshot + 1);
        _voteAs(number, first);
        CHEATS.prank(_dao);
        _links.gate.revoke(other);
        CHEATS.prank(_dao);
        _links.gate.admit(second, identity, uint48(block.timestamp + 500));
        _links.votes.sync(identity);
        _voteAs(number, second);
    }

    /// @notice Goes to the next moment of a proposal at which something can happen, and does it.
    function advance(uint256 number, uint256 early) public {
        number = _chosen(number);
        if (number == 0) return;
        Book storage book = _books[number];
        IGovernor.ProposalState state = _links.governor.state(book.id);
        if (state == IGovernor.ProposalState.Pending) _goTo(book.snapshot + 1);
        else if (state == IGovernor.ProposalState.Active)
            _goTo(_links.governor.proposalDeadline(book.id) + (early % 4 == 0 ? 0 : 1));
        else if (state == IGovernor.ProposalState.Queued)
            _goTo(_links.governor.proposalEta(book.id) - (early % 4 == 0 ? 1 : 0));
        _observe();
    }

    function queue(uint256 number) public {
        number = _chosen(number);
        if (number == 0) return;
        Book storage book = _books[number];
        bool isDue = _links.governor.state(book.id) == IGovernor.ProposalState.Succeeded;
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _callsOf(number, book.isCritical);
        try _links.governor.queue(targets, values, calls, keccak256(bytes(_text(number)))) {
            if (!isDue) ++breaches["queued before it had passed"];
            ++reached["queued"];
        } catch {
            if (isDue) ++breaches["what passed cannot be queued"];
        }
        _observe();
    }

    function approve(uint256 number) public {
        number = _chosen(number);
        if (number == 0) return;
        bytes32 operation = operationOf(number);
        bool isPending = _links.timelock.isOperationPending(operation);
        CHEATS.prank(APPROVER);
        try _links.timelock.approve(operation) {
            if (!isPending) ++breaches["approved what nobody queued"];
            ++reached["approved"];
        } catch {}
    }

    function execute(uint256 number, bool isOnTimelock) public {
        number = _chosen(number);
        if (number == 0) return;
        Book storage book = _books[number];
        bytes32 operation = operationOf(number);
        bool isDue =
            _links.timelock.isOperationReady(operation) && (!book.isCritical || _links.timelock.isApproved(operation));
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _callsOf(number, book.isCritical);
        bytes32 text = keccak256(bytes(_text(number)));
        bool success;
        if (isOnTimelock) {
            try _links.timelock.executeBatch(targets, values, calls, 0, _salt(text)) {
                success = true;
            } catch {}
        } else {
            try _links.governor.execute(targets, values, calls, text) {
                success = true;
            } catch {}
        }
        if (success && !isDue) ++breaches["executed without what it needs"];
        if (!success && isDue) ++breaches["what is due cannot be executed"];
        if (success) ++reached[book.isCritical ? bytes32("executed critical") : bytes32("executed")];
        _observe();
    }

    function cancel(uint256 number, uint256 who) external {
        number = _chosen(number);
        if (number == 0 || who % 3 == 2) return;
        Book storage book = _books[number];
        bool isGuardian = who % 3 == 0;
        bool hasGuardian = block.timestamp < _links.governor.guardianUntil();
        bool isPending = _links.governor.state(book.id) == IGovernor.ProposalState.Pending;
        bool mayCancel = isGuardian ? hasGuardian : isPending || !hasGuardian;
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _callsOf(number, book.isCritical);
        CHEATS.prank(isGuardian ? GUARDIAN : book.proposer);
        try _links.governor.cancel(targets, values, calls, keccak256(bytes(_text(number)))) {
            if (!mayCancel) ++breaches["cancelled without the right"];
            ++reached["cancelled"];
        } catch {}
        _observe();
    }

    function releaseBond(uint256 number) external {
        number = _chosen(number);
        if (number == 0) return;
        Book storage book = _books[number];
        uint256 before = _links.token.balanceOf(book.proposer);
        uint256 pool = _links.token.balanceOf(_dao);
        try _links.governor.releaseBond(book.id) {
            ++book.settled;
            bool isBurnt = _isVetoed(book);
            uint256 moved =
                isBurnt ? _links.token.balanceOf(_dao) - pool : _links.token.balanceOf(book.proposer) - before;
            if (moved != book.terms.bond) ++breaches["a bond went elsewhere"];
            ++reached[isBurnt ? bytes32("burnt") : bytes32("returned")];
        } catch {
            IGovernor.ProposalState state = _links.governor.state(book.id);
            bool isOpen = state == IGovernor.ProposalState.Pending || state == IGovernor.ProposalState.Active;
            if (!isOpen && book.settled == 0) ++breaches["a bond is stuck"];
        }
    }

    // The DAO, tokens and time

    function setParameter(uint256 which, uint256 value) external {
        bytes32[8] memory ids = [
            ParameterIds.VOTING_DELAY,
            ParameterIds.VOTING_PERIOD,
            ParameterIds.LATE_VOTE_EXTENSION,
            ParameterIds.QUORUM_BP,
            ParameterIds.VETO_QUORUM_BP,
            ParameterIds.TOKEN_VETO_BP,
            ParameterIds.PROPOSAL_BOND,
            ParameterIds.PROPOSAL_THRESHOLD
        ];
        uint256[8] memory most = [uint256(50), 120, 60, 6_000, 6_000, 6_000, 5_000e18, 50e9];
        CHEATS.prank(_dao);
        _links.parameters.set(ids[which % 8], bounded(value, 1, most[which % 8]));
        CHEATS.warp(block.timestamp + (value % 30));
        _observe();
    }

    function moveTokens(uint256 from, uint256 to, uint256 amount) external {
        address holder = _links.people.accountAt(from);
        uint256 balance = _links.token.balanceOf(holder);
        CHEATS.prank(holder);
        _links.token.transfer(_links.people.accountAt(to), bounded(amount, 0, balance));
    }

    function delegateTokens(uint256 from, uint256 to) external {
        CHEATS.prank(_links.people.accountAt(from));
        _links.token.delegate(_links.people.accountAt(to));
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 40));
        _observe();
    }

    // Models

    /// @notice Whether a proposal has passed by its own terms and the books of its ballots.
    function passes(uint256 number) external view returns (bool) {
        Book storage book = _books[number];
        uint256 all = _links.votes.getPastTotalSupply(book.snapshot);
        bool isReached = (book.units[1] + book.units[2]) * 10_000 >= book.terms.quorumBp * all;
        uint256 most = book.terms.votableSupply * book.terms.tokenVetoBp;
        bool isRejected = book.tokens[0] > book.tokens[1] && book.tokens[0] * 10_000 >= most;
        return isReached && book.units[1] > book.units[0] && !isRejected;
    }

    /// @notice The operation of the timelock that a proposal is queued as.
    function operationOf(uint256 number) public view returns (bytes32) {
        bool isCritical = _books[number].isCritical;
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _callsOf(number, isCritical);
        return _links.timelock.hashOperationBatch(targets, values, calls, 0, _salt(keccak256(bytes(_text(number)))));
    }

    // Internal

    function _voteAs(uint256 number, address voter) private {
        for (uint256 i = 0; i < _links.people.ACCOUNTS(); ++i) {
            if (_links.people.accountAt(i) == voter) vote(number, i, 1);
        }
    }

    function _open(uint256 number, uint256 id, address proposer, bool isCritical) private {
        count = number;
        Book storage book = _books[number];
        (book.id, book.proposer, book.isCritical) = (id, proposer, isCritical);
        book.terms = _links.governor.proposalTerms(id);
        book.snapshot = _links.governor.proposalSnapshot(id);
        book.firstEnd = _links.governor.proposalDeadline(id);
        book.end = book.firstEnd;
        bool isInForce =
            book.snapshot == block.timestamp + _inForce(ParameterIds.VOTING_DELAY) &&
                book.end == book.snapshot + _inForce(ParameterIds.VOTING_PERIOD) &&
                book.terms.lateExtension == _inForce(ParameterIds.LATE_VOTE_EXTENSION) &&
                book.terms.quorumBp == _inForce(ParameterIds.QUORUM_BP) &&
                book.terms.vetoQuorumBp == _inForce(ParameterIds.VETO_QUORUM_BP) &&
                book.terms.tokenVetoBp == _inForce(ParameterIds.TOKEN_VETO_BP) &&
                book.terms.bond == _inForce(ParameterIds.PROPOSAL_BOND);
        if (!isInForce) ++breaches["terms that are not in force"];
        ++reached["proposed"];
    }

    function _inForce(bytes32 parameter) private view returns (uint256) {
        return _links.parameters.get(parameter);
    }

    function _enter(uint256 number, address voter, uint8 support, uint256 units) private {
        Book storage book = _books[number];
        if (_hasVoted[number][voter]) ++breaches["an account voted twice"];
        _hasVoted[number][voter] = true;
        book.units[support] += units;
        uint256 tokens = (_links.token.getPastVotes(voter, book.snapshot) / WHOLE) * WHOLE;
        if (support != 2) book.tokens[support] += tokens;
        if (units != _links.votes.votesAt(voter, book.snapshot)) ++breaches["other units than votesAt says"];
        if (units == 0 && tokens == 0) ++breaches["a ballot without votes"];
        ++reached["voted"];
        if (units == 0) return;
        uint256 identity = _links.gate.identityOf(voter);
        if (identity == 0 || _hasCast[number][identity]) ++breaches["no identity, or a second vote"];
        _hasCast[number][identity] = true;
    }

    /// @dev Looks at every proposal: states only go where they may, and the end only moves within its bounds.
    function _observe() private {
        for (uint256 number = 1; number <= count; ++number) {
            Book storage book = _books[number];
            IGovernor.ProposalState state = _links.governor.state(book.id);
            if (!_mayFollow(book.seen, state)) ++breaches["a state that may not follow"];
            if (state != book.seen) ++reached[bytes32(uint256(state) + 1)];
            book.seen = state;
            uint256 end = _links.governor.proposalDeadline(book.id);
            if (end < book.end || end > 2 * book.firstEnd - book.snapshot) ++breaches["an end out of bounds"];
            if (end != book.end) ++reached["prolonged"];
            book.end = end;
        }
    }

    /// @dev Several steps may lie between two looks; time takes some of them.
    function _mayFollow(IGovernor.ProposalState before, IGovernor.ProposalState now_) private pure returns (bool) {
        if (before == now_) return true;
        if (before == IGovernor.ProposalState.Pending) return now_ < IGovernor.ProposalState.Queued;
        if (before == IGovernor.ProposalState.Active) {
            return now_ != IGovernor.ProposalState.Pending && now_ < IGovernor.ProposalState.Queued;
        }
        bool isCancelled = now_ == IGovernor.ProposalState.Canceled;
        if (before == IGovernor.ProposalState.Succeeded) return isCancelled || now_ == IGovernor.ProposalState.Queued;
        if (before == IGovernor.ProposalState.Queued) return isCancelled || now_ == IGovernor.ProposalState.Executed;
        return before == IGovernor.ProposalState.Defeated && isCancelled;
    }

    function _isVetoed(Book storage book) private view returns (bool) {
        uint256 all = _links.votes.getPastTotalSupply(book.snapshot);
        bool isMany = book.units[0] * 10_000 >= book.terms.vetoQuorumBp * all;
        return book.units[0] > book.units[1] && isMany;
    }

    function _goTo(uint256 time) private {
        if (time > block.timestamp) CHEATS.warp(time);
    }

    /// @dev The number of a proposal, 0 while there is none.
    function _chosen(uint256 number) private view returns (uint256) {
        return count == 0 ? 0 : 1 + (number % count);
    }

    function _callsOf(
        uint256 number,
        bool isCritical
    ) private view returns (address[] memory targets, uint256[] memory values, bytes[] memory calls) {
        targets = new address[](1);
        values = new uint256[](1);
        calls = new bytes[](1);
        targets[0] = address(_links.decisions);
        calls[0] =
            isCritical ? abi.encodeCall(Decisions.critical, (number)) : abi.encodeCall(Decisions.plain, (number));
    }

    function _salt(bytes32 text) private view returns (bytes32) {
        return bytes20(address(_links.governor)) ^ text;
    }

    function _text(uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked("Decision ", bytes1(uint8(48 + number))));
    }
}
