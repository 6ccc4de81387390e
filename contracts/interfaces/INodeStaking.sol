// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stake of MESH per node, with several concurrent unbondings.
/// @dev Amounts are MESH wei (18 decimals). Stake paid in by anyone belongs to the node's operator and leaves only to its
/// beneficiary. Unbonding stake stays in the contract and stays slashable until it is withdrawn.
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

    /// @notice Thrown when nothing has matured yet; `nextMaturity` is Unix seconds, 0 when there is no unbonding.
    error NodeStaking_NothingMatured(uint32 nodeIndex, uint64 nextMaturity);

    /// @notice Thrown when the caller is not the node registry.
    error NodeStaking_NotRegistry(address caller);

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

    /// @notice Deactivates a node whose stake is below the minimum in force (after the DAO raised it). Anyone may call it.
    function deactivateBelowMinimum(uint32 nodeIndex) external;

    /// @notice Returns the bonded stake of a node in MESH wei.
    function stakeOf(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns the sum of bonded stake over all nodes of an identity in MESH wei.
    function stakeOfIdentity(uint32 identityId) external view returns (uint256);

    /// @notice Returns the unbondings of a node that were not withdrawn or cancelled, oldest first.
    function unbondingsOf(uint32 nodeIndex) external view returns (Unbonding[] memory);

    /// @notice Returns the sum of all bonded stake in MESH wei.
    function totalStaked() external view returns (uint256);

    /// @notice Returns the sum of all unbonding stake in MESH wei.
    function totalUnbonding() external view returns (uint256);
}
