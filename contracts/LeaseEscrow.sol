// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {ILeaseAgreements} from "./interfaces/ILeaseAgreements.sol";
import {ILeaseEscrow} from "./interfaces/ILeaseEscrow.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeListings} from "./interfaces/INodeListings.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {LeaseSettlement} from "./LeaseSettlement.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract LeaseEscrow is ILeaseEscrow, LeaseSettlement {
    address private immutable _deployer;

    /// @inheritdoc ILeaseEscrow
    ILeaseAgreements public immutable override agreements;

    constructor(
        IAttestationBridge bridge,
        INodeRegistry registry,
        INetworkParameters parameters,
        INodeListings listings_,
        ILeaseAgreements agreements_,
        address timelock_
    ) LeaseSettlement(bridge, registry, parameters, listings_) Governed(timelock_) {
        if (address(agreements_) == address(0)) revert Governed_ZeroAddress("agreements");
        agreements = agreements_;
        _deployer = msg.sender;
    }

    /// @notice Runs every function of {ILeaseAgreements} on this contract's storage. None of them takes ether.
    fallback() external {
        // solhint-disable-previous-line payable-fallback
        address target = address(agreements);
        assembly {
            calldatacopy(0, 0, calldatasize())
            let isDone := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if isDone {
                return(0, returndatasize())
            }
            revert(0, returndatasize())
        }
    }

    // Anyone

    /// @inheritdoc ILeaseEscrow
    function settle(uint256 leaseId, uint64 maxEpochs) external nonReentrant returns (uint64) {
        Work memory work = _load(leaseId);
        LeaseStatus status = _settleOnce(work, maxEpochs);
        if (status != LeaseStatus.None) _close(work, status, address(0));
        else _store(work);
        return work.lease.settledUntil;
    }

    /// @inheritdoc ILeaseEscrow
    function sweep(uint256[] calldata leaseIds, uint64 maxEpochs) external nonReentrant returns (uint256 closed) {
        uint256 delay = _parameters.get(ParameterIds.JANITOR_DELAY);
        for (uint256 i = 0; i < leaseIds.length; ++i) {
            try this.sweepOne(leaseIds[i], maxEpochs, msg.sender, delay) returns (SweepOutcome outcome) {
                if (outcome == SweepOutcome.Closed) ++closed;
                else emit SweepSkipped(leaseIds[i], outcome, 0);
            } catch (bytes memory thrown) {
                emit SweepSkipped(leaseIds[i], SweepOutcome.Failed, bytes4(thrown));
            }
        }
    }

    /// @inheritdoc ILeaseEscrow
    function sweepOne(
        uint256 leaseId,
        uint64 maxEpochs,
        address janitor,
        uint256 delay
    ) external returns (SweepOutcome) {
        if (msg.sender != address(this)) revert LeaseEscrow_NotSelf(msg.sender);
        Work memory work = _load(leaseId);
        if (work.lease.status > LeaseStatus.Active) return SweepOutcome.AlreadyClosed;
        if (work.record.isDisputed) return SweepOutcome.Disputed;
        uint64 before = work.lease.settledUntil;
        LeaseStatus status = _settleOnce(work, maxEpochs);
        if (status != LeaseStatus.None) {
            _close(work, status, _isOverdue(work, status, delay) ? janitor : address(0));
            return SweepOutcome.Closed;
        }
        if (work.lease.settledUntil == before) return SweepOutcome.NotOverdue;
        _store(work);
        return SweepOutcome.Settled;
    }

    // Vouchers

    /// @inheritdoc ILeaseEscrow
    function payEarned(uint256 leaseId, uint256 amount, bool isToClient) external nonReentrant {
        if (msg.sender != _vouchers) revert LeaseEscrow_NotBound(msg.sender, _vouchers);
        Meter memory meter = _meters[leaseId];
        uint256 redeemed = meter.redeemed + amount;
        if (redeemed > meter.earned) revert LeaseEscrow_NotEarned(redeemed, meter.earned);
        _meters[leaseId].redeemed = uint112(redeemed);
        Lease storage lease = _leases[leaseId];
        (address account, uint16 feeBp) = (lease.client, lease.feeBp);
        INodeListings.Tenancy memory tenancy = _listings.tenancyOf(lease.listingId, lease.version);
        uint256 fee = 0;
        if (isToClient) {
            _credit(tenancy.token, account, amount);
        } else {
            account = _registry.beneficiaryOf(tenancy.nodeIndex);
            fee = (amount * feeBp) / FULL_BP;
            amount -= fee;
            _creditProvider(tenancy.token, account, amount, fee);
        }
        emit EarnedPaid(leaseId, account, amount, fee, redeemed);
    }

    /// @inheritdoc ILeaseEscrow
    function bind(address disputes_, address vouchers_) external {
        if (msg.sender != _deployer || _disputes != address(0)) revert Governed_BindingClosed(msg.sender);
        if (disputes_ == address(0)) revert Governed_ZeroAddress("disputes");
        if (vouchers_ == address(0)) revert Governed_ZeroAddress("vouchers");
        (_disputes, _vouchers) = (disputes_, vouchers_);
    }

    // Reads

    /// @inheritdoc ILeaseEscrow
    function listings() external view returns (INodeListings) {
        return _listings;
    }

    /// @inheritdoc ILeaseEscrow
    function disputes() external view returns (address) {
        return _disputes;
    }

    /// @inheritdoc ILeaseEscrow
    function vouchers() external view returns (address) {
        return _vouchers;
    }

    /// @inheritdoc ILeaseEscrow
    function leaseOf(uint256 leaseId) external view returns (Lease memory, Record memory) {
        Lease memory lease = _leases[leaseId];
        if (lease.status == LeaseStatus.None) revert LeaseEscrow_UnknownLease(leaseId);
        return (lease, _records[leaseId]);
    }

    /// @inheritdoc ILeaseEscrow
    function meterOf(uint256 leaseId) external view returns (address client, Meter memory meter) {
        return (_leases[leaseId].client, _meters[leaseId]);
    }

    /// @inheritdoc ILeaseEscrow
    function tenancyOf(uint256 leaseId) external view returns (uint32 nodeIndex, uint256 rate, IERC20 token) {
        Work memory work = _load(leaseId);
        return (work.tenancy.nodeIndex, work.rate, work.tenancy.token);
    }

    /// @dev Settles a page of an active lease, or sees whether one was not accepted in time; returns why it can be closed.
    function _settleOnce(Work memory work, uint64 maxEpochs) private returns (LeaseStatus) {
        if (work.lease.status == LeaseStatus.Active) return _settlePage(work, maxEpochs);
        bool isLate = work.lease.status == LeaseStatus.Pending && currentEpoch() > work.lease.start;
        return isLate ? LeaseStatus.NotAccepted : LeaseStatus.None;
    }

    /// @dev Returns true when a lease could be closed for so long that a janitor is paid for it.
    function _isOverdue(Work memory work, LeaseStatus status, uint256 delay) private view returns (bool) {
        if (status == LeaseStatus.NotAccepted) return currentEpoch() > work.lease.start + delay;
        if (status == LeaseStatus.OutOfFunds && currentEpoch() < _graceUntil(work) + delay) return false;
        return _finalizedBefore() >= work.lease.settledUntil + delay;
    }
}
