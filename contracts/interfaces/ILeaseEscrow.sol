// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INodeListings} from "./INodeListings.sol";
import {ITokenBalances} from "./ITokenBalances.sol";

/// @notice Leases and the escrow that pays for proven epochs and returns everything else, without anybody's permission.
/// @dev Money goes to balances that accounts withdraw themselves, never straight to a receiver. Settlement reads only final epochs,
/// so that its result does not depend on who calls it, when, or in how many pages.
interface ILeaseEscrow is ITokenBalances {
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
    struct Request {
        uint32 listingId;
        uint16 version;
        uint16 units;
        uint32 epochs;
        uint256 deposit;
        uint64 maxPrice;
    }

    /// @notice A lease as it is stored.
    /// @param client Wallet that opened it.
    /// @param listingId Listing it is of.
    /// @param version Version whose terms hold for it.
    /// @param units Units it holds.
    /// @param feeBp Share of what the provider earns that goes to the treasury, as it was at opening, basis points.
    /// @param status Where it is, and why it closed.
    /// @param isMetered True when vouchers pay the provider.
    /// @param balance Rent that is paid in and not settled, smallest units of the token.
    /// @param janitorFee What was prepaid for a sweep, smallest units of the token.
    /// @param start First epoch that is paid; while Pending, the last epoch in which it can be accepted.
    /// @param end First epoch after the agreed term; while Pending, the length of the term in epochs.
    /// @param settledUntil First epoch that is not settled.
    struct Lease {
        address client;
        uint32 listingId;
        uint16 version;
        uint16 units;
        uint16 feeBp;
        LeaseStatus status;
        bool isMetered;
        uint96 balance;
        uint64 janitorFee;
        uint32 start;
        uint32 end;
        uint32 settledUntil;
    }

    /// @notice What happened in a lease beside the ordinary.
    /// @param missed Settled epochs in which the node was absent, degraded or inactive.
    /// @param missedRun At least as many as such epochs in a row up to `settledUntil`.
    /// @param noticeEnd First epoch after the lease by notice; 0 when nobody gave notice.
    /// @param isEndedByProvider True when the provider gave it.
    /// @param disputedUntil First epoch that the newest dispute is not about; 0 when there was none.
    /// @param clientShareBp Share of the provider's earnings before `disputedUntil` that goes to the client, basis points.
    /// @param isDisputed True while a dispute holds settlement.
    struct Record {
        uint32 missed;
        uint16 missedRun;
        uint32 noticeEnd;
        bool isEndedByProvider;
        uint32 disputedUntil;
        uint16 clientShareBp;
        bool isDisputed;
    }

    /// @notice What a metered lease earned, smallest units of its token.
    /// @param earned Rent of proven epochs.
    /// @param redeemed Part of it that was credited: to the provider by vouchers, or back to the client.
    /// @param vouchersUntil First epoch in which vouchers are not taken any more; 0 while the lease is not closed.
    struct Meter {
        uint96 earned;
        uint96 redeemed;
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
    event SweepSkipped(uint256 indexed leaseId, SweepOutcome outcome);

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

    /// @notice Thrown when a function that this contract calls itself is called by somebody else.
    error LeaseEscrow_NotSelf(address caller);

    /// @notice Thrown when a dispute is open or its verdict is not settled yet.
    error LeaseEscrow_Disputed(uint256 leaseId);

    /// @notice Thrown when an amount is zero.
    error LeaseEscrow_ZeroAmount();

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
    function extend(uint256 leaseId, uint32 epochs) external;

    /// @notice Gives notice: the lease ends after the version's notice, and not before its shortest term. Client or provider.
    function giveNotice(uint256 leaseId) external;

    /// @notice Settles final epochs of a lease, at most `maxEpochs` of them, and closes it when it is over. Anyone may call it.
    /// @dev Does nothing for a lease that is closed. Costs more gas where more epochs of the node are recorded as missed.
    /// @return settledUntil First epoch that is not settled.
    function settle(uint256 leaseId, uint64 maxEpochs) external returns (uint64 settledUntil);

    /// @notice Janitor: settles and closes overdue leases. For each that could be closed for `janitorDelay` epochs and was not,
    /// the caller is credited the fee that its client prepaid. One that cannot be closed is passed over with {SweepSkipped}.
    /// Anyone may call it.
    /// @param maxEpochs Epochs to settle of each lease at most.
    /// @return closed Number of leases that it closed.
    function sweep(uint256[] calldata leaseIds, uint64 maxEpochs) external returns (uint256 closed);

    /// @notice Adds to the free bond of an operator. Anyone may call it.
    function depositBond(uint32 identityId, IERC20 token, uint256 amount, bytes calldata permit) external;

    /// @notice Credits free bond to the operator's beneficiary. Owner or hot wallet only.
    function withdrawBond(uint32 identityId, IERC20 token, uint256 amount) external;

    /// @notice Holds settlement of a lease up to the current epoch. Contract of disputes only.
    function holdFor(uint256 leaseId) external returns (uint64 disputedUntil);

    /// @notice Ends the hold: of what the provider earned before `disputedUntil`, `clientShareBp` goes to the client. Contract of
    /// disputes only.
    function decide(uint256 leaseId, uint16 clientShareBp) external;

    /// @notice Credits part of what a metered lease earned, to the provider or back to the client. Contract of vouchers only.
    /// @dev Never more than the lease earned, whatever the caller says.
    function payEarned(uint256 leaseId, uint256 amount, bool isToClient) external;

    /// @notice Changes what holds for a token. Leases that are open keep the fee they prepaid. Timelock only (AuthorizationOp).
    /// @dev Warning: a token that rebases, or that can seize balances of this contract, must never be allowed.
    function setTokenRule(IERC20 token, TokenRule calldata rule) external;

    /// @notice Names disputes and vouchers, once. Deployer only.
    function bind(address disputes_, address vouchers_) external;

    /// @notice Returns the listings that leases are of.
    function listings() external view returns (INodeListings);

    /// @notice Returns the contract that decides disputes.
    function disputes() external view returns (address);

    /// @notice Returns the contract that takes vouchers.
    function vouchers() external view returns (address);

    /// @notice Returns what holds for a token.
    function tokenRuleOf(IERC20 token) external view returns (TokenRule memory);

    /// @notice Returns the node of a lease, the rent of an epoch and its token.
    function tenancyOf(uint256 leaseId) external view returns (uint32 nodeIndex, uint256 rate, IERC20 token);

    /// @notice Returns the number of leases ever opened; their numbers run from 1.
    function leaseCount() external view returns (uint256);

    /// @notice Returns a lease. @dev Reverts when there is none.
    function leaseOf(uint256 leaseId) external view returns (Lease memory lease, Record memory record);

    /// @notice Returns the client of a lease, what it earned as a metered one, and whether it is closed.
    function meterOf(uint256 leaseId) external view returns (address client, bool isClosed, Meter memory meter);

    /// @notice Returns how far a lease is paid for.
    /// @return fundedUntil First epoch that is not paid for, or after the end.
    /// @return graceUntil First epoch in which a top-up is too late.
    /// @return end First epoch after the lease by term or notice.
    function runwayOf(uint256 leaseId) external view returns (uint64 fundedUntil, uint64 graceUntil, uint64 end);

    /// @notice Returns the bond of an operator in a token.
    function bondOf(uint32 identityId, IERC20 token) external view returns (Bond memory);
}
