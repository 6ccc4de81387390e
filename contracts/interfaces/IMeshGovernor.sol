// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INetworkParameters} from "./INetworkParameters.sol";
import {IQuadraticVotes} from "./IQuadraticVotes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @notice The governor of the DAO: one ballot, counted in two houses. The stock interface (IGovernor v5, ERC-6372) shows the
/// identity house; what the token house adds is on this interface.
/// @dev **Identity house**: quadratic units of QuadraticVotes. A proposal needs a quorum of for and abstain, and more for than
/// against. **Token house**: plain votes of MESH, in whole MESH. It rejects a proposal when it has more against than for, and
/// against is at least a share of the votable supply. A voter casts one ballot; each house counts the voter's weight in it.
/// The terms of a proposal are those in force when it was made: no later change of a parameter revives or fells it.
/// Times are Unix seconds, units have 9 decimals, amounts are MESH wei.
/// Safety: the gate of QuadraticVotes names one account for each person; the timelock executes what the governor queued only.
/// Liveness: somebody queues and executes; the guardian, who can cancel, is there for a time only.
interface IMeshGovernor {
    /// @notice Contracts that the governor works with, and holders whose MESH does not vote.
    /// @param votes Units of the identity house.
    /// @param mesh MESH, whose delegated votes the token house counts.
    /// @param parameters Table of governed numbers.
    /// @param emissions Emission pool; burnt bonds stay in it for ever.
    /// @param staking Stake of nodes.
    /// @param delegation Stake delegated to nodes.
    /// @param teamVesting Vault of the team.
    /// @param investorVesting Vault of the investors.
    struct Links {
        IQuadraticVotes votes;
        IERC5805 mesh;
        INetworkParameters parameters;
        address emissions;
        address staking;
        address delegation;
        address teamVesting;
        address investorVesting;
    }

    /// @notice What a proposal is judged by, fixed when it was made.
    /// @param quorumBp Units for and abstaining that it needs, basis points of all units at its snapshot, rounded up.
    /// @param vetoQuorumBp Units against that burn its bond if they exceed those for; basis points, rounded up.
    /// @param tokenVetoBp MESH against with which the token house rejects it; basis points of `votableSupply`, rounded up.
    /// @param votableSupply MESH that can vote in the token house, MESH wei in whole MESH; at least a hundredth of the supply.
    /// @param lateExtension Seconds of voting that are left at least after the outcome turns.
    /// @param bond MESH wei that the proposer put up; 0 once it was released or burnt.
    struct Terms {
        uint16 quorumBp;
        uint16 vetoQuorumBp;
        uint16 tokenVetoBp;
        uint256 votableSupply;
        uint32 lateExtension;
        uint256 bond;
    }

    /// @notice Emitted with ProposalCreated: the terms of the proposal, see {Terms}.
    event BallotOpened(
        uint256 indexed proposalId,
        uint16 quorumBp,
        uint16 vetoQuorumBp,
        uint16 tokenVetoBp,
        uint256 votableSupply,
        uint32 lateExtension,
        uint256 bond
    );

    /// @notice Emitted right before VoteCast, which says for what, when the voter has votes in the token house. `weight` is MESH wei,
    /// in whole MESH.
    event TokenVoteCast(address indexed voter, uint256 proposalId, uint256 weight);

    /// @notice Emitted when the end of voting moves because the outcome turned late.
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

    /// @notice Emitted when a proposer got the bond back, in MESH wei.
    event BondReleased(uint256 indexed proposalId, address indexed proposer, uint256 amount);

    /// @notice Emitted when a veto quorum burnt a bond, in MESH wei: it stays in the emission pool for ever.
    event BondBurnt(uint256 indexed proposalId, address indexed proposer, uint256 amount);

    /// @notice Emitted when a guardian was named: it can cancel proposals before `until`.
    event GuardianTermSet(address indexed guardian, uint48 until);

    /// @notice Thrown when an account that has no weight in either house votes.
    error MeshGovernor_NoVotes(uint256 proposalId, address account);

    /// @notice Thrown when a vote comes with parameters: this governor has none, and stock indexers would miss the vote.
    error MeshGovernor_ParamsNotSupported();

    /// @notice Thrown when a bond is asked for while its proposal is pending or in voting, until `deadline` at least.
    error MeshGovernor_VotingNotOver(uint256 proposalId, uint256 deadline);

    /// @notice Thrown when a proposal has no bond, or no longer.
    error MeshGovernor_NoBond(uint256 proposalId);

    /// @notice Thrown when governance would relay a call to MESH, which could take the bonds of proposers.
    error MeshGovernor_BondsOnly(address target);

    /// @notice Pays the bond of a proposal back to its proposer, or burns it when against reached the veto quorum and exceeds
    /// for in the identity house. Anyone may call it once voting is over or the proposal is cancelled.
    /// @dev Burnt MESH moves to the emission pool, which never emits more than its bucket: the supply stays as it was made.
    function releaseBond(uint256 proposalId) external;

    /// @notice Returns the votes of MESH that the token house has counted, in MESH wei, whole MESH. Abstaining counts nothing.
    function tokenVotes(uint256 proposalId) external view returns (uint256 againstVotes, uint256 forVotes);

    /// @notice Returns the units that the identity house has counted (as GovernorCountingSimple shows them).
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);

    /// @notice Returns what a proposal is judged by.
    function proposalTerms(uint256 proposalId) external view returns (Terms memory);

    /// @notice Returns the units that a proposal needs, for and abstaining. Reverts until its snapshot has passed.
    function proposalQuorum(uint256 proposalId) external view returns (uint256);

    /// @notice Tells whether the token house would reject a proposal by the votes it has counted.
    function isRejectedByTokens(uint256 proposalId) external view returns (bool);

    /// @notice Returns MESH that can vote in the token house now, in MESH wei: all but what the emission pool, the
    /// treasury, stake, delegated stake, voting locks and vesting vaults hold. Whole MESH; at least a hundredth of the supply.
    function votableSupply() external view returns (uint256);

    /// @notice Returns when the guardian's power ends; 0 when there never was a guardian.
    function guardianUntil() external view returns (uint48);

    /// @notice Returns the votes contract of the identity house, whose units weights and quorum are in.
    function token() external view returns (IQuadraticVotes);

    /// @notice Returns MESH, the token of the token house and of bonds.
    function mesh() external view returns (IERC5805);
}
