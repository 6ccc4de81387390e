// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseEscrow} from "./ILeaseEscrow.sol";

/// @notice Vouchers: clients of metered leases sign for what they used, providers redeem it out of the lease's own deposit.
/// @dev A voucher is the EIP-712 statement `Voucher(uint256 leaseId,uint256 amount)` of the client (ECDSA or ERC-1271). Amounts are
/// cumulative, so that an older voucher pays nothing more and the newest one is all that need be kept.
interface ILeaseVouchers {
    /// @notice Thrown when a voucher is not signed by the client.
    error LeaseVouchers_InvalidSignature(uint256 leaseId);

    /// @notice Thrown when nothing more can be drawn: the voucher was paid, or proven epochs cover no more yet.
    error LeaseVouchers_NothingToRedeem(uint256 amount, uint256 redeemed, uint256 earned);

    /// @notice Thrown when vouchers can still be redeemed, or not any more (epochs).
    error LeaseVouchers_OutsideWindow(uint64 until, uint64 currentEpoch);

    /// @notice Thrown when a lease is not closed.
    error LeaseVouchers_NotClosed(uint256 leaseId);

    /// @notice Pays the provider what a voucher says beyond what was paid, up to the rent of proven epochs. Anyone may call it.
    /// @dev What is not covered yet can be redeemed later with the same voucher. After the lease closed there is
    /// `voucherWindow` epochs of time.
    function redeem(uint256 leaseId, uint256 amount, bytes calldata signature) external;

    /// @notice Credits the client what no voucher drew on in time. Anyone may call it.
    function returnUnredeemed(uint256 leaseId) external;

    /// @notice Returns the escrow whose leases the vouchers are for.
    function escrow() external view returns (ILeaseEscrow);

    /// @notice Returns the EIP-712 digest that a client signs.
    function hashVoucher(uint256 leaseId, uint256 amount) external view returns (bytes32);
}
