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
    struct Page {
        uint64 from;
        uint64 until;
        uint256 proven;
        uint256 missed;
        bool isBreach;
    }

    uint256 internal constant FULL_BP = 10_000;

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

    /// @dev Settles a page of an active lease; returns how it can be closed now, or None.
    function _settlePage(Work memory work, uint64 maxEpochs) internal returns (LeaseStatus) {
        if (work.record.isDisputed) return LeaseStatus.None;
        Page memory page = _pageOf(work, maxEpochs);
        if (page.until > page.from) {
            _count(work, page);
            if (page.missed != 0) _judge(work, page);
            _pay(work, page);
            if (page.isBreach) return LeaseStatus.Breached;
        }
        return work.lease.settledUntil == work.end ? _endStatus(work) : LeaseStatus.None;
    }

    /// @dev Returns the first epoch that is not final.
    function _finalizedBefore() internal view returns (uint64) {
        uint64 current = currentEpoch();
        return current > _horizonEpochs ? current - _horizonEpochs : 0;
    }

    /// @dev Returns the epochs to settle next: final, undisputed, and on one side of a verdict.
    function _pageOf(Work memory work, uint64 maxEpochs) private view returns (Page memory page) {
        page.from = work.lease.settledUntil;
        page.until = _min(work.end, _finalizedBefore());
        if (page.until <= page.from) return page;
        if (page.until - page.from > maxEpochs) page.until = page.from + maxEpochs;
        if (page.from < work.record.disputedUntil) page.until = _min(page.until, work.record.disputedUntil);
        if (page.until == page.from) return page;
        uint64 untilWord = ((page.until - 1) >> 8) + 1;
        uint64 disputed = _bridge.undisputedUntil(work.tenancy.nodeIndex, page.from >> 8, untilWord);
        if (disputed != untilWord) page.until = _min(page.until, disputed << 8);
    }

    function _count(Work memory work, Page memory page) private view {
        IAttestationBridge.Uptime memory uptime = _bridge.uptime(work.tenancy.nodeIndex, page.from, page.until);
        page.proven = uptime.attested;
        page.missed = uptime.absent + uptime.degraded + uptime.inactive;
    }

    /// @dev Cuts a page with missed epochs after the one that breaks the terms, and keeps the count of missed epochs.
    function _judge(Work memory work, Page memory page) private {
        Record memory record = work.record;
        INodeListings.Terms memory terms = _termsOf(work);
        uint256 allowed = ((FULL_BP - terms.uptimeBp) * (work.lease.end - work.lease.start)) / FULL_BP;
        uint256 run = record.missedRun + page.missed;
        if (record.missed + page.missed > allowed || run >= terms.maxMissedRun) {
            MissedEpochs.Search memory search = MissedEpochs.Search({
                allowed: allowed,
                maxRun: terms.maxMissedRun,
                missed: record.missed,
                run: _runBefore(work, page.from),
                next: page.from,
                brokenAt: 0
            });
            _search(work.tenancy.nodeIndex, page.until, search);
            if (search.brokenAt != 0) {
                page.isBreach = true;
                page.until = uint64(search.brokenAt);
                _count(work, page);
            }
            run = search.run;
        } else if (page.missed < page.until - page.from) {
            // Whatever run reaches the end of the page lies within it.
            run = page.missed;
        }
        record.missed += uint32(page.missed);
        record.missedRun = uint16(run);
        (_records[work.id].missed, _records[work.id].missedRun) = (record.missed, record.missedRun);
    }

    /// @dev Returns how many epochs before `epoch` were missed in a row. {Record}.missedRun is at least as many.
    function _runBefore(Work memory work, uint64 epoch) private view returns (uint256) {
        uint64 atMost = work.record.missedRun;
        uint64 from = epoch - work.lease.start > atMost ? epoch - atMost : work.lease.start;
        if (from == epoch) return 0;
        MissedEpochs.Search memory search = MissedEpochs.Search(type(uint64).max, type(uint64).max, 0, 0, from, 0);
        _search(work.tenancy.nodeIndex, epoch, search);
        return search.run;
    }

    /// @dev Looks at the missed epochs `[search.next, until)` of a node, one word after the other.
    function _search(uint32 nodeIndex, uint64 until, MissedEpochs.Search memory search) private view {
        INodeRegistry.Interval[] memory intervals = _registry.intervalsWithin(nodeIndex, uint64(search.next), until);
        while (search.next < until && search.brokenAt == 0) {
            uint64 word = uint64(search.next >> 8);
            (uint256 failed, uint256 unreported) = _bridge.marksOf(nodeIndex, word);
            uint256 active = MissedEpochs.activeIn(word, intervals);
            uint256 wordEnd = (uint256(word) + 1) << 8;
            search.look((failed & ~unreported) | ~active, wordEnd < until ? wordEnd : until);
        }
    }

    /// @dev Credits both sides for a page.
    function _pay(Work memory work, Page memory page) private {
        Lease memory lease = work.lease;
        uint256 toProvider = page.proven * work.rate;
        uint256 toClient = (page.until - page.from) * work.rate - toProvider;
        lease.balance -= uint96(toProvider + toClient);
        lease.settledUntil = uint32(page.until);
        if (page.from < work.record.disputedUntil) {
            uint256 moved = (toProvider * work.record.clientShareBp) / FULL_BP;
            (toProvider, toClient) = (toProvider - moved, toClient + moved);
        }
        address beneficiary;
        uint256 fee;
        if (lease.isMetered) _meters[work.id].earned += uint96(toProvider);
        else (beneficiary, toProvider, fee) = _creditProvider(work, toProvider);
        _credit(work.tenancy.token, lease.client, toClient);
        (_leases[work.id].balance, _leases[work.id].settledUntil) = (lease.balance, lease.settledUntil);
        emit LeaseSettled(
            work.id,
            page.from,
            page.until,
            uint64(page.proven),
            uint64(page.missed),
            beneficiary,
            toProvider,
            fee,
            toClient
        );
    }

    /// @dev Credits the operator's beneficiary what was earned, and the treasury its share.
    function _creditProvider(
        Work memory work,
        uint256 earned
    ) internal returns (address beneficiary, uint256 net, uint256 fee) {
        if (earned == 0) return (address(0), 0, 0);
        fee = (earned * work.lease.feeBp) / FULL_BP;
        net = earned - fee;
        beneficiary = _registry.beneficiaryOf(work.tenancy.nodeIndex);
        _credit(work.tenancy.token, beneficiary, net);
        _credit(work.tenancy.token, timelock, fee);
    }

    /// @dev Returns how a lease that is settled up to its end can be closed; None while its grace lasts.
    function _endStatus(Work memory work) private view returns (LeaseStatus) {
        if (work.end == work.record.noticeEnd) {
            return work.record.isEndedByProvider ? LeaseStatus.EndedByProvider : LeaseStatus.EndedByClient;
        }
        if (work.end == work.lease.end) return LeaseStatus.Completed;
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
        (stored.balance, stored.janitorFee) = (0, 0);
        _credit(work.tenancy.token, lease.client, toClient);
        _credit(work.tenancy.token, janitor, fee);
        emit LeaseClosed(work.id, status, toClient, bond, janitor, fee, vouchersUntil);
        _listings.release(lease.listingId, lease.units);
    }

    /// @dev Frees the bond of a lease, or takes it for the client; returns what was taken.
    function _unlockBond(Work memory work, bool isTaken) private returns (uint256) {
        uint128 amount = uint128(_bondFor(work));
        if (amount == 0) return 0;
        Bond storage bond = _bonds[work.tenancy.identityId][work.tenancy.token];
        bond.locked -= amount;
        if (isTaken) return amount;
        bond.free += amount;
        return 0;
    }

    /// @dev Returns the provider's bond for a lease.
    function _bondFor(Work memory work) internal pure returns (uint256) {
        return work.rate * work.tenancy.bondEpochs;
    }

    function _min(uint64 a, uint64 b) internal pure returns (uint64) {
        return a < b ? a : b;
    }
}
