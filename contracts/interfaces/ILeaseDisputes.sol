// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeaseEscrow} from "./ILeaseEscrow.sol";
import {ITokenBalances} from "./ITokenBalances.sol";

/// @notice Disputes of clients about what attestations do not show: wrong hardware, a workload that was never reachable.
/// @dev A dispute holds settlement of the epochs up to it for a bounded time. Silence means that the objective settlement
/// stands. A verdict moves a share of what the provider earned in those epochs, and nothing else.
interface ILeaseDisputes is ITokenBalances {
    /// @notice How a dispute ended. Silent: nobody decided in time.
    enum Outcome {
        None,
        Agreed,
        Ruled,
        Silent,
        Withdrawn
    }

    /// @notice A dispute that is open.
    /// @param client Client that opened it; zero when there is none.
    /// @param deadline Last second in which it can be decided.
    /// @param offerBp Share that a side offered last, basis points.
    /// @param isOfferByClient True when that was the client.
    /// @param hasOffer True when a share was offered.
    /// @param token Token of lease and bond.
    /// @param bond Bond of the client, smallest units.
    struct Dispute {
        address client;
        uint64 deadline;
        uint16 offerBp;
        bool isOfferByClient;
        bool hasOffer;
        IERC20 token;
        uint96 bond;
    }

    /// @notice Emitted when a client opens a dispute. `evidence` is the SHA-256 of what it shows to the arbitrator.
    event DisputeOpened(
        uint256 indexed leaseId,
        address indexed client,
        IERC20 token,
        uint256 bond,
        uint64 deadline,
        bytes32 evidence
    );

    /// @notice Emitted when a side offers a share of the provider's earnings for the client.
    event SettlementOffered(uint256 indexed leaseId, bool isByClient, uint16 clientShareBp);

    /// @notice Emitted when a dispute ended. `bondTo` is credited the bond.
    event DisputeEnded(
        uint256 indexed leaseId,
        Outcome indexed outcome,
        uint16 clientShareBp,
        address bondTo,
        uint256 bond
    );

    /// @notice Emitted when the timelock names another arbitrator.
    event ArbitratorSet(address indexed arbitrator);

    /// @notice Thrown when a lease has no open dispute.
    error LeaseDisputes_NoDispute(uint256 leaseId);

    /// @notice Thrown when the caller is neither client nor provider of the lease, or not the one that an operation is for.
    error LeaseDisputes_NotParty(address caller, uint256 leaseId);

    /// @notice Thrown when the caller is not the arbitrator.
    error LeaseDisputes_NotArbitrator(address caller, address arbitrator);

    /// @notice Thrown when a dispute is decided too late, or expired too early (Unix seconds).
    error LeaseDisputes_Deadline(uint64 deadline, uint64 nowSeconds);

    /// @notice Thrown when a share is over 10,000 bp.
    error LeaseDisputes_ShareTooLarge(uint16 shareBp, uint16 max);

    /// @notice Thrown when the other side did not offer this share.
    error LeaseDisputes_NotOffered(uint256 leaseId, uint16 clientShareBp);

    /// @notice Thrown when the bond is more than the client pays at most.
    error LeaseDisputes_BondAboveMax(uint256 bond, uint256 maxBond);

    /// @notice Thrown when less arrived than the bond.
    error LeaseDisputes_BondTooSmall(uint256 received, uint256 bond);

    /// @notice Opens a dispute about the epochs that are not settled, up to the current one. Client only.
    /// @param maxBond Most that the client pays as bond: rent of `leaseDisputeBondEpochs` epochs.
    /// @param permit abi.encode(deadline, v, r, s) of an ERC-2612 permit for `maxBond`, or empty.
    function open(uint256 leaseId, bytes32 evidence, uint256 maxBond, bytes calldata permit) external;

    /// @notice Offers a share of the provider's earnings for the client. Client or provider.
    function offerSettlement(uint256 leaseId, uint16 clientShareBp) external;

    /// @notice Takes what the other side offered last, while it is that share. The bond returns to the client.
    function acceptSettlement(uint256 leaseId, uint16 clientShareBp) external;

    /// @notice Gives up a dispute: the objective settlement stands, and the bond goes to the provider. Client only.
    function withdrawDispute(uint256 leaseId) external;

    /// @notice Decides a dispute. With a share of 0 the bond goes to the provider, otherwise back to the client. Arbitrator only.
    function rule(uint256 leaseId, uint16 clientShareBp) external;

    /// @notice Ends a dispute that nobody decided in time: the objective settlement stands, the bond goes to the provider. Anyone
    /// may call it.
    function expire(uint256 leaseId) external;

    /// @notice Names another arbitrator. Timelock only (AuthorizationOp).
    function setArbitrator(address arbitrator_) external;

    /// @notice Returns who decides disputes; the timelock until it names another.
    function arbitrator() external view returns (address);

    /// @notice Returns the escrow whose leases the disputes are about.
    function escrow() external view returns (ILeaseEscrow);

    /// @notice Returns the open dispute of a lease.
    function disputeOf(uint256 leaseId) external view returns (Dispute memory);

    /// @notice Returns the bond for a dispute about a lease now, smallest units of its token.
    function bondFor(uint256 leaseId) external view returns (uint256);
}
