import { BigInt } from "@graphprotocol/graph-ts";
import { RewardsClaimed, StakingBound, WeightChanged, WordClosed } from "../generated/NodeRewards/NodeRewards";
import { Node, RewardClaim, RewardDay, RewardWord, WeightChange } from "../generated/schema";
import { bindingOf } from "./bindings";
import { eventId, loadNetwork, mustLoadNode } from "./entities";

const ZERO = BigInt.zero();
const SECONDS_PER_DAY: i32 = 86400;

export function handleWeightChanged(event: WeightChanged): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const network = loadNetwork();
  network.totalWeight = network.totalWeight.plus(event.params.weight).minus(node.weight);
  network.save();
  node.weight = event.params.weight;
  node.weightFrom = event.params.fromEpoch;
  node.save();

  const change = new WeightChange(eventId(event));
  change.node = node.id;
  change.weight = event.params.weight;
  change.fromEpoch = event.params.fromEpoch;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleWordClosed(event: WordClosed): void {
  const network = loadNetwork();
  network.rewardPerMesh = network.rewardPerMesh.plus(event.params.perMesh);
  network.recyclable = network.recyclable.minus(event.params.recycled);
  network.save();

  const word = new RewardWord(event.params.word.toString());
  word.word = event.params.word;
  word.emission = event.params.emission;
  word.recycled = event.params.recycled;
  word.perMesh = event.params.perMesh;
  word.accumulated = network.rewardPerMesh;
  word.workedEpochs = event.params.workedEpochs.toI32();
  word.timestamp = event.block.timestamp;
  word.transaction = event.transaction.hash;
  word.save();
}

export function handleRewardsClaimed(event: RewardsClaimed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const network = loadNetwork();
  network.rewardsToOperators = network.rewardsToOperators.plus(event.params.toOperator);
  network.rewardsToPools = network.rewardsToPools.plus(event.params.toPool);
  network.rewardsReturned = network.rewardsReturned.plus(event.params.returned);
  network.recyclable = network.recyclable.plus(event.params.returned);
  network.save();
  node.rewardsToOperator = node.rewardsToOperator.plus(event.params.toOperator);
  node.rewardsToPool = node.rewardsToPool.plus(event.params.toPool);
  node.rewardsReturned = node.rewardsReturned.plus(event.params.returned);
  node.claimedUntilWord = event.params.untilWord;
  node.save();
  addToDay(node, event);

  const staking = network.stakingContract;
  const claim = new RewardClaim(eventId(event));
  claim.node = node.id;
  claim.receiver = event.params.receiver;
  claim.isStaked = staking !== null && staking.equals(event.params.receiver);
  claim.fromWord = event.params.fromWord;
  claim.untilWord = event.params.untilWord;
  claim.toOperator = event.params.toOperator;
  claim.toPool = event.params.toPool;
  claim.returned = event.params.returned;
  claim.timestamp = event.block.timestamp;
  claim.transaction = event.transaction.hash;
  claim.save();
}

export function handleRewardsStakingBound(event: StakingBound): void {
  const binding = bindingOf(event);
  binding.staking = event.params.staking;
  binding.delegation = event.params.delegation;
  binding.save();
}

function addToDay(node: Node, event: RewardsClaimed): void {
  const day = event.block.timestamp.div(BigInt.fromI32(SECONDS_PER_DAY)).toI32();
  const id = node.id + "-" + day.toString();
  let entity = RewardDay.load(id);
  if (entity == null) {
    entity = new RewardDay(id);
    entity.node = node.id;
    entity.day = day;
    entity.claimCount = 0;
    entity.toOperator = ZERO;
    entity.toPool = ZERO;
    entity.returned = ZERO;
  }
  entity.claimCount += 1;
  entity.toOperator = entity.toOperator.plus(event.params.toOperator);
  entity.toPool = entity.toPool.plus(event.params.toPool);
  entity.returned = entity.returned.plus(event.params.returned);
  entity.save();
}
