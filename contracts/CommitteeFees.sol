// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {AcceptedReports} from "./AcceptedReports.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "./interfaces/IAttestationDisputes.sol";
import {ICommitteeFees} from "./interfaces/ICommitteeFees.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {IRelayerCommittee} from "./interfaces/IRelayerCommittee.sol";
import {CommitteeSignatures} from "./libraries/CommitteeSignatures.sol";
import {EpochWords} from "./libraries/EpochWords.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract CommitteeFees is ICommitteeFees, AcceptedReports {
    using EpochWords for EpochWords.Table;
    using EpochWords for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant ADDRESS_LENGTH = 20;
    /// @dev Epochs that the newest report of a silent member may lie behind.
    uint64 private constant RECENT_EPOCHS = 8;

    IERC20 private immutable _token;
    IRelayerCommittee private immutable _committee;
    IAttestationDisputes private immutable _disputes;
    INetworkParameters private immutable _parameters;

    /// @inheritdoc ICommitteeFees
    uint256 public override reserve;

    /// @inheritdoc ICommitteeFees
    mapping(address member => uint256) public override feesOf;

    EpochWords.Table private _paid;
    /// @dev One more than the newest epoch of a shard whose report a member showed its own signature of.
    mapping(address member => mapping(uint32 shard => uint256)) private _shownBefore;

    constructor(
        IERC20 token,
        IAttestationBridge bridge_,
        IRelayerCommittee committee,
        IAttestationDisputes disputes,
        INetworkParameters parameters
    ) AcceptedReports(bridge_) {
        if (address(token) == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        if (address(committee) == address(0)) revert IGoverned.Governed_ZeroAddress("committee");
        if (address(disputes) == address(0)) revert IGoverned.Governed_ZeroAddress("disputes");
        if (address(parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        _token = token;
        _committee = committee;
        _disputes = disputes;
        _parameters = parameters;
    }

    /// @inheritdoc ICommitteeFees
    function fund(uint256 amount) external {
        if (amount == 0) revert CommitteeFees_ZeroAmount();
        reserve += amount;
        emit FeesFunded(msg.sender, amount, reserve);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ICommitteeFees
    function collect(IEvidence.ReportSummary[] calldata reports) external returns (uint256 amount) {
        bytes32 domain = _domain();
        uint256 fee = _parameters.get(ParameterIds.REPORT_FEE);
        uint64 finalBefore = bridge.finalizedBefore();
        uint256 left = reserve;
        // What the reserve has no whole fee for is paid another time: whoever collects early takes nothing from anybody.
        for (uint256 i = 0; i < reports.length && left >= fee; ++i) {
            IEvidence.ReportSummary calldata report = reports[i];
            bytes32 digest = _requireAccepted(report, domain);
            if (report.epoch >= finalBefore) revert CommitteeFees_NotFinal(report.epoch, finalBefore);
            if (_disputes.isForged(digest)) revert CommitteeFees_Forged(report.epoch, report.shard);
            if (_paid.has(report.shard, report.epoch)) continue;
            if (_disputes.unresolvedIn(digest) > 0) continue;
            _paid.set(report.shard, report.epoch);
            uint256 paid = _credit(report, fee);
            amount += paid;
            left -= paid;
        }
        reserve = left;
    }

    /// @inheritdoc ICommitteeFees
    function withdraw(address member) external returns (uint256 amount) {
        amount = feesOf[member];
        if (amount == 0) revert CommitteeFees_ZeroAmount();
        feesOf[member] = 0;
        emit FeesWithdrawn(member, amount);
        _token.safeTransfer(member, amount);
    }

    /// @inheritdoc ICommitteeFees
    function showSignature(IEvidence.ReportSummary calldata report, bytes calldata signature) external {
        bytes32 digest = _requireAccepted(report);
        uint64 final_ = bridge.finalizedBefore();
        if (report.epoch < final_) revert CommitteeFees_NotRecent(report.epoch, final_);
        (address member, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        (, bytes memory members) = _committee.committeeFor(report.epoch);
        _seatOf(members, member, report.epoch);
        uint256 before = uint256(report.epoch) + 1;
        if (_shownBefore[member][report.shard] < before) _shownBefore[member][report.shard] = before;
    }

    /// @inheritdoc ICommitteeFees
    function removeSilent(address member, IEvidence.ReportSummary[] calldata reports) external {
        bytes32 domain = _domain();
        uint256 needed = _parameters.get(ParameterIds.COMMITTEE_SILENT_REPORTS);
        for (uint256 i = 0; i < reports.length; ++i) {
            IEvidence.ReportSummary calldata report = reports[i];
            _requireAccepted(report, domain);
            uint256 seats = _requireUnsigned(report, member);
            if (2 * seats > needed) needed = 2 * seats;
            if (i > 0) _requireNext(reports[i - 1], report);
        }
        if (reports.length < needed) revert CommitteeFees_TooFewReports(reports.length, needed);
        IEvidence.ReportSummary calldata newest = reports[reports.length - 1];
        uint256 shownBefore = _shownBefore[member][newest.shard];
        if (shownBefore > reports[0].epoch) revert CommitteeFees_HasSigned(member, uint64(shownBefore - 1));
        uint64 next = bridge.nextEpoch(newest.shard);
        if (newest.epoch + RECENT_EPOCHS < next) revert CommitteeFees_NotRecent(newest.epoch, next);
        emit SilentMemberRemoved(member, newest.shard, reports.length, newest.epoch);
        _committee.unseat(member);
    }

    /// @inheritdoc ICommitteeFees
    function isPaid(uint32 shard, uint64 epoch) external view returns (bool) {
        return _paid.has(shard, epoch);
    }

    /// @dev Credits the members for one report; returns the sum, which is at most the fee.
    function _credit(IEvidence.ReportSummary calldata report, uint256 fee) private returns (uint256 sum) {
        (, bytes memory members) = _committee.committeeFor(report.epoch);
        uint256 seats = members.length / ADDRESS_LENGTH;
        uint256 turn = (uint256(report.epoch) + report.shard + report.round) % seats;
        address leader;
        if ((report.signers >> turn) & 1 == 1) leader = CommitteeSignatures.memberAt(members, turn);
        uint256 toLeader = leader == address(0) ? 0 : fee / 2;
        uint256 count = report.signers.count();
        uint256 toEach = (fee / 2) / count;
        for (uint256 seat = 0; seat < seats; ++seat) {
            if ((report.signers >> seat) & 1 == 0) continue;
            address member = CommitteeSignatures.memberAt(members, seat);
            feesOf[member] += member == leader ? toEach + toLeader : toEach;
        }
        sum = toLeader + toEach * count;
        emit ReportPaid(report.epoch, report.shard, leader, toLeader, toEach, count);
    }

    /// @dev Reverts unless a relayer had a seat when a report was due and did not sign it. Returns the number of seats.
    function _requireUnsigned(
        IEvidence.ReportSummary calldata report,
        address member
    ) private view returns (uint256 seats) {
        (, bytes memory members) = _committee.committeeFor(report.epoch);
        seats = members.length / ADDRESS_LENGTH;
        uint256 seat = _seatOf(members, member, report.epoch);
        if ((report.signers >> seat) & 1 == 1) revert CommitteeFees_HasSigned(member, report.epoch);
    }

    /// @dev Returns the seat of a relayer among the members in force in an epoch; reverts when it has none.
    function _seatOf(bytes memory members, address member, uint64 epoch) private pure returns (uint256 seat) {
        uint256 seats = members.length / ADDRESS_LENGTH;
        while (seat < seats && CommitteeSignatures.memberAt(members, seat) != member) ++seat;
        if (seat == seats) revert CommitteeFees_NotMember(member, epoch);
    }

    /// @dev Reverts unless a report follows another one of the same shard.
    function _requireNext(IEvidence.ReportSummary calldata report, IEvidence.ReportSummary calldata next) private view {
        bool isNext = next.shard == report.shard && next.epoch > report.epoch;
        for (uint64 epoch = report.epoch + 1; isNext && epoch < next.epoch; ++epoch) {
            isNext = bridge.reportCommitment(report.shard, epoch) == 0;
        }
        if (!isNext) revert CommitteeFees_NotInARow(report.epoch, next.epoch);
    }
}
