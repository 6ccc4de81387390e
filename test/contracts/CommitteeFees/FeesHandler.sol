// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IEvidence} from "../../../contracts/interfaces/IEvidence.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {ReportData} from "../../../contracts/libraries/ReportData.sol";
import {ReportSummaries} from "../../../contracts/libraries/ReportSummaries.sol";
import {CommitteeFees} from "../../../contracts/CommitteeFees.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {bounded, ensure, ICheats} from "../support/SolidityTest.sol";

/// @notice The parts of bridge, committee and disputes that fees read: reports of one shard as a test makes them.
contract ReportsDouble {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    uint64 public finalizedBefore;
    uint64 public newest;
    address public unseated;
    mapping(bytes32 digest => bool) public isForged;
    mapping(bytes32 digest => uint256) public unresolvedIn;
    mapping(uint64 epoch => bytes32) private _commitments;
    mapping(uint64 epoch => bytes) private _members;

    function accept(IEvidence.ReportSummary calldata report, bytes calldata members) external {
        _commitments[report.epoch] = ReportData.commitmentOf(digestOf(report), report.signers, report.beacon);
        _members[report.epoch] = members;
        newest = report.epoch;
    }

    function finalizeBefore(uint64 epoch) external {
        finalizedBefore = epoch;
    }

    function proveForged(IEvidence.ReportSummary calldata report) external {
        isForged[digestOf(report)] = true;
    }

    /// @dev As the contract of disputes has it, a challenge comes before a report is final.
    function challenge(IEvidence.ReportSummary calldata report) external {
        if (report.epoch >= finalizedBefore) ++unresolvedIn[digestOf(report)];
    }

    function endChallenge(IEvidence.ReportSummary calldata report, bool isWithheld) external {
        bytes32 digest = digestOf(report);
        if (unresolvedIn[digest] == 0) return;
        --unresolvedIn[digest];
        if (isWithheld) isForged[digest] = true;
    }

    function unseat(address member) external {
        unseated = member;
    }

    function reportCommitment(uint32, uint64 epoch) external view returns (bytes32) {
        return _commitments[epoch];
    }

    function nextEpoch(uint32) external view returns (uint64) {
        return newest + 1;
    }

    function committeeFor(uint64 epoch) external view returns (uint32, bytes memory) {
        return (1, _members[epoch]);
    }

    function digestOf(IEvidence.ReportSummary calldata report) public view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("PQMesh"), keccak256("1"), block.chainid, address(this))
        );
        return MessageHashUtils.toTypedDataHash(domain, ReportSummaries.structHash(report));
    }
}

/// @notice Random reports of committees of one to seven members, and everybody who pays, collects and withdraws.
contract FeesHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant MEMBERS = 7;

    CommitteeFees private immutable _fees;
    ReportsDouble private immutable _reports;
    NetworkParameters private immutable _parameters;
    MeshToken private immutable _token;
    address private immutable _timelock;

    IEvidence.ReportSummary[] private _made;
    mapping(uint64 epoch => uint256) private _seatsIn;
    /// @dev What members should have been credited, told plainly.
    mapping(address member => uint256) public creditedTo;
    mapping(uint64 epoch => bool) private _isPaid;

    uint256 public funded;
    uint256 public withdrawn;
    uint256 public donated;
    uint256 public paidReports;
    /// @dev True once a report that is not final, is challenged, was proven forged or is not known was paid.
    bool public hasPaidWrongly;
    /// @dev True once a collection paid more than one fee for a report.
    bool public hasOverpaid;
    /// @dev True once a relayer lost its seat that had signed.
    bool public hasUnseatedSigner;

    constructor(CommitteeFees fees, ReportsDouble reports, NetworkParameters parameters, MeshToken token) {
        _fees = fees;
        _reports = reports;
        _parameters = parameters;
        _token = token;
        _timelock = msg.sender;
        token.approve(address(fees), type(uint256).max);
    }

    function report(uint256 seats, uint256 signers, uint32 round, uint256 skipped) external {
        seats = bounded(seats, 1, MEMBERS);
        signers = bounded(signers, 1, (1 << seats) - 1);
        IEvidence.ReportSummary memory made;
        made.epoch = _reports.newest() + 1 + uint64(bounded(skipped, 0, 20) / 18);
        made.round = round % 4;
        made.signers = signers;
        _seatsIn[made.epoch] = seats;
        _made.push(made);
        bytes memory members;
        for (uint256 i = 0; i < seats; ++i) {
            members = abi.encodePacked(members, memberAt(i));
        }
        _reports.accept(made, members);
        if (made.epoch > 3 && made.epoch - 2 > _reports.finalizedBefore()) _reports.finalizeBefore(made.epoch - 2);
    }

    /// @dev Several reports of a small committee, long enough a run to tell who is silent.
    function reportRun(uint256 seats, uint256 signers, uint256 count) external {
        for (uint256 left = bounded(count, 4, 8); left > 0; --left) {
            this.report(seats % 2, signers, 0, 0);
        }
    }

    function finalize(uint256 back) external {
        uint64 newest = _reports.newest();
        uint64 to = newest + 1 - uint64(bounded(back, 0, newest < 3 ? newest : 3));
        if (to > _reports.finalizedBefore()) _reports.finalizeBefore(to);
    }

    /// @dev Rare, because nothing is paid for such a report.
    function proveForged(uint256 which, uint8 chance) external {
        if (_made.length == 0 || chance > 40) return;
        IEvidence.ReportSummary memory forged = _made[which % _made.length];
        if (!_isPaid[forged.epoch]) _reports.proveForged(forged);
    }

    function challenge(uint256 which) external {
        uint256 recent = _made.length < 3 ? _made.length : 3;
        if (recent > 0) _reports.challenge(_made[_made.length - 1 - (which % recent)]);
    }

    function endChallenge(uint256 which, uint8 outcome) external {
        if (_made.length > 0) _reports.endChallenge(_made[which % _made.length], outcome < 60);
    }

    function fund(uint256 amount) external {
        amount = bounded(amount, 10e18, 40e18);
        _fees.fund(amount);
        funded += amount;
    }

    /// @dev Collects up to four reports, one of them perhaps twice.
    function collect(uint256 which, uint256 count) external {
        if (_made.length == 0) return;
        count = bounded(count, 1, 4);
        IEvidence.ReportSummary[] memory list = new IEvidence.ReportSummary[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = _made[((which % _made.length) + i / 2) % _made.length];
        }
        uint256 fee = _parameters.get(ParameterIds.REPORT_FEE);
        try _fees.collect(list) returns (uint256 amount) {
            uint256 before = paidReports;
            for (uint256 i = 0; i < count; ++i) {
                _noteCollected(list[i], fee);
            }
            if (amount > (paidReports - before) * fee) hasOverpaid = true;
        } catch {}
    }

    /// @dev A report that the bridge does not know, or with signers who did not sign.
    function collectUnknown(uint256 which, uint256 signers) external {
        if (_made.length == 0) return;
        IEvidence.ReportSummary[] memory list = new IEvidence.ReportSummary[](1);
        list[0] = _made[which % _made.length];
        if (list[0].signers == signers) return;
        list[0].signers = signers;
        try _fees.collect(list) returns (uint256 amount) {
            if (amount > 0) hasPaidWrongly = true;
        } catch {}
    }

    function withdraw(uint256 who) external {
        try _fees.withdraw(memberAt(who)) returns (uint256 amount) {
            withdrawn += amount;
            creditedTo[memberAt(who)] -= amount;
        } catch {}
    }

    /// @dev Tries the last reports against a member; the least the table allows is two, or twice the seats.
    function removeSilent(uint256 who, uint256 count) external {
        count = bounded(count, 1, 16);
        if (_made.length < count) return;
        IEvidence.ReportSummary[] memory list = new IEvidence.ReportSummary[](count);
        bool hasSigned = false;
        for (uint256 i = 0; i < count; ++i) {
            list[i] = _made[_made.length - count + i];
            if ((list[i].signers >> (who % MEMBERS)) & 1 == 1) hasSigned = true;
        }
        try _fees.removeSilent(memberAt(who), list) {
            if (hasSigned || _reports.unseated() != memberAt(who)) hasUnseatedSigner = true;
        } catch {}
    }

    function setFee(uint256 fee) external {
        CHEATS.prank(_timelock);
        _parameters.set(ParameterIds.REPORT_FEE, bounded(fee, 1, 10e18));
    }

    function donate(uint256 amount) external {
        amount = bounded(amount, 1, 1e18);
        ensure(_token.transfer(address(_fees), amount), "transfer");
        donated += amount;
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 30));
    }

    function memberAt(uint256 i) public pure returns (address) {
        return address(uint160(0xE0 + (i % MEMBERS)));
    }

    /// @dev Tells plainly what a report is worth: half of the fee to the seat whose turn it was, half to all who signed.
    function _noteCollected(IEvidence.ReportSummary memory collected, uint256 fee) private {
        uint64 epoch = collected.epoch;
        if (_isPaid[epoch] || !_fees.isPaid(0, epoch)) return;
        _isPaid[epoch] = true;
        ++paidReports;
        bytes32 digest = _reports.digestOf(collected);
        if (epoch >= _reports.finalizedBefore() || _reports.isForged(digest) || _reports.unresolvedIn(digest) > 0) {
            hasPaidWrongly = true;
        }
        uint256 count = 0;
        for (uint256 seat = 0; seat < MEMBERS; ++seat) {
            count += (collected.signers >> seat) & 1;
        }
        uint256 turn = (epoch + collected.round) % _seatsIn[epoch];
        for (uint256 seat = 0; seat < MEMBERS; ++seat) {
            if ((collected.signers >> seat) & 1 == 0) continue;
            creditedTo[memberAt(seat)] += fee / 2 / count + (seat == turn ? fee / 2 : 0);
        }
    }
}
