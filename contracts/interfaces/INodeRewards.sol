// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Rewards of nodes by weight. The weight of a node is its bonded stake and its delegation pool together in MESH
/// wei, zero while it is jailed, exited or below the minimum.
interface INodeRewards {
    /// @notice Emitted when the weight of a node changed; it counts from `fromEpoch` on.
    event WeightChanged(uint32 indexed nodeIndex, uint96 weight, uint64 fromEpoch);

    /// @notice Emitted once, when the deployer names the staking contract.
    event StakingBound(address indexed staking);

    /// @notice Thrown when the caller is not the staking contract.
    error NodeRewards_NotStaking(address caller);

    /// @notice Names the staking contract, once and for ever. Deployer only; after it the deployer has no power here.
    function bindStaking(address staking_) external;

    /// @notice Takes note of a node's new weight, which counts from the next epoch on. Staking contract only.
    /// @dev Called on every change of stake, pool or eligibility, also from within {claim} while rewards join a pool or a
    /// stake: state must be complete before tokens leave. Never reverts for a weight.
    /// @param newWeight MESH wei.
    function weightChanged(uint32 nodeIndex, uint96 newWeight) external;

    /// @notice Returns the weight of a node in an epoch.
    /// @dev Slashing pins the stake of the time of an offence with it.
    /// @return weight MESH wei.
    /// @return isKnown False when the history does not reach back so far; slashing then takes what is there now.
    function weightAt(uint32 nodeIndex, uint64 epoch) external view returns (uint96 weight, bool isKnown);

    /// @notice Pays the rewards of nodes to the beneficiaries of their operators, and what their delegators earned into
    /// their pools. Anyone may call it, for any nodes.
    /// @return amount MESH wei paid for all nodes together, pools included.
    function claim(uint32[] calldata nodeIndices) external returns (uint256 amount);

    /// @notice Adds the rewards of a node to its own stake in place of paying them out. Owner or hot wallet only.
    /// @return amount MESH wei, pool included.
    function claimAndStake(uint32 nodeIndex) external returns (uint256 amount);
}
