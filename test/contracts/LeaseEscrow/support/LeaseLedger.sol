// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {ILeases} from "../../../../contracts/interfaces/ILeases.sol";
import {INodeListings} from "../../../../contracts/interfaces/INodeListings.sol";
import {ITokenBalances} from "../../../../contracts/interfaces/ITokenBalances.sol";
import {LeaseEscrow} from "../../../../contracts/LeaseEscrow.sol";
import {EpochMarksDouble} from "../../../../contracts/mocks/EpochMarksDouble.sol";
import {NodeListings} from "../../../../contracts/NodeListings.sol";
import {Log} from "../../support/SolidityTest.sol";

/// @notice Keeps the books of a marketplace from its events alone, and sees what the events should never say.
contract LeaseLedger {
    /// @notice What went into a lease and came out of it, smallest units of its token.
    /// @param paidIn Rent and the janitor's fee, from whoever paid.
    /// @param earned Of metered leases: what vouchers can draw on.
    /// @param toProvider After the fee.
    /// @param toTreasury Fees.
    /// @param toClient Without the provider's bond.
    /// @param toJanitor For a sweep.
    struct Flow {
        uint256 paidIn;
        uint256 earned;
        uint256 toProvider;
        uint256 toTreasury;
        uint256 toClient;
        uint256 toJanitor;
    }

    /// @notice What moved into the escrow and out of it in a token, by the token's events and by the escrow's.
    struct Moved {
        uint256 into;
        uint256 paidIn;
        uint256 out;
        uint256 withdrawn;
    }

    /// @notice Bond of an operator in a token: what was deposited, withdrawn, and taken by breaches.
    struct BondFlow {
        uint256 deposited;
        uint256 withdrawn;
        uint256 taken;
    }

    /// @notice What {ILeases.LeaseSettled} says beside the lease.
    struct Settled {
        uint64 from;
        uint64 until;
        uint64 proven;
        uint64 missed;
        address beneficiary;
        uint256 toProvider;
        uint256 fee;
        uint256 toClient;
    }

    uint256 private constant FULL_BP = 10_000;

    LeaseEscrow private immutable _escrow;
    NodeListings private immutable _listings;
    EpochMarksDouble private immutable _marks;
    address private immutable _treasury;

    mapping(uint256 leaseId => Flow) private _flows;
    mapping(IERC20 token => Moved) private _moved;
    mapping(uint32 identityId => mapping(IERC20 token => BondFlow)) private _bonds;
    mapping(uint256 leaseId => ILeases.LeaseStatus) private _statuses;
    mapping(uint256 leaseId => address) private _clients;
    mapping(uint256 leaseId => uint64) private _settledUntil;
    mapping(uint256 leaseId => uint16) private _feeBp;
    mapping(uint32 listingId => bool) private _isRetired;
    mapping(uint32 listingId => uint16) private _shares;

    /// @notice What accounts were credited in a token by the escrow's events, withdrawn or not.
    mapping(IERC20 token => mapping(address account => uint256)) public credited;

    /// @notice What accounts withdrew in a token by the escrow's events.
    mapping(IERC20 token => mapping(address account => uint256)) public withdrawn;

    /// @notice True when something happened to a lease or listing that was closed for good, or in a wrong order.
    bool public hasWrongStep;

    /// @notice True when an epoch of a lease was settled twice or left out, or paid for other than the bridge says.
    bool public hasWrongPay;

    /// @notice True when units were sold, or shares offered, of what the node does not attest.
    bool public hasOversold;

    constructor(LeaseEscrow escrow, NodeListings listings, EpochMarksDouble marks, address treasury) {
        (_escrow, _listings, _marks, _treasury) = (escrow, listings, marks, treasury);
    }

    /// @notice Takes the events of a call that succeeded.
    function read(Log[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            Log calldata log = logs[i];
            if (log.topics[0] == IERC20.Transfer.selector) _readTransfer(log);
            else if (log.emitter == address(_listings)) _readListing(log);
            else if (log.emitter == address(_escrow)) _readEscrow(log);
        }
    }

    /// @notice Returns what went into a lease and came out of it.
    function flowOf(uint256 leaseId) external view returns (Flow memory) {
        return _flows[leaseId];
    }

    /// @notice Returns what moved in a token.
    function movedOf(IERC20 token) external view returns (Moved memory) {
        return _moved[token];
    }

    /// @notice Returns what became of an operator's bond in a token.
    function bondFlowOf(uint32 identityId, IERC20 token) external view returns (BondFlow memory) {
        return _bonds[identityId][token];
    }

    function _readTransfer(Log calldata log) private {
        uint256 amount = abi.decode(log.data, (uint256));
        Moved storage moved = _moved[IERC20(log.emitter)];
        if (_account(log.topics[1]) == address(_escrow)) moved.out += amount;
        if (_account(log.topics[2]) == address(_escrow)) moved.into += amount;
    }

    function _readEscrow(Log calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == ILeases.BondDeposited.selector || topic == ILeases.BondWithdrawn.selector) _readBond(log);
        else if (topic == ITokenBalances.Withdrawn.selector) _readWithdrawn(log);
        else if (topic == ILeases.LeaseOpened.selector) _readOpened(log);
        else if (topic == ILeases.LeaseAccepted.selector) _readAccepted(log);
        else if (topic == ILeases.LeaseSettled.selector) _readSettled(log);
        else if (topic == ILeases.LeaseClosed.selector) _readClosed(log);
        else if (topic == ILeases.EarnedPaid.selector) _readEarnedPaid(log);
        else if (topic == ILeases.LeaseToppedUp.selector) _readToppedUp(log);
        else if (_isOfActive(topic)) _step(uint256(log.topics[1]), ILeases.LeaseStatus.Active);
    }

    /// @dev Returns true for what happens to active leases alone.
    function _isOfActive(bytes32 topic) private pure returns (bool) {
        return
            topic == ILeases.LeaseExtended.selector ||
            topic == ILeases.NoticeGiven.selector ||
            topic == ILeases.CredentialDelivered.selector ||
            topic == ILeases.LeaseDisputeSet.selector;
    }

    // Money

    function _readBond(Log calldata log) private {
        (uint32 identityId, IERC20 token) = (uint32(uint256(log.topics[1])), IERC20(_account(log.topics[2])));
        uint256 amount = abi.decode(log.data, (uint256));
        if (log.topics[0] == ILeases.BondDeposited.selector) {
            _bonds[identityId][token].deposited += amount;
            _moved[token].paidIn += amount;
        } else {
            _bonds[identityId][token].withdrawn += amount;
            credited[token][_account(log.topics[3])] += amount;
        }
    }

    function _readWithdrawn(Log calldata log) private {
        IERC20 token = IERC20(_account(log.topics[1]));
        uint256 amount = abi.decode(log.data, (uint256));
        withdrawn[token][_account(log.topics[2])] += amount;
        _moved[token].withdrawn += amount;
    }

    function _payIn(uint256 leaseId, uint256 amount) private {
        (, , IERC20 token) = _escrow.tenancyOf(leaseId);
        _flows[leaseId].paidIn += amount;
        _moved[token].paidIn += amount;
    }

    function _readToppedUp(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        _step(leaseId, ILeases.LeaseStatus.Active);
        (uint256 amount, ) = abi.decode(log.data, (uint256, uint256));
        _payIn(leaseId, amount);
    }

    function _readEarnedPaid(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        address account = _account(log.topics[2]);
        (uint256 amount, uint256 fee, ) = abi.decode(log.data, (uint256, uint256, uint256));
        (, , IERC20 token) = _escrow.tenancyOf(leaseId);
        Flow storage flow = _flows[leaseId];
        if (account == _clients[leaseId]) flow.toClient += amount;
        else flow.toProvider += amount;
        flow.toTreasury += fee;
        credited[token][account] += amount;
        credited[token][_treasury] += fee;
    }

    // Leases

    function _readOpened(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        _clients[leaseId] = _account(log.topics[3]);
        _step(leaseId, ILeases.LeaseStatus.None);
        _statuses[leaseId] = ILeases.LeaseStatus.Pending;
        (, , , , uint256 balance, uint256 fee, uint16 feeBp, ) = abi.decode(
            log.data,
            (uint16, uint16, uint32, uint256, uint256, uint256, uint16, uint64)
        );
        _feeBp[leaseId] = feeBp;
        _payIn(leaseId, balance + fee);
        _offer(uint32(uint256(log.topics[2])));
    }

    function _readAccepted(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        _step(leaseId, ILeases.LeaseStatus.Pending);
        _statuses[leaseId] = ILeases.LeaseStatus.Active;
        (_settledUntil[leaseId], , ) = abi.decode(log.data, (uint64, uint64, uint256));
    }

    function _readSettled(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        _step(leaseId, ILeases.LeaseStatus.Active);
        Settled memory page = abi.decode(log.data, (Settled));
        (uint32 node, uint256 rate, IERC20 token) = _escrow.tenancyOf(leaseId);
        if (page.from != _settledUntil[leaseId] || page.until <= page.from) hasWrongPay = true;
        if (!_isAsMarked(node, page) || !_isRightlyPaid(leaseId, rate, page)) hasWrongPay = true;
        _settledUntil[leaseId] = page.until;
        Flow storage flow = _flows[leaseId];
        flow.toTreasury += page.fee;
        flow.toClient += page.toClient;
        credited[token][_treasury] += page.fee;
        credited[token][_clients[leaseId]] += page.toClient;
        if (page.beneficiary == address(0)) {
            flow.earned += page.toProvider;
        } else {
            flow.toProvider += page.toProvider;
            credited[token][page.beneficiary] += page.toProvider;
        }
    }

    function _readClosed(Log calldata log) private {
        uint256 leaseId = uint256(log.topics[1]);
        ILeases.LeaseStatus status = ILeases.LeaseStatus(uint256(log.topics[2]));
        bool isOfPending =
            status == ILeases.LeaseStatus.Declined ||
                status == ILeases.LeaseStatus.NotAccepted ||
                status == ILeases.LeaseStatus.Cancelled;
        _step(leaseId, isOfPending ? ILeases.LeaseStatus.Pending : ILeases.LeaseStatus.Active);
        if (status <= ILeases.LeaseStatus.Active) hasWrongStep = true;
        _statuses[leaseId] = status;
        (uint256 toClient, uint256 bond, address janitor, uint256 fee, ) = abi.decode(
            log.data,
            (uint256, uint256, address, uint256, uint64)
        );
        (uint32 node, , IERC20 token) = _escrow.tenancyOf(leaseId);
        if (bond != 0 && status != ILeases.LeaseStatus.Breached) hasWrongStep = true;
        _bonds[node + 1][token].taken += bond;
        _flows[leaseId].toClient += toClient - bond;
        _flows[leaseId].toJanitor += fee;
        credited[token][_clients[leaseId]] += toClient;
        credited[token][janitor] += fee;
    }

    /// @dev Sees whether a lease is where it must be for what happens to it.
    function _step(uint256 leaseId, ILeases.LeaseStatus from) private {
        if (_statuses[leaseId] != from) hasWrongStep = true;
    }

    /// @dev Returns true when a page counts what the marks say, epoch by epoch.
    function _isAsMarked(uint32 node, Settled memory page) private view returns (bool) {
        IAttestationBridge.Uptime memory total = _marks.uptime(node, page.from, page.until);
        return page.proven == total.attested && page.missed == total.absent + total.degraded + total.inactive;
    }

    /// @dev Returns true when proven epochs pay the provider, with the fee of the day of opening, and the others the client.
    function _isRightlyPaid(uint256 leaseId, uint256 rate, Settled memory page) private view returns (bool) {
        (ILeases.Lease memory lease, ILeases.Record memory record) = _escrow.leaseOf(leaseId);
        uint256 each = rate;
        if (page.from < record.disputedUntil) each -= (rate * record.clientShareBp) / FULL_BP;
        uint256 fee = lease.isMetered ? 0 : page.proven * ((each * _feeBp[leaseId]) / FULL_BP);
        uint256 paid = page.toProvider + page.fee;
        return page.fee == fee && paid == page.proven * each && paid + page.toClient == (page.until - page.from) * rate;
    }

    // Listings

    function _readListing(Log calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == INodeListings.CapacityShown.selector || topic == INodeListings.MemberSet.selector) return;
        if (topic == INodeListings.OfferUsed.selector) return;
        uint32 listingId = uint32(uint256(log.topics[1]));
        if (_isRetired[listingId]) hasWrongStep = true;
        if (topic == INodeListings.ListingRetired.selector) _isRetired[listingId] = true;
        uint16 share = _shares[listingId];
        if (topic == INodeListings.ListingCreated.selector) {
            (, , , share) = abi.decode(log.data, (uint8, uint8, uint16, uint16));
        } else if (topic == INodeListings.ListingResized.selector) {
            (, share) = abi.decode(log.data, (uint16, uint16));
        }
        bool isMore = share > _shares[listingId];
        _shares[listingId] = share;
        if (isMore) _offer(listingId);
    }

    /// @dev Sees whether the node of a listing attests what all its listings of that kind offer.
    function _offer(uint32 listingId) private {
        if (_isRetired[listingId]) hasWrongStep = true;
        INodeListings.Listing memory listing = _listings.listingOf(listingId);
        uint256 offered = 0;
        for (uint32 other = 1; other <= _listings.listingCount(); ++other) {
            INodeListings.Listing memory beside = _listings.listingOf(other);
            if (beside.nodeIndex != listing.nodeIndex || beside.kind != listing.kind) continue;
            if (!_isRetired[other] || beside.soldUnits != 0) offered += _shares[other];
        }
        uint256 attested = _listings.capacityOf(listing.nodeIndex).attested >> (16 * uint256(listing.kind));
        if (offered > attested % 2 ** 16) hasOversold = true;
        if (listing.soldUnits > listing.units) hasOversold = true;
    }

    function _account(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
