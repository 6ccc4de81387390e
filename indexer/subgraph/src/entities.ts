import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { Network, Node, Operator, Shard } from "../generated/schema";

/** Nodes in a shard. */
export const SHARD_SIZE: i32 = 512;

const ZERO = BigInt.zero();

/** The network's one entity, created on first use. */
export function loadNetwork(): Network {
  let network = Network.load("pqmesh");
  if (network == null) {
    network = new Network("pqmesh");
    network.operatorCount = 0;
    network.nodeCount = 0;
    network.reportCount = 0;
    network.totalStaked = ZERO;
    network.totalUnbonding = ZERO;
    network.totalBonded = ZERO;
    network.totalFrozen = ZERO;
    network.committeeVersion = 0;
    network.challengeCount = 0;
    network.openChallengeCount = 0;
    network.queuedChallengeCount = 0;
    network.totalDelegated = ZERO;
    network.totalUndelegating = ZERO;
    network.totalSlashFrozen = ZERO;
    network.totalWeight = ZERO;
    network.openSlashProposalCount = 0;
    network.rewardsToOperators = ZERO;
    network.rewardsToPools = ZERO;
    network.rewardsReturned = ZERO;
    network.recyclable = ZERO;
    network.rewardPerMesh = ZERO;
    network.admittedCount = 0;
    network.feeReserve = ZERO;
  }
  return network;
}

/** A shard, created on first use. */
export function loadShard(shard: i32): Shard {
  const id = shard.toString();
  let entity = Shard.load(id);
  if (entity == null) {
    entity = new Shard(id);
    entity.shard = shard;
    entity.nodeCount = 0;
    entity.reportCount = 0;
  }
  return entity;
}

/** The operator that an event names; it was registered by an earlier event. */
export function mustLoadOperator(identityId: BigInt): Operator {
  return Operator.load(identityId.toString())!;
}

/** The node that an event names; it was registered by an earlier event. */
export function mustLoadNode(nodeIndex: BigInt): Node {
  return Node.load(nodeIndex.toString())!;
}

/** Id of a report. */
export function reportId(epoch: BigInt, shard: i32): string {
  return epoch.toString() + "-" + shard.toString();
}

/** Id of something that exists once per event. */
export function eventId(event: ethereum.Event): string {
  return event.transaction.hash.toHexString() + "-" + event.logIndex.toString();
}

/** `length` zero bytes. */
export function zeroBytes(length: i32): Bytes {
  return Bytes.fromUint8Array(new Uint8Array(length));
}
