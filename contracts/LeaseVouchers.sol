// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
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

    constructor(ILeaseEscrow escrow_) EIP712("PQMesh", "1") {
        if (address(escrow_) == address(0)) revert IGoverned.Governed_ZeroAddress("escrow");
        escrow = escrow_;
    }

    /// @inheritdoc ILeaseVouchers
    function redeem(uint256 leaseId, uint256 amount, bytes calldata signature) external {
        (address client, ILeaseEscrow.Meter memory meter) = escrow.meterOf(leaseId);
        if (meter.vouchersUntil != 0) _requireWindow(meter, true);
        if (!_isSignedBy(client, hashVoucher(leaseId, amount), signature)) {
            revert LeaseVouchers_InvalidSignature(leaseId);
        }
        uint256 total = amount < meter.earned ? amount : meter.earned;
        if (total <= meter.redeemed) revert LeaseVouchers_NothingToRedeem(amount, meter.redeemed, meter.earned);
        escrow.payEarned(leaseId, total - meter.redeemed, false);
    }

    /// @inheritdoc ILeaseVouchers
    function returnUnredeemed(uint256 leaseId) external {
        (, ILeaseEscrow.Meter memory meter) = escrow.meterOf(leaseId);
        if (meter.earned == meter.redeemed) revert LeaseVouchers_NothingToRedeem(0, meter.redeemed, meter.earned);
        if (meter.vouchersUntil == 0) revert LeaseVouchers_NotClosed(leaseId);
        _requireWindow(meter, false);
        escrow.payEarned(leaseId, meter.earned - meter.redeemed, true);
    }

    /// @inheritdoc ILeaseVouchers
    function hashVoucher(uint256 leaseId, uint256 amount) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, leaseId, amount)));
    }

    /// @dev Asks a contract only when no key signed: a wallet without code is not even looked up.
    function _isSignedBy(address client, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == client) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(client, digest, signature);
    }

    /// @dev Reverts unless the time for vouchers after the lease closed lasts, or is over.
    function _requireWindow(ILeaseEscrow.Meter memory meter, bool isOpen) private view {
        uint64 current = IEpochClock(address(escrow)).currentEpoch();
        if ((current < meter.vouchersUntil) != isOpen) revert LeaseVouchers_OutsideWindow(meter.vouchersUntil, current);
    }
}
