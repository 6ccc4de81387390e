// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../contracts/interfaces/IAttestationDisputes.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {CommitteeGame} from "./support/CommitteeGame.sol";
import {GameTree} from "./support/GameTree.sol";

/// @notice A whole shard in dispute at once: all 512 nodes are challenged, or passed over.
contract MassGameTest is CommitteeGame {
    /// @notice Thrown when the call of an answer takes more gas than a bond is computed from.
    error AnswerTooDear(uint256 gas, uint256 limit);

    uint32 private constant NODES = 512;
    uint256 private constant ALL = (1 << SEATS) - 1;
    /// @dev What the call of an answer may take: 180,000 for the transaction, less 21,000 and 60,000 for its data.
    uint256 private constant ANSWER_GAS = 99_000;

    bytes32[] private _leaves;
    uint256 private _bonds;

    function setUp() public {
        _deployGame(NODES);
    }

    /// @dev The queue keeps open challenges below the cap whatever comes, each answer is cheap, and members that answer all get
    /// every bond.
    function test_answersToAShardFullOfChallenges() public {
        _reportAll(Kind.Sound);
        _askAll();
        for (uint32 node = 0; node < NODES; ++node) {
            this.answerOne(node);
            _checkQueue(NODES - node - 1);
        }
        CHEATS.warp(block.timestamp + _disputes.answerPeriod());
        for (uint256 id = 1; id <= NODES; ++id) _disputes.dismissChallenge(id);
        uint256 credits = 0;
        for (uint256 seat = 0; seat < SEATS; ++seat) credits += _disputes.creditOf(CHAIN.addr(_keys[seat]));
        _equal(credits, _bonds, "wei credited to the members");
        _equal(address(_disputes).balance, _bonds, "wei of the disputes");
        _equal(_committee.totalFrozen(), 0, "frozen bonds");
        _checkStatus(IAttestationBridge.EpochStatus.Attested);
    }

    /// @dev A committee that answers nothing loses its bonds once, every challenger has its bond back, and the last challenge ends
    /// after as many answer periods as it takes the queue, though the epoch was final long before.
    function test_endsAShardFullOfUnansweredChallenges() public {
        _reportAll(Kind.Garbage);
        _askAll();
        uint256 room = _parameters.get(ParameterIds.MAX_OPEN_CHALLENGES);
        uint256 ended = 0;
        uint256 frozen = 0;
        for (uint256 periods = 0; periods < (NODES + room - 1) / room; ++periods) {
            CHEATS.warp(block.timestamp + _disputes.answerPeriod());
            (uint256 open, ) = _disputes.challengeCounts();
            for (uint256 i = 0; i < open; ++i) _disputes.expireChallenge(++ended);
            if (frozen == 0) frozen = _committee.totalFrozen();
            _equal(_committee.totalFrozen(), frozen, "bonds frozen once");
        }
        _equal(ended, NODES, "challenges that ended");
        _checkQueue(0);
        if (frozen == 0) revert NothingFrozen();
        _equal(_disputes.creditOf(address(this)), _bonds, "wei of the challenger");
        _disputes.withdraw();
        _equal(address(_disputes).balance, 0, "wei of the disputes");
        _checkStatus(IAttestationBridge.EpochStatus.Absent);
    }

    /// @dev A report that names a whole shard absent silences nobody who committed in time.
    function test_admitsAShardThatWasPassedOver() public {
        _reportAll(Kind.Omitted);
        _checkStatus(IAttestationBridge.EpochStatus.Absent);
        uint64 epoch = _made[0].summary.epoch;
        for (uint32 node = 0; node < NODES; ++node) _equal(this.proveOne(node, epoch), 1, "epochs admitted");
        _checkStatus(IAttestationBridge.EpochStatus.Attested);
    }

    /// @notice Thrown when silence cost nobody anything.
    error NothingFrozen();

    /// @dev Calls of their own, so that their memory is given back.
    function askOne(uint32 node) external returns (uint256 id) {
        return _challenge(0, node);
    }

    function answerOne(uint32 node) external {
        uint64 epoch = _made[0].summary.epoch;
        bytes32[9] memory proof = GameTree.proofOf(_leaves, node);
        IAttestationBridge.Attestation memory attestation = _attestationOf(node, epoch, Kind.Sound);
        bytes memory signature = _signatureOf(node, epoch, Kind.Sound);
        uint256 seat = node % SEATS;
        CHEATS.prank(_memberAt(epoch, seat));
        uint256 before = gasleft();
        _disputes.respond(node + 1, seat, attestation, signature, proof);
        uint256 used = before - gasleft();
        if (used > ANSWER_GAS) revert AnswerTooDear(used, ANSWER_GAS);
    }

    function proveOne(uint32 node, uint64 epoch) external returns (uint256) {
        return _selfAttest(node, epoch);
    }

    function makeLeaves() external {
        _leaves = _leavesOf(_made[0].kinds, _made[0].summary.epoch);
    }

    /// @dev All members report the oldest epoch that can be, with one kind of leaf for all nodes.
    function _reportAll(Kind kind) private {
        _passEpoch(false);
        uint64 epoch = _bridge.currentEpoch() - WINDOW;
        bytes memory kinds = new bytes(NODES);
        for (uint256 node = 0; node < NODES; ++node) kinds[node] = bytes1(uint8(kind));
        (bool isAccepted, ) = _report(epoch, kinds, ALL, 0);
        if (!isAccepted) revert NothingReported();
        this.makeLeaves();
    }

    /// @notice Thrown when the report was refused.
    error NothingReported();

    function _askAll() private {
        uint256 base = _disputes.challengeBond();
        uint256 room = _parameters.get(ParameterIds.MAX_OPEN_CHALLENGES);
        for (uint32 node = 0; node < NODES; ++node) {
            uint256 bond = _disputes.challengeBond();
            _equal(bond, base * (1 + node / room), "bond while others wait");
            _bonds += bond;
            uint256 id = this.askOne(node);
            _equal(id, node + 1, "number of the challenge");
            _checkQueue(node + 1);
            IAttestationDisputes.Challenge memory made = _disputes.challengeOf(id);
            _equal(made.until == 0 ? 1 : 0, node < room ? 0 : 1, "clocks of challenges that wait");
        }
    }

    /// @dev As many are open as may be, and the others wait.
    function _checkQueue(uint256 unanswered) private view {
        uint256 room = _parameters.get(ParameterIds.MAX_OPEN_CHALLENGES);
        (uint256 open, uint256 queued) = _disputes.challengeCounts();
        _equal(open, unanswered < room ? unanswered : room, "open challenges");
        _equal(open + queued, unanswered, "challenges without an answer");
    }

    function _checkStatus(IAttestationBridge.EpochStatus status) private view {
        uint64 epoch = _made[0].summary.epoch;
        for (uint32 node = 0; node < NODES; ++node) {
            _equal(uint256(_bridge.statusOf(node, epoch)), uint256(status), "status of a node");
        }
    }
}
