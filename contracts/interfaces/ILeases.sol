// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What a lease is, what happens to it, and why something is refused.
interface ILeases {
    /// @notice Where a lease is. Pending: paid for, not accepted. From Declined on a lease is closed for good, and this says why.
    enum LeaseStatus {
        None,
        Pending,
        Active,
        Declined,
        NotAccepted,
        Cancelled,
        Completed,
        OutOfFunds,
        EndedByClient,
        EndedByProvider,
        Breached
    }

    /// @notice What became of one lease in a sweep.
    enum SweepOutcome {
        Closed,
        Settled,
        NotOverdue,
        Disputed,
        AlreadyClosed,
        Failed
    }

    /// @notice What a client asks for.
    /// @param listingId Listing to lease of.
    /// @param version Version that the client read; must be the newest.
    /// @param units Units to lease.
    /// @param epochs Term in epochs, within the version's limits.
    /// @param deposit Smallest units of the token to pay in: rent of some or all epochs, and the janitor's fee.
    /// @param maxPrice Highest price of a unit and epoch that the client accepts.
    /// @param deliveryKey ML-KEM-768 encapsulation key for which the provider seals endpoint and credential, 1,184 bytes; empty to
    /// keep the one that the client set before.
    struct Request {
        uint32 listingId;
        uint16 version;
        uint16 units;
        uint32 epochs;
        uint256 deposit;
        uint64 maxPrice;
        bytes deliveryKey;
    }

    /// @notice A lease as it is stored.
    /// @param client Wallet that opened it.
    /// @param listingId Listing it is of.
    /// @param version Version whose terms hold for it.
    /// @param units Units it holds.
    /// @param feeBp Share of what the provider earns that goes to the treasury, as it was at opening, basis points.
    /// @param isMetered True when vouchers pay the provider.
    /// @param balance Rent that is paid in and not settled, smallest units of the token.
    /// @param janitorFee What was prepaid for a sweep, smallest units of the token.
    /// @param start First epoch that is paid; while Pending, the last epoch in which it can be accepted.
    /// @param end First epoch after the agreed term; while Pending, the length of the term in epochs.
    /// @param settledUntil First epoch that is not settled.
    /// @param status Where it is, and why it closed.
    struct Lease {
        address client;
        uint32 listingId;
        uint16 version;
        uint16 units;
        uint16 feeBp;
        bool isMetered;
        uint88 balance;
        uint64 janitorFee;
        uint32 start;
        uint32 end;
        uint32 settledUntil;
        LeaseStatus status;
    }

    /// @notice What happened in a lease beside the ordinary.
    /// @param missedEpochs Settled epochs in which the node was absent, degraded or inactive.
    /// @param missedRun At least as many as such epochs in a row up to `settledUntil`.
    /// @param leastRun At most as many.
    /// @param noticeEnd First epoch after the lease by notice; 0 when nobody gave notice.
    /// @param isNoticeByProvider True when the provider gave it.
    /// @param disputedUntil First epoch that the newest dispute is not about; 0 when there was none.
    /// @param clientShareBp Share of the provider's earnings before `disputedUntil` that goes to the client, basis points.
    /// @param isDisputed True while a dispute holds settlement.
    struct Record {
        uint32 missedEpochs;
        uint16 missedRun;
        uint16 leastRun;
        uint32 noticeEnd;
        bool isNoticeByProvider;
        uint32 disputedUntil;
        uint16 clientShareBp;
        bool isDisputed;
    }

    /// @notice What a metered lease earned, smallest units of its token.
    /// @param earned Rent of proven epochs.
    /// @param redeemed Part of it that was credited: to the provider by vouchers, or back to the client.
    /// @param vouchersUntil First epoch in which vouchers are not taken any more; 0 while the lease is not closed.
    struct Meter {
        uint112 earned;
        uint112 redeemed;
        uint32 vouchersUntil;
    }

    /// @notice What holds for a token.
    /// @param isAllowed True while leases can be opened and bonds deposited in it.
    /// @param janitorFee What each opener prepays for a sweep of its lease, smallest units.
    /// @param minDeposit Least deposit of a lease, smallest units.
    struct TokenRule {
        bool isAllowed;
        uint64 janitorFee;
        uint96 minDeposit;
    }

    /// @notice Money with which a provider answers for breaches, in one token.
    /// @param free Can be withdrawn or locked for a lease.
    /// @param locked Held by active leases.
    struct Bond {
        uint128 free;
        uint128 locked;
    }

    /// @notice Emitted when a client opened a lease. `rate` is the rent of an epoch, `acceptBy` the last epoch to accept it in.
    event LeaseOpened(
        uint256 indexed leaseId,
        uint32 indexed listingId,
        address indexed client,
        uint16 version,
        uint16 units,
        uint32 epochs,
        uint256 rate,
        uint256 balance,
        uint256 janitorFee,
        uint16 feeBp,
        uint64 acceptBy
    );

    /// @notice Emitted when a client names the ML-KEM-768 key for which credentials of its leases are sealed from now on.
    event DeliveryKeySet(address indexed client, bytes key);

    /// @notice Emitted when the provider accepted: rent is due from epoch `start` on.
    event LeaseAccepted(uint256 indexed leaseId, uint64 start, uint64 end, uint256 bond);

    /// @notice Emitted with endpoint and credential of a lease, sealed for the client.
    event CredentialDelivered(uint256 indexed leaseId, bytes sealed_);

    /// @notice Emitted when somebody paid rent in.
    event LeaseToppedUp(uint256 indexed leaseId, address indexed from, uint256 amount, uint256 balance);

    /// @notice Emitted when the client prolonged the term.
    event LeaseExtended(uint256 indexed leaseId, uint64 end);

    /// @notice Emitted when a side gave notice; the lease ends before epoch `noticeEnd`.
    event NoticeGiven(uint256 indexed leaseId, bool isByProvider, uint64 noticeEnd);

    /// @notice Emitted when epochs `[from, until)` were settled.
    /// @param proven Epochs in which the node attested and was not degraded.
    /// @param missed Epochs in which it was absent, degraded or inactive; the rest was unreported.
    /// @param beneficiary Who is credited `toProvider`; zero for metered leases, whose provider is paid by vouchers.
    /// @param toProvider Earned, after the fee; metered: what vouchers can draw on, before the fee.
    /// @param fee Credited to the treasury.
    /// @param toClient Credited to the client.
    event LeaseSettled(
        uint256 indexed leaseId,
        uint64 from,
        uint64 until,
        uint64 proven,
        uint64 missed,
        address beneficiary,
        uint256 toProvider,
        uint256 fee,
        uint256 toClient
    );

    /// @notice Emitted when a lease closed.
    /// @param toClient Credited to the client: what was not settled, the bond after a breach, the janitor's fee when unused.
    /// @param bond Part of `toClient` that was the provider's bond.
    /// @param janitor Who is credited the janitor's fee; zero when nobody swept.
    /// @param janitorFee What `janitor` is credited.
    /// @param vouchersUntil First epoch in which vouchers of the lease are not taken any more; 0 when none can be.
    event LeaseClosed(
        uint256 indexed leaseId,
        LeaseStatus indexed status,
        uint256 toClient,
        uint256 bond,
        address janitor,
        uint256 janitorFee,
        uint64 vouchersUntil
    );

    /// @notice Emitted for each lease of a sweep that it did not close.
    /// @param reason Selector of the error with which it failed; 0 when it did not, or failed without one.
    event SweepSkipped(uint256 indexed leaseId, SweepOutcome outcome, bytes4 reason);

    /// @notice Emitted when what a metered lease earned was credited: to the provider by a voucher, or back to the client.
    /// @param account Beneficiary of the provider, or the client.
    /// @param amount Credited to `account`.
    /// @param fee Credited to the treasury.
    /// @param redeemed What was credited of it so far, fees included.
    event EarnedPaid(uint256 indexed leaseId, address indexed account, uint256 amount, uint256 fee, uint256 redeemed);

    /// @notice Emitted when the timelock changes what holds for a token.
    event TokenRuleSet(IERC20 indexed token, bool isAllowed, uint64 janitorFee, uint96 minDeposit);

    /// @notice Emitted when the free bond of an operator changed.
    event BondDeposited(uint32 indexed identityId, IERC20 indexed token, address indexed from, uint256 amount);

    /// @notice Emitted when free bond was credited to the operator's beneficiary.
    event BondWithdrawn(uint32 indexed identityId, IERC20 indexed token, address indexed beneficiary, uint256 amount);

    /// @notice Emitted when a dispute begins to hold settlement, or its verdict ends that.
    event LeaseDisputeSet(uint256 indexed leaseId, bool isDisputed, uint64 disputedUntil, uint16 clientShareBp);

    /// @notice Thrown when there is no such lease.
    error LeaseEscrow_UnknownLease(uint256 leaseId);

    /// @notice Thrown when a lease is not in the status that an operation needs.
    error LeaseEscrow_WrongStatus(uint256 leaseId, LeaseStatus status);

    /// @notice Thrown when the caller is not the client of the lease.
    error LeaseEscrow_NotClient(address caller, address client);

    /// @notice Thrown when the caller is neither owner nor hot wallet of the node's operator.
    error LeaseEscrow_NotProvider(address caller, uint32 nodeIndex);

    /// @notice Thrown when the caller is not the contract that disputes or vouchers are decided by.
    error LeaseEscrow_NotBound(address caller, address bound);

    /// @notice Thrown when a price is higher than the client accepts.
    error LeaseEscrow_PriceAboveMax(uint256 price, uint256 maxPrice);

    /// @notice Thrown when a term is outside the version's limits (epochs).
    error LeaseEscrow_TermOutOfBounds(uint256 epochs, uint256 min, uint256 max);

    /// @notice Thrown when less is paid in than the least.
    error LeaseEscrow_DepositTooSmall(uint256 amount, uint256 min);

    /// @notice Thrown when more is paid in than the term costs.
    error LeaseEscrow_DepositTooLarge(uint256 amount, uint256 max);

    /// @notice Thrown when a lease is accepted too late (epochs).
    error LeaseEscrow_AcceptTooLate(uint64 acceptBy, uint64 currentEpoch);

    /// @notice Thrown when a node is not active now.
    error LeaseEscrow_NodeInactive(uint32 nodeIndex);

    /// @notice Thrown when an operator has less free bond than is needed.
    error LeaseEscrow_BondTooSmall(uint256 free, uint256 needed);

    /// @notice Thrown when a sealed credential is too long (bytes).
    error LeaseEscrow_CredentialTooLong(uint256 length, uint256 max);

    /// @notice Thrown when a delivery key has another length than an ML-KEM-768 encapsulation key (bytes).
    error LeaseEscrow_WrongDeliveryKeyLength(uint256 length, uint256 expected);

    /// @notice Thrown when a client opens a lease without ever having named a delivery key.
    error LeaseEscrow_NoDeliveryKey(address client);

    /// @notice Thrown when the caller is neither owner nor hot wallet of the operator.
    error LeaseEscrow_NotOperator(address caller, uint32 identityId);

    /// @notice Thrown when the term of a lease is over (epochs).
    error LeaseEscrow_TermOver(uint64 end, uint64 currentEpoch);

    /// @notice Thrown when the funds of a lease ran out while its grace lasts (epochs): a top-up lets it go on.
    error LeaseEscrow_OutOfFunds(uint64 fundedUntil, uint64 currentEpoch);

    /// @notice Thrown when the funds of a lease ran out and its grace is over (epochs).
    error LeaseEscrow_GraceOver(uint64 graceUntil, uint64 currentEpoch);

    /// @notice Thrown when a side gave notice already.
    error LeaseEscrow_NoticeGiven(uint64 noticeEnd);

    /// @notice Thrown when the provider does not offer the version of a lease any more.
    error LeaseEscrow_NotOffered(uint32 listingId, uint16 version);

    /// @notice Thrown when a token is not on the allow-list.
    error LeaseEscrow_TokenNotAllowed(IERC20 token);

    /// @notice Thrown when more would be paid than a metered lease earned.
    error LeaseEscrow_NotEarned(uint256 redeemed, uint256 earned);

    /// @notice Thrown when a function that the escrow calls itself, or runs on its own storage, is called in another way.
    error LeaseEscrow_NotSelf(address caller);

    /// @notice Thrown when a dispute is open or its verdict is not settled yet.
    error LeaseEscrow_Disputed(uint256 leaseId);

    /// @notice Thrown when an amount is zero.
    error LeaseEscrow_ZeroAmount();
}
