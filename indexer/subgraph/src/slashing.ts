import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  ArbitersBound,
  NodeJailed,
  NodeSlashed,
  NodeSlashPaid,
  NodeSlashPardoned,
  NodeUnjailed,
  StakingBound,
} from "../generated/NodeSlashing/NodeSlashing";
import { JailChange, NodeEquivocation, NodeSlash } from "../generated/schema";
import { bindArbiters } from "./arbiters";
import { bindStaking } from "./bindings";
import { eventId, loadNetwork, mustLoadNode } from "./entities";
import { audit } from "./uptime";

const ZERO = BigInt.zero();
/** Text that INodeSlashing.slashDowntime names as its offence, left-aligned in 32 bytes. */
const DOWNTIME = "Downtime";
/** Jailed until then means for ever. */
const FOR_EVER = BigInt.fromU64(u64.MAX_VALUE);

export function handleNodeSlashed(event: NodeSlashed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const taken = event.params.ownPart.plus(event.params.poolPart);
  const isEmpty = event.params.slashId.isZero();
  const slash = new NodeSlash(isEmpty ? eventId(event) : event.params.slashId.toString());
  slash.number = event.params.slashId;
  slash.node = node.id;
  slash.kind = "Proposed";
  slash.offence = event.params.offence;
  if (event.params.reporter != Address.zero()) slash.reporter = event.params.reporter;
  slash.ownPart = event.params.ownPart;
  slash.poolPart = event.params.poolPart;
  slash.reward = event.params.reward;
  slash.state = isEmpty ? "Empty" : "Frozen";
  slash.payableAt = event.params.payableAt;
  slash.paidToReporter = ZERO;
  slash.paidToTreasury = ZERO;
  slash.restoredToOperator = ZERO;
  slash.restoredToPool = ZERO;
  slash.timestamp = event.block.timestamp;
  slash.transaction = event.transaction.hash;
  name(slash);
  slash.save();

  node.slashCount += 1;
  audit(node, event.block.timestamp);
  freeze(taken);
}

export function handleNodeJailed(event: NodeJailed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.jailedUntil = event.params.until;
  node.isBarred = event.params.until.equals(FOR_EVER);
  audit(node, event.block.timestamp);

  const change = new JailChange(eventId(event));
  change.node = node.id;
  change.until = event.params.until;
  change.offence = event.params.offence;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleNodeUnjailed(event: NodeUnjailed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.jailedUntil = null;
  node.isBarred = false;
  audit(node, event.block.timestamp);

  const change = new JailChange(eventId(event));
  change.node = node.id;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleNodeSlashPaid(event: NodeSlashPaid): void {
  const slash = settle(event.params.slashId, "Paid", event.block.timestamp);
  slash.paidToReporter = event.params.toReporter;
  slash.paidToTreasury = event.params.toTreasury;
  slash.save();
}

export function handleNodeSlashPardoned(event: NodeSlashPardoned): void {
  const slash = settle(event.params.slashId, "Pardoned", event.block.timestamp);
  slash.restoredToOperator = event.params.toOperator;
  slash.restoredToPool = event.params.toPool;
  slash.paidToTreasury = event.params.toTreasury;
  slash.save();

  const node = mustLoadNode(BigInt.fromString(slash.node));
  node.slashCount -= 1;
  audit(node, event.block.timestamp);
}

export function handleSlashingArbitersBound(event: ArbitersBound): void {
  bindArbiters(event.params.arbiters, event);
}

export function handleSlashingStakingBound(event: StakingBound): void {
  bindStaking(event.params.staking, event);
}

/** Says what a slash is for. A proof comes before it in its transaction; a proposal names itself after it. */
function name(slash: NodeSlash): void {
  if (slash.offence.equals(downtime())) slash.kind = "Downtime";
  const equivocation = NodeEquivocation.load(slash.offence.toHexString());
  if (equivocation == null || !equivocation.transaction.equals(slash.transaction)) return;
  slash.kind = "Equivocation";
  slash.equivocation = equivocation.id;
  if (slash.number.isZero()) return;
  equivocation.slash = slash.id;
  equivocation.save();
}

function downtime(): Bytes {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < DOWNTIME.length; i++) bytes[i] = DOWNTIME.charCodeAt(i) as u8;
  return Bytes.fromUint8Array(bytes);
}

function settle(slashId: BigInt, state: string, timestamp: BigInt): NodeSlash {
  const slash = NodeSlash.load(slashId.toString())!;
  slash.state = state;
  slash.settledAt = timestamp;
  freeze(slash.ownPart.plus(slash.poolPart).neg());
  return slash;
}

function freeze(amount: BigInt): void {
  const network = loadNetwork();
  network.totalSlashFrozen = network.totalSlashFrozen.plus(amount);
  network.save();
}
