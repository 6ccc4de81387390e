// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEntryPause} from "./interfaces/IEntryPause.sol";
import {ILeaseAgreements} from "./interfaces/ILeaseAgreements.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeListings} from "./interfaces/INodeListings.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {LeaseSettlement} from "./LeaseSettlement.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice The part of the escrow that client and provider use. It has no storage of its own: {LeaseEscrow} runs it on its.
contract LeaseAgreements is ILeaseAgreements, LeaseSettlement {
    uint256 private constant MAX_SEALED = 4_096;
    uint256 private constant MAX_BALANCE = type(uint88).max;
    /// @dev Bytes of an ML-KEM-768 encapsulation key (FIPS 203, table 3).
    uint256 private constant DELIVERY_KEY_LENGTH = 1_184;

    address private immutable _self = address(this);

    constructor(
        IAttestationBridge bridge,
        INodeRegistry registry,
        INetworkParameters parameters,
        INodeListings listings_,
        address timelock_
    ) LeaseSettlement(bridge, registry, parameters, listings_) Governed(timelock_) {}

    modifier onlyForEscrow() {
        if (address(this) == _self) revert LeaseEscrow_NotSelf(msg.sender);
        _;
    }

    modifier onlyBound(address bound) {
        if (msg.sender != bound) revert LeaseEscrow_NotBound(msg.sender, bound);
        _;
    }

    // Clients

    /// @inheritdoc ILeaseAgreements
    function open(
        Request calldata request,
        INodeListings.Offer calldata offer,
        bytes calldata permit
    ) external nonReentrant onlyForEscrow returns (uint256 leaseId) {
        _parameters.requireEntry(IEntryPause.EntryArea.Lease);
        INodeListings.Terms memory terms = _listings.reserve(
            request.listingId,
            request.version,
            request.units,
            msg.sender,
            offer
        );
        TokenRule memory rule = _allowed(terms.token);
        if (terms.price > request.maxPrice) revert LeaseEscrow_PriceAboveMax(terms.price, request.maxPrice);
        if (request.epochs < terms.minEpochs || request.epochs > terms.maxEpochs) {
            revert LeaseEscrow_TermOutOfBounds(request.epochs, terms.minEpochs, terms.maxEpochs);
        }
        _requireDeliveryKey(request.deliveryKey);
        _permit(terms.token, request.deposit, permit);
        uint256 rate = uint256(terms.price) * request.units;
        leaseId = ++_leaseCount;
        _begin(
            leaseId,
            rate,
            Lease({
                client: msg.sender,
                listingId: request.listingId,
                version: request.version,
                units: request.units,
                feeBp: uint16(_parameters.get(ParameterIds.LEASE_FEE_BP)),
                isMetered: terms.isMetered,
                balance: _takeDeposit(terms, rule, request, rate),
                janitorFee: rule.janitorFee,
                start: uint32(currentEpoch()) + terms.acceptEpochs,
                end: request.epochs,
                settledUntil: 0,
                status: LeaseStatus.Pending
            })
        );
    }

    /// @inheritdoc ILeaseAgreements
    function setDeliveryKey(bytes calldata key) external onlyForEscrow {
        _setDeliveryKey(key);
    }

    /// @inheritdoc ILeaseAgreements
    function cancel(uint256 leaseId) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Pending);
        _requireClient(work);
        _close(work, LeaseStatus.Cancelled, address(0));
    }

    /// @inheritdoc ILeaseAgreements
    function topUp(uint256 leaseId, uint256 amount, bytes calldata permit) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Active);
        uint64 current = currentEpoch();
        uint64 graceUntil = _graceUntil(work);
        if (current >= graceUntil) revert LeaseEscrow_GraceOver(graceUntil, current);
        if (amount == 0) revert LeaseEscrow_ZeroAmount();
        _permit(work.tenancy.token, amount, permit);
        uint256 received = _pull(work.tenancy.token, amount);
        uint256 balance = work.lease.balance + received;
        uint256 max = (work.lease.end - work.lease.settledUntil) * work.rate;
        if (max > MAX_BALANCE) max = MAX_BALANCE;
        if (balance > max) revert LeaseEscrow_DepositTooLarge(balance, max);
        _leases[leaseId].balance = uint88(balance);
        emit LeaseToppedUp(leaseId, msg.sender, received, balance);
    }

    /// @inheritdoc ILeaseAgreements
    function extend(uint256 leaseId, uint32 epochs) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Active);
        _requireClient(work);
        if (work.record.noticeEnd != 0) revert LeaseEscrow_NoticeGiven(work.record.noticeEnd);
        INodeListings.Listing memory listing = _listings.listingOf(work.lease.listingId);
        if (listing.version != work.lease.version || listing.isPaused || listing.isRetired) {
            revert LeaseEscrow_NotOffered(work.lease.listingId, work.lease.version);
        }
        uint256 term = uint256(work.lease.end) - work.lease.start + epochs;
        INodeListings.Terms memory terms = _termsOf(work);
        if (epochs == 0 || term > terms.maxEpochs) {
            revert LeaseEscrow_TermOutOfBounds(term, terms.minEpochs, terms.maxEpochs);
        }
        _requireRunning(work);
        if (_settlePage(work, type(uint64).max) == LeaseStatus.Breached) {
            _close(work, LeaseStatus.Breached, address(0));
            return;
        }
        _store(work);
        _leases[leaseId].end += epochs;
        emit LeaseExtended(leaseId, work.lease.end + epochs);
    }

    /// @inheritdoc ILeaseAgreements
    function giveNotice(uint256 leaseId) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Active);
        bool isByProvider = msg.sender != work.lease.client;
        if (isByProvider) _requireProvider(work);
        if (work.record.noticeEnd != 0) revert LeaseEscrow_NoticeGiven(work.record.noticeEnd);
        INodeListings.Terms memory terms = _termsOf(work);
        uint64 noticeEnd = currentEpoch() + 1 + terms.noticeEpochs;
        uint64 least = work.lease.start + terms.minEpochs;
        if (noticeEnd < least) noticeEnd = least;
        noticeEnd = _min(noticeEnd, work.lease.end);
        (_records[leaseId].noticeEnd, _records[leaseId].isNoticeByProvider) = (uint32(noticeEnd), isByProvider);
        emit NoticeGiven(leaseId, isByProvider, noticeEnd);
    }

    // Providers

    /// @inheritdoc ILeaseAgreements
    function accept(uint256 leaseId, bytes calldata sealed_) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Pending);
        _requireProvider(work);
        uint64 current = currentEpoch();
        if (current > work.lease.start) revert LeaseEscrow_AcceptTooLate(work.lease.start, current);
        if (!_registry.isActive(work.tenancy.nodeIndex, current))
            revert LeaseEscrow_NodeInactive(work.tenancy.nodeIndex);
        uint256 amount = _bondFor(work);
        Bond storage bond = _bonds[work.tenancy.identityId][work.tenancy.token];
        if (bond.free < amount) revert LeaseEscrow_BondTooSmall(bond.free, amount);
        bond.free -= uint128(amount);
        bond.locked += uint128(amount);
        uint32 start = uint32(current) + 1;
        Lease storage lease = _leases[leaseId];
        lease.status = LeaseStatus.Active;
        (lease.start, lease.end, lease.settledUntil) = (start, start + work.lease.end, start);
        emit LeaseAccepted(leaseId, start, start + work.lease.end, amount);
        if (sealed_.length != 0) _deliver(leaseId, sealed_);
    }

    /// @inheritdoc ILeaseAgreements
    function deliver(uint256 leaseId, bytes calldata sealed_) external onlyForEscrow {
        _requireProvider(_loadIn(leaseId, LeaseStatus.Active));
        _deliver(leaseId, sealed_);
    }

    /// @inheritdoc ILeaseAgreements
    function decline(uint256 leaseId) external nonReentrant onlyForEscrow {
        Work memory work = _loadIn(leaseId, LeaseStatus.Pending);
        _requireProvider(work);
        _close(work, LeaseStatus.Declined, address(0));
    }

    /// @inheritdoc ILeaseAgreements
    function depositBond(
        uint32 identityId,
        IERC20 token,
        uint256 amount,
        bytes calldata permit
    ) external nonReentrant onlyForEscrow {
        _allowed(token);
        if (amount == 0) revert LeaseEscrow_ZeroAmount();
        // Reverts for an identity that was never registered.
        _registry.operatorOf(identityId);
        _permit(token, amount, permit);
        uint256 received = _pull(token, amount);
        _bonds[identityId][token].free += uint128(received);
        emit BondDeposited(identityId, token, msg.sender, received);
    }

    /// @inheritdoc ILeaseAgreements
    function withdrawBond(uint32 identityId, IERC20 token, uint256 amount) external nonReentrant onlyForEscrow {
        INodeRegistry.Operator memory operator = _registry.operatorOf(identityId);
        if (msg.sender != operator.owner && msg.sender != operator.operatorWallet) {
            revert LeaseEscrow_NotOperator(msg.sender, identityId);
        }
        if (amount == 0) revert LeaseEscrow_ZeroAmount();
        Bond storage bond = _bonds[identityId][token];
        if (amount > bond.free) revert LeaseEscrow_BondTooSmall(bond.free, amount);
        bond.free -= uint128(amount);
        _credit(token, operator.beneficiary, amount);
        emit BondWithdrawn(identityId, token, operator.beneficiary, amount);
    }

    // Disputes and tokens

    /// @inheritdoc ILeaseAgreements
    function holdFor(uint256 leaseId) external onlyForEscrow onlyBound(_disputes) returns (uint64 disputedUntil) {
        Work memory work = _loadIn(leaseId, LeaseStatus.Active);
        if (work.record.isDisputed || work.lease.settledUntil < work.record.disputedUntil) {
            revert LeaseEscrow_Disputed(leaseId);
        }
        disputedUntil = currentEpoch() + 1;
        Record storage record = _records[leaseId];
        (record.isDisputed, record.disputedUntil, record.clientShareBp) = (true, uint32(disputedUntil), 0);
        emit LeaseDisputeSet(leaseId, true, disputedUntil, 0);
    }

    /// @inheritdoc ILeaseAgreements
    function decide(uint256 leaseId, uint16 clientShareBp) external onlyForEscrow onlyBound(_disputes) {
        Record storage record = _records[leaseId];
        (record.isDisputed, record.clientShareBp) = (false, clientShareBp);
        emit LeaseDisputeSet(leaseId, false, record.disputedUntil, clientShareBp);
    }

    /// @inheritdoc ILeaseAgreements
    function setTokenRule(IERC20 token, TokenRule calldata rule) external onlyForEscrow onlyTimelock {
        if (address(token) == address(0)) revert Governed_ZeroAddress("token");
        _rules[token] = rule;
        emit TokenRuleSet(token, rule.isAllowed, rule.janitorFee, rule.minDeposit);
    }

    // Reads

    /// @inheritdoc ILeaseAgreements
    function leaseCount() external view returns (uint256) {
        return _leaseCount;
    }

    /// @inheritdoc ILeaseAgreements
    function deliveryKeyHashOf(address client) external view returns (bytes32) {
        return _deliveryKeyHashes[client];
    }

    /// @inheritdoc ILeaseAgreements
    function runwayOf(uint256 leaseId) external view returns (uint64 fundedUntil, uint64 graceUntil, uint64 end) {
        Work memory work = _loadIn(leaseId, LeaseStatus.Active);
        uint256 notice = work.record.noticeEnd;
        end = notice != 0 && notice < work.lease.end ? uint64(notice) : work.lease.end;
        return (work.end, work.end < end ? _graceUntil(work) : work.end, end);
    }

    /// @inheritdoc ILeaseAgreements
    function bondOf(uint32 identityId, IERC20 token) external view returns (Bond memory) {
        return _bonds[identityId][token];
    }

    /// @inheritdoc ILeaseAgreements
    function tokenRuleOf(IERC20 token) external view returns (TokenRule memory) {
        return _rules[token];
    }

    /// @dev Returns what holds for an allowed token; reverts when it is not.
    function _allowed(IERC20 token) private view returns (TokenRule memory rule) {
        rule = _rules[token];
        if (!rule.isAllowed) revert LeaseEscrow_TokenNotAllowed(token);
    }

    function _takeDeposit(
        INodeListings.Terms memory terms,
        TokenRule memory rule,
        Request calldata request,
        uint256 rate
    ) private returns (uint88 balance) {
        uint256 received = _pull(terms.token, request.deposit);
        uint256 least = rate * terms.minEpochs + rule.janitorFee;
        if (least < rule.minDeposit) least = rule.minDeposit;
        if (received < least) revert LeaseEscrow_DepositTooSmall(received, least);
        uint256 most = rate * request.epochs;
        if (most > MAX_BALANCE) most = MAX_BALANCE;
        most += rule.janitorFee;
        if (received > most) revert LeaseEscrow_DepositTooLarge(received, most);
        balance = uint88(received - rule.janitorFee);
    }

    function _begin(uint256 leaseId, uint256 rate, Lease memory lease) private {
        _leases[leaseId] = lease;
        emit LeaseOpened(
            leaseId,
            lease.listingId,
            lease.client,
            lease.version,
            lease.units,
            lease.end,
            rate,
            lease.balance,
            lease.janitorFee,
            lease.feeBp,
            lease.start
        );
    }

    /// @dev Keeps the hash of a key and tells the key to providers.
    function _setDeliveryKey(bytes calldata key) private {
        if (key.length != DELIVERY_KEY_LENGTH) {
            revert LeaseEscrow_WrongDeliveryKeyLength(key.length, DELIVERY_KEY_LENGTH);
        }
        _deliveryKeyHashes[msg.sender] = keccak256(key);
        emit DeliveryKeySet(msg.sender, key);
    }

    /// @dev Reverts unless credentials can be sealed for the caller.
    function _requireDeliveryKey(bytes calldata key) private {
        if (key.length != 0) _setDeliveryKey(key);
        else if (_deliveryKeyHashes[msg.sender] == 0) revert LeaseEscrow_NoDeliveryKey(msg.sender);
    }

    function _deliver(uint256 leaseId, bytes calldata sealed_) private {
        if (sealed_.length > MAX_SEALED) revert LeaseEscrow_CredentialTooLong(sealed_.length, MAX_SEALED);
        emit CredentialDelivered(leaseId, sealed_);
    }

    function _loadIn(uint256 leaseId, LeaseStatus status) private view returns (Work memory work) {
        work = _load(leaseId);
        if (work.lease.status != status) revert LeaseEscrow_WrongStatus(leaseId, work.lease.status);
    }

    /// @dev Reverts when the term or the funds of an active lease are over.
    function _requireRunning(Work memory work) private view {
        uint64 current = currentEpoch();
        if (current < work.end) return;
        if (work.end == work.lease.end) revert LeaseEscrow_TermOver(work.end, current);
        uint64 graceUntil = _graceUntil(work);
        if (current < graceUntil) revert LeaseEscrow_OutOfFunds(work.end, current);
        revert LeaseEscrow_GraceOver(graceUntil, current);
    }

    function _requireClient(Work memory work) private view {
        if (msg.sender != work.lease.client) revert LeaseEscrow_NotClient(msg.sender, work.lease.client);
    }

    function _requireProvider(Work memory work) private view {
        if (!_registry.isOperator(work.tenancy.nodeIndex, msg.sender)) {
            revert LeaseEscrow_NotProvider(msg.sender, work.tenancy.nodeIndex);
        }
    }
}
