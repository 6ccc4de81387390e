// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeaseAgreements} from "../../../../contracts/interfaces/ILeaseAgreements.sol";
import {ILeaseEscrow} from "../../../../contracts/interfaces/ILeaseEscrow.sol";
import {ILeases} from "../../../../contracts/interfaces/ILeases.sol";
import {INodeListings} from "../../../../contracts/interfaces/INodeListings.sol";
import {ITokenBalances} from "../../../../contracts/interfaces/ITokenBalances.sol";
import {LeaseDisputes} from "../../../../contracts/LeaseDisputes.sol";
import {LeaseVouchers} from "../../../../contracts/LeaseVouchers.sol";
import {bounded} from "../../support/SolidityTest.sol";
import {ListingHandler, Market} from "./ListingHandler.sol";

/// @notice Random life of leases in several tokens: clients, providers, strangers, janitors, an arbitrator and time.
contract LeaseHandler is ListingHandler {
    constructor(Market memory market) ListingHandler(market) {}

    function open(uint256 client, uint256 listing, uint256 units, uint256 epochs, uint256 paid) external watched {
        ILeases.Request memory request;
        request.listingId = _listing(listing);
        request.version = _market.listings.listingOf(request.listingId).version;
        INodeListings.Terms memory terms = _market.listings.termsOf(request.listingId, request.version);
        request.units = uint16(bounded(units, 1, 4));
        request.epochs = uint32(bounded(epochs, terms.minEpochs, 30));
        uint256 rent = bounded(paid, terms.minEpochs, request.epochs) * terms.price * request.units;
        request.deposit = rent + _agreements().tokenRuleOf(terms.token).janitorFee;
        request.maxPrice = terms.price;
        // Of a taxed token a hundredth is burnt.
        if (address(terms.token) == address(_token(1))) request.deposit = (request.deposit * 100) / 99;
        address by = _client(client);
        INodeListings.Offer memory offer = _offerOf(request, by, client);
        _call("open", by, abi.encodeCall(ILeaseAgreements.open, (request, offer, "")));
        uint256 id = _agreements().leaseCount();
        if (paid % 2 == 0 && id != 0) _call("accept", _provider(id), abi.encodeCall(ILeaseAgreements.accept, (id, "")));
    }

    function accept(uint256 id) external watched {
        id = _lease(id);
        _call("accept", _provider(id), abi.encodeCall(ILeaseAgreements.accept, (id, "")));
    }

    function end(uint256 id, uint256 how) external watched {
        id = _lease(id);
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        if (how % 8 == 0) _call("decline", _provider(id), abi.encodeCall(ILeaseAgreements.decline, (id)));
        else if (how % 8 == 1) _call("cancel", lease.client, abi.encodeCall(ILeaseAgreements.cancel, (id)));
        else if (how % 8 == 3) _deliver(id, how >> 8);
        address side = how % 16 < 8 ? lease.client : _provider(id);
        if (how % 4 >= 2) _call("notice", side, abi.encodeCall(ILeaseAgreements.giveNotice, (id)));
    }

    function prolong(uint256 id, uint256 epochs, uint256 amount) external watched {
        id = _lease(id);
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        (, uint256 rate, ) = _market.escrow.tenancyOf(id);
        uint32 longer = uint32(bounded(epochs, 1, 30));
        if (amount % 2 == 0) _call("extend", lease.client, abi.encodeCall(ILeaseAgreements.extend, (id, longer)));
        amount = bounded(amount, 1, rate * 4);
        _call("topUp", _client(amount), abi.encodeCall(ILeaseAgreements.topUp, (id, amount, "")));
    }

    function bond(uint32 identityId, uint256 token, uint256 amount) external watched {
        identityId = (identityId % 2) + 1;
        IERC20 coin = _token(token);
        bytes memory paying = abi.encodeCall(ILeaseAgreements.depositBond, (identityId, coin, amount % 5_000, ""));
        bytes memory taking = abi.encodeCall(ILeaseAgreements.withdrawBond, (identityId, coin, amount % 900));
        address provider = _market.registry.walletOf(identityId - 1);
        if (amount % 3 != 0) _call("depositBond", provider, paying);
        else _call("withdrawBond", provider, taking);
    }

    function settle(uint256 id, uint64 maxEpochs) external watched {
        _passTime(maxEpochs % 5);
        _call("settle", address(this), abi.encodeCall(ILeaseEscrow.settle, (_lease(id), maxEpochs % 12)));
    }

    function sweep(uint256 first, uint64 maxEpochs) external watched {
        uint256[] memory ids = new uint256[](6);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _lease(first + i);
        _passTime(first % 8);
        bytes memory data = abi.encodeCall(ILeaseEscrow.sweep, (ids, maxEpochs % 40));
        bytes memory closed = _callAt(address(_market.escrow), "sweep", address(this), data);
        done["janitor"] += abi.decode(closed, (uint256));
    }

    function dispute(uint256 id, uint256 how, uint16 shareBp) external watched {
        id = _lease(id);
        shareBp %= 10_001;
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        LeaseDisputes disputes = _market.disputes;
        address provider = _provider(id);
        if (how % 6 < 2)
            _callAt(address(disputes), "dispute", lease.client, abi.encodeCall(disputes.open, (id, 0, 1e30, "")));
        if (how % 6 == 2) {
            _callAt(address(disputes), "offer", provider, abi.encodeCall(disputes.offerSettlement, (id, shareBp)));
            _callAt(address(disputes), "agree", lease.client, abi.encodeCall(disputes.acceptSettlement, (id, shareBp)));
        }
        if (how % 6 == 3) _callAt(address(disputes), "rule", _dao, abi.encodeCall(disputes.rule, (id, shareBp)));
        if (how % 6 == 4)
            _callAt(address(disputes), "take back", lease.client, abi.encodeCall(disputes.withdrawDispute, (id)));
        if (how % 6 == 5) _callAt(address(disputes), "expire", provider, abi.encodeCall(disputes.expire, (id)));
    }

    function redeem(uint256 id, uint256 amount) external watched {
        LeaseVouchers vouchers = _market.vouchers;
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory data = abi.encodeCall(vouchers.returnUnredeemed, (_lease(i)));
            _callAt(address(vouchers), "return", address(this), data);
        }
        bytes memory voucher = abi.encodeCall(vouchers.redeem, (_lease(id), bounded(amount, 1, 20_000), ""));
        _callAt(address(vouchers), "redeem", address(this), voucher);
    }

    /// @dev Epochs that are not final yet.
    function mark(uint32 node, uint256 back, uint256 count, uint256 kind) external watched {
        uint64 current = _market.escrow.currentEpoch();
        uint64 from = current - uint64(bounded(back, 0, 3));
        _market.marks.markRange(node % 2, from, from + uint64(bounded(count, 1, 4)), kind % 3);
    }

    function disputeWord(uint32 node, bool isDisputed) external watched {
        _market.marks.setDisputed(node % 2, _market.escrow.currentEpoch() >> 8, isDisputed);
    }

    function withdraw(uint256 account, uint256 token) external watched {
        address to = account % 5 < 3 ? _client(account) : _market.registry.walletOf(uint32((account % 5) - 3));
        _call("withdraw", to, abi.encodeCall(ITokenBalances.withdraw, (_token(token), to)));
    }

    function passTime(uint256 epochs) external watched {
        _passTime(bounded(epochs, 1, epochs % 7 == 0 ? 40 : 6));
    }

    function _deliver(uint256 id, uint256 length) private {
        bytes memory sealed_ = new bytes(length % 4_200);
        _call("deliver", _provider(id), abi.encodeCall(ILeaseAgreements.deliver, (id, sealed_)));
    }

    function _passTime(uint256 epochs) private {
        CHEATS.warp(block.timestamp + epochs * 10);
    }

    /// @dev The provider's offer of what a request asks for, or none.
    function _offerOf(
        ILeases.Request memory request,
        address client,
        uint256 how
    ) private view returns (INodeListings.Offer memory offer) {
        if (how % 4 == 0) return offer;
        uint32 identityId = _market.listings.listingOf(request.listingId).identityId;
        uint256 key = HOT_KEYS + identityId;
        (offer.signer, offer.nonce) = (CHEATS.addr(key), how % 16);
        offer.expiresAt = uint64(block.timestamp + (how % 5 == 0 ? 0 : 50));
        bytes32 digest = _market.listings.hashOffer(request.listingId, request.version, client, request.units, offer);
        (uint8 v, bytes32 r, bytes32 s) = CHEATS.sign(how % 7 == 0 ? key + 1 : key, digest);
        offer.signature = abi.encodePacked(r, s, v);
    }
}
