// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What new proposals are made with, by the table of governed numbers.
/// @dev The governor keeps a copy, so that a proposal need not ask for each number. The table says since when it is settled; a copy
/// that is not younger than that is taken anew, so that what is in force is always what the table says.
interface IProposalSettings {
    /// @notice Emitted when a proposal is the first since a change of `votingDelay` (Unix seconds), as GovernorSettings does.
    event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay);

    /// @notice Emitted when a proposal is the first since a change of `votingPeriod` (Unix seconds).
    event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod);

    /// @notice Emitted when a proposal is the first since a change of `proposalThreshold` (units, 9 decimals).
    event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold);

    /// @notice Returns the share of all units that a new proposal needs as a quorum, of {quorumDenominator}.
    function quorumNumerator() external view returns (uint256);

    /// @notice Returns what {quorumNumerator} is a part of: basis points.
    function quorumDenominator() external view returns (uint256);

    /// @notice Returns the seconds of voting that are left at least after the outcome of a new proposal turns.
    function lateQuorumVoteExtension() external view returns (uint48);

    /// @notice Returns the MESH wei that the proposer of a new proposal puts up.
    function proposalBond() external view returns (uint256);
}
