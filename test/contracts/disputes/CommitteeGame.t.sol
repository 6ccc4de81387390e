// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../contracts/interfaces/IAttestationDisputes.sol";
import {OffenceGame} from "./support/OffenceGame.sol";

/// @notice Random schedules of the fraud game: four nodes, ten members of which f, f + 1, a quorum or all are dishonest. They
/// sign together with nodes that lend them signatures, and withhold sound leaves from a client's challenge; provers, challengers
/// and outsiders accuse, ask, forge signatures, copy answers and come late; honest members lose what they kept on an old disk,
/// but one of those who signed always has it, and none signs again what its log does not allow.
/// @dev One seed is one schedule: 256 in a normal run, 10,000 with PQMESH_DEEP_TESTS=1. A failure prints its seed.
contract CommitteeGameTest is OffenceGame {
    /// @dev A leaf of a report.
    struct Place {
        uint256 index;
        uint32 node;
    }

    /// @dev What steps came to.
    enum Step {
        HonestReport,
        DishonestReport,
        ForgedReport,
        SoundProof,
        RefusedProof,
        Challenge,
        CopiedAnswer,
        DishonestAnswer,
        LateAnswer,
        HonestAnswer,
        Expiry,
        Dismissal,
        OmittedNode,
        ConvictedMember,
        RefusedConviction
    }

    /// @notice Thrown when no schedule takes a step.
    error NeverReached(Step step);

    uint256 private constant STEP_KINDS = 15;
    uint256 private constant REACH_SEEDS = 24;
    uint32 private constant NODES = 4;
    uint256 private constant STEPS = 14;
    uint256 private constant ALL = (1 << SEATS) - 1;

    uint256 private _seed;
    /// @dev Seats below this one are dishonest.
    uint256 private _dishonest;
    Place[] private _asked;
    /// @dev Challenges that honest members have seen.
    uint256 private _answeredCount;
    uint256 private _wronged;
    /// @dev Leaves that were proven invalid only after an answer had stood and the epoch was final: they stay attested.
    mapping(uint256 index => mapping(uint32 node => bool)) private _provenLate;
    uint256[STEP_KINDS] private _reached;

    function setUp() public {
        _deployGame(NODES);
    }

    /// @dev Whatever happens, members that sign only what they verified and answer in time keep their bonds and their seats;
    /// a leaf that no node signed attests nothing once somebody asked in time; and no omitted node stays absent.
    function test_honestSignersAreNeverSlashed(uint256 seed) public {
        _play(seed);
        _settle();
        _checkHonest();
        _checkLeaves();
        _equal(_wronged, 0, "steps that had another outcome than they must have");
        uint256 owed = _committee.totalBonded() + _committee.totalFrozen();
        _equal(_token.balanceOf(address(_committee)), owed, "MESH of the committee");
        uint256 credits = _disputes.creditOf(address(this));
        for (uint256 seat = 0; seat < SEATS; ++seat) credits += _disputes.creditOf(CHAIN.addr(_keys[seat]));
        _equal(address(_disputes).balance, credits, "wei of the disputes");
    }

    /// @dev Steps of every kind happen and have both outcomes, so that the schedules are about something.
    function test_schedulesReachEveryStep() public {
        uint256 begin = CHEATS.snapshotState();
        uint256[STEP_KINDS] memory reached;
        for (uint256 seed = 0; seed < REACH_SEEDS; ++seed) {
            uint256[STEP_KINDS] memory counts = this.playOnce(seed);
            for (uint256 i = 0; i < STEP_KINDS; ++i) reached[i] += counts[i];
            CHEATS.revertToState(begin);
            begin = CHEATS.snapshotState();
        }
        for (uint256 i = 0; i < STEP_KINDS; ++i) {
            if (reached[i] == 0) revert NeverReached(Step(i));
        }
    }

    /// @dev One schedule; returns how often each step happened.
    function playOnce(uint256 seed) external returns (uint256[STEP_KINDS] memory) {
        _play(seed);
        _settle();
        return _reached;
    }

    function _play(uint256 seed) private {
        _seed = uint256(keccak256(abi.encode(seed)));
        _dishonest = [uint256(3), 4, 7, 10][_draw(4)];
        for (uint256 i = 0; i < STEPS; ++i) this.step(_draw(12));
    }

    /// @dev One step of a schedule; a call of its own, so that its memory is given back.
    function step(uint256 action) external {
        if (action < 3 || _madeCount == 0) return _reportNext();
        (uint256 index, uint32 node) = (_draw(_madeCount), uint32(_draw(NODES)));
        if (action == 3 || action == 4) return _accuse(index, node);
        if (action == 5 || action == 6) return _ask(index, node);
        if (action == 7) return _frame(index, node);
        if (_asked.length > 0) {
            Place memory place = _asked[action == 10 ? _draw(_asked.length) : _asked.length - 1];
            (index, node) = (place.index, place.node);
        }
        if (action == 8) _copyAnswer(index, node);
        else if (action == 9) _answerDishonestly(index, node);
        else if (action == 10) _end(index, node);
        else _pass(1 + _draw(3));
    }

    /// @dev Reports the oldest epoch that can be: everybody a sound report, or the dishonest members one of their own.
    function _reportNext() private {
        _pass(1);
        uint64 current = _bridge.currentEpoch();
        uint64 next = _bridge.nextEpoch(0);
        uint64 epoch = next < current - WINDOW ? current - WINDOW : next;
        if (epoch >= current) return;
        bytes memory kinds = new bytes(NODES);
        bool isHonest = _draw(3) == 0;
        for (uint256 node = 0; node < NODES && !isHonest; ++node) kinds[node] = bytes1(uint8(_draw(9)));
        if (keccak256(kinds) == keccak256(new bytes(NODES))) isHonest = true;
        uint256 willing = isHonest ? ALL : (1 << _dishonest) - 1;
        if (!isHonest && _draw(3) == 0 && _dishonest < SEATS) {
            (bool isTaken, ) = _report(epoch, kinds, willing, ALL);
            if (isTaken) ++_wronged;
            _count(Step.ForgedReport);
        }
        (bool isAccepted, bool isQuorum) = _report(epoch, kinds, willing, 0);
        if (isAccepted != isQuorum) ++_wronged;
        if (isAccepted) _count(isHonest ? Step.HonestReport : Step.DishonestReport);
    }

    /// @dev Accuses a member as such. Nobody convicts an honest one; of the others, those who signed.
    function _frame(uint256 index, uint32 node) private {
        uint64 epoch = _made[index].summary.epoch;
        (, bytes memory packed) = _committee.committeeFor(epoch);
        uint256 seat = _draw(packed.length / 20);
        uint256 member = _seatOf[_memberAt(epoch, seat)];
        bool isGuilty = member < _dishonest;
        uint256 kind = _draw(4);
        bool isConvicted =
            kind < 2
                ? _accuseOfTwoReports(index, member, isGuilty, kind == 1)
                : kind == 2
                    ? _accuseOfOmission(index, node, member, isGuilty)
                    : _accuseOfForgery(index, member, isGuilty);
        if (isConvicted && (!isGuilty || kind == 1)) ++_wronged;
        _count(isConvicted ? Step.ConvictedMember : Step.RefusedConviction);
    }

    /// @dev Accuses a leaf of its flaw, or of any when it has none. Nobody can accuse a leaf that nobody knows.
    function _accuse(uint256 index, uint32 node) private {
        Kind kind = _kindOf(index, node);
        uint64 epoch = _made[index].summary.epoch;
        if (kind == Kind.Garbage || kind == Kind.Omitted) return;
        bool isSound = kind == Kind.Sound;
        bool wasHeld = _disputes.isDisputed(node, epoch) || epoch >= _bridge.finalizedBefore();
        if (!_prove(index, node, isSound ? IAttestationDisputes.Flaw(_draw(10)) : _flawOf(kind))) {
            _count(Step.RefusedProof);
            return;
        }
        _count(Step.SoundProof);
        if (isSound) ++_wronged;
        bool isAbsent = _bridge.statusOf(node, epoch) == IAttestationBridge.EpochStatus.Absent;
        if (wasHeld && !isAbsent) ++_wronged;
        if (!wasHeld) _provenLate[index][node] = true;
    }

    function _ask(uint256 index, uint32 node) private {
        if (_challenge(index, node) == 0) return;
        _count(Step.Challenge);
        _asked.push(Place(index, node));
    }

    /// @dev An outsider shows what it saw in the pool of transactions.
    function _copyAnswer(uint256 index, uint32 node) private {
        uint256 seat = _draw(SEATS);
        if (_respond(index, node, address(0xBAD), seat)) ++_wronged;
        _count(Step.CopiedAnswer);
    }

    /// @dev A dishonest signer shows what it has, which may be a bad leaf; garbage and late answers must be refused.
    function _answerDishonestly(uint256 index, uint32 node) private {
        uint64 epoch = _made[index].summary.epoch;
        uint256 seat = 0;
        while ((_made[index].summary.signers >> seat) & 1 == 0) ++seat;
        uint256 id = _disputes.challengeAbout(node, epoch);
        IAttestationDisputes.Challenge memory asked = _disputes.challengeOf(id);
        bool isLate = asked.state == IAttestationDisputes.ChallengeState.Open && block.timestamp >= asked.until;
        bool isAnswered = _respond(index, node, _memberAt(epoch, seat), seat);
        if (isAnswered) _count(Step.DishonestAnswer);
        else if (isLate) _count(Step.LateAnswer);
        if (isAnswered && (isLate || _kindOf(index, node) == Kind.Garbage)) ++_wronged;
    }

    function _end(uint256 index, uint32 node) private {
        uint256 id = _disputes.challengeAbout(node, _made[index].summary.epoch);
        try _disputes.expireChallenge(id) {
            _count(Step.Expiry);
        } catch {}
        try _disputes.dismissChallenge(id) {
            _count(Step.Dismissal);
        } catch {}
        _disputes.openQueued(8);
    }

    /// @dev Time passes, and before it does, honest members answer and omitted nodes attest for themselves.
    function _pass(uint256 epochs) private {
        for (uint256 i = 0; i < epochs; ++i) {
            uint256 answered = _asked.length;
            while (answered > _answeredCount) {
                Place memory place = _asked[--answered];
                if (_kindOf(place.index, place.node) == Kind.Sound) _answerHonestly(place.index, place.node);
            }
            _answeredCount = _asked.length;
            _attestOmitted();
            _passEpoch(true);
        }
    }

    /// @dev A node attests for itself that was omitted, or whose leaf only members know that serve a client of it: some time
    /// after its epoch cannot be reported any more, and before the horizon.
    function _attestOmitted() private {
        uint64 current = _bridge.currentEpoch();
        for (uint256 index = 0; index < _madeCount; ++index) {
            uint64 epoch = _made[index].summary.epoch;
            if (epoch + WINDOW >= current) continue;
            for (uint32 node = 0; node < NODES; ++node) {
                bool isDue = epoch + WINDOW + 1 + ((node + epoch) % 4) == current;
                if (!isDue || !_needsItself(index, node)) continue;
                uint256 admitted = _selfAttest(node, epoch);
                if (_kindOf(index, node) == Kind.Omitted && admitted == 1) _count(Step.OmittedNode);
            }
        }
    }

    /// @dev Of the honest signers one at random still has the leaf. It may find the challenge answered, never too late.
    function _answerHonestly(uint256 index, uint32 node) private {
        uint64 epoch = _made[index].summary.epoch;
        uint256 id = _disputes.challengeAbout(node, epoch);
        IAttestationDisputes.ChallengeState state = _disputes.challengeOf(id).state;
        uint256 start = _draw(SEATS);
        for (uint256 i = 0; i < SEATS; ++i) {
            uint256 seat = (start + i) % SEATS;
            if (!_isHonestSigner(index, seat)) continue;
            bool isAnswered = _respond(index, node, _memberAt(epoch, seat), seat);
            bool isUnanswered =
                state == IAttestationDisputes.ChallengeState.Queued ||
                    state == IAttestationDisputes.ChallengeState.Open;
            if (isAnswered) _count(Step.HonestAnswer);
            if (isAnswered != isUnanswered) ++_wronged;
            return;
        }
    }

    function _needsItself(uint256 index, uint32 node) private view returns (bool) {
        Kind kind = _kindOf(index, node);
        return kind == Kind.Omitted || (kind == Kind.Sound && !_hasHonestSigner(index));
    }

    function _hasHonestSigner(uint256 index) private view returns (bool) {
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            if (_isHonestSigner(index, seat)) return true;
        }
        return false;
    }

    function _isHonestSigner(uint256 index, uint256 seat) private view returns (bool) {
        if ((_made[index].summary.signers >> seat) & 1 == 0) return false;
        return _seatOf[_memberAt(_made[index].summary.epoch, seat)] >= _dishonest;
    }

    /// @dev Until nothing is under way: every challenge is answered, expires or is dismissed.
    function _settle() private {
        for (uint256 round = 0; round < 40; ++round) {
            (uint256 open, uint256 queued) = _disputes.challengeCounts();
            if (open + queued == 0 && round > 6) break;
            this.endAll();
        }
        (uint256 stillOpen, uint256 stillQueued) = _disputes.challengeCounts();
        _equal(stillOpen + stillQueued, 0, "challenges that never end");
    }

    /// @dev An epoch passes and everything ends that can; a call of its own for the same reason.
    function endAll() external {
        _pass(1);
        for (uint256 i = 0; i < _asked.length; ++i) _end(_asked[i].index, _asked[i].node);
    }

    function _checkHonest() private view {
        for (uint256 seat = _dishonest; seat < SEATS; ++seat) {
            address member = CHAIN.addr(_keys[seat]);
            _equal(_committee.relayerOf(member).bond, MIN_BOND, "bond of an honest member");
            _equal(_committee.relayerOf(member).frozenUntil, 0, "jail of an honest member");
        }
    }

    /// @dev A challenge that was upheld leaves the node absent, however late it ended; a node that was left out, or whose sound
    /// leaf was withheld, is attested by itself.
    function _checkLeaves() private view {
        for (uint256 index = 0; index < _madeCount; ++index) {
            uint64 epoch = _made[index].summary.epoch;
            for (uint32 node = 0; node < NODES; ++node) {
                IAttestationBridge.EpochStatus status = _bridge.statusOf(node, epoch);
                uint256 id = _disputes.challengeAbout(node, epoch);
                bool isUpheld = _disputes.challengeOf(id).state == IAttestationDisputes.ChallengeState.Upheld;
                if (_needsItself(index, node) || _kindOf(index, node) == Kind.Sound) {
                    _true(status == IAttestationBridge.EpochStatus.Attested, "a node that attested");
                } else if (isUpheld && !_provenLate[index][node]) {
                    _true(status == IAttestationBridge.EpochStatus.Absent, "a leaf that was withheld or invalid");
                }
            }
        }
    }

    function _kindOf(uint256 index, uint32 node) private view returns (Kind) {
        return Kind(uint8(_made[index].kinds[node]));
    }

    function _flawOf(Kind kind) private pure returns (IAttestationDisputes.Flaw) {
        if (kind == Kind.Forged) return IAttestationDisputes.Flaw.Signature;
        if (kind == Kind.Replayed) return IAttestationDisputes.Flaw.Epoch;
        if (kind == Kind.Stale) return IAttestationDisputes.Flaw.Beacon;
        if (kind == Kind.Unnumbered) return IAttestationDisputes.Flaw.Sequence;
        if (kind == Kind.Unapproved) return IAttestationDisputes.Flaw.Measurement;
        return IAttestationDisputes.Flaw.Node;
    }

    function _count(Step step_) private {
        ++_reached[uint256(step_)];
    }

    function _draw(uint256 limit) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % limit;
    }
}
