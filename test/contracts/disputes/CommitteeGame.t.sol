// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../contracts/interfaces/IAttestationDisputes.sol";
import {CommitteeGame} from "./support/CommitteeGame.sol";

/// @notice Random schedules of the fraud game: four nodes, ten members of which f, f + 1, a quorum or all are dishonest. They
/// sign together with nodes that lend them signatures; provers, challengers, clients and outsiders accuse, ask, copy answers
/// and come late; honest members lose what they kept on an old disk, but one of those who signed always has it.
/// @dev One seed is one schedule: 256 in a normal run, 10,000 with PQMESH_DEEP_TESTS=1. A failure prints its seed.
contract CommitteeGameTest is CommitteeGame {
    /// @dev A leaf of a report.
    struct Place {
        uint256 index;
        uint32 node;
    }

    uint32 private constant NODES = 4;
    uint256 private constant STEPS = 14;
    uint256 private constant ALL = (1 << SEATS) - 1;

    uint256 private _seed;
    /// @dev Seats below this one are dishonest.
    uint256 private _dishonest;
    Place[] private _asked;
    /// @dev Challenges that honest members have seen, and reports whose omitted nodes attested for themselves.
    uint256 private _answeredCount;
    uint256 private _omittedCount;
    uint256 private _wronged;
    uint256[9] private _reached;

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
    }

    function _play(uint256 seed) private {
        _seed = uint256(keccak256(abi.encode(seed)));
        _dishonest = [uint256(3), 4, 7, 10][_draw(4)];
        for (uint256 i = 0; i < STEPS; ++i) this.step(_draw(10));
    }

    /// @dev One step of a schedule; a call of its own, so that its memory is given back.
    function step(uint256 action) external {
        if (action < 3 || _madeCount == 0) return _reportNext();
        (uint256 index, uint32 node) = (_draw(_madeCount), uint32(_draw(NODES)));
        if (action == 3 || action == 4) return _accuse(index, node);
        if (action == 5) return _ask(index, node);
        if (_asked.length > 0) {
            Place memory place = _asked[action == 8 ? _draw(_asked.length) : _asked.length - 1];
            (index, node) = (place.index, place.node);
        }
        if (action == 6) _copyAnswer(index, node);
        else if (action == 7) _answerDishonestly(index, node);
        else if (action == 8) _end(index, node);
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
        (bool isAccepted, bool isQuorum) = _report(epoch, kinds, isHonest ? ALL : (1 << _dishonest) - 1);
        if (isAccepted && !isQuorum) ++_wronged;
        if (isAccepted) ++_reached[isHonest ? 0 : 1];
    }

    /// @dev Accuses a leaf of its flaw, or of any when it has none. Nobody can accuse a leaf that nobody knows.
    function _accuse(uint256 index, uint32 node) private {
        Kind kind = _kindOf(index, node);
        uint64 epoch = _made[index].summary.epoch;
        if (kind == Kind.Garbage || kind == Kind.Omitted) return;
        bool isSound = kind == Kind.Sound;
        bool wasHeld = _disputes.isDisputed(node, epoch) || epoch >= _bridge.finalizedBefore();
        if (!_prove(index, node, isSound ? IAttestationDisputes.Flaw(_draw(10)) : _flawOf(kind))) {
            ++_reached[2];
            return;
        }
        ++_reached[3];
        if (isSound) ++_wronged;
        bool isAbsent = _bridge.statusOf(node, epoch) == IAttestationBridge.EpochStatus.Absent;
        if (wasHeld && !isAbsent) ++_wronged;
    }

    function _ask(uint256 index, uint32 node) private {
        if (_challenge(index, node) == 0) return;
        ++_reached[4];
        _asked.push(Place(index, node));
    }

    /// @dev An outsider shows what it saw in the pool of transactions.
    function _copyAnswer(uint256 index, uint32 node) private {
        uint256 seat = _draw(SEATS);
        if (_respond(index, node, address(0xBAD), seat)) ++_wronged;
        ++_reached[5];
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
        if (isAnswered) ++_reached[6];
        if (isAnswered && (isLate || _kindOf(index, node) == Kind.Garbage)) ++_wronged;
    }

    function _end(uint256 index, uint32 node) private {
        uint256 id = _disputes.challengeAbout(node, _made[index].summary.epoch);
        try _disputes.expireChallenge(id) {
            ++_reached[7];
        } catch {}
        try _disputes.dismissChallenge(id) {} catch {}
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

    /// @dev Each omitted node attests for itself as soon as its epoch cannot be reported any more.
    function _attestOmitted() private {
        uint64 current = _bridge.currentEpoch();
        for (; _omittedCount < _madeCount; ++_omittedCount) {
            uint64 epoch = _made[_omittedCount].summary.epoch;
            if (epoch + WINDOW >= current) return;
            for (uint32 node = 0; node < NODES; ++node) {
                if (_kindOf(_omittedCount, node) == Kind.Omitted) _reached[8] += _selfAttest(node, epoch);
            }
        }
    }

    /// @dev Of the honest signers one at random still has the leaf.
    function _answerHonestly(uint256 index, uint32 node) private {
        uint64 epoch = _made[index].summary.epoch;
        uint256 signers = _made[index].summary.signers;
        uint256 start = _draw(SEATS);
        for (uint256 i = 0; i < SEATS; ++i) {
            uint256 seat = (start + i) % SEATS;
            if ((signers >> seat) & 1 == 0) continue;
            address member = _memberAt(epoch, seat);
            if (_seatOf[member] < _dishonest) continue;
            _respond(index, node, member, seat);
            return;
        }
    }

    /// @dev Until nothing is under way: every challenge is answered, expires or is dismissed.
    function _settle() private {
        for (uint256 round = 0; round < 40; ++round) {
            (uint256 open, uint256 queued) = _disputes.challengeCounts();
            if (open + queued == 0 && round > 2) break;
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

    /// @dev A challenge that was upheld leaves the node absent, however late it ended; an omitted node is attested by itself.
    function _checkLeaves() private view {
        for (uint256 index = 0; index < _madeCount; ++index) {
            uint64 epoch = _made[index].summary.epoch;
            for (uint32 node = 0; node < NODES; ++node) {
                IAttestationBridge.EpochStatus status = _bridge.statusOf(node, epoch);
                uint256 id = _disputes.challengeAbout(node, epoch);
                bool isUpheld = _disputes.challengeOf(id).state == IAttestationDisputes.ChallengeState.Upheld;
                if (_kindOf(index, node) == Kind.Omitted) {
                    _true(status == IAttestationBridge.EpochStatus.Attested, "an omitted node that committed");
                } else if (isUpheld) {
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

    function _draw(uint256 limit) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % limit;
    }
}
