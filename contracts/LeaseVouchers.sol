// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {ILeaseEscrow} from "./interfaces/ILeaseEscrow.sol";
import {ILeaseVouchers} from "./interfaces/ILeaseVouchers.sol";

contract LeaseVouchers is ILeaseVouchers, EIP712 {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(uint256 leaseId,uint256 amount)");

    /// @inheritdoc ILeaseVouchers
    ILeaseEscrow public immutable override escrow;

    /// @inheritdoc ILeaseVouchers
    mapping(uint256 leaseId => uint256) public override redeemedOf;

    constructor(ILeaseEscrow escrow_) EIP712("PQMesh", "1") {
        if (address(escrow_) == address(0)) revert IGoverned.Governed_ZeroAddress("escrow");
        escrow = escrow_;
    }

    /// @inheritdoc ILeaseVouchers
    function redeem(uint256 leaseId, uint256 amount, bytes calldata signature) external {
        (ILeaseEscrow.Lease memory lease, ILeaseEscrow.Record memory record) = escrow.leaseOf(leaseId);
        if (lease.state == ILeaseEscrow.LeaseState.Closed) _requireWindow(record, true);
        if (!SignatureChecker.isValidSignatureNowCalldata(lease.client, hashVoucher(leaseId, amount), signature)) {
            revert LeaseVouchers_InvalidSignature(leaseId);
        }
        uint256 redeemed = redeemedOf[leaseId];
        uint256 total = redeemed + record.earned;
        if (amount < total) total = amount;
        if (total <= redeemed) revert LeaseVouchers_NothingToRedeem(amount, redeemed, record.earned);
        redeemedOf[leaseId] = total;
        emit VoucherRedeemed(leaseId, amount, total);
        escrow.payEarned(leaseId, total - redeemed, false);
    }

    /// @inheritdoc ILeaseVouchers
    function returnUnredeemed(uint256 leaseId) external {
        (ILeaseEscrow.Lease memory lease, ILeaseEscrow.Record memory record) = escrow.leaseOf(leaseId);
        if (lease.state != ILeaseEscrow.LeaseState.Closed) revert LeaseVouchers_NotClosed(leaseId);
        if (record.earned == 0) revert LeaseVouchers_NothingToRedeem(0, redeemedOf[leaseId], 0);
        _requireWindow(record, false);
        escrow.payEarned(leaseId, record.earned, true);
    }

    /// @inheritdoc ILeaseVouchers
    function hashVoucher(uint256 leaseId, uint256 amount) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, leaseId, amount)));
    }

    /// @dev Reverts unless the time for vouchers after the lease closed lasts, or is over.
    function _requireWindow(ILeaseEscrow.Record memory record, bool isOpen) private view {
        uint64 current = IEpochClock(address(escrow)).currentEpoch();
        if ((current < record.noticeEnd) != isOpen) revert LeaseVouchers_OutsideWindow(record.noticeEnd, current);
    }
}
