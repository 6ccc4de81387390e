// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {ILeaseAgreements} from "../../../../contracts/interfaces/ILeaseAgreements.sol";
import {ILeases} from "../../../../contracts/interfaces/ILeases.sol";
import {INetworkParameters} from "../../../../contracts/interfaces/INetworkParameters.sol";
import {INodeListings} from "../../../../contracts/interfaces/INodeListings.sol";
import {LeaseDisputes} from "../../../../contracts/LeaseDisputes.sol";
import {LeaseEscrow} from "../../../../contracts/LeaseEscrow.sol";
import {LeaseVouchers} from "../../../../contracts/LeaseVouchers.sol";
import {ParameterIds} from "../../../../contracts/libraries/ParameterIds.sol";
import {EpochMarksDouble} from "../../../../contracts/mocks/EpochMarksDouble.sol";
import {NodeListings} from "../../../../contracts/NodeListings.sol";
import {bounded, ICheats} from "../../support/SolidityTest.sol";
import {HookWallet} from "./HostileTokens.sol";
import {LeaseLedger} from "./LeaseLedger.sol";
import {MarketRegistry, ReportMaker} from "./LeaseStack.sol";

/// @notice What a random life of leases runs on.
struct Market {
    MarketRegistry registry;
    EpochMarksDouble marks;
    NodeListings listings;
    LeaseEscrow escrow;
    LeaseDisputes disputes;
    LeaseVouchers vouchers;
    HookWallet[3] clients;
    INetworkParameters parameters;
    ReportMaker reports;
    LeaseLedger ledger;
}

/// @notice What providers do with their listings and nodes, and what the timelock changes, at random; every call's events go
/// into the ledger.
abstract contract ListingHandler {
    ICheats internal constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    /// @dev Private keys of the operators' hot wallets are this and the identity.
    uint256 internal constant HOT_KEYS = 0x5051;
    uint32 private constant MAX_LISTINGS = 9;

    Market internal _market;
    /// @dev Timelock and arbitrator.
    address internal immutable _dao;

    /// @notice How often an action succeeded, by its name.
    mapping(bytes32 action => uint256) public done;
    mapping(uint256 leaseId => bytes32) private _closedAs;
    bool public hasChangedClosed;

    /// @notice True when the ledger could not take what a call said.
    bool public isBlind;

    constructor(Market memory market) {
        _market = market;
        _dao = msg.sender;
        for (uint32 id = 1; id <= 2; ++id) market.registry.setHotWallet(id, CHEATS.addr(HOT_KEYS + id));
        market.registry.setIdentity(address(market.clients[2]), 3);
    }

    modifier watched() {
        _;
        for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
            (ILeases.Lease memory lease, ILeases.Record memory record) = _market.escrow.leaseOf(id);
            if (lease.status <= ILeases.LeaseStatus.Active) continue;
            (, ILeases.Meter memory meter) = _market.escrow.meterOf(id);
            bytes32 now_ = keccak256(abi.encode(lease, record, meter.earned, meter.vouchersUntil));
            if (_closedAs[id] == 0) _closedAs[id] = now_;
            else if (_closedAs[id] != now_) hasChangedClosed = true;
        }
    }

    /// @dev One change of a listing, or a new one.
    function change(uint256 listing, uint256 how, uint16 units, uint16 shareBp) external watched {
        uint32 id = _listing(listing);
        INodeListings.Description memory none;
        NodeListings listings = _market.listings;
        uint256 what = how % 16;
        how >>= 8;
        if (what < 3) {
            _change(id, "publishVersion", abi.encodeCall(listings.publishVersion, (id, _termsBy(how), none)));
        } else if (what < 6) {
            _change(id, "setPaused", abi.encodeCall(listings.setPaused, (id, what == 3)));
        } else if (what < 9) {
            // Three times of eight P2P, three times public, once each of two others.
            uint8 level = uint8(bytes(hex"0202020103040404")[how % 8]);
            _change(id, "setPrivacy", abi.encodeCall(listings.setPrivacy, (id, INodeListings.PrivacyLevel(level))));
        } else if (what < 11) {
            _change(id, "retire", abi.encodeCall(listings.retire, (id)));
        } else if (what < 13) {
            _change(id, "resize", abi.encodeCall(listings.resize, (id, (units % 20) + 1, (shareBp % 5_000) + 1)));
        } else if (what < 15) {
            _list(how, (units % 20) + 1, (shareBp % 3_000) + 1);
        } else {
            _admit((uint32(how) % 2) + 1, how >> 8, how & 0x80 == 0);
        }
    }

    /// @dev What comes from outside of the marketplace: capacities that are shown, nodes that stop, and the timelock.
    function outside(uint256 what, uint256 a, uint256 b) external watched {
        if (what % 4 == 0) _showCapacity(uint32(a % 2), b);
        else if (what % 4 == 1) _stop(uint32(a % 2), uint64(b % 8));
        else if (what % 4 == 2) _setParameter(a, b);
        else _setRule(_token(a), b);
    }

    function _list(uint256 how, uint16 units, uint16 shareBp) private {
        if (_market.listings.listingCount() == MAX_LISTINGS) return;
        INodeListings.Supply memory supply;
        (supply.nodeIndex, supply.kind) = (uint32(how % 2), INodeListings.AssetKind((how >> 1) % 2));
        (supply.units, supply.shareBp, supply.privacy) = (units, shareBp, INodeListings.PrivacyLevel.FullPublic);
        INodeListings.Description memory none;
        bytes memory data = abi.encodeCall(NodeListings.createListing, (supply, _termsBy(how >> 2), none));
        _callAt(address(_market.listings), "createListing", _market.registry.walletOf(supply.nodeIndex), data);
    }

    function _admit(uint32 identityId, uint256 client, bool isMember) private {
        address[] memory wallets = new address[](1);
        wallets[0] = _client(client);
        bytes memory data = abi.encodeCall(NodeListings.setMembers, (identityId, wallets, isMember));
        _callAt(address(_market.listings), "setMembers", CHEATS.addr(HOT_KEYS + identityId), data);
    }

    /// @dev Often the whole of everything, else less of the two kinds that are listed.
    function _showCapacity(uint32 node, uint256 random) private {
        IAttestationBridge.Attestation memory attestation;
        (attestation.nodeIndex, attestation.epoch) = (node, _market.escrow.currentEpoch());
        uint256 less = (random >> 8) % 8_000 | (((random >> 32) % 8_000) << 16);
        attestation.shares = uint96(random % 3 == 0 ? less : 0x27102710);
        bytes32[9] memory proof;
        bytes memory data = abi.encodeCall(ReportMaker.show, (_market.listings, _market.marks, attestation, proof));
        _callAt(address(_market.reports), "showCapacity", address(this), data);
    }

    /// @dev For some epochs; only the second node sometimes for good.
    function _stop(uint32 node, uint64 epochs) private {
        if (node == 0) ++epochs;
        bytes memory data = abi.encodeCall(MarketRegistry.stop, (node, epochs));
        _callAt(address(_market.registry), epochs == 0 ? bytes32("exit") : bytes32("stop"), address(this), data);
    }

    function _setRule(IERC20 token, uint256 random) private {
        ILeases.TokenRule memory rule = ILeases.TokenRule({
            isAllowed: random % 8 != 0,
            janitorFee: uint64((random >> 8) % 50),
            minDeposit: uint96((random >> 16) % 400)
        });
        _call("setTokenRule", _dao, abi.encodeCall(ILeaseAgreements.setTokenRule, (token, rule)));
    }

    function _setParameter(uint256 which, uint256 random) private {
        (bytes32 id, uint256 most) = (ParameterIds.LEASE_FEE_BP, 1_000);
        if (which % 8 == 1) (id, most) = (ParameterIds.JANITOR_DELAY, 10);
        if (which % 8 == 2) (id, most) = (ParameterIds.VOUCHER_WINDOW, 15);
        if (which % 8 == 3) (id, most) = (ParameterIds.LEASE_DISPUTE_PERIOD, 400);
        if (which % 8 == 4) (id, most) = (ParameterIds.LEASE_DISPUTE_BOND_EPOCHS, 4);
        bytes memory data = abi.encodeCall(INetworkParameters.set, (id, bounded(random, 1, most)));
        _callAt(address(_market.parameters), "set", _dao, data);
    }

    /// @dev Terms of which every bit of a number chooses something.
    function _termsBy(uint256 how) private view returns (INodeListings.Terms memory) {
        return
            INodeListings.Terms({
                token: _token(how),
                price: how & 0x700 == 0 ? type(uint64).max : uint64(bounded(how >> 16, 1, 500)),
                bondEpochs: uint16((how >> 32) % 4),
                graceEpochs: uint16((how >> 40) % 8),
                minEpochs: uint32(1 + ((how >> 48) % 6)),
                maxEpochs: uint32(60 + ((how >> 56) % 100)),
                uptimeBp: uint16((how >> 72) % 10_001),
                maxMissedRun: uint16(1 + ((how >> 96) % 12)),
                acceptEpochs: uint16(1 + ((how >> 112) % 4)),
                noticeEpochs: uint16((how >> 128) % 5),
                isMetered: (how >> 144) % 2 == 1
            });
    }

    function _change(uint32 listingId, bytes32 action, bytes memory data) private {
        address provider = _market.registry.walletOf(_market.listings.listingOf(listingId).nodeIndex);
        _callAt(address(_market.listings), action, provider, data);
    }

    function _agreements() internal view returns (ILeaseAgreements) {
        return ILeaseAgreements(address(_market.escrow));
    }

    function _listing(uint256 random) internal view returns (uint32) {
        return uint32(bounded(random, 1, _market.listings.listingCount()));
    }

    function _lease(uint256 id) internal view returns (uint256) {
        uint256 count = _agreements().leaseCount();
        // One of the newest, so that much happens to each.
        return count == 0 ? 1 : count - bounded(id, 0, count < 5 ? count - 1 : 4);
    }

    function _client(uint256 i) internal view returns (address) {
        return address(_market.clients[i % 3]);
    }

    function _provider(uint256 id) internal view returns (address) {
        (uint32 node, , ) = _market.escrow.tenancyOf(id);
        return _market.registry.walletOf(node);
    }

    function _token(uint256 i) internal view returns (IERC20) {
        return _market.listings.termsOf(uint32((i % 4) + 1), 1).token;
    }

    function _call(bytes32 action, address by, bytes memory data) internal {
        _callAt(address(_market.escrow), action, by, data);
    }

    /// @dev Only of a call that succeeded, what was recorded happened.
    function _callAt(address target, bytes32 action, address by, bytes memory data) internal returns (bytes memory) {
        CHEATS.recordLogs();
        CHEATS.prank(by);
        (bool isDone, bytes memory answer) = target.call(data);
        if (!isDone) return answer;
        ++done[action];
        try _market.ledger.read(CHEATS.getRecordedLogs()) {} catch {
            isBlind = true;
        }
        return answer;
    }
}
