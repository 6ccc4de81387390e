// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Governed} from "./Governed.sol";
import {ILeaseAgreements} from "./interfaces/ILeaseAgreements.sol";
import {ILeaseDisputes} from "./interfaces/ILeaseDisputes.sol";
import {ILeaseEscrow} from "./interfaces/ILeaseEscrow.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {TokenBalances} from "./TokenBalances.sol";

contract LeaseDisputes is ILeaseDisputes, TokenBalances, Governed {
    uint16 private constant FULL_BP = 10_000;

    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;

    /// @inheritdoc ILeaseDisputes
    ILeaseEscrow public immutable override escrow;

    /// @inheritdoc ILeaseDisputes
    address public override arbitrator;

    mapping(uint256 leaseId => Dispute) private _disputes;

    constructor(
        ILeaseEscrow escrow_,
        INodeRegistry registry,
        INetworkParameters parameters,
        address timelock_
    ) Governed(timelock_) {
        if (address(escrow_) == address(0)) revert Governed_ZeroAddress("escrow");
        if (address(registry) == address(0)) revert Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        escrow = escrow_;
        _registry = registry;
        _parameters = parameters;
        arbitrator = timelock_;
        emit ArbitratorSet(timelock_);
    }

    /// @inheritdoc ILeaseDisputes
    function open(uint256 leaseId, bytes32 evidence, uint256 maxBond, bytes calldata permit) external nonReentrant {
        (ILeaseEscrow.Lease memory lease, ) = escrow.leaseOf(leaseId);
        if (msg.sender != lease.client) revert LeaseDisputes_NotParty(msg.sender, leaseId);
        (IERC20 token, uint256 received) = _takeBond(leaseId, maxBond, permit);
        uint64 deadline = uint64(block.timestamp + _parameters.get(ParameterIds.LEASE_DISPUTE_PERIOD));
        Dispute storage dispute = _disputes[leaseId];
        (dispute.client, dispute.deadline) = (lease.client, deadline);
        (dispute.token, dispute.bond) = (token, uint96(received));
        emit DisputeOpened(leaseId, lease.client, token, received, deadline, evidence);
        ILeaseAgreements(address(escrow)).holdFor(leaseId);
    }

    /// @inheritdoc ILeaseDisputes
    function offerSettlement(uint256 leaseId, uint16 clientShareBp) external {
        Dispute storage dispute = _open(leaseId);
        bool isByClient = _requireParty(leaseId, dispute);
        _requireShare(clientShareBp);
        (dispute.offerBp, dispute.isOfferByClient, dispute.hasOffer) = (clientShareBp, isByClient, true);
        emit SettlementOffered(leaseId, isByClient, clientShareBp);
    }

    /// @inheritdoc ILeaseDisputes
    function acceptSettlement(uint256 leaseId, uint16 clientShareBp) external nonReentrant {
        Dispute storage dispute = _open(leaseId);
        bool isByClient = _requireParty(leaseId, dispute);
        bool isOffered = dispute.hasOffer && dispute.isOfferByClient != isByClient && dispute.offerBp == clientShareBp;
        if (!isOffered) revert LeaseDisputes_NotOffered(leaseId, clientShareBp);
        _end(leaseId, Outcome.Agreed, clientShareBp);
    }

    /// @inheritdoc ILeaseDisputes
    function withdrawDispute(uint256 leaseId) external nonReentrant {
        Dispute storage dispute = _open(leaseId);
        if (msg.sender != dispute.client) revert LeaseDisputes_NotParty(msg.sender, leaseId);
        _end(leaseId, Outcome.Withdrawn, 0);
    }

    /// @inheritdoc ILeaseDisputes
    function rule(uint256 leaseId, uint16 clientShareBp) external nonReentrant {
        if (msg.sender != arbitrator) revert LeaseDisputes_NotArbitrator(msg.sender, arbitrator);
        _open(leaseId);
        _requireShare(clientShareBp);
        _end(leaseId, Outcome.Ruled, clientShareBp);
    }

    /// @inheritdoc ILeaseDisputes
    function expire(uint256 leaseId) external nonReentrant {
        Dispute storage dispute = _disputes[leaseId];
        if (dispute.client == address(0)) revert LeaseDisputes_NoDispute(leaseId);
        if (block.timestamp <= dispute.deadline) {
            revert LeaseDisputes_Deadline(dispute.deadline, uint64(block.timestamp));
        }
        _end(leaseId, Outcome.Silent, 0);
    }

    /// @inheritdoc ILeaseDisputes
    function setArbitrator(address arbitrator_) external onlyTimelock {
        if (arbitrator_ == address(0)) revert Governed_ZeroAddress("arbitrator");
        arbitrator = arbitrator_;
        emit ArbitratorSet(arbitrator_);
    }

    /// @inheritdoc ILeaseDisputes
    function disputeOf(uint256 leaseId) external view returns (Dispute memory) {
        return _disputes[leaseId];
    }

    /// @inheritdoc ILeaseDisputes
    function bondFor(uint256 leaseId) external view returns (uint256) {
        (, uint256 rate, ) = escrow.tenancyOf(leaseId);
        return rate * _parameters.get(ParameterIds.LEASE_DISPUTE_BOND_EPOCHS);
    }

    /// @dev Takes the bond from the client; returns what arrived.
    function _takeBond(
        uint256 leaseId,
        uint256 maxBond,
        bytes calldata permit
    ) private returns (IERC20 token, uint256 received) {
        uint256 rate;
        (, rate, token) = escrow.tenancyOf(leaseId);
        uint256 bond = rate * _parameters.get(ParameterIds.LEASE_DISPUTE_BOND_EPOCHS);
        if (bond > maxBond) revert LeaseDisputes_BondAboveMax(bond, maxBond);
        _permit(token, maxBond, permit);
        received = _pull(token, bond);
        if (received < bond) revert LeaseDisputes_BondTooSmall(received, bond);
    }

    /// @dev Ends a dispute. The bond returns to the client when both sides agreed or the arbitrator gave it a share.
    function _end(uint256 leaseId, Outcome outcome, uint16 clientShareBp) private {
        Dispute memory dispute = _disputes[leaseId];
        delete _disputes[leaseId];
        bool isReturned = outcome == Outcome.Agreed || clientShareBp != 0;
        address bondTo = dispute.client;
        if (!isReturned) {
            (uint32 nodeIndex, , ) = escrow.tenancyOf(leaseId);
            bondTo = _registry.beneficiaryOf(nodeIndex);
        }
        _credit(dispute.token, bondTo, dispute.bond);
        emit DisputeEnded(leaseId, outcome, clientShareBp, bondTo, dispute.bond);
        ILeaseAgreements(address(escrow)).decide(leaseId, clientShareBp);
    }

    /// @dev Returns a dispute that can still be decided.
    function _open(uint256 leaseId) private view returns (Dispute storage dispute) {
        dispute = _disputes[leaseId];
        if (dispute.client == address(0)) revert LeaseDisputes_NoDispute(leaseId);
        if (block.timestamp > dispute.deadline) {
            revert LeaseDisputes_Deadline(dispute.deadline, uint64(block.timestamp));
        }
    }

    /// @dev Returns true for the client, false for the provider; reverts for others.
    function _requireParty(uint256 leaseId, Dispute storage dispute) private view returns (bool) {
        if (msg.sender == dispute.client) return true;
        (uint32 nodeIndex, , ) = escrow.tenancyOf(leaseId);
        if (!_registry.isOperator(nodeIndex, msg.sender)) revert LeaseDisputes_NotParty(msg.sender, leaseId);
        return false;
    }

    function _requireShare(uint16 shareBp) private pure {
        if (shareBp > FULL_BP) revert LeaseDisputes_ShareTooLarge(shareBp, FULL_BP);
    }
}
