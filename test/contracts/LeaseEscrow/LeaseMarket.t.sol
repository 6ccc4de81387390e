// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeaseDisputes} from "../../../contracts/interfaces/ILeaseDisputes.sol";
import {ILeases} from "../../../contracts/interfaces/ILeases.sol";
import {INodeListings} from "../../../contracts/interfaces/INodeListings.sol";
import {ITokenBalances} from "../../../contracts/interfaces/ITokenBalances.sol";
import {LeaseHandler} from "./support/LeaseHandler.sol";
import {LeaseLedger} from "./support/LeaseLedger.sol";
import {LeaseStack} from "./support/LeaseStack.sol";
import {Market} from "./support/ListingHandler.sol";

contract LeaseMarketTest is LeaseStack {
    LeaseHandler private _handler;
    LeaseLedger private _ledger;

    function setUp() public {
        CHEATS.recordLogs();
        _deployMarket();
        for (uint256 i = 0; i < 8; ++i) {
            CHEATS.prank(_registry.walletOf(uint32(i % 2)));
            _agreements().depositBond(uint32(i % 2) + 1, _tokens[i / 2], 3_000, "");
        }
        _ledger = new LeaseLedger(_escrow, _listings, _marks, address(this));
        _ledger.read(CHEATS.getRecordedLogs());
        Market memory market = Market(
            _registry,
            _marks,
            _listings,
            _escrow,
            _disputes,
            _vouchers,
            _clients,
            _parameters,
            _reports,
            _ledger
        );
        _handler = new LeaseHandler(market);
        _target(address(_handler));
    }

    // Conservation

    function invariant_escrowHoldsWhatItOwes() public view {
        for (uint256 i = 0; i < _tokens.length; ++i) {
            uint256 owed = _creditsIn(_escrow, _tokens[i]);
            for (uint32 identityId = 1; identityId <= 2; ++identityId) {
                ILeases.Bond memory bond = _agreements().bondOf(identityId, _tokens[i]);
                owed += bond.free + bond.locked;
            }
            for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
                (ILeases.Lease memory lease, ) = _escrow.leaseOf(id);
                (, ILeases.Meter memory meter) = _escrow.meterOf(id);
                (, , IERC20 token) = _escrow.tenancyOf(id);
                if (token == _tokens[i]) owed += lease.balance + lease.janitorFee + meter.earned - meter.redeemed;
            }
            _equal(_tokens[i].balanceOf(address(_escrow)), owed, "escrow");
        }
    }

    function invariant_disputesHoldWhatTheyOwe() public view {
        for (uint256 i = 0; i < _tokens.length; ++i) {
            uint256 owed = _creditsIn(_disputes, _tokens[i]);
            for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
                ILeaseDisputes.Dispute memory dispute = _disputes.disputeOf(id);
                if (dispute.token == _tokens[i]) owed += dispute.bond;
            }
            _equal(_tokens[i].balanceOf(address(_disputes)), owed, "disputes");
        }
    }

    function invariant_bondsOfOpenLeasesAreLocked() public view {
        for (uint256 i = 0; i < _tokens.length; ++i) {
            uint256[3] memory locked;
            for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
                (ILeases.Lease memory lease, ) = _escrow.leaseOf(id);
                (uint32 node, uint256 rate, IERC20 token) = _escrow.tenancyOf(id);
                bool isCounted = lease.status == ILeases.LeaseStatus.Active && token == _tokens[i];
                if (isCounted) locked[node + 1] += rate * _listings.termsOf(lease.listingId, lease.version).bondEpochs;
            }
            _equal(_agreements().bondOf(1, _tokens[i]).locked, locked[1], "bond of operator 1");
            _equal(_agreements().bondOf(2, _tokens[i]).locked, locked[2], "bond of operator 2");
        }
    }

    // Flows

    /// @dev By events: what was paid into a lease is what both sides, treasury and janitor got, and what it still holds.
    function invariant_everyLeaseBalances() public view {
        _true(!_handler.isBlind(), "the ledger takes every event");
        for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
            LeaseLedger.Flow memory flow = _ledger.flowOf(id);
            (ILeases.Lease memory lease, ) = _escrow.leaseOf(id);
            (, ILeases.Meter memory meter) = _escrow.meterOf(id);
            uint256 held = lease.balance + lease.janitorFee + meter.earned - meter.redeemed;
            uint256 out = flow.toProvider + flow.toTreasury + flow.toClient + flow.toJanitor;
            _equal(out + held, flow.paidIn, "paid, refunded, fees and held");
            _equal(meter.earned, flow.earned, "earned for vouchers");
        }
    }

    function invariant_everyBondBalances() public view {
        for (uint32 identityId = 1; identityId <= 2; ++identityId) {
            for (uint256 i = 0; i < _tokens.length; ++i) {
                LeaseLedger.BondFlow memory flow = _ledger.bondFlowOf(identityId, _tokens[i]);
                ILeases.Bond memory bond = _agreements().bondOf(identityId, _tokens[i]);
                _equal(flow.withdrawn + flow.taken + bond.free + bond.locked, flow.deposited, "bond");
            }
        }
    }

    /// @dev The tokens' own events against the escrow's.
    function invariant_tokensMoveAsEventsSay() public view {
        address[7] memory accounts = _accounts();
        for (uint256 i = 0; i < _tokens.length; ++i) {
            LeaseLedger.Moved memory moved = _ledger.movedOf(_tokens[i]);
            _equal(moved.into, moved.paidIn, "paid in");
            _equal(moved.out, moved.withdrawn, "withdrawn");
            for (uint256 k = 0; k < accounts.length; ++k) {
                uint256 credit = _escrow.creditOf(_tokens[i], accounts[k]);
                uint256 withdrawn = _ledger.withdrawn(_tokens[i], accounts[k]);
                _equal(credit + withdrawn, _ledger.credited(_tokens[i], accounts[k]), "credited");
            }
        }
    }

    /// @dev No epoch twice, none left out, and for the provider only those that the bridge counts as proven.
    function invariant_everyEpochIsPaidOnceAndAsProven() public view {
        _true(!_ledger.hasWrongPay(), "pages");
    }

    // Units

    /// @dev At every moment in which units were sold or a share grew; a node may attest less later.
    function invariant_nothingIsSoldThatIsNotAttested() public view {
        _true(!_ledger.hasOversold(), "attested");
    }

    function invariant_nothingIsOversold() public view {
        uint256[4] memory offered;
        for (uint32 listingId = 1; listingId <= _listings.listingCount(); ++listingId) {
            INodeListings.Listing memory listing = _listings.listingOf(listingId);
            uint256 held = 0;
            for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
                (ILeases.Lease memory lease, ) = _escrow.leaseOf(id);
                if (lease.listingId == listingId && lease.status <= ILeases.LeaseStatus.Active) held += lease.units;
            }
            _equal(listing.soldUnits, held, "units that leases hold");
            _true(held <= listing.units, "units offered");
            if (listing.isRetired && held == 0) continue;
            offered[2 * listing.nodeIndex + uint256(listing.kind)] += listing.shareBp;
        }
        for (uint32 node = 0; node < 2; ++node) {
            uint256 both = offered[2 * node] | (offered[2 * node + 1] << 16);
            _equal(_listings.capacityOf(node).offered, both, "shares offered");
            _true(offered[2 * node] <= 10_000 && offered[2 * node + 1] <= 10_000, "shares of the whole");
        }
    }

    // States

    function invariant_closedLeasesNeverChange() public view {
        _true(!_handler.hasChangedClosed(), "closed for good");
    }

    /// @dev From Pending to Active to one end, and nothing happens to a lease or a listing after its end.
    function invariant_stepsAreTakenInOrder() public view {
        _true(!_ledger.hasWrongStep(), "steps");
    }

    function invariant_vouchersDrawOnWhatWasEarned() public view {
        for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
            (, ILeases.Meter memory meter) = _escrow.meterOf(id);
            _true(meter.redeemed <= meter.earned, "redeemed");
        }
    }

    /// @dev By calls that nobody can refuse, a bounded number of them, and then everybody can withdraw everything.
    function invariant_everyLeaseEnds() public {
        uint256 id = CHEATS.snapshotState();
        CHEATS.warp(block.timestamp + 2_000 * EPOCH);
        for (uint32 node = 0; node < 2; ++node) {
            for (uint64 word = 0; word < 20; ++word) _marks.setDisputed(node, word, false);
        }
        for (uint256 leaseId = 1; leaseId <= _agreements().leaseCount(); ++leaseId) _endLease(leaseId);
        for (uint256 i = 0; i < _tokens.length; ++i) {
            _withdrawAll(_escrow, _tokens[i]);
            uint256 free = _agreements().bondOf(1, _tokens[i]).free + _agreements().bondOf(2, _tokens[i]).free;
            _equal(_tokens[i].balanceOf(address(_escrow)), free, "what is left is free bond");
        }
        CHEATS.revertToState(id);
    }

    /// @dev The same epochs in pages of one and at once.
    function invariant_pagesDoNotMatter() public {
        uint256 count = _agreements().leaseCount();
        uint256 id = CHEATS.snapshotState();
        CHEATS.warp(block.timestamp + 7 * EPOCH);
        uint256 before = CHEATS.snapshotState();
        for (uint256 leaseId = count; leaseId > 0 && leaseId + 4 > count; --leaseId) {
            uint64 settledUntil = 0;
            uint64 next = _escrow.settle(leaseId, 1);
            while (next != settledUntil) (settledUntil, next) = (next, _escrow.settle(leaseId, 1));
        }
        bytes32 inPages = _outcome(count);
        CHEATS.revertToState(before);
        for (uint256 leaseId = count; leaseId > 0 && leaseId + 4 > count; --leaseId) {
            for (uint256 step = 0; step < 3; ++step) _escrow.settle(leaseId, type(uint64).max);
        }
        _true(inPages == _outcome(count), "pages");
        CHEATS.revertToState(id);
    }

    function test_handlerReachesEveryAction() public {
        _handler.bond(0, 0, 4_000);
        _handler.bond(1, 1, 4_000);
        _handler.open(0, 0, 0, 20, 20);
        _handler.accept(0);
        _handler.open(1, 1, 1, 30, 28);
        _handler.accept(0);
        _handler.passTime(5);
        _handler.passTime(5);
        _handler.mark(0, 0, 0, 0);
        _handler.settle(0, 5);
        _handler.redeem(0, 1_000);
        _handler.dispute(1, 1, 0);
        _handler.dispute(1, 2, 5_000);
        _handler.bond(0, 2, 4_000);
        _handler.open(2, 2, 0, 20, 20);
        _handler.accept(0);
        _handler.passTime(5);
        _handler.dispute(0, 0, 0);
        _handler.dispute(0, 3, 2_000);
        _handler.end(2, 2);
        _handler.prolong(0, 3, 100);
        for (uint256 i = 0; i < 12; ++i) _handler.passTime(5);
        _handler.sweep(0, 39);
        _handler.sweep(0, 39);
        _handler.withdraw(3, 0);
        string[12] memory actions = [
            "open",
            "accept",
            "settle",
            "redeem",
            "dispute",
            "agree",
            "rule",
            "notice",
            "topUp",
            "sweep",
            "withdraw",
            "depositBond"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            _true(_handler.done(bytes32(bytes(actions[i]))) > 0, actions[i]);
        }
    }

    function test_handlerReachesEveryActionOfProviders() public {
        _handler.change(0, 13 | (0x700 << 10), 4, 100);
        _handler.change(0, 11, 14, 2_999);
        _handler.change(0, 15, 0, 0);
        _handler.outside(0, 0, 0);
        _equal(_listings.capacityOf(0).attested, 0, "attests nothing");
        _handler.open(0, 0, 0, 20, 20);
        _equal(_handler.done("open"), 0, "of what is not attested");
        _handler.passTime(1);
        _handler.outside(0, 0, 1);
        // Listing 1 becomes P2P.
        _handler.change(0, (2 << 8) | 6, 0, 0);
        _handler.open(1, 0, 0, 20, 20);
        _true(_listings.isOfferUsed(1, 1), "offer");
        _handler.end(0, (100 << 8) | 3);
        _handler.change(1, 3, 0, 0);
        _handler.change(1, 0x70000, 0, 0);
        _handler.change(2, 9, 0, 0);
        _handler.outside(2, 0, 50);
        _handler.outside(3, 0, 0x0a0b01);
        _handler.outside(1, 0, 3);
        _handler.outside(1, 1, 0);
        string[14] memory actions = [
            "createListing",
            "resize",
            "setMembers",
            "showCapacity",
            "open",
            "setPrivacy",
            "deliver",
            "setPaused",
            "publishVersion",
            "retire",
            "setTokenRule",
            "set",
            "stop",
            "exit"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            _true(_handler.done(bytes32(bytes(actions[i]))) > 0, actions[i]);
        }
        _true(!_handler.isBlind(), "the ledger takes every event");
    }

    function _endLease(uint256 leaseId) private {
        if (_disputes.disputeOf(leaseId).client != address(0)) _disputes.expire(leaseId);
        for (uint256 step = 0; step < 4; ++step) _escrow.settle(leaseId, 400);
        (ILeases.Lease memory lease, ) = _escrow.leaseOf(leaseId);
        _true(lease.status > ILeases.LeaseStatus.Active, "closed");
        (, ILeases.Meter memory meter) = _escrow.meterOf(leaseId);
        if (meter.earned == meter.redeemed) return;
        CHEATS.warp(block.timestamp + 20 * EPOCH);
        _vouchers.returnUnredeemed(leaseId);
    }

    function _withdrawAll(ITokenBalances from, IERC20 token) private {
        address[7] memory accounts = _accounts();
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (from.creditOf(token, accounts[i]) != 0) from.withdraw(token, accounts[i]);
        }
    }

    function _creditsIn(ITokenBalances from, IERC20 token) private view returns (uint256 sum) {
        address[7] memory accounts = _accounts();
        for (uint256 i = 0; i < accounts.length; ++i) sum += from.creditOf(token, accounts[i]);
    }

    /// @dev Clients, providers, the janitor and the treasury.
    function _accounts() private view returns (address[7] memory) {
        return
            [
                address(_clients[0]),
                address(_clients[1]),
                address(_clients[2]),
                _registry.walletOf(0),
                _registry.walletOf(1),
                address(_handler),
                address(this)
            ];
    }

    /// @dev What settlement leaves of leases and money; the bound of a run of missed epochs may differ.
    function _outcome(uint256 count) private view returns (bytes32 hash) {
        for (uint256 id = 1; id <= count; ++id) {
            (ILeases.Lease memory lease, ILeases.Record memory record) = _escrow.leaseOf(id);
            (, ILeases.Meter memory meter) = _escrow.meterOf(id);
            hash = keccak256(abi.encode(hash, lease, record.missedEpochs, meter));
        }
        address[7] memory accounts = _accounts();
        for (uint256 i = 0; i < _tokens.length; ++i) {
            for (uint256 k = 0; k < accounts.length; ++k) {
                hash = keccak256(abi.encode(hash, _escrow.creditOf(_tokens[i], accounts[k])));
            }
        }
    }
}
