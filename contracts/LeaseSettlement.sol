// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EpochClock} from "./EpochClock.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {ILeases} from "./interfaces/ILeases.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeListings} from "./interfaces/INodeListings.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {MissedEpochs} from "./libraries/MissedEpochs.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {TokenBalances} from "./TokenBalances.sol";

/// @notice How leases are settled and closed: from final epochs alone, whoever calls it.
abstract contract LeaseSettlement is ILeases, TokenBalances, EpochClock, Governed {
    using MissedEpochs for MissedEpochs.Search;

    /// @notice A lease in memory while a call works on it.
    /// @param id Number of the lease.
    /// @param tenancy Node that serves it, operator, and what every settlement needs of the terms.
    /// @param rate Rent of an epoch, smallest units.
    /// @param end First epoch after it by term, notice or funds.
    struct Work {
        uint256 id;
        Lease lease;
        Record record;
        INodeListings.Tenancy tenancy;
        uint256 rate;
        uint64 end;
    }

    /// @notice A range of epochs and what the bridge says about it.
    /// @param service What the node did from `from` on, and where the page ends.
    struct Page {
        uint64 from;
        bool isBreach;
        IAttestationBridge.Service service;
    }

    uint256 internal constant FULL_BP = 10_000;
    /// @dev Epochs before a page that settling it looks at once more, at most.
    uint256 private constant MAX_LOOK_BACK = 512;

    IAttestationBridge internal immutable _bridge;
    INodeRegistry internal immutable _registry;
    INetworkParameters internal immutable _parameters;
    uint64 private immutable _horizonEpochs;

    INodeListings internal immutable _listings;

    /// @dev Contracts that decide disputes and take vouchers.
    address internal _disputes;
    address internal _vouchers;

    uint256 internal _leaseCount;

    mapping(uint256 leaseId => Lease) internal _leases;
    mapping(uint256 leaseId => Record) internal _records;
    mapping(uint256 leaseId => Meter) internal _meters;
    mapping(uint32 identityId => mapping(IERC20 token => Bond)) internal _bonds;
    mapping(IERC20 token => TokenRule) internal _rules;
    mapping(address client => bytes32) internal _deliveryKeyHashes;

    constructor(
        IAttestationBridge bridge,
        INodeRegistry registry,
        INetworkParameters parameters,
        INodeListings listings_
    ) EpochClock(IEpochClock(address(bridge)).epochGenesis(), IEpochClock(address(bridge)).epochLength()) {
        if (address(registry) == address(0)) revert Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        if (address(listings_) == address(0)) revert Governed_ZeroAddress("listings");
        _bridge = bridge;
        _registry = registry;
        _parameters = parameters;
        _listings = listings_;
        _horizonEpochs = bridge.horizonEpochs();
    }

    // Work

    function _load(uint256 leaseId) internal view returns (Work memory work) {
        work.id = leaseId;
        work.lease = _leases[leaseId];
        if (work.lease.status == LeaseStatus.None) revert LeaseEscrow_UnknownLease(leaseId);
        work.tenancy = _listings.tenancyOf(work.lease.listingId, work.lease.version);
        work.rate = uint256(work.tenancy.price) * work.lease.units;
        if (work.lease.status != LeaseStatus.Active) return work;
        work.record = _records[leaseId];
        work.end = _endOf(work);
    }

    function _termsOf(Work memory work) internal view returns (INodeListings.Terms memory) {
        return _listings.termsOf(work.lease.listingId, work.lease.version);
    }

    /// @dev Returns the first epoch after an active lease by term, notice or funds.
    function _endOf(Work memory work) private pure returns (uint64 end) {
        end = work.lease.end;
        if (work.record.noticeEnd != 0 && work.record.noticeEnd < end) end = work.record.noticeEnd;
        uint256 funded = work.lease.settledUntil + work.lease.balance / work.rate;
        if (funded < end) end = uint64(funded);
    }

    // Settlement

    /// @dev Settles a page of an active lease in memory and credits it; returns how it can be closed now, or None.
    function _settlePage(Work memory work, uint64 maxEpochs) internal returns (LeaseStatus) {
        if (work.record.isDisputed) return LeaseStatus.None;
        uint64 from = work.lease.settledUntil;
        uint64 until = _pageEnd(work, from, maxEpochs);
        if (until > from) {
            Page memory page = Page(from, false, _bridge.serviceOf(work.tenancy.nodeIndex, from, until));
            if (page.service.until == from) return LeaseStatus.None;
            if (page.service.missed | work.record.leastRun != 0) _judge(work, page);
            _pay(work, page);
            if (page.isBreach) return LeaseStatus.Breached;
        }
        return work.lease.settledUntil == work.end ? _endStatus(work) : LeaseStatus.None;
    }

    /// @dev Stores what {_settlePage} changed.
    function _store(Work memory work) internal {
        Lease storage stored = _leases[work.id];
        (stored.balance, stored.settledUntil) = (work.lease.balance, work.lease.settledUntil);
    }

    /// @dev Returns the first epoch that is not final.
    function _finalizedBefore() internal view returns (uint64) {
        uint64 current = currentEpoch();
        return current > _horizonEpochs ? current - _horizonEpochs : 0;
    }

    /// @dev Returns where the epochs to settle next end: final ones, on one side of a verdict. At most `from` when there are none.
    function _pageEnd(Work memory work, uint64 from, uint64 maxEpochs) private view returns (uint64 until) {
        until = _min(work.end, _finalizedBefore());
        if (until <= from) return until;
        if (until - from > maxEpochs) until = from + maxEpochs;
        uint64 disputedUntil = work.record.disputedUntil;
        if (from < disputedUntil) until = _min(until, disputedUntil);
    }

    /// @dev Judges a page with missed epochs, or after one: cuts it when they break the terms, and keeps their count.
    function _judge(Work memory work, Page memory page) private {
        Record memory record = work.record;
        INodeListings.Terms memory terms = _termsOf(work);
        (uint64 until, uint64 missed) = (page.service.until, page.service.missed);
        uint256 allowed = ((FULL_BP - terms.uptimeBp) * (work.lease.end - work.lease.start)) / FULL_BP;
        uint256 run = record.missedRun + missed;
        uint256 least = record.leastRun + missed;
        // Whatever run reaches the end of a page in which not all are missed lies within it.
        if (missed < until - page.from) (run, least) = (missed, 0);
        bool isWithin = record.missedEpochs + missed <= allowed && record.missedRun + missed < terms.maxMissedRun;
        if (!isWithin || run > least + MAX_LOOK_BACK) {
            run = _cut(work, page, allowed, terms.maxMissedRun);
            least = run;
        }
        Record storage stored = _records[work.id];
        (stored.missedEpochs, stored.missedRun, stored.leastRun) = (
            record.missedEpochs + uint32(page.service.missed),
            uint16(run),
            uint16(least)
        );
    }

    /// @dev Cuts a page after the epoch that breaks the terms, if one does; returns how many were missed in a row up to its end.
    function _cut(Work memory work, Page memory page, uint256 allowed, uint256 maxRun) private view returns (uint256) {
        MissedEpochs.Search memory search = MissedEpochs.Search({
            allowed: allowed,
            maxRun: maxRun,
            missed: work.record.missedEpochs,
            run: _runBefore(work, page.from),
            next: page.from,
            brokenAt: 0
        });
        _search(work.tenancy.nodeIndex, page.service.until, search);
        if (search.brokenAt != 0) {
            page.isBreach = true;
            page.service = _bridge.serviceOf(work.tenancy.nodeIndex, page.from, uint64(search.brokenAt));
        }
        return search.run;
    }

    /// @dev Returns how many epochs before `epoch` were missed in a row.
    function _runBefore(Work memory work, uint64 epoch) private view returns (uint256) {
        (uint64 most, uint64 least) = (work.record.missedRun, work.record.leastRun);
        uint64 from = epoch - most;
        MissedEpochs.Search memory search = MissedEpochs.Search(type(uint64).max, type(uint64).max, 0, 0, from, 0);
        _search(work.tenancy.nodeIndex, epoch - least, search);
        return search.run + least;
    }

    /// @dev Looks at the missed epochs `[search.next, until)` of a node, one word after the other.
    function _search(uint32 nodeIndex, uint64 until, MissedEpochs.Search memory search) private view {
        while (search.next < until && search.brokenAt == 0) {
            uint64 word = uint64(search.next >> 8);
            uint64 wordEnd = (word + 1) << 8;
            (uint256 failed, uint256 unreported) = _bridge.marksOf(nodeIndex, word);
            // Word by word: a node can have as many intervals as it pays for.
            uint256 active = MissedEpochs.activeIn(word, _registry.intervalsWithin(nodeIndex, word << 8, wordEnd));
            search.look((failed & ~unreported) | ~active, _min(wordEnd, until));
        }
    }

    /// @dev Credits both sides for a page.
    function _pay(Work memory work, Page memory page) private {
        Lease memory lease = work.lease;
        (uint64 from, uint64 until, uint64 proven) = (page.from, page.service.until, page.service.proven);
        // Rounded for each epoch, so that pages do not matter.
        uint256 each = work.rate;
        if (from < work.record.disputedUntil) each -= (each * work.record.clientShareBp) / FULL_BP;
        uint256 toClient;
        uint256 toProvider;
        uint256 fee;
        unchecked {
            // A rate is below 2^80, a number of epochs and a share below 2^64.
            (toClient, toProvider) = ((until - from) * work.rate, proven * each);
            if (!lease.isMetered) fee = proven * ((each * lease.feeBp) / FULL_BP);
        }
        lease.balance -= uint88(toClient);
        lease.settledUntil = uint32(until);
        toClient -= toProvider;
        address beneficiary;
        if (lease.isMetered) {
            _meters[work.id].earned += uint112(toProvider);
        } else if (toProvider != 0) {
            beneficiary = page.service.beneficiary;
            toProvider -= fee;
            _creditProvider(work.tenancy.token, beneficiary, toProvider, fee);
        }
        _credit(work.tenancy.token, lease.client, toClient);
        emit LeaseSettled(work.id, from, until, proven, page.service.missed, beneficiary, toProvider, fee, toClient);
    }

    /// @dev Credits the operator's beneficiary what was earned, and the treasury its share.
    function _creditProvider(IERC20 token, address beneficiary, uint256 net, uint256 fee) internal {
        _credit(token, beneficiary, net);
        _credit(token, timelock, fee);
    }

    /// @dev Returns how a lease that is settled up to its end can be closed; None while its grace lasts.
    function _endStatus(Work memory work) private view returns (LeaseStatus) {
        if (work.end == work.lease.end) return LeaseStatus.Completed;
        if (work.end == work.record.noticeEnd) {
            return work.record.isNoticeByProvider ? LeaseStatus.EndedByProvider : LeaseStatus.EndedByClient;
        }
        return currentEpoch() < _graceUntil(work) ? LeaseStatus.None : LeaseStatus.OutOfFunds;
    }

    /// @dev Returns the first epoch in which a top-up is too late.
    function _graceUntil(Work memory work) internal pure returns (uint64) {
        return work.end + work.tenancy.graceEpochs;
    }

    // Closing

    /// @dev Closes a lease: what is left goes to the client, and the prepaid fee to the janitor if there is one.
    function _close(Work memory work, LeaseStatus status, address janitor) internal {
        Lease memory lease = work.lease;
        uint256 bond = 0;
        if (lease.status == LeaseStatus.Active) bond = _unlockBond(work, status == LeaseStatus.Breached);
        uint32 vouchersUntil = 0;
        if (lease.isMetered) {
            vouchersUntil = uint32(currentEpoch() + _parameters.get(ParameterIds.VOUCHER_WINDOW));
            _meters[work.id].vouchersUntil = vouchersUntil;
        }
        uint256 toClient = lease.balance + bond;
        uint256 fee = lease.janitorFee;
        if (janitor == address(0)) {
            toClient += fee;
            fee = 0;
        }
        Lease storage stored = _leases[work.id];
        stored.status = status;
        (stored.balance, stored.janitorFee, stored.settledUntil) = (0, 0, lease.settledUntil);
        _credit(work.tenancy.token, lease.client, toClient);
        _credit(work.tenancy.token, janitor, fee);
        emit LeaseClosed(work.id, status, toClient, bond, janitor, fee, vouchersUntil);
        _listings.release(lease.listingId, lease.units);
    }

    /// @dev Frees the bond of a lease, or takes it for the client; returns what was taken.
    function _unlockBond(Work memory work, bool isTaken) private returns (uint256) {
        uint128 amount = uint128(_bondFor(work));
        if (amount == 0) return 0;
        Bond storage stored = _bonds[work.tenancy.identityId][work.tenancy.token];
        (uint128 free, uint128 locked) = (stored.free, stored.locked);
        (stored.free, stored.locked) = (isTaken ? free : free + amount, locked - amount);
        return isTaken ? amount : 0;
    }

    /// @dev Returns the provider's bond for a lease.
    function _bondFor(Work memory work) internal pure returns (uint256) {
        return work.rate * work.tenancy.bondEpochs;
    }

    function _min(uint64 a, uint64 b) internal pure returns (uint64) {
        return a < b ? a : b;
    }
}
