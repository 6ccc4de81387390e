// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Ids of the rows of NetworkParameters that contracts read.
library ParameterIds {
    bytes32 internal constant MIN_NODE_STAKE = "minNodeStake";
    bytes32 internal constant UNBONDING_PERIOD = "unbondingPeriod";
    bytes32 internal constant MIN_STAKE_GRACE = "minStakeGrace";
    bytes32 internal constant MAX_COMMISSION_BP = "maxCommissionBp";
    bytes32 internal constant COMMISSION_RAISE_DELAY = "commissionRaiseDelay";
    bytes32 internal constant OWNER_CHANGE_DELAY = "ownerChangeDelay";
    bytes32 internal constant BENEFICIARY_CHANGE_DELAY = "beneficiaryChangeDelay";
    bytes32 internal constant COMMITTEE_MIN_SEATS = "committeeMinSeats";
    bytes32 internal constant COMMITTEE_MAX_SEATS = "committeeMaxSeats";
    bytes32 internal constant COMMITTEE_BOND = "committeeBond";
    bytes32 internal constant COMMITTEE_RELEASE_DELAY = "committeeReleaseDelay";
    bytes32 internal constant COMMITTEE_RESIGN_NOTICE = "committeeResignNotice";
    bytes32 internal constant DISPUTE_PERIOD = "disputePeriod";
    bytes32 internal constant VETO_PERIOD = "vetoPeriod";
    bytes32 internal constant SLASH_BUFFER = "slashBuffer";
    bytes32 internal constant SLASH_ECDSA_BP = "slashEcdsaBp";
    bytes32 internal constant SLASH_PROVEN_BP = "slashProvenBp";
    bytes32 internal constant SLASH_REPORTER_BP = "slashReporterBp";
    bytes32 internal constant SLASH_DOWNTIME_BP = "slashDowntimeBp";
    bytes32 internal constant SLASH_PROPOSED_MAX_BP = "slashProposedMaxBp";
    bytes32 internal constant SLASH_PROPOSAL_BOND = "slashProposalBond";
    bytes32 internal constant SLASH_EPOCH_CEILING = "slashEpochCeiling";
    bytes32 internal constant DOWNTIME_MAX_ABSENT_BP = "downtimeMaxAbsentBp";
    bytes32 internal constant JAIL_PERIOD = "jailPeriod";
    bytes32 internal constant CHALLENGE_BOND_MULTIPLE = "challengeBondMultiple";
    bytes32 internal constant CHALLENGE_GAS_PRICE = "challengeGasPrice";
    bytes32 internal constant MAX_OPEN_CHALLENGES = "maxOpenChallenges";
    bytes32 internal constant EMISSION_PACE_BP = "emissionPaceBp";
    bytes32 internal constant REWARD_DEGRADED_BP = "rewardDegradedBp";
    bytes32 internal constant REWARD_UNREPORTED_BP = "rewardUnreportedBp";
    bytes32 internal constant REWARD_GRACE_EPOCHS = "rewardGraceEpochs";
    bytes32 internal constant COMMITTEE_JOIN_DELAY = "committeeJoinDelay";
    bytes32 internal constant COMMITTEE_REGION_BP = "committeeRegionBp";
    bytes32 internal constant COMMITTEE_SILENT_REPORTS = "committeeSilentReports";
    bytes32 internal constant REPORT_FEE = "reportFee";
    bytes32 internal constant VOTING_DELAY = "votingDelay";
    bytes32 internal constant VOTING_PERIOD = "votingPeriod";
    bytes32 internal constant LATE_VOTE_EXTENSION = "lateVoteExtension";
    bytes32 internal constant PROPOSAL_THRESHOLD = "proposalThreshold";
    bytes32 internal constant PROPOSAL_BOND = "proposalBond";
    bytes32 internal constant QUORUM_BP = "quorumBp";
    bytes32 internal constant VETO_QUORUM_BP = "vetoQuorumBp";
    bytes32 internal constant TOKEN_VETO_BP = "tokenVetoBp";
    bytes32 internal constant GUARDIAN_TERM = "guardianTerm";
    bytes32 internal constant LEASE_FEE_BP = "leaseFeeBp";
    bytes32 internal constant JANITOR_DELAY = "janitorDelay";
    bytes32 internal constant VOUCHER_WINDOW = "voucherWindow";
    bytes32 internal constant LEASE_DISPUTE_PERIOD = "leaseDisputePeriod";
    bytes32 internal constant LEASE_DISPUTE_BOND_EPOCHS = "leaseDisputeBondEpochs";
    bytes32 internal constant VOTE_CAP = "voteCap";
    bytes32 internal constant VOTE_AGE_RAMP = "voteAgeRamp";
    bytes32 internal constant VOTE_UNLOCK_DELAY = "voteUnlockDelay";
    bytes32 internal constant VOTE_SYNC_REWARD = "voteSyncReward";
}
