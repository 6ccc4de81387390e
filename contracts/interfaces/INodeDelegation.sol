// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stake that holders delegate to nodes: one pool of shares per node.
/// @dev Amounts are MESH wei. A pool's assets are what was delegated and earned, less what was slashed: tokens sent to the
/// contract by mistake never count. Delegators share every slash with the operator's own stake, pro rata, also with what
/// is unbonding. After a slash that took everything, shares of earlier generations are worth nothing, and the pool begins
/// again at its first price. Warning: a pool earns when its rewards are claimed, which anyone may do; claim before you leave.
interface INodeDelegation {
    /// @notice A pool of shares.
    /// @param assets MESH wei.
    /// @param shares Shares that delegators hold.
    /// @param generation Grows by 18 when the pool lost everything, and by one for each time that 256 shares became one; shares
    /// of an earlier generation count accordingly.
    struct Pool {
        uint96 assets;
        uint144 shares;
        uint16 generation;
    }

    /// @notice An unbonding of a delegator under way.
    /// @param id Number within node and delegator, from 0, never reused.
    /// @param amount MESH wei that it is worth now.
    /// @param maturesAt Unix time in seconds from which it can be withdrawn.
    struct DelegatedUnbonding {
        uint32 id;
        uint256 amount;
        uint64 maturesAt;
    }

    /// @notice The operator's part of what its delegators earn.
    /// @param bp Part in force, in basis points.
    /// @param nextBp Part that comes into force at `nextFrom`.
    /// @param nextFrom Unix time in seconds; 0 when no raise is pending.
    struct Commission {
        uint16 bp;
        uint16 nextBp;
        uint64 nextFrom;
    }

    /// @notice An ERC-2612 permit for the amount that is delegated.
    /// @param deadline Unix seconds after which it is void.
    /// @param v Recovery id of the signature.
    /// @param r First half of the signature.
    /// @param s Second half of the signature.
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice Emitted when somebody delegated. The last two are the pool after it.
    event Delegated(
        uint32 indexed nodeIndex,
        address indexed delegator,
        uint256 amount,
        uint256 shares,
        uint256 assetsAfter,
        uint256 sharesAfter
    );

    /// @notice Emitted when a delegator started an unbonding. `unbondingShares` is its part of what is unbonding.
    event Undelegated(
        uint32 indexed nodeIndex,
        address indexed delegator,
        uint32 indexed unbondingId,
        uint256 amount,
        uint256 shares,
        uint256 unbondingShares,
        uint64 maturesAt,
        uint256 assetsAfter,
        uint256 sharesAfter
    );

    /// @notice Emitted when a delegator delegated an unbonding again.
    event UndelegationCancelled(
        uint32 indexed nodeIndex,
        address indexed delegator,
        uint32 indexed unbondingId,
        uint256 amount,
        uint256 shares,
        uint256 assetsAfter,
        uint256 sharesAfter
    );

    /// @notice Emitted for each matured unbonding that was paid to its delegator; 0 when slashes took all of it.
    event DelegationWithdrawn(
        uint32 indexed nodeIndex,
        address indexed delegator,
        uint32 indexed unbondingId,
        uint256 amount
    );

    /// @notice Emitted when rewards joined a pool.
    event PoolGrew(uint32 indexed nodeIndex, uint256 amount, uint256 assetsAfter);

    /// @notice Emitted when a slash took from a pool and from what was unbonding from it. `amount` and `assetsAfter` are the
    /// pool's, the other two of what is unbonding; MESH wei.
    event PoolSlashed(
        uint32 indexed nodeIndex,
        uint256 amount,
        uint256 assetsAfter,
        uint256 unbondingAmount,
        uint256 unbondingAfter
    );

    /// @notice Emitted when a slash was given back to a pool and to what is unbonding from it. `amount` and `assetsAfter` are
    /// the pool's, the other two of what is unbonding; MESH wei.
    event PoolRestored(
        uint32 indexed nodeIndex,
        uint256 amount,
        uint256 assetsAfter,
        uint256 unbondingAmount,
        uint256 unbondingAfter
    );

    /// @notice Emitted when a slash took all of a pool, or of what was unbonding from it: its shares are void, and a new
    /// generation begins.
    event PoolEmptied(uint32 indexed nodeIndex, bool isUnbonding, uint16 generation);

    /// @notice Emitted when a slash left next to nothing of a pool, or of what was unbonding from it, and its shares are
    /// counted anew: for each generation that passed, 256 of them are one, rounded down.
    event PoolRescaled(uint32 indexed nodeIndex, bool isUnbonding, uint16 generation, uint256 sharesAfter);

    /// @notice Emitted when a commission was set; a raise comes into force at `fromTime` (Unix seconds).
    event CommissionSet(uint32 indexed nodeIndex, uint16 bp, uint64 fromTime);

    /// @notice Emitted once, when the deployer names the staking contract.
    event StakingBound(address indexed staking);

    /// @notice Thrown when an amount, or the shares to undelegate, are zero.
    error NodeDelegation_ZeroAmount();

    /// @notice Thrown when less than the smallest delegation is delegated (MESH wei).
    error NodeDelegation_BelowMinimum(uint256 amount, uint256 minimum);

    /// @notice Thrown when a delegation yields fewer shares than were asked for.
    error NodeDelegation_TooFewShares(uint256 shares, uint256 minShares);

    /// @notice Thrown when somebody joins a pool while a slash can be given back to those who suffered it (Unix seconds).
    error NodeDelegation_Pardonable(uint32 nodeIndex, uint64 until);

    /// @notice Thrown when shares are worth less than was asked for (MESH wei).
    error NodeDelegation_TooSmallAmount(uint256 amount, uint256 minAmount);

    /// @notice Thrown when a delegator has fewer shares.
    error NodeDelegation_InsufficientShares(uint256 requested, uint256 available);

    /// @notice Thrown when a delegator has as many unbondings at a node as are allowed.
    error NodeDelegation_TooManyUnbondings(uint256 count, uint256 max);

    /// @notice Thrown when an unbonding does not exist (any more).
    error NodeDelegation_UnknownUnbonding(uint32 nodeIndex, address delegator, uint32 unbondingId);

    /// @notice Thrown when nothing can be withdrawn; `nextMaturity` is Unix seconds, 0 when there is no unbonding.
    error NodeDelegation_NothingMatured(uint32 nodeIndex, address delegator, uint64 nextMaturity);

    /// @notice Thrown when the caller is neither the owner nor the hot wallet of the node's operator.
    error NodeDelegation_NotOperator(address caller, uint32 nodeIndex);

    /// @notice Thrown when a commission exceeds the largest that is allowed (basis points).
    error NodeDelegation_CommissionTooHigh(uint256 bp, uint256 maxBp);

    /// @notice Thrown when somebody else withdraws for a delegator while a slash can be given back to it (Unix seconds).
    error NodeDelegation_NotDelegator(address caller, address delegator, uint64 until);

    /// @notice Thrown when the caller is not the rewards contract.
    error NodeDelegation_NotPayer(address caller);

    /// @notice Thrown when the caller is not the slashing contract.
    error NodeDelegation_NotSlashing(address caller);

    /// @notice Thrown when the caller is not the staking contract.
    error NodeDelegation_NotStaking(address caller);

    /// @notice Thrown when rewards are for a pool in which nobody has shares.
    error NodeDelegation_EmptyPool(uint32 nodeIndex);

    /// @notice Thrown when more is given back than slashes took that can still be pardoned.
    error NodeDelegation_NotTaken(uint32 nodeIndex, uint256 amount, uint256 taken);

    /// @notice Delegates the caller's MESH to a node. At least one MESH, and not before {pardonableUntil}.
    /// @param minShares Fewest shares that the caller accepts.
    /// @return shares Shares that the caller received.
    function delegate(uint32 nodeIndex, uint256 amount, uint256 minShares) external returns (uint256 shares);

    /// @notice Delegates with an ERC-2612 permit in the same transaction.
    /// @dev The permit runs in try/catch: one that was front-run does not stop the delegation when the allowance suffices.
    function delegateWithPermit(
        uint32 nodeIndex,
        uint256 amount,
        uint256 minShares,
        Permit calldata permit
    ) external returns (uint256 shares);

    /// @notice Starts to unbond shares of the caller. What they are worth now stops earning and stays slashable.
    /// @param shares The largest uint256 means all.
    /// @param minAmount Least that the caller accepts in MESH wei.
    function undelegate(uint32 nodeIndex, uint256 shares, uint256 minAmount) external returns (uint32 unbondingId);

    /// @notice Delegates an unbonding of the caller again, at any time before it is withdrawn but not before
    /// {pardonableUntil}.
    /// @param minShares Fewest shares that the caller accepts.
    function cancelUndelegation(
        uint32 nodeIndex,
        uint32 unbondingId,
        uint256 minShares
    ) external returns (uint256 shares);

    /// @notice Pays matured unbondings of a delegator to it, in the order they were requested. Anyone may call it, but until
    /// {pardonableUntil} the delegator alone. Warning: who withdraws before a pardon gets nothing of it, see {restorableOf}.
    /// @param maxCount Largest number of unbondings to pay in this call.
    /// @return amount MESH wei paid.
    function withdrawDelegation(
        uint32 nodeIndex,
        address delegator,
        uint256 maxCount
    ) external returns (uint256 amount);

    /// @notice Sets a node's commission: a cut at once, a raise after the parameter `commissionRaiseDelay`. Owner or hot
    /// wallet only. Replaces a pending raise.
    function setCommission(uint32 nodeIndex, uint16 bp) external;

    /// @notice Adds rewards to the pool of a node; its shares are worth more then. Rewards contract only, which must have
    /// approved the amount.
    /// @dev Reverts when {hasDelegators} is false. Calls {INodeRewards.weightChanged} before the tokens move.
    function addToPool(uint32 nodeIndex, uint256 amount) external;

    /// @notice Takes a part of a pool and of what is unbonding from it, pro rata, and sends it to the slashing contract.
    /// Staking contract only.
    /// @param amount MESH wei, at most {slashableOf}.
    /// @param until Unix time in seconds until which it can be given back: nobody joins the pool before, and nobody withdraws
    /// for another.
    /// @return assetsAfter Assets of the pool after it.
    function slashPool(uint32 nodeIndex, uint256 amount, uint64 until) external returns (uint256 assetsAfter);

    /// @notice Gives a slash back to the delegators who are still there, pooled and unbonding, as {restorableOf} says. Slashing
    /// contract only, which must have approved that, and keeps the rest.
    /// @dev Calls {INodeRewards.weightChanged} before the tokens move.
    /// @param amount MESH wei that the slash took by {slashPool}.
    function restorePool(uint32 nodeIndex, uint256 amount) external;

    /// @notice Names the staking contract, once and for ever. Deployer only; after it the deployer has no power here.
    function bindStaking(address staking_) external;

    /// @notice Returns the pool of a node.
    function poolOf(uint32 nodeIndex) external view returns (Pool memory);

    /// @notice Returns what is unbonding from a node's pool, as a pool of its own.
    function unbondingPoolOf(uint32 nodeIndex) external view returns (Pool memory);

    /// @notice Returns true when somebody has shares in the pool of a node, so that it can earn.
    function hasDelegators(uint32 nodeIndex) external view returns (bool);

    /// @notice Returns until when a slash of a node's pool can be given back, in Unix seconds; 0 when there was none. Before
    /// it nobody joins the pool, and nobody is paid by somebody else: a pardon goes to shares, and so only to those who
    /// suffered the slash. Leaving is free. Warning: a contract that delegates must be able to call {withdrawDelegation}.
    function pardonableUntil(uint32 nodeIndex) external view returns (uint64);

    /// @notice Returns the MESH wei that a pool, and what is unbonding from it, get when a slash is given back; the rest is of
    /// those who withdrew since, or whose shares are void, and goes to the treasury.
    /// @dev Both get what those lost who are in there: a slash takes of both in proportion to their assets, and undelegations
    /// carry what they lost along. Of several slashes that can still be pardoned each gives back its proportion of all that
    /// those who are there have lost in them; one that was paid out meanwhile counts on. Within the pool, and within what is
    /// unbonding, shares get alike: who undelegates after rewards came in brings less loss for each wei than those who were
    /// unbonding already. Rounds down.
    /// @param amount MESH wei that the slash took by {slashPool}.
    function restorableOf(
        uint32 nodeIndex,
        uint256 amount
    ) external view returns (uint256 poolPart, uint256 unbondingPart);

    /// @notice Returns the MESH wei that a slash can take from a node's delegators: pool and unbondings.
    function slashableOf(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns the shares of a delegator and what they are worth now in MESH wei, rounded down.
    function delegationOf(uint32 nodeIndex, address delegator) external view returns (uint256 shares, uint256 amount);

    /// @notice Returns the unbondings of a delegator that were not withdrawn or cancelled, oldest first.
    function undelegationsOf(uint32 nodeIndex, address delegator) external view returns (DelegatedUnbonding[] memory);

    /// @notice Returns the commission of a node.
    function commissionOf(uint32 nodeIndex) external view returns (Commission memory);

    /// @notice Returns the commission in force now in basis points.
    function commissionBp(uint32 nodeIndex) external view returns (uint256);
}
