// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EpochClock} from "./EpochClock.sol";
import {Governed} from "./Governed.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeSlashing} from "./interfaces/INodeSlashing.sol";
import {ISlashProposals} from "./interfaces/ISlashProposals.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice The game of proposal, dispute and veto. An arbiter of NodeSlashing.
contract SlashProposals is ISlashProposals, EpochClock, Governed {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What proposals took together in an epoch.
    struct Spent {
        uint64 epoch;
        uint96 amount;
    }

    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev Part of its bond that a proposal costs which held unbondings back and came to nothing.
    uint256 private constant HOLD_COST_DIVISOR = 4;

    IERC20 private immutable _token;
    INetworkParameters private immutable _parameters;
    INodeSlashing private immutable _slashing;

    /// @inheritdoc ISlashProposals
    uint256 public override totalBonds;

    /// @inheritdoc ISlashProposals
    mapping(uint32 nodeIndex => uint256) public override openProposals;

    uint256 private _proposalCount;
    Spent private _spent;
    mapping(uint256 proposalId => Proposal) private _proposals;

    constructor(
        IERC20 token,
        INetworkParameters parameters,
        INodeSlashing slashing,
        uint64 genesis,
        uint64 length
    ) EpochClock(genesis, length) Governed(IGoverned(address(slashing)).timelock()) {
        if (address(token) == address(0)) revert Governed_ZeroAddress("token");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _token = token;
        _parameters = parameters;
        _slashing = slashing;
    }

    // The accuser and the accused

    /// @inheritdoc ISlashProposals
    function propose(
        uint32 nodeIndex,
        uint64 epoch,
        uint256 shareBp,
        bytes32 evidence
    ) external returns (uint256 proposalId) {
        uint256 maxBp = _parameters.get(ParameterIds.SLASH_PROPOSED_MAX_BP);
        if (shareBp == 0 || shareBp > maxBp) revert SlashProposals_ShareOutOfBounds(shareBp, maxBp);
        _requireOpenEpoch(epoch);
        uint256 amount = (_slashing.pinnedStake(nodeIndex, epoch) * shareBp) / BASIS_POINTS;
        if (amount == 0) revert SlashProposals_NothingAtStake(nodeIndex, epoch);
        proposalId = ++_proposalCount;
        uint64 disputeUntil = uint64(block.timestamp + _parameters.get(ParameterIds.DISPUTE_PERIOD));
        uint64 vetoUntil = disputeUntil + uint64(_parameters.get(ParameterIds.VETO_PERIOD));
        Proposal memory proposal = Proposal({
            proposer: msg.sender,
            nodeIndex: nodeIndex,
            disputeUntil: disputeUntil,
            disputer: address(0),
            amount: amount.toUint96(),
            bond: uint96(_parameters.get(ParameterIds.SLASH_PROPOSAL_BOND)),
            vetoUntil: vetoUntil,
            epoch: epoch,
            status: Status.Open,
            evidence: evidence
        });
        _proposals[proposalId] = proposal;
        _emitProposed(proposalId, proposal, shareBp);
        ++openProposals[nodeIndex];
        _slashing.hold(nodeIndex, vetoUntil + uint64(_parameters.get(ParameterIds.SLASH_BUFFER)));
        _takeBond(proposal.bond);
    }

    /// @inheritdoc ISlashProposals
    function dispute(uint256 proposalId) external {
        Proposal storage proposal = _proposals[proposalId];
        if (proposal.status != Status.Open) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _requireBefore(proposalId, proposal.disputeUntil);
        proposal.status = Status.Disputed;
        proposal.disputer = msg.sender;
        emit SlashDisputed(proposalId, msg.sender, proposal.bond);
        _takeBond(proposal.bond);
    }

    /// @inheritdoc ISlashProposals
    function cancel(uint256 proposalId) external {
        Proposal memory proposal = _proposals[proposalId];
        if (msg.sender != proposal.proposer) revert SlashProposals_NotProposer(msg.sender, proposalId);
        uint256 bond = proposal.bond;
        if (proposal.status == Status.Disputed) return _close(proposalId, proposal, 0, 2 * bond);
        if (proposal.status != Status.Open) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _close(proposalId, proposal, bond - bond / HOLD_COST_DIVISOR, 0);
    }

    // The DAO

    /// @inheritdoc ISlashProposals
    function uphold(uint256 proposalId) external onlyTimelock {
        Proposal storage proposal = _proposals[proposalId];
        if (proposal.status != Status.Disputed) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _requireBefore(proposalId, proposal.vetoUntil);
        proposal.status = Status.Upheld;
        totalBonds -= proposal.bond;
        emit SlashUpheld(proposalId);
        _token.safeTransfer(proposal.proposer, proposal.bond);
    }

    /// @inheritdoc ISlashProposals
    function veto(uint256 proposalId) external onlyTimelock {
        Proposal memory proposal = _proposals[proposalId];
        bool isOver = proposal.status == Status.None || proposal.status == Status.Closed;
        if (isOver) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _close(proposalId, proposal, 0, proposal.status == Status.Disputed ? 2 * uint256(proposal.bond) : 0);
    }

    // Anyone

    /// @inheritdoc ISlashProposals
    function execute(uint256 proposalId) external returns (uint256 taken) {
        Proposal memory proposal = _proposals[proposalId];
        bool isReady = proposal.status == Status.Open || proposal.status == Status.Upheld;
        if (!isReady) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _requireAfter(proposalId, proposal.vetoUntil);
        uint256 part = _withinCeiling(proposal.amount);
        uint256 slashId;
        (slashId, taken) = _slashing.punish(
            INodeSlashing.Punishment({
                offence: proposal.evidence,
                nodeIndex: proposal.nodeIndex,
                amount: part,
                reporter: proposal.proposer,
                isBarred: false,
                isFinal: true
            })
        );
        _spent.amount += uint96(taken);
        uint96 amountLeft = taken < part ? 0 : proposal.amount - uint96(part);
        _proposals[proposalId].amount = amountLeft;
        emit SlashExecuted(proposalId, slashId, taken, amountLeft);
        if (slashId != 0) _slashing.paySlash(slashId);
        if (amountLeft == 0) _close(proposalId, proposal, proposal.bond, 0);
    }

    /// @inheritdoc ISlashProposals
    function lapse(uint256 proposalId) external {
        Proposal memory proposal = _proposals[proposalId];
        if (proposal.status != Status.Disputed) revert SlashProposals_WrongStatus(proposalId, proposal.status);
        _requireAfter(proposalId, proposal.vetoUntil);
        uint256 bond = proposal.bond;
        _close(proposalId, proposal, bond - bond / HOLD_COST_DIVISOR, bond);
    }

    // Views

    /// @inheritdoc ISlashProposals
    function proposalOf(uint256 proposalId) external view returns (Proposal memory) {
        return _proposals[proposalId];
    }

    // Internal

    /// @dev Ends a proposal. Of the bonds that are still held, what neither side gets goes to the treasury.
    function _close(uint256 proposalId, Proposal memory proposal, uint256 toProposer, uint256 toDisputer) private {
        _proposals[proposalId].status = Status.Closed;
        uint256 held = proposal.status == Status.Disputed ? 2 * uint256(proposal.bond) : proposal.bond;
        uint256 toTreasury = held - toProposer - toDisputer;
        totalBonds -= held;
        if (--openProposals[proposal.nodeIndex] == 0) _slashing.hold(proposal.nodeIndex, 0);
        emit SlashClosed(proposalId, toProposer, toDisputer, toTreasury);
        if (toProposer > 0) _token.safeTransfer(proposal.proposer, toProposer);
        if (toDisputer > 0) _token.safeTransfer(proposal.disputer, toDisputer);
        if (toTreasury > 0) _token.safeTransfer(timelock, toTreasury);
    }

    function _takeBond(uint96 bond) private {
        totalBonds += bond;
        _token.safeTransferFrom(msg.sender, address(this), bond);
    }

    /// @dev Returns how much of an amount can be taken in this epoch, and begins the count of a new one.
    function _withinCeiling(uint256 amount) private returns (uint256) {
        uint64 epoch = currentEpoch();
        if (_spent.epoch != epoch) _spent = Spent({epoch: epoch, amount: 0});
        uint256 ceiling = _parameters.get(ParameterIds.SLASH_EPOCH_CEILING);
        uint256 spent = _spent.amount;
        if (spent >= ceiling) revert SlashProposals_CeilingReached(epoch, ceiling);
        return amount < ceiling - spent ? amount : ceiling - spent;
    }

    function _emitProposed(uint256 proposalId, Proposal memory proposal, uint256 shareBp) private {
        emit SlashProposed(
            proposalId,
            proposal.nodeIndex,
            proposal.proposer,
            proposal.epoch,
            shareBp,
            proposal.amount,
            proposal.bond,
            proposal.evidence,
            proposal.disputeUntil,
            proposal.vetoUntil
        );
    }

    function _requireOpenEpoch(uint64 epoch) private view {
        uint64 current = currentEpoch();
        uint64 reach = uint64(_parameters.get(ParameterIds.UNBONDING_PERIOD)) / epochLength;
        uint64 fromEpoch = current > reach ? current - reach : 0;
        if (epoch < fromEpoch || epoch >= current) revert SlashProposals_EpochNotOpen(epoch, fromEpoch, current);
    }

    function _requireBefore(uint256 proposalId, uint64 until) private view {
        if (block.timestamp >= until) {
            revert SlashProposals_TooLate(proposalId, until, uint64(block.timestamp));
        }
    }

    function _requireAfter(uint256 proposalId, uint64 from) private view {
        if (block.timestamp < from) revert SlashProposals_TooEarly(proposalId, from, uint64(block.timestamp));
    }
}
