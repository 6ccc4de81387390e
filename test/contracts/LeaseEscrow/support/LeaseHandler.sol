// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeaseAgreements} from "../../../../contracts/interfaces/ILeaseAgreements.sol";
import {ILeases} from "../../../../contracts/interfaces/ILeases.sol";
import {INodeListings} from "../../../../contracts/interfaces/INodeListings.sol";
import {ITokenBalances} from "../../../../contracts/interfaces/ITokenBalances.sol";
import {LeaseDisputes} from "../../../../contracts/LeaseDisputes.sol";
import {LeaseEscrow} from "../../../../contracts/LeaseEscrow.sol";
import {LeaseVouchers} from "../../../../contracts/LeaseVouchers.sol";
import {EpochMarksDouble} from "../../../../contracts/mocks/EpochMarksDouble.sol";
import {NodeListings} from "../../../../contracts/NodeListings.sol";
import {bounded, ICheats} from "../../support/SolidityTest.sol";
import {HookWallet} from "./HostileTokens.sol";
import {MarketRegistry} from "./LeaseStack.sol";

/// @notice What a random life of leases runs on.
struct Market {
    MarketRegistry registry;
    EpochMarksDouble marks;
    NodeListings listings;
    LeaseEscrow escrow;
    LeaseDisputes disputes;
    LeaseVouchers vouchers;
    HookWallet[3] clients;
}

/// @notice Random life of leases in several tokens: clients, providers, strangers, janitors, an arbitrator and time.
contract LeaseHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    Market private _market;
    address private immutable _arbitrator;

    /// @notice How often an action succeeded, by its name.
    mapping(bytes32 action => uint256) public done;
    mapping(uint256 leaseId => bytes32) private _closedAs;
    bool public hasChangedClosed;

    constructor(Market memory market) {
        _market = market;
        _arbitrator = msg.sender;
    }

    modifier absorbs() {
        _;
        for (uint256 id = 1; id <= _agreements().leaseCount(); ++id) {
            (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
            if (lease.status <= ILeases.LeaseStatus.Active) continue;
            bytes32 now_ = keccak256(abi.encode(lease));
            if (_closedAs[id] == 0) _closedAs[id] = now_;
            else if (_closedAs[id] != now_) hasChangedClosed = true;
        }
    }

    function open(uint256 client, uint256 listing, uint256 units, uint256 epochs, uint256 paid) external absorbs {
        ILeases.Request memory request;
        request.listingId = uint32(bounded(listing, 1, _market.listings.listingCount()));
        request.version = 1;
        request.units = uint16(bounded(units, 1, 4));
        request.epochs = uint32(bounded(epochs, 2, 60));
        request.deposit = (bounded(paid, 2, request.epochs) * 101 * request.units + 7) * 100;
        request.maxPrice = 101;
        // Of a taxed token a hundredth is burnt.
        request.deposit = request.listingId % 4 == 2 ? request.deposit / 99 : request.deposit / 100;
        _call("open", _client(client), abi.encodeCall(ILeaseAgreements.open, (request, _noOffer(), "")));
        uint256 id = _agreements().leaseCount();
        if (paid % 2 == 0 && id != 0) _call("accept", _provider(id), abi.encodeCall(ILeaseAgreements.accept, (id, "")));
    }

    function accept(uint256 id) external absorbs {
        id = _lease(id);
        _call("accept", _provider(id), abi.encodeCall(ILeaseAgreements.accept, (id, "")));
    }

    function end(uint256 id, uint256 how) external absorbs {
        id = _lease(id);
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        if (how % 8 == 0) _call("decline", _provider(id), abi.encodeCall(ILeaseAgreements.decline, (id)));
        else if (how % 8 == 1) _call("cancel", lease.client, abi.encodeCall(ILeaseAgreements.cancel, (id)));
        address side = how % 2 == 0 ? lease.client : _provider(id);
        if (how % 4 == 2) _call("notice", side, abi.encodeCall(ILeaseAgreements.giveNotice, (id)));
    }

    function prolong(uint256 id, uint256 epochs, uint256 amount) external absorbs {
        id = _lease(id);
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        uint32 longer = uint32(bounded(epochs, 1, 30));
        if (amount % 2 == 0) _call("extend", lease.client, abi.encodeCall(ILeaseAgreements.extend, (id, longer)));
        amount = bounded(amount, 1, 40 * 101);
        _call("topUp", _client(amount), abi.encodeCall(ILeaseAgreements.topUp, (id, amount, "")));
    }

    function bond(uint32 identityId, uint256 token, uint256 amount) external absorbs {
        identityId = (identityId % 2) + 1;
        IERC20 coin = _token(token);
        bytes memory paying = abi.encodeCall(ILeaseAgreements.depositBond, (identityId, coin, amount % 5_000, ""));
        bytes memory taking = abi.encodeCall(ILeaseAgreements.withdrawBond, (identityId, coin, amount % 900));
        address provider = _market.registry.walletOf(identityId - 1);
        if (amount % 3 != 0) _call("depositBond", provider, paying);
        else _call("withdrawBond", provider, taking);
    }

    function settle(uint256 id, uint64 maxEpochs) external absorbs {
        _market.escrow.settle(_lease(id), maxEpochs % 12);
        ++done["settle"];
    }

    function sweep(uint256 first, uint64 maxEpochs) external absorbs {
        uint256[] memory ids = new uint256[](6);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _lease(first + i);
        done["sweep"] += _market.escrow.sweep(ids, maxEpochs % 40);
    }

    function dispute(uint256 id, uint256 how, uint16 shareBp) external absorbs {
        id = _lease(id);
        shareBp %= 10_001;
        (ILeases.Lease memory lease, ) = _market.escrow.leaseOf(id);
        LeaseDisputes disputes = _market.disputes;
        address provider = _provider(id);
        if (how % 6 < 2)
            _callAt(address(disputes), "dispute", lease.client, abi.encodeCall(disputes.open, (id, 0, 1e9, "")));
        if (how % 6 == 2) {
            _callAt(address(disputes), "offer", provider, abi.encodeCall(disputes.offerSettlement, (id, shareBp)));
            _callAt(address(disputes), "agree", lease.client, abi.encodeCall(disputes.acceptSettlement, (id, shareBp)));
        }
        if (how % 6 == 3) _callAt(address(disputes), "rule", _arbitrator, abi.encodeCall(disputes.rule, (id, shareBp)));
        if (how % 6 == 4)
            _callAt(address(disputes), "take back", lease.client, abi.encodeCall(disputes.withdrawDispute, (id)));
        if (how % 6 == 5) _callAt(address(disputes), "expire", provider, abi.encodeCall(disputes.expire, (id)));
    }

    function redeem(uint256 id, uint256 amount) external absorbs {
        id = _lease(id);
        LeaseVouchers vouchers = _market.vouchers;
        amount = bounded(amount, 1, 20_000);
        if (amount % 3 == 0) {
            _callAt(address(vouchers), "return", address(this), abi.encodeCall(vouchers.returnUnredeemed, (id)));
        } else {
            _callAt(address(vouchers), "redeem", address(this), abi.encodeCall(vouchers.redeem, (id, amount, "")));
        }
    }

    /// @dev Epochs that are not final yet.
    function mark(uint32 node, uint256 back, uint256 count, uint256 kind) external absorbs {
        uint64 current = _market.escrow.currentEpoch();
        uint64 from = current - uint64(bounded(back, 0, 3));
        _market.marks.markRange(node % 2, from, from + uint64(bounded(count, 1, 4)), kind % 3);
    }

    function disputeWord(uint32 node, bool isDisputed) external absorbs {
        _market.marks.setDisputed(node % 2, _market.escrow.currentEpoch() >> 8, isDisputed);
    }

    function resize(uint256 listing, uint16 units, uint16 shareBp) external absorbs {
        uint32 id = uint32(bounded(listing, 1, _market.listings.listingCount()));
        address provider = _market.registry.walletOf(_market.listings.listingOf(id).nodeIndex);
        bytes memory data = abi.encodeCall(NodeListings.resize, (id, (units % 20) + 1, (shareBp % 5_000) + 1));
        _callAt(address(_market.listings), "resize", provider, data);
    }

    function withdraw(uint256 account, uint256 token) external absorbs {
        address to = account % 5 < 3 ? _client(account) : _market.registry.walletOf(uint32((account % 5) - 3));
        _call("withdraw", to, abi.encodeCall(ITokenBalances.withdraw, (_token(token), to)));
    }

    function passTime(uint256 epochs) external absorbs {
        CHEATS.warp(block.timestamp + bounded(epochs, 1, epochs % 7 == 0 ? 40 : 6) * 10);
    }

    function _agreements() private view returns (ILeaseAgreements) {
        return ILeaseAgreements(address(_market.escrow));
    }

    function _noOffer() private pure returns (INodeListings.Offer memory offer) {}

    function _lease(uint256 id) private view returns (uint256) {
        uint256 count = _agreements().leaseCount();
        // Mostly one of the newest.
        return count == 0 ? 1 : count - bounded(id, 0, count < 8 ? count - 1 : 7);
    }

    function _client(uint256 i) private view returns (address) {
        return address(_market.clients[i % 3]);
    }

    function _provider(uint256 id) private view returns (address) {
        (uint32 node, , ) = _market.escrow.tenancyOf(id);
        return _market.registry.walletOf(node);
    }

    function _token(uint256 i) private view returns (IERC20) {
        return _market.listings.termsOf(uint32((i % 4) + 1), 1).token;
    }

    function _call(bytes32 action, address by, bytes memory data) private {
        _callAt(address(_market.escrow), action, by, data);
    }

    function _callAt(address target, bytes32 action, address by, bytes memory data) private {
        CHEATS.prank(by);
        (bool isDone, ) = target.call(data);
        if (isDone) ++done[action];
    }
}
