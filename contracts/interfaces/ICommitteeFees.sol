// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEvidence} from "./IEvidence.sol";

/// @notice What members of the committee are paid for reports, and what becomes of members that are silent.
/// @dev Amounts are MESH wei. Fees come out of a reserve that the DAO fills and never exceed it. A report is paid once it is
/// final, by its summary, so that reports themselves cost nothing more. What is not reported is not paid.
interface ICommitteeFees {
    /// @notice Emitted when somebody added to the reserve.
    event FeesFunded(address indexed from, uint256 amount, uint256 reserveAfter);

    /// @notice Emitted when a report was paid. `leader` is zero when the seat whose turn it was did not sign.
    event ReportPaid(
        uint64 indexed epoch,
        uint32 indexed shard,
        address leader,
        uint256 toLeader,
        uint256 toEachSigner,
        uint256 signers
    );

    /// @notice Emitted when a member was paid out.
    event FeesWithdrawn(address indexed member, uint256 amount);

    /// @notice Emitted when a member lost its seat, since it signed none of `reports` reports in a row.
    event SilentMemberRemoved(address indexed member, uint32 indexed shard, uint256 reports, uint64 lastEpoch);

    /// @notice Thrown when an amount is zero.
    error CommitteeFees_ZeroAmount();

    /// @notice Thrown when a report is not final yet.
    error CommitteeFees_NotFinal(uint64 epoch, uint64 finalizedBefore);

    /// @notice Thrown when a report was proven to be forged: nobody is paid for it.
    error CommitteeFees_Forged(uint64 epoch, uint32 shard);

    /// @notice Thrown when there are fewer reports than it takes to call a member silent.
    error CommitteeFees_TooFewReports(uint256 reports, uint256 needed);

    /// @notice Thrown when a relayer had no seat when a report was due.
    error CommitteeFees_NotMember(address relayer, uint64 epoch);

    /// @notice Thrown when a member signed a report.
    error CommitteeFees_HasSigned(address member, uint64 epoch);

    /// @notice Thrown when reports are not of one shard in ascending order with no other one between them.
    error CommitteeFees_NotInARow(uint64 epoch, uint64 next);

    /// @notice Thrown when the newest of the reports is too old to tell whether the member is still silent, or a report is final.
    error CommitteeFees_NotRecent(uint64 epoch, uint64 nextEpoch);

    /// @notice Adds to the reserve from the caller's balance.
    function fund(uint256 amount) external;

    /// @notice Credits the members for final reports: half of the fee to the seat whose turn it was, if it signed, and half
    /// to all signers in equal parts. Reports that were paid before are passed over. Those of which a challenge has not
    /// ended stay unpaid until it has, and those that the reserve has no whole fee for until it has. Anyone may call it.
    /// @return amount MESH wei credited.
    function collect(IEvidence.ReportSummary[] calldata reports) external returns (uint256 amount);

    /// @notice Pays a member what it was credited, to its own wallet. Anyone may call it.
    function withdraw(address member) external returns (uint256 amount);

    /// @notice Shows that a member signed an accepted report with which its signature was not sent: whoever sends a report
    /// chooses which signatures go with it. Until later reports make a row of their own, the member is not silent. Anyone may
    /// call it, with the member's ECDSA signature of the report, before the report is final.
    /// @dev No event: what it changes is whether {removeSilent} succeeds. Pays nothing.
    function showSignature(IEvidence.ReportSummary calldata report, bytes calldata signature) external;

    /// @notice Takes the seat of a member that signed none of the newest reports of a shard, `committeeSilentReports` or two
    /// for each seat in a row, whichever is more. Anyone may call it.
    /// @dev So many in a row that every seat had its turn twice: no single leader can leave a member out and unseat it. Somebody
    /// who sends every report before the leader does could: {showSignature} of one report in each row stops that.
    /// Costs no bond. At the minimum of seats a silent member keeps its own until a candidate can take it.
    function removeSilent(address member, IEvidence.ReportSummary[] calldata reports) external;

    /// @notice Returns what can still be paid.
    function reserve() external view returns (uint256);

    /// @notice Returns what a member was credited and has not withdrawn.
    function feesOf(address member) external view returns (uint256);

    /// @notice Returns true when the report of an epoch of a shard was paid.
    function isPaid(uint32 shard, uint64 epoch) external view returns (bool);
}
