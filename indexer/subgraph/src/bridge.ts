import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  EPOCH_ABSENT,
  EPOCH_ATTESTED,
  EPOCH_DEGRADED,
  EPOCH_INACTIVE,
  EPOCH_UNREPORTED,
  epochStatusName,
} from "../../../contracts/protocol/epoch-status-number";
import {
  ArbitersBound,
  AttestationCommitted,
  BeaconRecorded,
  EpochsAdmitted,
  EpochsUnreported,
  EpochVoided,
  MeasurementApproved,
  MeasurementRetired,
  ReportAccepted,
} from "../generated/AttestationBridge/AttestationBridge";
import {
  Beacon,
  CommittedAttestation,
  EpochCorrection,
  Measurement,
  Node,
  Report,
  UnreportedRange,
} from "../generated/schema";
import { bindArbiters } from "./arbiters";
import { eventId, loadNetwork, loadShard, mustLoadNode, reportId, SHARD_SIZE } from "./entities";
import { addReported, correct, EpochRecord, isActive, qualityIn, statusIn, trustPolicyAt } from "./uptime";

/** Quality of an epoch that nobody measured, as in reports. */
const UNMEASURED: u8 = 255;

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
    addReported(node, new EpochRecord(event.params.epoch, statuses[local] as i32, quality), policy);
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

export function handleEpochVoided(event: EpochVoided): void {
  // A leaf may be claimed for a node that does not exist, or is not active; such a leaf counts for nothing.
  const node = Node.load(event.params.nodeIndex.toString());
  if (node == null || !isActive(node, event.params.epoch)) return;
  const epoch = event.params.epoch;
  const correction = newCorrection(node, epoch, "Voided");
  correction.after = epochStatusName(EPOCH_ABSENT);
  correction.timestamp = event.block.timestamp;
  correction.transaction = event.transaction.hash;
  correction.save();
  const record = new EpochRecord(epoch, EPOCH_ABSENT, qualityIn(node, epoch));
  correct(node, record, trustPolicyAt(event.block.timestamp));
}

export function handleEpochsAdmitted(event: EpochsAdmitted): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const policy = trustPolicyAt(event.block.timestamp);
  for (let i = 0; i < event.params.epochs.length; i++) {
    const epoch = event.params.epochs[i];
    if (!isActive(node, epoch)) continue;
    const status = admittedStatus(node, epoch);
    const correction = newCorrection(node, epoch, "Admitted");
    correction.after = epochStatusName(status);
    correction.timestamp = event.block.timestamp;
    correction.transaction = event.transaction.hash;
    correction.save();
    correct(node, new EpochRecord(epoch, status, UNMEASURED), policy);
  }
}

export function handleBridgeArbitersBound(event: ArbitersBound): void {
  bindArbiters(event.params.arbiters, event);
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
  const report = new Report(reportId(event.params.epoch, event.params.shard.toI32()));
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
  statuses.fill(EPOCH_ATTESTED as u8);
  markListed(statuses, degraded, EPOCH_DEGRADED as u8);
  markListed(statuses, absent, EPOCH_ABSENT as u8);
  return statuses;
}

function markListed(statuses: Uint8Array, list: Bytes, status: u8): void {
  for (let i = 0; i + 1 < list.length; i += 2) {
    statuses[((list[i] as i32) << 8) | (list[i + 1] as i32)] = status;
  }
}

function countNode(report: Report, status: u8): void {
  if (status == EPOCH_ABSENT) report.absentCount += 1;
  else if (status == EPOCH_DEGRADED) report.degradedCount += 1;
  else report.attestedCount += 1;
}

function newCorrection(node: Node, epoch: BigInt, kind: string): EpochCorrection {
  const correction = new EpochCorrection(node.id + "-" + epoch.toString() + "-" + kind);
  correction.node = node.id;
  correction.epoch = epoch;
  correction.kind = kind;
  const before = statusIn(node, epoch);
  correction.before = epochStatusName(before == EPOCH_INACTIVE ? EPOCH_UNREPORTED : before);
  const report = reportId(epoch, node.shard);
  if (Report.load(report) != null) correction.report = report;
  return correction;
}

/** Attested, unless the report names the node degraded, besides absent, as on chain. */
function admittedStatus(node: Node, epoch: BigInt): i32 {
  const report = Report.load(reportId(epoch, node.shard));
  if (report == null) return EPOCH_ATTESTED;
  return isListed(report.degraded, node.nodeIndex % SHARD_SIZE) ? EPOCH_DEGRADED : EPOCH_ATTESTED;
}

function isListed(list: Bytes, local: i32): boolean {
  for (let i = 0; i + 1 < list.length; i += 2) {
    if ((((list[i] as i32) << 8) | (list[i + 1] as i32)) == local) return true;
  }
  return false;
}

function countBits(bits: BigInt): i32 {
  let count = 0;
  const bytes = Bytes.fromBigInt(bits);
  for (let i = 0; i < bytes.length; i++) count += popcnt<i32>(bytes[i] as i32);
  return count;
}
