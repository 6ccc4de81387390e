// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "./interfaces/IAttestationDisputes.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IRelayerCommittee} from "./interfaces/IRelayerCommittee.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {LeafRules} from "./LeafRules.sol";
import {CommitteeSignatures} from "./libraries/CommitteeSignatures.sol";
import {EpochWords} from "./libraries/EpochWords.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {ReportSummaries} from "./libraries/ReportSummaries.sol";
import {ReportTree} from "./libraries/ReportTree.sol";

/// @notice Judges leaves of accepted reports: proofs that they are invalid, and challenges to show them.
contract AttestationDisputes is IAttestationDisputes, LeafRules {
    using EpochWords for uint256;
    using SafeCast for uint256;

    /// @dev One slot: what challenges say of a report.
    struct Standing {
        uint248 unresolved;
        bool isWithheld;
    }

    /// @dev Gas that an answer costs at most, with some to spare.
    uint256 private constant ANSWER_GAS = 200_000;
    /// @dev Part of the bond for somebody else who ends an expired challenge.
    uint256 private constant TIP_DIVISOR = 10;
    /// @dev Bytes of an ML-DSA-65 signature.
    uint256 private constant SIGNATURE_LENGTH = 3_309;
    /// @dev Challenges that the end of another one looks at to open one.
    uint256 private constant OPEN_STEPS = 4;

    /// @notice Returns the committee whose members sign reports.
    IRelayerCommittee public immutable committee;
    /// @notice Returns the table of governed numbers.
    INetworkParameters public immutable parameters;
    /// @notice Returns the seconds in which an open challenge must be answered, and then an answer can be proven invalid.
    uint64 public immutable answerPeriod;

    /// @inheritdoc IAttestationDisputes
    mapping(address account => uint256) public override creditOf;

    /// @inheritdoc IAttestationDisputes
    mapping(uint32 nodeIndex => uint256) public override unresolvedAbout;

    /// @dev Positions of leaves that were proven invalid, 256 to a word.
    mapping(bytes32 reportDigest => uint256[2]) private _provenPositions;
    mapping(bytes32 reportDigest => Standing) private _standings;
    mapping(uint256 id => Challenge) private _challenges;
    mapping(uint256 nodeAndEpoch => uint256 id) private _challengeIds;
    uint256 private _challengeCount;
    /// @dev The newest challenge whose turn in the queue has come.
    uint256 private _turn;
    uint256 private _openCount;
    uint256 private _queuedCount;

    constructor(
        IAttestationBridge bridge_,
        INodeRegistry registry_,
        IRelayerCommittee committee_,
        INetworkParameters parameters_,
        IMLDSASwitch verifiers_
    ) Evidence(bridge_, verifiers_) LeafRules(registry_) {
        if (address(registry_) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(committee_) == address(0)) revert IGoverned.Governed_ZeroAddress("committee");
        if (address(parameters_) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        committee = committee_;
        parameters = parameters_;
        answerPeriod = ((bridge_.responseWindow() + 1) / 2) * IEpochClock(address(bridge_)).epochLength();
    }

    // Proofs

    /// @inheritdoc IAttestationDisputes
    function proveInvalid(
        ReportSummary calldata report,
        Leaf calldata leaf,
        Flaw flaw,
        Support calldata support
    ) external {
        bytes32 digest = _requireAccepted(report);
        bytes32 leafHash = _requireInTree(report, leaf);
        _requireClaim(keccak256(abi.encode(digest, leafHash)), support.salt);
        uint32 node = report.shard * uint32(SHARD_SIZE) + leaf.position;
        if (!_hasFlaw(report, leaf, flaw, support, node)) {
            revert AttestationDisputes_LeafStands(node, report.epoch, flaw);
        }
        bool isFirst = !isForged(digest);
        _takePosition(digest, leaf.position, node, report.epoch);
        bridge.markAbsent(node, report.epoch, isDisputed(node, report.epoch));
        uint256 slashId = isFirst ? _punish(digest, report.epoch, report.signers, msg.sender) : 0;
        emit LeafInvalid(digest, node, report.epoch, flaw, msg.sender, slashId);
        uint256 id = _challengeIds[EpochWords.keyOf(node, report.epoch)];
        if (id != 0 && _isUnresolved(_challenges[id].state)) {
            _credit(_challenges[id].challenger, _challenges[id].bond);
            _close(id, ChallengeState.Upheld, slashId);
        }
    }

    // Challenges

    /// @inheritdoc IAttestationDisputes
    function challenge(
        ReportSummary calldata report,
        bytes calldata absent,
        uint32 nodeIndex
    ) external payable returns (uint256 id) {
        bytes32 digest = _requireAccepted(report);
        _requireChallengeable(report, absent, nodeIndex);
        uint256 minimum = challengeBond();
        if (msg.value < minimum) revert AttestationDisputes_BondTooLow(msg.value, minimum);
        id = ++_challengeCount;
        _challengeIds[EpochWords.keyOf(nodeIndex, report.epoch)] = id;
        Challenge storage made = _challenges[id];
        made.challenger = msg.sender;
        made.epoch = report.epoch;
        made.nodeIndex = nodeIndex;
        made.reportDigest = digest;
        made.root = report.root;
        made.signers = report.signers;
        made.bond = msg.value.toUint96();
        made.state = ChallengeState.Queued;
        ++_queuedCount;
        ++unresolvedAbout[nodeIndex];
        ++_standings[digest].unresolved;
        bridge.countDispute(nodeIndex, report.epoch, false);
        emit ChallengeMade(id, nodeIndex, report.epoch, msg.sender, digest, report.root, report.signers, msg.value);
        openQueued(OPEN_STEPS);
    }

    /// @inheritdoc IAttestationDisputes
    function respond(
        uint256 id,
        uint256 seat,
        IAttestationBridge.Attestation calldata attestation,
        bytes calldata signature,
        bytes32[9] calldata proof
    ) external {
        Challenge storage asked = _challenges[id];
        _requireAnswerable(id, asked);
        if (signature.length != SIGNATURE_LENGTH) {
            revert AttestationDisputes_SignatureLength(signature.length, SIGNATURE_LENGTH);
        }
        (uint32 node, uint64 epoch) = (asked.nodeIndex, asked.epoch);
        if (!_isSigner(epoch, asked.signers, seat) && !registry.isOperator(node, msg.sender)) {
            revert AttestationDisputes_NotResponder(msg.sender, seat);
        }
        bytes32 leaf = ReportTree.leafOf(node, _attestationDigest(_domain(), attestation), keccak256(signature));
        bool isAnswer =
            attestation.nodeIndex == node &&
                attestation.epoch == epoch &&
                ReportTree.rootOf(leaf, node % SHARD_SIZE, proof) == asked.root;
        if (!isAnswer) revert AttestationDisputes_NotInTree(asked.root, node % uint32(SHARD_SIZE));
        if (asked.state == ChallengeState.Open) --_openCount;
        else --_queuedCount;
        uint64 until = uint64(block.timestamp) + answerPeriod;
        asked.responder = msg.sender;
        asked.until = until;
        asked.state = ChallengeState.Answered;
        emit ChallengeAnswered(id, msg.sender, registry.keyHashAt(node, epoch), until, attestation, signature, proof);
        openQueued(OPEN_STEPS);
    }

    /// @inheritdoc IAttestationDisputes
    function expireChallenge(uint256 id) external {
        Challenge storage asked = _challenges[id];
        if (asked.state != ChallengeState.Open) revert AttestationDisputes_WrongState(id, asked.state);
        _requirePassed(asked.until);
        (address challenger, uint256 bond) = (asked.challenger, asked.bond);
        bridge.markAbsent(asked.nodeIndex, asked.epoch, true);
        bytes32 digest = asked.reportDigest;
        uint256 slashId = isForged(digest) ? 0 : _punish(digest, asked.epoch, asked.signers, challenger);
        _standings[digest].isWithheld = true;
        uint256 tip = msg.sender == challenger ? 0 : bond / TIP_DIVISOR;
        if (tip > 0) _credit(msg.sender, tip);
        _credit(challenger, bond - tip);
        _close(id, ChallengeState.Upheld, slashId);
    }

    /// @inheritdoc IAttestationDisputes
    function dismissChallenge(uint256 id) external {
        Challenge storage asked = _challenges[id];
        if (asked.state != ChallengeState.Answered) revert AttestationDisputes_WrongState(id, asked.state);
        _requirePassed(asked.until);
        _credit(asked.responder, asked.bond);
        _close(id, ChallengeState.Dismissed, 0);
    }

    /// @inheritdoc IAttestationDisputes
    function openQueued(uint256 max) public {
        if (_queuedCount == 0) return;
        uint256 room = parameters.get(ParameterIds.MAX_OPEN_CHALLENGES);
        for (uint256 i = 0; i < max && _openCount < room && _turn < _challengeCount; ++i) {
            uint256 id = ++_turn;
            Challenge storage next = _challenges[id];
            if (next.state != ChallengeState.Queued) continue;
            next.state = ChallengeState.Open;
            next.until = uint64(block.timestamp) + answerPeriod;
            ++_openCount;
            --_queuedCount;
            emit ChallengeOpened(id, next.until);
        }
    }

    /// @inheritdoc IAttestationDisputes
    function withdraw() external {
        uint256 amount = creditOf[msg.sender];
        if (amount == 0) revert AttestationDisputes_NothingToWithdraw(msg.sender);
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    // Views

    /// @inheritdoc IAttestationDisputes
    function challengeOf(uint256 id) external view returns (Challenge memory) {
        return _challenges[id];
    }

    /// @inheritdoc IAttestationDisputes
    function challengeAbout(uint32 nodeIndex, uint64 epoch) external view returns (uint256) {
        return _challengeIds[EpochWords.keyOf(nodeIndex, epoch)];
    }

    /// @inheritdoc IAttestationDisputes
    function isDisputed(uint32 nodeIndex, uint64 epoch) public view returns (bool) {
        uint256 id = _challengeIds[EpochWords.keyOf(nodeIndex, epoch)];
        if (id == 0) return false;
        Challenge storage asked = _challenges[id];
        if (asked.state == ChallengeState.Answered) return block.timestamp < asked.until;
        return asked.state == ChallengeState.Queued || asked.state == ChallengeState.Open;
    }

    /// @inheritdoc IAttestationDisputes
    function isForged(bytes32 reportDigest) public view returns (bool) {
        uint256[2] storage words = _provenPositions[reportDigest];
        return words[0] != 0 || words[1] != 0 || _standings[reportDigest].isWithheld;
    }

    /// @inheritdoc IAttestationDisputes
    function unresolvedIn(bytes32 reportDigest) external view returns (uint256) {
        return _standings[reportDigest].unresolved;
    }

    /// @inheritdoc IAttestationDisputes
    function challengeBond() public view returns (uint256) {
        uint256 base =
            ANSWER_GAS *
                parameters.get(ParameterIds.CHALLENGE_GAS_PRICE) *
                parameters.get(ParameterIds.CHALLENGE_BOND_MULTIPLE);
        uint256 room = parameters.get(ParameterIds.MAX_OPEN_CHALLENGES);
        return base * (1 + (_openCount + _queuedCount) / room);
    }

    /// @inheritdoc IAttestationDisputes
    function challengeDeadline(uint64 epoch) public view returns (uint64) {
        uint64 closed = epoch + 1 + bridge.horizonEpochs() - bridge.responseWindow();
        return IEpochClock(address(bridge)).epochStart(closed);
    }

    /// @inheritdoc IAttestationDisputes
    function challengeCounts() external view returns (uint256 open, uint256 queued) {
        return (_openCount, _queuedCount);
    }

    // Internal

    /// @dev Each leaf is proven invalid once.
    function _takePosition(bytes32 digest, uint256 position, uint32 node, uint64 epoch) private {
        uint256 word = _provenPositions[digest][position >> 8];
        uint256 bit = 1 << (position & 255);
        if (word & bit != 0) revert AttestationDisputes_AlreadyProven(node, epoch);
        _provenPositions[digest][position >> 8] = word | bit;
    }

    /// @dev Punishes the signers of a report. Evidence: their ECDSA signatures, which the bridge checked.
    function _punish(
        bytes32 digest,
        uint64 epoch,
        uint256 signers,
        address reporter
    ) private returns (uint256 slashId) {
        (, bytes memory packed) = committee.committeeFor(epoch);
        address[] memory members = new address[](signers.count());
        address rewarded = reporter;
        for (uint256 i = 0; i < members.length; ++i) {
            members[i] = CommitteeSignatures.memberAt(packed, signers.lowest());
            if (members[i] == reporter) rewarded = address(0);
            signers &= signers - 1;
        }
        return
            committee.punish(
                IRelayerCommittee.Punishment({
                    offence: digest,
                    members: members,
                    shareBp: parameters.get(ParameterIds.SLASH_ECDSA_BP),
                    reporter: rewarded,
                    isProven: false
                })
            );
    }

    /// @dev Ends a challenge in any unresolved state and lets a waiting one follow.
    function _close(uint256 id, ChallengeState state, uint256 slashId) private {
        Challenge storage ended = _challenges[id];
        ChallengeState before = ended.state;
        if (before == ChallengeState.Open) --_openCount;
        if (before == ChallengeState.Queued) --_queuedCount;
        ended.state = state;
        --unresolvedAbout[ended.nodeIndex];
        --_standings[ended.reportDigest].unresolved;
        bridge.countDispute(ended.nodeIndex, ended.epoch, true);
        emit ChallengeClosed(id, state, slashId);
        openQueued(OPEN_STEPS);
    }

    function _credit(address account, uint256 amount) private {
        creditOf[account] += amount;
        emit Credited(account, amount);
    }

    function _requireChallengeable(
        ReportSummary calldata report,
        bytes calldata absent,
        uint32 nodeIndex
    ) private view {
        uint64 deadline = challengeDeadline(report.epoch);
        if (block.timestamp >= deadline) revert AttestationDisputes_TooLate(deadline, uint64(block.timestamp));
        uint256 existing = _challengeIds[EpochWords.keyOf(nodeIndex, report.epoch)];
        if (existing != 0) revert AttestationDisputes_ChallengeExists(existing);
        uint256 position = nodeIndex % SHARD_SIZE;
        bool isClaimed =
            nodeIndex / SHARD_SIZE == report.shard &&
                _isActive(nodeIndex, report.epoch) &&
                !ReportSummaries.contains(absent, report.absentHash, position);
        bool isProven = (_provenPositions[_reportDigest(report)][position >> 8] >> (position & 255)) & 1 == 1;
        if (!isClaimed || isProven) revert AttestationDisputes_NoLeafClaimed(nodeIndex, report.epoch);
    }

    function _requireAnswerable(uint256 id, Challenge storage asked) private view {
        if (asked.state != ChallengeState.Open && asked.state != ChallengeState.Queued) {
            revert AttestationDisputes_WrongState(id, asked.state);
        }
        if (asked.state == ChallengeState.Open && block.timestamp >= asked.until) {
            revert AttestationDisputes_TooLate(asked.until, uint64(block.timestamp));
        }
    }

    function _requirePassed(uint64 until) private view {
        if (block.timestamp < until) revert AttestationDisputes_TooEarly(until, uint64(block.timestamp));
    }

    function _isSigner(uint64 epoch, uint256 signers, uint256 seat) private view returns (bool) {
        if (seat > 255 || (signers >> seat) & 1 == 0) return false;
        (, bytes memory packed) = committee.committeeFor(epoch);
        return CommitteeSignatures.memberAt(packed, seat) == msg.sender;
    }

    function _isUnresolved(ChallengeState state) private pure returns (bool) {
        return state == ChallengeState.Queued || state == ChallengeState.Open || state == ChallengeState.Answered;
    }
}
