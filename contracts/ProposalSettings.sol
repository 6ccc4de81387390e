// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {IProposalSettings} from "./interfaces/IProposalSettings.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice The governor's copy of the governed numbers that a proposal is made with.
abstract contract ProposalSettings is IProposalSettings, Governor {
    /// @dev Two slots. Every number is bounded in the table far below what its type holds.
    struct Settings {
        uint48 takenAt;
        uint32 votingDelay;
        uint32 votingPeriod;
        uint32 lateExtension;
        uint16 quorumBp;
        uint16 vetoQuorumBp;
        uint16 tokenVetoBp;
        uint80 bond;
        uint96 threshold;
    }

    uint256 internal constant BASIS_POINTS = 10_000;

    INetworkParameters internal immutable _parameters;

    Settings private _copy;

    /// @dev While a proposal is made: the copy was compared with the table.
    bool private transient _isCompared;

    constructor(INetworkParameters parameters) {
        _parameters = parameters;
    }

    /// @inheritdoc Governor
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public virtual override returns (uint256 proposalId) {
        if (!_isCurrent()) _takeCopy();
        _isCompared = true;
        proposalId = super.propose(targets, values, calldatas, description);
        _isCompared = false;
    }

    /// @inheritdoc IProposalSettings
    function quorumNumerator() public view returns (uint256) {
        return _isCurrent() ? _copy.quorumBp : _parameters.get(ParameterIds.QUORUM_BP);
    }

    /// @inheritdoc IProposalSettings
    function quorumDenominator() external pure returns (uint256) {
        return BASIS_POINTS;
    }

    /// @inheritdoc IProposalSettings
    function lateQuorumVoteExtension() external view returns (uint48) {
        return _isCurrent() ? _copy.lateExtension : uint48(_parameters.get(ParameterIds.LATE_VOTE_EXTENSION));
    }

    /// @inheritdoc IProposalSettings
    function proposalBond() external view returns (uint256) {
        return _isCurrent() ? _copy.bond : _parameters.get(ParameterIds.PROPOSAL_BOND);
    }

    /// @inheritdoc Governor
    function proposalThreshold() public view virtual override returns (uint256) {
        return _isCurrent() ? _copy.threshold : _parameters.get(ParameterIds.PROPOSAL_THRESHOLD);
    }

    /// @inheritdoc Governor
    function votingDelay() public view virtual override returns (uint256) {
        return _isCurrent() ? _copy.votingDelay : _parameters.get(ParameterIds.VOTING_DELAY);
    }

    /// @inheritdoc Governor
    function votingPeriod() public view virtual override returns (uint256) {
        return _isCurrent() ? _copy.votingPeriod : _parameters.get(ParameterIds.VOTING_PERIOD);
    }

    /// @dev What the table says, while a proposal is made.
    function _settings() internal view returns (Settings memory) {
        return _copy;
    }

    function _isCurrent() private view returns (bool) {
        return _isCompared || _copy.takenAt > _parameters.settledAt();
    }

    function _takeCopy() private {
        Settings memory before = _copy;
        Settings memory now_ = _read();
        _copy = now_;
        if (before.votingDelay != now_.votingDelay) emit VotingDelaySet(before.votingDelay, now_.votingDelay);
        if (before.votingPeriod != now_.votingPeriod) emit VotingPeriodSet(before.votingPeriod, now_.votingPeriod);
        if (before.threshold != now_.threshold) emit ProposalThresholdSet(before.threshold, now_.threshold);
    }

    function _read() private view returns (Settings memory) {
        return
            Settings({
                takenAt: uint48(block.timestamp),
                votingDelay: uint32(_parameters.get(ParameterIds.VOTING_DELAY)),
                votingPeriod: uint32(_parameters.get(ParameterIds.VOTING_PERIOD)),
                lateExtension: uint32(_parameters.get(ParameterIds.LATE_VOTE_EXTENSION)),
                quorumBp: uint16(_parameters.get(ParameterIds.QUORUM_BP)),
                vetoQuorumBp: uint16(_parameters.get(ParameterIds.VETO_QUORUM_BP)),
                tokenVetoBp: uint16(_parameters.get(ParameterIds.TOKEN_VETO_BP)),
                bond: uint80(_parameters.get(ParameterIds.PROPOSAL_BOND)),
                threshold: uint96(_parameters.get(ParameterIds.PROPOSAL_THRESHOLD))
            });
    }
}
