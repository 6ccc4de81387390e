import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  decayedRatio,
  FULL_BP,
  qualityBp,
  ratioBp,
  trustScore,
  TrustWeights,
} from "../../../contracts/protocol/trust-score";
import {
  AttestationCommitted,
  BeaconRecorded,
  EpochsUnreported,
  MeasurementApproved,
  MeasurementRetired,
  ReportAccepted,
} from "../generated/AttestationBridge/AttestationBridge";
import {
  ActiveInterval,
  Beacon,
  CommittedAttestation,
  Measurement,
  Node,
  Report,
  UnreportedRange,
  UptimePage,
} from "../generated/schema";
import { eventId, loadNetwork, loadShard, SHARD_SIZE, zeroBytes } from "./entities";
import { parameterAt } from "./parameters";

const EPOCHS_PER_PAGE: i32 = 256;
const ATTESTED: u8 = 1;
const ABSENT: u8 = 2;
const DEGRADED: u8 = 3;

/** Weights and half-life in force when a report arrives. */
class TrustPolicy {
  constructor(
    public weights: TrustWeights,
    public halfLifeEpochs: i32,
  ) {}
}

export function handleReportAccepted(event: ReportAccepted): void {
  const shardNumber = event.params.shard.toI32();
  const shard = loadShard(shardNumber);
  const statuses = statusesOf(event.params.absent, event.params.degraded);
  const policy = trustPolicyAt(event.block.timestamp);
  const report = newReport(event);

  for (let local = 0; local < shard.nodeCount; local++) {
    const node = Node.load((shardNumber * SHARD_SIZE + local).toString())!;
    if (!isActive(node, event.params.epoch)) continue;
    const quality: u8 = local < event.params.quality.length ? event.params.quality[local] : 0;
    countNode(report, statuses[local]);
    applyEpoch(node, event.params.epoch, statuses[local], quality);
    applyTrust(node, statuses[local], quality, policy);
    node.save();
  }
  report.save();

  shard.reportCount += 1;
  shard.lastEpoch = event.params.epoch;
  shard.save();
  const network = loadNetwork();
  network.reportCount += 1;
  const last = network.lastReportedEpoch;
  if (last === null || last.lt(event.params.epoch)) network.lastReportedEpoch = event.params.epoch;
  network.save();
}

export function handleEpochsUnreported(event: EpochsUnreported): void {
  const range = new UnreportedRange(eventId(event));
  range.shard = event.params.shard.toI32();
  range.fromEpoch = event.params.fromEpoch;
  range.toEpoch = event.params.toEpoch;
  range.save();
}

export function handleBeaconRecorded(event: BeaconRecorded): void {
  const beacon = new Beacon(event.params.epoch.toString());
  beacon.epoch = event.params.epoch;
  beacon.beacon = event.params.beacon;
  beacon.blockNumber = event.params.blockNumber;
  beacon.save();
}

export function handleAttestationCommitted(event: AttestationCommitted): void {
  const node = event.params.nodeIndex.toString();
  const committed = new CommittedAttestation(node + "-" + event.params.epoch.toString());
  committed.node = node;
  committed.epoch = event.params.epoch;
  committed.attestationHash = event.params.attestationHash;
  committed.transaction = event.transaction.hash;
  committed.save();
}

export function handleMeasurementApproved(event: MeasurementApproved): void {
  const measurement = new Measurement(event.params.measurement.toHexString());
  measurement.approvedFrom = event.params.fromEpoch;
  // A build may be approved again after it was retired.
  measurement.approvedUntil = null;
  measurement.save();
}

export function handleMeasurementRetired(event: MeasurementRetired): void {
  const measurement = Measurement.load(event.params.measurement.toHexString())!;
  measurement.approvedUntil = event.params.fromEpoch;
  measurement.save();
}

function newReport(event: ReportAccepted): Report {
  const report = new Report(event.params.epoch.toString() + "-" + event.params.shard.toString());
  report.epoch = event.params.epoch;
  report.shard = event.params.shard.toI32();
  report.round = event.params.round.toI32();
  report.committeeVersion = event.params.committeeVersion.toI32();
  report.root = event.params.root;
  report.digest = event.params.digest;
  report.beacon = event.params.beacon;
  report.beaconBlock = event.params.beaconBlock;
  report.signers = event.params.signers;
  report.signerCount = countBits(event.params.signers);
  report.submitter = event.params.submitter;
  report.attestedCount = 0;
  report.absentCount = 0;
  report.degradedCount = 0;
  report.absent = event.params.absent;
  report.degraded = event.params.degraded;
  report.quality = event.params.quality;
  report.blockNumber = event.block.number;
  report.timestamp = event.block.timestamp;
  report.transaction = event.transaction.hash;
  return report;
}

/** Status of each local index; an index in both lists is absent, as on chain. */
function statusesOf(absent: Bytes, degraded: Bytes): Uint8Array {
  const statuses = new Uint8Array(SHARD_SIZE);
  statuses.fill(ATTESTED);
  markListed(statuses, degraded, DEGRADED);
  markListed(statuses, absent, ABSENT);
  return statuses;
}

function markListed(statuses: Uint8Array, list: Bytes, status: u8): void {
  for (let i = 0; i + 1 < list.length; i += 2) {
    statuses[((list[i] as i32) << 8) | (list[i + 1] as i32)] = status;
  }
}

function isActive(node: Node, epoch: BigInt): boolean {
  const from = node.activeFrom;
  if (from === null) return false;
  const until = node.activeUntil;
  if (from.le(epoch)) return until === null || until.gt(epoch);
  return isActiveInEarlierInterval(node, epoch);
}

/** A node that left and came back can be active in `epoch` by an interval before its newest. */
function isActiveInEarlierInterval(node: Node, epoch: BigInt): boolean {
  const intervals: ActiveInterval[] = node.intervals.load();
  for (let i = 0; i < intervals.length; i++) {
    const until = intervals[i].untilEpoch;
    if (intervals[i].fromEpoch.le(epoch) && (until === null || until.gt(epoch))) return true;
  }
  return false;
}

function countNode(report: Report, status: u8): void {
  if (status == ABSENT) report.absentCount += 1;
  else if (status == DEGRADED) report.degradedCount += 1;
  else report.attestedCount += 1;
}

function applyEpoch(node: Node, epoch: BigInt, status: u8, quality: u8): void {
  const one = BigInt.fromI32(1);
  if (status == ABSENT) node.absentCount = node.absentCount.plus(one);
  else if (status == DEGRADED) node.degradedCount = node.degradedCount.plus(one);
  else node.attestedCount = node.attestedCount.plus(one);
  node.lastEpoch = epoch;
  node.lastStatus = status == ABSENT ? "Absent" : status == DEGRADED ? "Degraded" : "Attested";
  node.lastQuality = quality as i32;
  writePage(node.id, epoch, status, quality);
}

function writePage(nodeId: string, epoch: BigInt, status: u8, quality: u8): void {
  const pageNumber = epoch.div(BigInt.fromI32(EPOCHS_PER_PAGE)).toI32();
  const offset = epoch.mod(BigInt.fromI32(EPOCHS_PER_PAGE)).toI32();
  const id = nodeId + "-" + pageNumber.toString();
  let page = UptimePage.load(id);
  if (page == null) {
    page = new UptimePage(id);
    page.node = nodeId;
    page.page = pageNumber;
    page.statuses = zeroBytes(EPOCHS_PER_PAGE);
    page.qualities = zeroBytes(EPOCHS_PER_PAGE);
  }
  page.statuses = withByte(page.statuses, offset, status);
  page.qualities = withByte(page.qualities, offset, quality);
  page.save();
}

function withByte(bytes: Bytes, offset: i32, value: u8): Bytes {
  const copy = bytes.slice(0);
  copy[offset] = value;
  return Bytes.fromUint8Array(copy);
}

function applyTrust(node: Node, status: u8, quality: u8, policy: TrustPolicy): void {
  const attestedSample = status == ABSENT ? 0 : FULL_BP;
  const behaviourSample = status == ABSENT ? 0 : qualityBp(quality as i32);
  node.attestedRatio = decayedRatio(node.attestedRatio, attestedSample, policy.halfLifeEpochs);
  node.behaviourRatio = decayedRatio(node.behaviourRatio, behaviourSample, policy.halfLifeEpochs);
  node.trustScore = trustScore(ratioBp(node.attestedRatio), ratioBp(node.behaviourRatio), node.auditBp, policy.weights);
}

function trustPolicyAt(timestamp: BigInt): TrustPolicy {
  const weights = new TrustWeights(
    parameterAt("trustWeightAttestedBp", timestamp),
    parameterAt("trustWeightBehaviourBp", timestamp),
    parameterAt("trustWeightAuditBp", timestamp),
  );
  return new TrustPolicy(weights, parameterAt("trustHalfLifeEpochs", timestamp));
}

function countBits(bits: BigInt): i32 {
  let count = 0;
  const bytes = Bytes.fromBigInt(bits);
  for (let i = 0; i < bytes.length; i++) count += popcnt<i32>(bytes[i] as i32);
  return count;
}
