/** A change of a contract that an invariant must find. */
export interface PlantedBug {
  /** Bugs of one round are planted together. */
  round: number;
  /** What is wrong, in words. */
  bug: string;
  /** Path within contracts/. */
  file: string;
  from: string;
  to: string;
  /** Tests that must fail, as `TestContract.test`. */
  found: string[];
}

const committee = "RelayerCommittee.sol";
const fees = "CommitteeFees.sol";
const rewards = "NodeRewards.sol";
const staking = "NodeStaking.sol";

/** Bugs of the economy, each with the invariants that must find it. */
export const PLANTED_BUGS: PlantedBug[] = [
  {
    round: 1,
    bug: "a withdrawal stays in the total",
    file: staking,
    from: "        totalHeld -= amount;\n",
    to: "",
    found: [
      "NodeStakingTest.invariant_stakeIsConserved",
      "NodeStakingTest.invariant_totalsAreTheSumOfTheNodes",
      "StakeEconomyTest.invariant_everyContractHoldsWhatItOwes",
      "StakeEconomyTest.invariant_totalHeldIsTheSumOfTheNodes",
      "StakeEconomyTest.invariant_allStakeAndDelegationCanLeave",
    ],
  },
  {
    round: 1,
    bug: "staking is not told of the jail",
    file: "NodeSlashing.sol",
    from: "if (previous == 0) _staking.setJailed(order.nodeIndex, true);",
    to: "previous;",
    found: [
      "StakeEconomyTest.invariant_jailedNodesAreInactive",
      "StakeEconomyTest.invariant_weightIsWhatStakeAndPoolSay",
    ],
  },
  {
    round: 1,
    bug: "a report is paid as often as it is shown",
    file: fees,
    from: "if (_paid.has(report.shard, report.epoch)) continue;",
    to: "",
    found: [
      "CommitteeFeesTest.invariant_membersAreCreditedWhatTheyEarned",
      "CommitteeFeesTest.invariant_onlyFinalHonestReportsArePaidOnce",
    ],
  },
  {
    round: 1,
    bug: "a bond that left stays in the total",
    file: committee,
    from: "        relayer.vacatableAt = 0;\n        totalBonded -= amount;",
    to: "        relayer.vacatableAt = 0;",
    found: ["RelayerCommitteeTest.invariant_bondsAreConserved"],
  },
  {
    round: 1,
    bug: "a candidate takes the last seat",
    file: committee,
    from: "for (; place > 0 && members[place - 1] > member; --place)",
    to: "for (; place > count; --place)",
    found: ["RelayerCommitteeTest.invariant_seatsAreInOrderAndApart"],
  },
  {
    round: 1,
    bug: "two thirds are a quorum",
    file: committee,
    from: "return (2 * seats) / 3 + 1;",
    to: "return (2 * seats + 2) / 3;",
    found: ["RelayerCommitteeTest.invariant_quorumIsMoreThanTwoThirds"],
  },
  {
    round: 1,
    bug: "released emissions stay in the credit",
    file: "CaesarEmissions.sol",
    from: "credit -= amount;",
    to: "",
    found: ["CaesarEmissionsTest.invariant_bucketIsConserved"],
  },
  {
    round: 1,
    bug: "tokens vest without a cliff",
    file: "VestingVault.sol",
    from: "VestingWalletCliff(cliffSeconds)",
    to: "VestingWalletCliff(0)",
    found: ["VestingVaultTest.invariant_nothingVestsBeforeItsTime"],
  },
  {
    round: 1,
    bug: "what absent nodes did not earn is lost",
    file: rewards,
    from: "if (returned > 0) _recycle(returned);",
    to: "",
    found: ["NodeRewardsTest.invariant_everythingEmittedReachesNodesOrReturns"],
  },
  {
    round: 2,
    bug: "a cancelled unbonding is replaced by the newest",
    file: staking,
    from: "        for (; position + 1 < count; ++position) {\n            list[position] = list[position + 1];\n        }",
    to: "        list[position] = list[count - 1];",
    found: ["NodeStakingTest.invariant_unbondingsAreOrderedAndNeverEmpty"],
  },
  {
    round: 2,
    bug: "proposals hold unbondings back when they are over",
    file: "SlashProposals.sol",
    from: "if (--openProposals[proposal.nodeIndex] == 0)",
    to: "if (openProposals[proposal.nodeIndex]-- == 0)",
    found: ["StakeEconomyTest.invariant_openProposalsHoldUnbondings"],
  },
  {
    round: 2,
    bug: "slashes are a share of what there is now",
    file: "NodeSlashing.sol",
    from: "if (isKnown && (weight > 0 || !_registry.isActive(nodeIndex, epoch))) return weight;",
    to: "weight; isKnown;",
    found: ["StakeEconomyTest.invariant_slashesNeverExceedTheStakeOfTheirTime"],
  },
  {
    round: 2,
    bug: "shares that leave stay in the pool",
    file: "libraries/SharePools.sol",
    from: "pool.shares -= uint144(shares);",
    to: "pool.shares -= uint144(shares / 2);",
    found: ["StakeEconomyTest.invariant_sharesAreTheSumOfThePositions"],
  },
  {
    round: 2,
    bug: "fees can be withdrawn again",
    file: fees,
    from: "        feesOf[member] = 0;\n",
    to: "",
    found: ["CommitteeFeesTest.invariant_feesAreConserved", "CommitteeFeesTest.invariant_allFeesCanLeave"],
  },
  {
    round: 2,
    bug: "who is seated by the DAO goes on waiting",
    file: committee,
    from: "        _dequeueSeated();\n",
    to: "",
    found: [
      "RelayerCommitteeTest.invariant_whoLeavesItsSeatIsGone",
      "RelayerCommitteeTest.invariant_allBondsCanLeave",
      "RelayerCommitteeTest.invariant_candidatesWaitOnceAndInOrder",
    ],
  },
  {
    round: 2,
    bug: "emissions count more seconds than went by",
    file: "CaesarEmissions.sol",
    from: "uint256 counted = workedSeconds < elapsed ? workedSeconds : elapsed;",
    to: "uint256 counted = workedSeconds % 1e9 + elapsed;",
    found: [
      "CaesarEmissionsTest.invariant_emissionsStayBelowTheCurveAndTheBucket",
      "NodeRewardsTest.invariant_emissionsStayBelowTheCurve",
    ],
  },
  {
    round: 2,
    bug: "anybody delegates locked votes",
    file: "VestingVault.sol",
    from: "function delegateVotes(address token, address delegatee) external onlyOwner {",
    to: "function delegateVotes(address token, address delegatee) external {",
    found: ["VestingVaultTest.invariant_onlyItsOwnerGivesOrders"],
  },
  {
    round: 3,
    bug: "a slash takes a wei more",
    file: "NodeSlashing.sol",
    from: "_staking.slash(order.nodeIndex, order.amount);",
    to: "_staking.slash(order.nodeIndex, order.amount + 1);",
    found: ["StakeEconomyTest.invariant_slashesTakeExactlyTheirShareAndNeverFail"],
  },
  {
    round: 3,
    bug: "a node without stake stays active",
    file: staking,
    from: "        _deactivate(nodeIndex, node);\n        return unbondingId;",
    to: "        _stakes[nodeIndex] = node;\n        return unbondingId;",
    found: ["NodeStakingTest.invariant_activityFollowsStake"],
  },
  {
    round: 3,
    bug: "members that signed lose their seat",
    file: fees,
    from: "if ((report.signers >> seat) & 1 == 1) revert CommitteeFees_HasSigned(member, report.epoch);",
    to: "",
    found: ["CommitteeFeesTest.invariant_onlySilentMembersLoseTheirSeat"],
  },
  {
    round: 3,
    bug: "jailed members keep their seat",
    file: committee,
    from: "if (jailed == 0) return;",
    to: "if (jailed >= 0) return;",
    found: ["RelayerCommitteeTest.invariant_everySeatIsBonded"],
  },
  {
    round: 3,
    bug: "what returns is counted twice",
    file: rewards,
    from: "if (returned > 0) _recycle(returned);",
    to: "if (returned > 0) _recycle(2 * returned);",
    found: ["NodeRewardsTest.invariant_rewardsNeverExceedEmissions"],
  },
  {
    round: 4,
    bug: "a version begins before the one before it",
    file: committee,
    from: "fromEpoch: currentEpoch() + EFFECT_DELAY,",
    to: "fromEpoch: currentEpoch() + (number % 2 == 0 ? 1 : 20),",
    found: ["RelayerCommitteeTest.invariant_versionsFollowEachOther"],
  },
  {
    round: 4,
    bug: "a claim pays a wei less than it says",
    file: rewards,
    from: "else if (toOperator > 0) _token.safeTransfer(receiver, toOperator);",
    to: "else if (toOperator > 0) _token.safeTransfer(receiver, toOperator - 1);",
    found: ["NodeRewardsTest.invariant_rewardsAreConserved"],
  },
  {
    round: 4,
    bug: "weight that leaves stays in the total",
    file: "RewardWords.sol",
    from: "running.total = running.total - previous + next;",
    to: "running.total = running.total - previous / 2 + next;",
    found: ["NodeRewardsTest.invariant_totalWeightIsTheSumOfTheNodes"],
  },
  {
    round: 4,
    bug: "vested tokens are paid a second time",
    file: "VestingVault.sol",
    from: "    /// @inheritdoc IVestingVault\n    function delegateVotes",
    to: '    function release(address token) public override {\n        super.release(token);\n        token.call(abi.encodeWithSignature("transfer(address,uint256)", owner(), 1));\n    }\n\n    /// @inheritdoc IVestingVault\n    function delegateVotes',
    found: ["VestingVaultTest.invariant_vestingIsConserved"],
  },
  {
    round: 5,
    bug: "a word forgets what was before it",
    file: "RewardWords.sol",
    from: "WordReward(uint128(before + perMesh), uint120(perMesh), true)",
    to: "WordReward(uint128(perMesh), uint120(perMesh + 0 * before), true)",
    found: ["NodeRewardsTest.invariant_accumulatorNeverFalls", "NodeRewardsTest.invariant_nothingIsRefused"],
  },
  {
    round: 5,
    bug: "transfers make tokens",
    file: "MeshToken.sol",
    from: "        super._update(from, to, value);\n",
    to: "        super._update(from, to, value);\n        if (from != address(0) && value > 7) super._update(address(0), to, 1);\n",
    found: ["CaesarEmissionsTest.invariant_supplyIsFixed"],
  },
];
