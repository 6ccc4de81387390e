// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Rewards of nodes by weight. The weight of a node is its bonded stake and its delegation pool together, zero
/// while it is jailed, exited or below the minimum.
/// @dev Time is divided into words of 256 epochs. A word that is over is closed once: what Caesar emits for it is divided
/// by weight and time, epoch by epoch. A node earns its part of a word times the share of the word's epochs that it
/// attested; the rest returns to the pool and is emitted again, a 64th with each later word. Only words before the
/// finality horizon are paid. Weights count in whole MESH. Every division rounds in favour of the pool.
/// Warning: a delegation pool grows when rewards are claimed, which anyone may do at any time.
interface INodeRewards {
    /// @notice What a claim would pay now, words that were not closed yet left out.
    /// @param operatorAmount MESH wei for the operator's beneficiary.
    /// @param poolAmount MESH wei for the delegation pool.
    /// @param returned MESH wei that return to the pool of emissions, because the node was absent, degraded or unreported.
    /// @param fromWord First word that was not claimed.
    /// @param untilWord First word that is not paid.
    struct Preview {
        uint256 operatorAmount;
        uint256 poolAmount;
        uint256 returned;
        uint64 fromWord;
        uint64 untilWord;
    }

    /// @notice What a closed word paid.
    /// @param accumulated MESH wei per MESH of weight since the first word, this one included.
    /// @param perMesh MESH wei per MESH of weight that counted for the whole word.
    /// @param isClosed True once the word is over and was closed; before, the other two are zero.
    struct WordReward {
        uint128 accumulated;
        uint120 perMesh;
        bool isClosed;
    }

    /// @notice Emitted when the weight of a node changed; it counts from `fromEpoch` on. `weight` is whole MESH in wei.
    event WeightChanged(uint32 indexed nodeIndex, uint96 weight, uint64 fromEpoch);

    /// @notice Emitted when a word was closed.
    /// @param emission MESH wei for all nodes together, `recycled` included.
    /// @param recycled Part of it that had returned from earlier words.
    /// @param perMesh MESH wei per MESH of weight that counted for the whole word.
    /// @param workedEpochs Epochs of the word in which there was weight; nothing is emitted for the others.
    event WordClosed(uint64 indexed word, uint256 emission, uint256 recycled, uint256 perMesh, uint256 workedEpochs);

    /// @notice Emitted when the rewards of the words `[fromWord, untilWord)` of a node were paid.
    /// @param receiver Beneficiary of the operator, or the staking contract when its part was staked.
    event RewardsClaimed(
        uint32 indexed nodeIndex,
        address indexed receiver,
        uint64 fromWord,
        uint64 untilWord,
        uint256 toOperator,
        uint256 toPool,
        uint256 returned
    );

    /// @notice Emitted once, when the deployer names the staking contract and the delegation pools.
    event StakingBound(address indexed staking, address indexed delegation);

    /// @notice Thrown when the caller is not the staking contract nor, for {settle}, the delegation pools.
    error NodeRewards_NotStaking(address caller);

    /// @notice Thrown when somebody else than owner or hot wallet of the node's operator stakes its rewards.
    error NodeRewards_NotOperator(address caller, uint32 nodeIndex);

    /// @notice Thrown when stake or a delegation joins a node whose rewards before word `until` cannot be paid first, or not
    /// in one call: because of a dispute about word `word`, or because there are too many of them ({claimWords}).
    error NodeRewards_NotSettled(uint32 nodeIndex, uint64 word, uint64 until);

    /// @notice Thrown when stake or a delegation joins a node while so many words before word `until` are not closed that one
    /// call cannot close them: the first of them is `closedUntil`, and {closeWords} closes any number.
    error NodeRewards_WordsNotClosed(uint64 closedUntil, uint64 until);

    /// @notice Names the staking contract and the delegation pools, once and for ever. Deployer only; after it the deployer
    /// has no power here.
    function bindStaking(address staking_, address delegation_) external;

    /// @notice Takes note of a node's new weight, which counts from the next epoch on. Staking contract only.
    /// @dev Called on every change of stake, pool or eligibility, also from within {claim} while rewards join a pool or a
    /// stake: state must be complete before tokens leave. Never reverts for a weight. A change within the same whole MESH
    /// writes nothing.
    /// @param newWeight MESH wei.
    function weightChanged(uint32 nodeIndex, uint96 newWeight) external;

    /// @notice Pays what is final of a node's rewards, before stake or a delegation joins that earned nothing of it. Staking
    /// contract and delegation pools only.
    /// @dev Closes up to 128 words first. What is in the way for longer anyone can pay page by page: {closeWords}, {claimWords}.
    /// @param isDelegated True for a delegation.
    function settle(uint32 nodeIndex, bool isDelegated) external;

    /// @notice Closes words that are over, oldest first. Anyone may call it; claims close up to 64 words themselves.
    /// @return closedUntil First word that is not closed.
    function closeWords(uint256 maxWords) external returns (uint64 closedUntil);

    /// @notice Pays the rewards of nodes to the beneficiaries of their operators, and what their delegators earned into
    /// their pools. Anyone may call it, for any nodes; those that have nothing to claim are passed over.
    /// @return amount MESH wei paid for all nodes together, pools included.
    function claim(uint32[] calldata nodeIndices) external returns (uint256 amount);

    /// @notice Pays the rewards of at most `maxWords` words of a node: for nodes whose shard was in trouble for so long that
    /// {claim} does not fit into one transaction.
    function claimWords(uint32 nodeIndex, uint64 maxWords) external returns (uint256 amount);

    /// @notice Adds the rewards of a node to its own stake in place of paying them out. Owner or hot wallet only.
    /// @dev That stake joins too: where there are delegators, everything final is paid first, as {settle} has it.
    /// @return amount MESH wei, pool included.
    function claimAndStake(uint32 nodeIndex) external returns (uint256 amount);

    /// @notice Returns what {claim} would pay for a node if no further word were closed.
    function preview(uint32 nodeIndex) external view returns (Preview memory);

    /// @notice Returns the weight of a node in an epoch.
    /// @dev Slashing pins the stake of the time of an offence with it.
    /// @return weight MESH wei, in whole MESH.
    /// @return isKnown False when the weight changed more than 400 words later or, in the word of the epoch, after it; slashing
    /// then takes what is there now.
    function weightAt(uint32 nodeIndex, uint64 epoch) external view returns (uint96 weight, bool isKnown);

    /// @notice Returns the weight of all nodes together in MESH wei, from the next epoch on.
    function totalWeight() external view returns (uint256);

    /// @notice Returns what a word paid.
    function wordReward(uint64 word) external view returns (WordReward memory);

    /// @notice Returns the first word that is not closed.
    function closedUntil() external view returns (uint64);

    /// @notice Returns what returned from absent nodes and was not emitted again yet, in MESH wei.
    function recyclable() external view returns (uint256);

    /// @notice Returns the first word of a node that was not claimed.
    function nextWordOf(uint32 nodeIndex) external view returns (uint64);

    /// @notice Returns the epochs for which a node would be paid while its shard is not reported: one for each epoch it
    /// attested, ten fewer for each absence, at most 65,535. An outage finds at most `rewardGraceEpochs` of them.
    function graceOf(uint32 nodeIndex) external view returns (uint256);
}
