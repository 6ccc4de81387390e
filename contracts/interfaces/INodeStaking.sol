// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeDelegation} from "./INodeDelegation.sol";

/// @notice Stake of MESH per node, with several concurrent unbondings, and what slashing takes of it.
/// @dev Amounts are MESH wei (18 decimals). Stake paid in by anyone belongs to the node's operator and leaves only to its
/// beneficiary. Unbonding stake stays in the contract and stays slashable until it is withdrawn. What holders delegate is
/// in {INodeDelegation}; this contract knows each pool's size, because stake and pool together are a node's weight.
interface INodeStaking {
    /// @notice An unbonding under way.
    /// @param id Number within the node, from 0, never reused.
    /// @param amount MESH wei.
    /// @param maturesAt Unix time in seconds from which it can be withdrawn.
    struct Unbonding {
        uint32 id;
        uint128 amount;
        uint64 maturesAt;
    }

    /// @notice The contracts that staking works with, fixed at construction.
    /// @param token MESH.
    /// @param registry Nodes and their operators.
    /// @param parameters Table of governed numbers.
    /// @param rewards Contract that is told every weight.
    /// @param delegation Contract that holds what is delegated.
    /// @param slashing The only contract that slashes and jails.
    /// @param votes Contract that gives votes to stake and is told when there is less.
    struct Links {
        address token;
        address registry;
        address parameters;
        address rewards;
        address delegation;
        address slashing;
        address votes;
    }

    /// @notice A node's stake.
    /// @param bonded MESH wei of the operator.
    /// @param pooled MESH wei of delegators.
    /// @param nextUnbondingId Number of unbondings ever requested.
    /// @param unbondingCount Unbondings under way.
    /// @param eligible True while bonded stake and pool count as weight and the node is active.
    /// @param jailed True while slashing keeps the node inactive.
    /// @param held True while a proposed slash may hold matured unbondings back.
    struct NodeStake {
        uint96 bonded;
        uint96 pooled;
        uint32 nextUnbondingId;
        uint8 unbondingCount;
        bool eligible;
        bool jailed;
        bool held;
    }

    /// @notice Emitted when stake was added. `stakeAfter` is the node's bonded stake.
    event Staked(uint32 indexed nodeIndex, address indexed from, uint256 amount, uint256 stakeAfter);

    /// @notice Emitted when the operator started an unbonding.
    event UnbondRequested(
        uint32 indexed nodeIndex,
        uint32 indexed unbondingId,
        uint256 amount,
        uint64 maturesAt,
        uint256 stakeAfter
    );

    /// @notice Emitted when the operator bonded an unbonding amount again.
    event UnbondCancelled(uint32 indexed nodeIndex, uint32 indexed unbondingId, uint256 amount, uint256 stakeAfter);

    /// @notice Emitted for each matured unbonding that was paid to the beneficiary.
    event Withdrawn(uint32 indexed nodeIndex, uint32 indexed unbondingId, address indexed beneficiary, uint256 amount);

    /// @notice Emitted when a slash took of the bonded stake; delegators' part is in {INodeDelegation.PoolSlashed}.
    event StakeSlashed(uint32 indexed nodeIndex, uint256 amount, uint256 stakeAfter);

    /// @notice Emitted for each unbonding that a slash took of; it is gone when nothing is left.
    event UnbondingSlashed(uint32 indexed nodeIndex, uint32 indexed unbondingId, uint256 amount, uint256 amountAfter);

    /// @notice Emitted when a slash was given back to the bonded stake.
    event StakeRestored(uint32 indexed nodeIndex, uint256 amount, uint256 stakeAfter);

    /// @notice Emitted when matured unbondings of a node may be held back until a time (Unix seconds; 0: no longer).
    event UnbondingsHeld(uint32 indexed nodeIndex, uint64 until);

    /// @notice Thrown when an amount is zero.
    error NodeStaking_ZeroAmount();

    /// @notice Thrown when the caller is neither the owner nor the hot wallet of the node's operator.
    error NodeStaking_NotOperator(address caller, uint32 nodeIndex);

    /// @notice Thrown when a node that has exited is staked, or an unbonding of it is cancelled.
    error NodeStaking_NodeExited(uint32 nodeIndex);

    /// @notice Thrown when more is unbonded than is bonded (MESH wei).
    error NodeStaking_InsufficientStake(uint256 requested, uint256 available);

    /// @notice Thrown when what would stay bonded is above zero but below the minimum (MESH wei): unbond all, or less.
    error NodeStaking_RemainderBelowMinimum(uint256 remainder, uint256 minimum);

    /// @notice Thrown when a node has as many unbondings as are allowed.
    error NodeStaking_TooManyUnbondings(uint256 count, uint256 max);

    /// @notice Thrown when an unbonding does not exist (any more).
    error NodeStaking_UnknownUnbonding(uint32 nodeIndex, uint32 unbondingId);

    /// @notice Thrown when nothing can be withdrawn; `nextMaturity` is Unix seconds, 0 when there is no unbonding. It lies in
    /// the past while a proposed slash holds matured ones back.
    error NodeStaking_NothingMatured(uint32 nodeIndex, uint64 nextMaturity);

    /// @notice Thrown when the caller is not the node registry.
    error NodeStaking_NotRegistry(address caller);

    /// @notice Thrown when the caller is not the delegation contract.
    error NodeStaking_NotDelegation(address caller);

    /// @notice Thrown when the caller is not the slashing contract.
    error NodeStaking_NotSlashing(address caller);

    /// @notice Thrown when the caller is not the contract of votes.
    error NodeStaking_NotVotes(address caller);

    /// @notice Thrown when a node is deactivated before the grace after a change of the minimum is over (Unix seconds).
    error NodeStaking_GraceNotOver(uint32 nodeIndex, uint64 until);

    /// @notice Thrown when an order of the root key names another recipient than the operator's beneficiary.
    error NodeStaking_WrongRecipient(address recipient, address beneficiary);

    /// @notice Thrown when matured unbondings do not add up to exactly the ordered amount (MESH wei).
    error NodeStaking_AmountNotMatured(uint256 amount, uint256 matured);

    /// @notice Thrown when a node is not below the minimum, so that it cannot be deactivated.
    error NodeStaking_NotBelowMinimum(uint32 nodeIndex, uint256 stake, uint256 minimum);

    /// @notice Adds stake to a node from the caller's balance. Anyone may stake for another.
    function stake(uint32 nodeIndex, uint256 amount) external;

    /// @notice Adds stake with an ERC-2612 permit in the same transaction.
    /// @dev The permit runs in try/catch: one that was front-run does not stop the stake when the allowance suffices.
    function stakeWithPermit(
        uint32 nodeIndex,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Starts to unbond. Owner or hot wallet only. Either nothing or at least the minimum must stay bonded; with
    /// nothing bonded the node goes inactive two epochs later. While the operator is quantum-locked, only its root key can.
    /// @param amount MESH wei; the largest uint256 means everything, so that nobody can hinder an exit by adding dust.
    function requestUnbond(uint32 nodeIndex, uint256 amount) external returns (uint32 unbondingId);

    /// @notice Starts to unbond by an order of the root key. Registry only.
    function requestUnbondByOrder(uint32 nodeIndex, uint256 amount) external returns (uint32 unbondingId);

    /// @notice Bonds an unbonding amount again, at any time before it is withdrawn. Owner or hot wallet only.
    function cancelUnbond(uint32 nodeIndex, uint32 unbondingId) external;

    /// @notice Pays matured unbondings, in the order they were requested, to the operator's beneficiary. Anyone may call it.
    /// @param maxCount Largest number of unbondings to pay in this call.
    /// @return amount MESH wei paid.
    function withdraw(uint32 nodeIndex, uint256 maxCount) external returns (uint256 amount);

    /// @notice Pays matured unbondings of exactly `amount` by an order of the root key. Registry only.
    /// @dev Takes them in the order they were requested, passing over those that would exceed the amount.
    function withdrawByOrder(uint32 nodeIndex, address recipient, uint256 amount) external;

    /// @notice Deactivates a node whose stake is below the minimum in force. Anyone may call it, once the parameter
    /// `minStakeGrace` has passed since the minimum was changed.
    function deactivateBelowMinimum(uint32 nodeIndex) external;

    /// @notice Takes note of the size of a node's delegation pool. Delegation contract only.
    /// @param isJoining True when somebody delegates, which an exited node refuses.
    function setPool(uint32 nodeIndex, uint96 assets, bool isJoining) external;

    /// @notice Ends the weight of a node that exits. Registry only.
    function nodeExited(uint32 nodeIndex) external;

    /// @notice Takes MESH of a node for a slash: of bonded stake, unbondings and delegators alike, pro rata to what is there.
    /// Slashing contract only, which is sent the tokens.
    /// @dev Clamped to what is there; never fails for want of stake.
    /// @param pardonableUntil Unix time in seconds until which it can be given back.
    /// @return ownPart MESH wei taken of the operator.
    /// @return poolPart MESH wei taken of delegators.
    function slash(
        uint32 nodeIndex,
        uint256 amount,
        uint64 pardonableUntil
    ) external returns (uint256 ownPart, uint256 poolPart);

    /// @notice Gives a slash back to the bonded stake. Slashing contract only, which must have approved the amount.
    function restore(uint32 nodeIndex, uint256 amount) external;

    /// @notice Makes a node inactive and weightless, or lets it be active again when it has the minimum. Slashing contract
    /// only.
    function setJailed(uint32 nodeIndex, bool jailed) external;

    /// @notice Holds matured unbondings of a node and of its delegators back. Slashing contract only.
    /// @param until Unix seconds; 0 lets them go.
    function hold(uint32 nodeIndex, uint64 until) external;

    /// @notice Has every later fall of an identity's stake told to the contract of votes, which alone calls it.
    /// @param ramp Seconds of `voteAgeRamp` in force, which ages stake from now on.
    /// @return aged What {agedStakeOf} returns.
    function trackStake(uint32 identityId, uint40 ramp) external returns (uint256 aged);

    /// @notice Returns the bonded stake of a node in MESH wei.
    function stakeOf(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns all that is kept about a node's stake, from one storage slot.
    function nodeStakeOf(uint32 nodeIndex) external view returns (NodeStake memory);

    /// @notice Returns the weight of a node in MESH wei: stake and pool while it is eligible, else zero.
    function weightOf(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns all MESH wei that a slash can take now: stake, pool and every unbonding.
    function slashableOf(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns the newest maturity (Unix seconds) that can be withdrawn now: the present, or less while a proposed
    /// slash holds unbondings back.
    /// @dev An unbonding is never held for longer than dispute, veto and buffer together after it has matured: by then every
    /// slash about the time when it was bonded is over, whatever is proposed about later times.
    function withdrawableUntil(uint32 nodeIndex) external view returns (uint64);

    /// @notice Returns the contract that holds what is delegated.
    function delegation() external view returns (INodeDelegation);

    /// @notice Returns the sum of bonded stake over all nodes of an identity in MESH wei.
    function stakeOfIdentity(uint32 identityId) external view returns (uint256);

    /// @notice Returns what of {stakeOfIdentity} has been there for one to two ramps, in MESH wei.
    /// @dev When stake was added less than two ramps ago, it is rounded up to a multiple of 2^40 wei, at most to all there is.
    /// Stake that is added never lowers it, stake that leaves does at once.
    /// @param ramp Seconds, more than zero.
    function agedStakeOf(uint32 identityId, uint256 ramp) external view returns (uint256);

    /// @notice Returns the unbondings of a node that were not withdrawn or cancelled, oldest first.
    function unbondingsOf(uint32 nodeIndex) external view returns (Unbonding[] memory);

    /// @notice Returns how many unbondings a node can have at once.
    function maxUnbondings() external view returns (uint256);

    /// @notice Returns the sum of all bonded and unbonding stake of operators in MESH wei.
    function totalHeld() external view returns (uint256);
}
