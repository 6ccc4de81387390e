// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorProposalGuardian} from "@openzeppelin/contracts/governance/extensions/GovernorProposalGuardian.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMeshGovernor} from "./interfaces/IMeshGovernor.sol";
import {IQuadraticVotes} from "./interfaces/IQuadraticVotes.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {ProposalSettings} from "./ProposalSettings.sol";

contract MeshGovernor is IMeshGovernor, GovernorProposalGuardian, GovernorTimelockControl, ProposalSettings {
    using SafeCast for uint256;

    enum Support {
        Against,
        For,
        Abstain
    }

    /// @dev The first slot is written by the proposal, the second by votes. Numbers of MESH are whole tokens, of which there are
    /// fewer than 2^32. Units of 2^32 identities add up to less than 2^64, since the sum of n square roots that share a supply S
    /// is at most the root of n times S.
    struct Ballot {
        uint32 votableSupply;
        uint32 lateExtension;
        uint16 quorumBp;
        uint16 vetoQuorumBp;
        uint16 tokenVetoBp;
        uint80 bond;
        uint48 extendedDeadline;
        uint64 againstVotes;
        uint64 forVotes;
        uint64 abstainVotes;
        uint32 tokenAgainst;
        uint32 tokenFor;
        mapping(address voter => bool) hasVoted;
    }

    uint256 private constant WHOLE = 1e18;
    /// @dev The votable supply is never taken as less than the supply divided by this.
    uint256 private constant LEAST_VOTABLE_PART = 100;

    /// @inheritdoc IMeshGovernor
    IQuadraticVotes public immutable override token;

    /// @inheritdoc IMeshGovernor
    IERC5805 public immutable override mesh;

    /// @dev MESH wei. The supply of MESH is fixed.
    uint256 private immutable _supply;
    address private immutable _emissions;
    address private immutable _staking;
    address private immutable _delegation;
    address private immutable _teamVesting;
    address private immutable _investorVesting;

    /// @inheritdoc IMeshGovernor
    uint48 public override guardianUntil;

    mapping(uint256 proposalId => Ballot) private _ballots;

    constructor(
        Links memory links,
        TimelockController timelock_,
        address guardian
    ) Governor("MeshGovernor") ProposalSettings(links.parameters) GovernorTimelockControl(timelock_) {
        if (address(timelock_) == address(0)) revert IGoverned.Governed_ZeroAddress("timelock");
        token = links.votes;
        mesh = links.mesh;
        _supply = IERC20(address(links.mesh)).totalSupply();
        _emissions = links.emissions;
        _staking = links.staking;
        _delegation = links.delegation;
        _teamVesting = links.teamVesting;
        _investorVesting = links.investorVesting;
        _setProposalGuardian(guardian);
    }

    // Bonds

    /// @inheritdoc IMeshGovernor
    function releaseBond(uint256 proposalId) external {
        ProposalState current = state(proposalId);
        if (current == ProposalState.Pending || current == ProposalState.Active) {
            revert MeshGovernor_VotingNotOver(proposalId, proposalDeadline(proposalId));
        }
        Ballot storage ballot = _ballots[proposalId];
        uint256 bond = ballot.bond;
        if (bond == 0) revert MeshGovernor_NoBond(proposalId);
        ballot.bond = 0;
        address proposer = proposalProposer(proposalId);
        bool isBurnt = _isVetoed(proposalId, ballot);
        if (isBurnt) emit BondBurnt(proposalId, proposer, bond);
        else emit BondReleased(proposalId, proposer, bond);
        SafeERC20.safeTransfer(IERC20(address(mesh)), isBurnt ? _emissions : proposer, bond);
    }

    // Views of ballots

    /// @inheritdoc IGovernor
    function hasVoted(uint256 proposalId, address account) external view returns (bool) {
        return _ballots[proposalId].hasVoted[account];
    }

    /// @inheritdoc IMeshGovernor
    function proposalVotes(uint256 proposalId) external view returns (uint256, uint256, uint256) {
        Ballot storage ballot = _ballots[proposalId];
        return (ballot.againstVotes, ballot.forVotes, ballot.abstainVotes);
    }

    /// @inheritdoc IMeshGovernor
    function tokenVotes(uint256 proposalId) external view returns (uint256 againstVotes, uint256 forVotes) {
        Ballot storage ballot = _ballots[proposalId];
        return (ballot.tokenAgainst * WHOLE, ballot.tokenFor * WHOLE);
    }

    /// @inheritdoc IMeshGovernor
    function proposalTerms(uint256 proposalId) external view returns (Terms memory) {
        Ballot storage ballot = _ballots[proposalId];
        return
            Terms({
                quorumBp: ballot.quorumBp,
                vetoQuorumBp: ballot.vetoQuorumBp,
                tokenVetoBp: ballot.tokenVetoBp,
                votableSupply: ballot.votableSupply * WHOLE,
                lateExtension: ballot.lateExtension,
                bond: ballot.bond
            });
    }

    /// @inheritdoc IMeshGovernor
    function proposalQuorum(uint256 proposalId) public view returns (uint256) {
        return _shareOfUnits(_ballots[proposalId].quorumBp, proposalSnapshot(proposalId));
    }

    /// @inheritdoc IMeshGovernor
    function isRejectedByTokens(uint256 proposalId) public view returns (bool) {
        Ballot storage ballot = _ballots[proposalId];
        uint256 against = ballot.tokenAgainst;
        return
            against > ballot.tokenFor && against * BASIS_POINTS >= uint256(ballot.votableSupply) * ballot.tokenVetoBp;
    }

    // Settings

    /// @inheritdoc IMeshGovernor
    function votableSupply() external view returns (uint256) {
        return _votableSupply() * WHOLE;
    }

    /// @inheritdoc IGovernor
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return _shareOfUnits(quorumNumerator(), timepoint);
    }

    /// @inheritdoc IGovernor
    function COUNTING_MODE() external pure returns (string memory) {
        return "support=bravo&quorum=for,abstain";
    }

    /// @notice Returns the time in Unix seconds (ERC-6372).
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice Describes the clock (ERC-6372).
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    // Guardian and funds of the governor

    /// @notice Returns the guardian, or zero when its time is over: then proposers can cancel until execution.
    function proposalGuardian() public view override returns (address) {
        return block.timestamp < guardianUntil ? super.proposalGuardian() : address(0);
    }

    /// @notice Makes a call of the governor itself, to recover what was sent to it by mistake. Timelock only (ExecutionOp).
    /// @dev Never to MESH: the governor's MESH belongs to proposers.
    function relay(address target, uint256 value, bytes calldata data) public payable override {
        if (target == address(mesh)) revert MeshGovernor_BondsOnly(target);
        super.relay(target, value, data);
    }

    function _setProposalGuardian(address guardian) internal override {
        super._setProposalGuardian(guardian);
        uint48 until =
            guardian == address(0) ? 0 : uint48(block.timestamp + _parameters.get(ParameterIds.GUARDIAN_TERM));
        guardianUntil = until;
        emit GuardianTermSet(guardian, until);
    }

    // Proposing

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        Settings memory settings = _settings();
        uint256 supply = _votableSupply();
        Ballot storage ballot = _ballots[proposalId];
        ballot.votableSupply = uint32(supply);
        ballot.lateExtension = settings.lateExtension;
        ballot.quorumBp = settings.quorumBp;
        ballot.vetoQuorumBp = settings.vetoQuorumBp;
        ballot.tokenVetoBp = settings.tokenVetoBp;
        ballot.bond = settings.bond;
        emit BallotOpened(
            proposalId,
            settings.quorumBp,
            settings.vetoQuorumBp,
            settings.tokenVetoBp,
            supply * WHOLE,
            settings.lateExtension,
            settings.bond
        );
        SafeERC20.safeTransferFrom(IERC20(address(mesh)), proposer, address(this), settings.bond);
    }

    /// @dev Whole MESH.
    function _votableSupply() private view returns (uint256) {
        IERC20 mesh_ = IERC20(address(mesh));
        uint256 held = mesh_.balanceOf(_emissions) + mesh_.balanceOf(_executor());
        held += mesh_.balanceOf(_staking) + mesh_.balanceOf(_delegation) + mesh_.balanceOf(address(token));
        held += mesh_.balanceOf(_teamVesting) + mesh_.balanceOf(_investorVesting);
        return Math.max(_supply - held, _supply / LEAST_VOTABLE_PART) / WHOLE;
    }

    // Counting

    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 units,
        bytes memory params
    ) internal override returns (uint256) {
        if (params.length != 0) revert MeshGovernor_ParamsNotSupported();
        if (support > uint8(Support.Abstain)) revert GovernorInvalidVoteType();
        Ballot storage ballot = _ballots[proposalId];
        if (ballot.hasVoted[account]) revert GovernorAlreadyCastVote(account);
        uint256 tokens = mesh.getPastVotes(account, proposalSnapshot(proposalId)) / WHOLE;
        if (units == 0 && tokens == 0) revert MeshGovernor_NoVotes(proposalId, account);
        ballot.hasVoted[account] = true;
        bool isLate = clock() + ballot.lateExtension > _deadline(proposalId, ballot);
        bool passedBefore = isLate && _passes(proposalId);
        _add(ballot, Support(support), units, tokens);
        if (tokens != 0) emit TokenVoteCast(account, proposalId, tokens * WHOLE);
        if (isLate && _passes(proposalId) != passedBefore) _extend(proposalId, ballot);
        return units;
    }

    function _add(Ballot storage ballot, Support support, uint256 units, uint256 tokens) private {
        if (support == Support.Against) {
            ballot.againstVotes += units.toUint64();
            ballot.tokenAgainst += uint32(tokens);
        } else if (support == Support.For) {
            ballot.forVotes += units.toUint64();
            ballot.tokenFor += uint32(tokens);
        } else {
            ballot.abstainVotes += units.toUint64();
        }
    }

    function _deadline(uint256 proposalId, Ballot storage ballot) private view returns (uint256) {
        uint256 extended = ballot.extendedDeadline;
        return extended == 0 ? super.proposalDeadline(proposalId) : extended;
    }

    /// @dev Voting ends at the latest a voting period after it would have ended.
    function _extend(uint256 proposalId, Ballot storage ballot) private {
        uint256 end = super.proposalDeadline(proposalId);
        uint256 latest = 2 * end - proposalSnapshot(proposalId);
        uint256 extended = Math.min(clock() + ballot.lateExtension, latest);
        if (extended <= _deadline(proposalId, ballot)) return;
        ballot.extendedDeadline = uint48(extended);
        emit ProposalExtended(proposalId, uint64(extended));
    }

    function _passes(uint256 proposalId) private view returns (bool) {
        return _voteSucceeded(proposalId) && _quorumReached(proposalId);
    }

    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        Ballot storage ballot = _ballots[proposalId];
        return uint256(ballot.forVotes) + ballot.abstainVotes >= proposalQuorum(proposalId);
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        Ballot storage ballot = _ballots[proposalId];
        return ballot.forVotes > ballot.againstVotes && !isRejectedByTokens(proposalId);
    }

    function _isVetoed(uint256 proposalId, Ballot storage ballot) private view returns (bool) {
        uint256 against = ballot.againstVotes;
        if (against <= ballot.forVotes) return false;
        return against >= _shareOfUnits(ballot.vetoQuorumBp, proposalSnapshot(proposalId));
    }

    function _shareOfUnits(uint256 basisPoints, uint256 timepoint) private view returns (uint256) {
        return Math.ceilDiv(basisPoints * token.getPastTotalSupply(timepoint), BASIS_POINTS);
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return token.votesAt(account, timepoint);
    }

    // What several bases define

    /// @inheritdoc IGovernor
    function proposalDeadline(uint256 proposalId) public view override returns (uint256) {
        return _deadline(proposalId, _ballots[proposalId]);
    }

    /// @inheritdoc IGovernor
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc IGovernor
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc IGovernor
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override(Governor, ProposalSettings) returns (uint256) {
        return super.propose(targets, values, calldatas, description);
    }

    /// @inheritdoc IGovernor
    function proposalThreshold() public view override(Governor, ProposalSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc IGovernor
    function votingDelay() public view override(Governor, ProposalSettings) returns (uint256) {
        return super.votingDelay();
    }

    /// @inheritdoc IGovernor
    function votingPeriod() public view override(Governor, ProposalSettings) returns (uint256) {
        return super.votingPeriod();
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _validateCancel(
        uint256 proposalId,
        address caller
    ) internal view override(Governor, GovernorProposalGuardian) returns (bool) {
        return super._validateCancel(proposalId, caller);
    }
}
