// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseAgreements} from "../../../contracts/interfaces/ILeaseAgreements.sol";
import {ILeaseEscrow} from "../../../contracts/interfaces/ILeaseEscrow.sol";
import {ILeases} from "../../../contracts/interfaces/ILeases.sol";
import {INodeListings} from "../../../contracts/interfaces/INodeListings.sol";
import {ITokenBalances} from "../../../contracts/interfaces/ITokenBalances.sol";
import {HookWallet, MoodyToken} from "./support/HostileTokens.sol";
import {LeaseStack} from "./support/LeaseStack.sol";

contract HostileMarketTest is LeaseStack {
    uint32 private constant PLAIN = 1;
    uint32 private constant TAXED = 2;
    uint32 private constant HOOKED = 3;
    uint32 private constant MOODY = 4;
    uint32 private constant EPOCHS = 20;
    address private constant JANITOR = address(0x7A);

    function setUp() public {
        _deployMarket();
        for (uint256 i = 0; i < 4; ++i) _bond(uint32(i % 2), i);
    }

    function test_sweepClosesTheOthersWhateverOneLeaseDoes() public {
        uint256[] memory ids = new uint256[](4);
        (ids[0], ids[1], ids[2]) = (_rent(0, PLAIN), _rent(1, MOODY), _rent(2, PLAIN));
        ids[3] = 1_000;
        _moody().setMood(MoodyToken.Mood.ReturnsFalse);
        _moody().setBlocked(address(_escrow), true);
        CHEATS.prank(address(_clients[0]));
        _disputes.open(ids[0], 0, 1e9, "");
        _pass(60);
        _equal(_escrow.sweep(ids, 100), 2, "closed");
        _equal(uint256(_statusOf(ids[0])), uint256(ILeases.LeaseStatus.Active), "in dispute");
        _equal(uint256(_statusOf(ids[1])), uint256(ILeases.LeaseStatus.Completed), "hostile token");
        _equal(uint256(_statusOf(ids[2])), uint256(ILeases.LeaseStatus.Completed), "plain token");
    }

    function test_sweepWithLittleGasHarmsAndEarnsNothing() public {
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (_rent(0, PLAIN), _rent(1, PLAIN));
        _pass(60);
        bytes memory sweeping = abi.encodeCall(ILeaseEscrow.sweep, (ids, 100));
        for (uint256 gasLimit = 20_000; gasLimit < 400_000; gasLimit += 5_000) {
            uint256 id = CHEATS.snapshotState();
            CHEATS.prank(JANITOR);
            (bool isDone, ) = address(_escrow).call{gas: gasLimit}(sweeping);
            uint256 closed = 0;
            for (uint256 i = 0; i < 2; ++i) {
                if (_statusOf(ids[i]) == ILeases.LeaseStatus.Completed) ++closed;
                else _equal(uint256(_statusOf(ids[i])), uint256(ILeases.LeaseStatus.Active), "untouched");
            }
            _true(isDone || closed == 0, "all or nothing");
            _equal(_escrow.creditOf(_tokens[0], JANITOR), closed * JANITOR_FEE, "fees");
            CHEATS.revertToState(id);
        }
    }

    function test_blockedReceiversBlockNobodyElse() public {
        uint256 leaseId = _rent(0, MOODY);
        _moody().setBlocked(_registry.walletOf(1), true);
        _pass(60);
        _escrow.settle(leaseId, 100);
        _equal(uint256(_statusOf(leaseId)), uint256(ILeases.LeaseStatus.Completed), "completed");
        CHEATS.warp(block.timestamp + 20 * EPOCH);
        _vouchers.returnUnredeemed(leaseId);
        _true(_escrow.withdraw(_tokens[3], address(_clients[0])) > 0, "client is paid");
    }

    function test_tokensThatLieOpenNothing() public {
        for (uint256 mood = 1; mood < 3; ++mood) {
            _moody().setMood(MoodyToken.Mood(mood));
            _true(!_tryOpen(0, MOODY, _deposit(MOODY), ""), "opened with nothing");
        }
        _moody().setMood(MoodyToken.Mood.ReturnsNothing);
        _true(_tryOpen(0, MOODY, _deposit(MOODY), ""), "a token without a return value is fine");
        CHEATS.prank(address(_clients[0]));
        _tokens[3].approve(address(_escrow), 0);
        bytes memory permit = abi.encode(type(uint256).max, uint8(27), bytes32(0), bytes32(0));
        _true(!_tryOpen(0, MOODY, _deposit(MOODY), permit), "a permit that lies");
        _true(!_tryOpen(0, PLAIN, _deposit(PLAIN) + 1, ""), "more than the term costs");
    }

    function test_taxedDepositsCountAsWhatArrives() public {
        uint256 least = 2 * 101 + JANITOR_FEE;
        _true(!_tryOpen(0, TAXED, least, ""), "taxed below the least");
        _true(_tryOpen(0, TAXED, least + 5, ""), "taxed to the least");
        (ILeases.Lease memory lease, ) = _escrow.leaseOf(_agreements().leaseCount());
        _equal(_tokens[1].balanceOf(address(_escrow)), lease.balance + JANITOR_FEE + _bondOf(1), "what arrived");
    }

    function test_hooksReenterNothing() public {
        uint256 leaseId = _rent(0, HOOKED);
        HookWallet wallet = _clients[0];
        uint256[] memory ids = new uint256[](1);
        ids[0] = leaseId;
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseEscrow.settle, (leaseId, 5)));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseEscrow.sweep, (ids, 5)));
        wallet.plan(address(_escrow), abi.encodeCall(ITokenBalances.withdraw, (_tokens[2], address(wallet))));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseAgreements.topUp, (leaseId, 5, "")));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseAgreements.extend, (leaseId, 5)));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseAgreements.giveNotice, (leaseId)));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseAgreements.cancel, (leaseId)));
        wallet.plan(address(_escrow), abi.encodeCall(ILeaseAgreements.depositBond, (1, _tokens[2], 5, "")));
        _true(_tryOpen(0, HOOKED, _deposit(HOOKED), ""), "open");
        _marks.markRange(0, _escrow.currentEpoch() + 1, _escrow.currentEpoch() + 3, 2);
        _pass(60);
        _escrow.settle(leaseId, 100);
        _escrow.withdraw(_tokens[2], address(wallet));
        _equal(wallet.succeeded(), 0, "calls out of hooks");
        _true(wallet.refused() >= 16, "hooks ran");
    }

    function test_walletsThatBurnGasHinderTheirVouchersAlone() public {
        uint256 leaseId = _rent(0, MOODY);
        _pass(10);
        _escrow.settle(leaseId, 3);
        _clients[0].setAnswer(HookWallet.Answer.BurnGas);
        (bool isDone, ) = address(_vouchers).call{gas: 3_000_000}(
            abi.encodeWithSignature("redeem(uint256,uint256,bytes)", leaseId, 101, "")
        );
        _true(!isDone, "redeemed");
        _pass(60);
        uint256[] memory ids = new uint256[](1);
        ids[0] = leaseId;
        _equal(_escrow.sweep(ids, 100), 1, "closed");
    }

    function test_doorsOfTheEscrowAreShut() public {
        uint256 leaseId = _rent(0, MOODY);
        _pass(10);
        _escrow.settle(leaseId, 100);
        (, ILeases.Meter memory meter) = _escrow.meterOf(leaseId);
        CHEATS.expectRevert(
            abi.encodeWithSelector(ILeases.LeaseEscrow_NotEarned.selector, meter.earned + 1, meter.earned)
        );
        CHEATS.prank(address(_vouchers));
        _escrow.payEarned(leaseId, meter.earned + 1, false);
        CHEATS.expectRevert(
            abi.encodeWithSelector(ILeases.LeaseEscrow_NotBound.selector, address(this), address(_vouchers))
        );
        _escrow.payEarned(leaseId, 1, true);
        CHEATS.expectRevert(abi.encodeWithSelector(ILeases.LeaseEscrow_NotSelf.selector, address(this)));
        _escrow.sweepOne(leaseId, 1, address(this), 0);
        ILeaseAgreements code = _escrow.agreements();
        CHEATS.expectRevert(abi.encodeWithSelector(ILeases.LeaseEscrow_NotSelf.selector, address(this)));
        code.setTokenRule(_tokens[0], ILeases.TokenRule(true, 0, 0));
        CHEATS.expectRevert(
            abi.encodeWithSelector(ILeases.LeaseEscrow_NotBound.selector, address(this), address(_disputes))
        );
        _agreements().decide(leaseId, 10_000);
    }

    function _moody() private view returns (MoodyToken) {
        return MoodyToken(address(_tokens[3]));
    }

    function _bond(uint32 node, uint256 token) private {
        CHEATS.prank(_registry.walletOf(node));
        _agreements().depositBond(node + 1, _tokens[token], 1e9, "");
    }

    function _bondOf(uint256 token) private view returns (uint256) {
        return _agreements().bondOf(uint32((token % 2) + 1), _tokens[token]).free;
    }

    function _deposit(uint32 listingId) private pure returns (uint256) {
        uint256 rent = uint256(EPOCHS) * 101 + JANITOR_FEE;
        return listingId == TAXED ? (rent * 100) / 99 : rent;
    }

    function _tryOpen(
        uint256 client,
        uint32 listingId,
        uint256 deposit,
        bytes memory permit
    ) private returns (bool isDone) {
        INodeListings.Offer memory offer;
        ILeases.Request memory request = ILeases.Request(listingId, 1, 1, EPOCHS, deposit, 101, "");
        CHEATS.prank(address(_clients[client]));
        (isDone, ) = address(_escrow).call(abi.encodeCall(ILeaseAgreements.open, (request, offer, permit)));
    }

    function _rent(uint256 client, uint32 listingId) private returns (uint256 leaseId) {
        _true(_tryOpen(client, listingId, _deposit(listingId), ""), "open");
        leaseId = _agreements().leaseCount();
        CHEATS.prank(_registry.walletOf((listingId - 1) % 2));
        _agreements().accept(leaseId, "");
    }

    function _pass(uint256 epochs) private {
        CHEATS.warp(block.timestamp + epochs * EPOCH);
    }

    function _statusOf(uint256 leaseId) private view returns (ILeases.LeaseStatus) {
        (ILeases.Lease memory lease, ) = _escrow.leaseOf(leaseId);
        return lease.status;
    }
}
