// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EpochClock} from "./EpochClock.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {ILeaseEscrow} from "./interfaces/ILeaseEscrow.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeListings} from "./interfaces/INodeListings.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {MissedEpochs} from "./libraries/MissedEpochs.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {TokenBalances} from "./TokenBalances.sol";

/// @notice How leases are settled and closed: from final epochs alone, whoever calls it.
abstract contract LeaseSettlement is ILeaseEscrow, TokenBalances, EpochClock, Governed {
    using MissedEpochs for MissedEpochs.Search;

    /// @notice A lease in memory while a call works on it.
    /// @param id Number of the lease.
    /// @param nodeIndex Node that serves it.
    /// @param identityId Operator of the node.
    /// @param rate Rent of an epoch, smallest units.
    /// @param end First epoch after it by term, notice or funds.
    struct Work {
        uint256 id;
        Lease lease;
        Record record;
        INodeListings.Terms terms;
        uint32 nodeIndex;
        uint32 identityId;
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

    /// @inheritdoc ILeaseEscrow
    INodeListings public override listings;

    mapping(uint256 leaseId => Lease) internal _leases;
    mapping(uint256 leaseId => Record) internal _records;
    mapping(uint32 identityId => mapping(IERC20 token => Bond)) internal _bonds;

    constructor(
        IAttestationBridge bridge,
        INodeRegistry registry,
        INetworkParameters parameters,
        IEpochClock clock
    ) EpochClock(clock.epochGenesis(), clock.epochLength()) {
        if (address(bridge) == address(0)) revert Governed_ZeroAddress("bridge");
        if (address(registry) == address(0)) revert Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _bridge = bridge;
        _registry = registry;
        _parameters = parameters;
    }

    // Work

    function _load(uint256 leaseId) internal view returns (Work memory work) {
        work.id = leaseId;
        work.lease = _leases[leaseId];
        if (work.lease.state == LeaseState.None) revert LeaseEscrow_UnknownLease(leaseId);
        work.record = _records[leaseId];
        (work.nodeIndex, work.identityId, work.terms) = listings.termsOf(work.lease.listingId, work.lease.version);
        work.rate = uint256(work.terms.price) * work.lease.units;
        if (work.lease.state == LeaseState.Active) work.end = _endOf(work);
    }

    /// @dev Returns the first epoch after an active lease by term, notice or funds.
    function _endOf(Work memory work) internal pure returns (uint64 end) {
        end = work.lease.end;
        if (work.record.noticeEnd != 0 && work.record.noticeEnd < end) end = work.record.noticeEnd;
        uint256 funded = work.lease.settledUntil + work.lease.balance / work.rate;
        if (funded < end) end = uint64(funded);
    }

    // Settlement

    /// @dev Settles a page of an active lease; returns why it can be closed now, or None.
    function _settlePage(Work memory work, uint64 maxEpochs) internal returns (CloseReason) {
        if (work.record.isDisputed) return CloseReason.None;
        Page memory page = _pageOf(work, maxEpochs);
        if (page.until > page.from) {
            _judge(work, page);
            _pay(work, page);
            if (page.isBreach) return CloseReason.Breached;
        }
        return work.lease.settledUntil == work.end ? _endReason(work) : CloseReason.None;
    }

    /// @dev Returns the epochs to settle next: final, undisputed, and on one side of a verdict.
    function _pageOf(Work memory work, uint64 maxEpochs) private view returns (Page memory page) {
        page.from = work.lease.settledUntil;
        page.until = _min(work.end, _bridge.finalizedBefore());
        if (page.until <= page.from) return page;
        if (page.until - page.from > maxEpochs) page.until = page.from + maxEpochs;
        if (page.from < work.record.disputedUntil) page.until = _min(page.until, work.record.disputedUntil);
        if (page.until == page.from) return page;
        uint64 untilWord = ((page.until - 1) >> 8) + 1;
        uint64 disputed = _bridge.undisputedUntil(work.nodeIndex, page.from >> 8, untilWord);
        if (disputed != untilWord) page.until = _min(page.until, disputed << 8);
    }

    /// @dev Counts a page, cuts it after the epoch that breaks the terms, and keeps the count of missed epochs.
    function _judge(Work memory work, Page memory page) private {
        _count(work, page);
        Record memory record = work.record;
        if (page.missed == 0) {
            if (record.missedRun != 0) _records[work.id].missedRun = record.missedRun = 0;
            return;
        }
        MissedEpochs.Search memory search = MissedEpochs.Search({
            allowed: ((FULL_BP - work.terms.uptimeBp) * (work.lease.end - work.lease.start)) / FULL_BP,
            maxRun: work.terms.maxMissedRun,
            missed: record.missed,
            run: record.missedRun,
            next: page.from,
            brokenAt: 0
        });
        bool isSafe = record.missed + page.missed <= search.allowed && record.missedRun + page.missed < search.maxRun;
        if (isSafe) {
            // Only the run that reaches the end of the page is needed, and it is shorter than the limit.
            uint256 near = page.missed + 1 < page.until - page.from ? page.until - page.missed - 1 : page.from;
            if (near != page.from) (search.next, search.run) = (near, 0);
            search.missed = 0;
            search.allowed = type(uint32).max;
        }
        _search(work.nodeIndex, page, search);
        if (search.brokenAt != 0) {
            page.isBreach = true;
            page.until = uint64(search.brokenAt);
            _count(work, page);
        }
        record.missed += uint32(page.missed);
        record.missedRun = uint16(search.run);
        (_records[work.id].missed, _records[work.id].missedRun) = (record.missed, record.missedRun);
    }

    function _count(Work memory work, Page memory page) private view {
        IAttestationBridge.Uptime memory uptime = _bridge.uptime(work.nodeIndex, page.from, page.until);
        page.proven = uptime.attested;
        page.missed = uptime.absent + uptime.degraded + uptime.inactive;
    }

    /// @dev Looks at the missed epochs of a page one word after the other, from `search.next` on.
    function _search(uint32 nodeIndex, Page memory page, MissedEpochs.Search memory search) private view {
        INodeRegistry.Interval[] memory intervals = _registry.intervalsWithin(nodeIndex, page.from, page.until);
        while (search.next < page.until && search.brokenAt == 0) {
            uint64 word = uint64(search.next >> 8);
            (uint256 failed, uint256 unreported) = _bridge.marksOf(nodeIndex, word);
            uint256 active = MissedEpochs.activeIn(word, intervals);
            uint256 wordEnd = (uint256(word) + 1) << 8;
            search.look((failed & ~unreported) | ~active, wordEnd < page.until ? wordEnd : page.until);
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
        if (work.terms.isMetered) {
            work.record.earned += uint96(toProvider);
            _records[work.id].earned = work.record.earned;
        } else {
            (beneficiary, toProvider, fee) = _creditProvider(work, toProvider);
        }
        _credit(work.terms.token, lease.client, toClient);
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
        beneficiary = _registry.beneficiaryOf(work.nodeIndex);
        _credit(work.terms.token, beneficiary, net);
        _credit(work.terms.token, timelock, fee);
    }

    /// @dev Returns why a lease that is settled up to its end can be closed; None while its grace lasts.
    function _endReason(Work memory work) private view returns (CloseReason) {
        if (work.end == work.record.noticeEnd) {
            return work.record.isEndedByProvider ? CloseReason.EndedByProvider : CloseReason.EndedByClient;
        }
        if (work.end == work.lease.end) return CloseReason.Completed;
        return currentEpoch() < _graceUntil(work) ? CloseReason.None : CloseReason.OutOfFunds;
    }

    /// @dev Returns the first epoch in which a top-up is too late.
    function _graceUntil(Work memory work) internal pure returns (uint64) {
        return work.end + work.terms.graceEpochs;
    }

    // Closing

    /// @dev Closes a lease: what is left goes to the client, and the prepaid fee to the janitor if there is one.
    function _close(Work memory work, CloseReason reason, address janitor) internal {
        Lease memory lease = work.lease;
        uint256 bond = 0;
        uint32 vouchersUntil = 0;
        if (lease.state == LeaseState.Active) bond = _unlockBond(work, reason == CloseReason.Breached);
        if (work.terms.isMetered && work.record.earned != 0) {
            vouchersUntil = uint32(currentEpoch() + _parameters.get(ParameterIds.VOUCHER_WINDOW));
            _records[work.id].noticeEnd = vouchersUntil;
        }
        uint256 toClient = lease.balance + bond;
        uint256 fee = lease.janitorFee;
        if (janitor == address(0)) {
            toClient += fee;
            fee = 0;
        }
        Lease storage stored = _leases[work.id];
        (stored.state, stored.reason) = (LeaseState.Closed, reason);
        (stored.balance, stored.janitorFee) = (0, 0);
        _credit(work.terms.token, lease.client, toClient);
        _credit(work.terms.token, janitor, fee);
        emit LeaseClosed(work.id, reason, toClient, bond, janitor, fee, vouchersUntil);
        listings.release(lease.listingId, lease.units);
    }

    /// @dev Frees the bond of a lease, or takes it for the client; returns what was taken.
    function _unlockBond(Work memory work, bool isTaken) private returns (uint256) {
        uint128 amount = uint128(_bondFor(work));
        if (amount == 0) return 0;
        Bond storage bond = _bonds[work.identityId][work.terms.token];
        bond.locked -= amount;
        if (isTaken) return amount;
        bond.free += amount;
        return 0;
    }

    /// @dev Returns the provider's bond for a lease.
    function _bondFor(Work memory work) internal pure returns (uint256) {
        return work.rate * work.terms.bondEpochs;
    }

    function _min(uint64 a, uint64 b) internal pure returns (uint64) {
        return a < b ? a : b;
    }
}
