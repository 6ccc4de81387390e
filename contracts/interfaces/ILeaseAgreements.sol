// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeases} from "./ILeases.sol";
import {INodeListings} from "./INodeListings.sol";

/// @notice What client and provider agree on: opening, accepting, delivering, paying in, prolonging, ending, and the provider's bond.
/// @dev Part of {ILeaseEscrow}: call it at the address of the escrow, which runs this code on its own storage. At its own address
/// it refuses to do anything.
interface ILeaseAgreements is ILeases {
    /// @notice Opens a lease: takes the deposit and the units. The provider has until `acceptBy` to accept.
    /// @dev Assumptions. Safety: the token keeps balances it was paid and is on the allow-list; the finality horizon of the bridge
    /// holds. Liveness: blocks include transactions; no other party is needed to get every unproven epoch back.
    /// @param offer Offer of the operator for P2P listings; with an empty signature there is none.
    /// @param permit abi.encode(deadline, v, r, s) of an ERC-2612 permit for `deposit`, or empty.
    function open(
        Request calldata request,
        INodeListings.Offer calldata offer,
        bytes calldata permit
    ) external returns (uint256 leaseId);

    /// @notice Names the ML-KEM-768 encapsulation key (FIPS 203) for which providers seal what they deliver to the caller.
    function setDeliveryKey(bytes calldata key) external;

    /// @notice Accepts a lease, locks the provider's bond and delivers endpoint and credential. Provider only.
    /// @param sealed_ Sealed credential, at most 4,096 bytes; empty to deliver it later.
    function accept(uint256 leaseId, bytes calldata sealed_) external;

    /// @notice Delivers endpoint and credential, again if need be. Provider only.
    function deliver(uint256 leaseId, bytes calldata sealed_) external;

    /// @notice Refuses a lease that is Pending. Provider only.
    function decline(uint256 leaseId) external;

    /// @notice Takes back a lease that is Pending. Client only.
    function cancel(uint256 leaseId) external;

    /// @notice Pays rent in, at most for the agreed term. Anyone may call it until the grace is over.
    function topUp(uint256 leaseId, uint256 amount, bytes calldata permit) external;

    /// @notice Prolongs the agreed term while the provider still offers the version. Settles what is final first. Client only.
    /// @dev Where more is final than a transaction can settle, {ILeaseEscrow.settle} does it in pages before.
    function extend(uint256 leaseId, uint32 epochs) external;

    /// @notice Gives notice: the lease ends after the version's notice, and not before its shortest term. Client or provider.
    function giveNotice(uint256 leaseId) external;

    /// @notice Adds to the free bond of an operator. Anyone may call it.
    function depositBond(uint32 identityId, IERC20 token, uint256 amount, bytes calldata permit) external;

    /// @notice Credits free bond to the operator's beneficiary. Owner or hot wallet only.
    function withdrawBond(uint32 identityId, IERC20 token, uint256 amount) external;

    /// @notice Holds settlement of a lease up to the current epoch. Contract of disputes only.
    function holdFor(uint256 leaseId) external returns (uint64 disputedUntil);

    /// @notice Ends the hold: of what the provider earned before `disputedUntil`, `clientShareBp` goes to the client. Contract of
    /// disputes only.
    function decide(uint256 leaseId, uint16 clientShareBp) external;

    /// @notice Changes what holds for a token. Leases that are open keep the fee they prepaid. Timelock only (AuthorizationOp).
    /// @dev Warning: a token that rebases, or that can seize balances of this contract, must never be allowed.
    function setTokenRule(IERC20 token, TokenRule calldata rule) external;

    /// @notice Returns what holds for a token.
    function tokenRuleOf(IERC20 token) external view returns (TokenRule memory);

    /// @notice Returns keccak256 of a client's delivery key, 0 when it has none. The key itself is in {DeliveryKeySet}.
    function deliveryKeyHashOf(address client) external view returns (bytes32);

    /// @notice Returns the number of leases ever opened; their numbers run from 1.
    function leaseCount() external view returns (uint256);

    /// @notice Returns how far a lease is paid for.
    /// @return fundedUntil First epoch that is not paid for, or after the end.
    /// @return graceUntil First epoch in which a top-up is too late.
    /// @return end First epoch after the lease by term or notice.
    function runwayOf(uint256 leaseId) external view returns (uint64 fundedUntil, uint64 graceUntil, uint64 end);

    /// @notice Returns the bond of an operator in a token.
    function bondOf(uint32 identityId, IERC20 token) external view returns (Bond memory);
}
