import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  EPOCH_ABSENT,
  EPOCH_ATTESTED,
  EPOCH_DEGRADED,
  EPOCH_INACTIVE,
  epochStatusName,
} from "../../../contracts/protocol/epoch-status-number";
import {
  auditAfter,
  decayedRatio,
  FULL_BP,
  qualityBp,
  ratioBp,
  trustScore,
  TrustWeights,
} from "../../../contracts/protocol/trust-score";
import { ActiveInterval, Node, UptimePage } from "../generated/schema";
import { zeroBytes } from "./entities";
import { parameterAt } from "./parameters";

const EPOCHS_PER_PAGE: i32 = 256;

/** Weights and half-life in force when something is learned about an epoch. */
export class TrustPolicy {
  constructor(
    public weights: TrustWeights,
    public halfLifeEpochs: i32,
  ) {}
}

/** What is known about a node in an epoch. */
export class EpochRecord {
  constructor(
    public epoch: BigInt,
    public status: i32,
    public quality: u8,
  ) {}
}

/** The policy in force at a time. */
export function trustPolicyAt(timestamp: BigInt): TrustPolicy {
  const weights = new TrustWeights(
    parameterAt("trustWeightAttestedBp", timestamp),
    parameterAt("trustWeightBehaviourBp", timestamp),
    parameterAt("trustWeightAuditBp", timestamp),
  );
  return new TrustPolicy(weights, parameterAt("trustHalfLifeEpochs", timestamp));
}

/** True when a node is active in an epoch. */
export function isActive(node: Node, epoch: BigInt): boolean {
  const from = node.activeFrom;
  if (from === null) return false;
  const until = node.activeUntil;
  if (from.le(epoch)) return until === null || until.gt(epoch);
  return isActiveInEarlierInterval(node, epoch);
}

/** Adds what a report says about an epoch after all that are known of the node. */
export function addReported(node: Node, record: EpochRecord, policy: TrustPolicy): void {
  const page = loadPage(node, pageOf(record.epoch), node.attestedRatio, node.behaviourRatio);
  writeRecord(page, record);
  page.save();
  count(node, record.status, 1);
  node.lastEpoch = record.epoch;
  node.lastStatus = epochStatusName(record.status);
  node.lastQuality = record.quality as i32;
  addSample(node, record.status, record.quality, policy.halfLifeEpochs);
  rate(node, policy);
  node.save();
}

/** Status of a node in an epoch as its pages have it: `EPOCH_INACTIVE` when there is none. */
export function statusIn(node: Node, epoch: BigInt): i32 {
  const page = UptimePage.load(pageId(node, pageOf(epoch)));
  return page == null ? EPOCH_INACTIVE : (page.statuses[offsetOf(epoch)] as i32);
}

/** Quality byte of a node in an epoch as its pages have it, 0 when there is none. */
export function qualityIn(node: Node, epoch: BigInt): u8 {
  const page = UptimePage.load(pageId(node, pageOf(epoch)));
  return page == null ? 0 : page.qualities[offsetOf(epoch)];
}

/** Replaces what is known about an epoch, and computes all that follows from it anew. */
export function correct(node: Node, record: EpochRecord, policy: TrustPolicy): void {
  const before = statusIn(node, record.epoch);
  if (before != EPOCH_INACTIVE) count(node, before, -1);
  count(node, record.status, 1);
  const last = node.lastEpoch;
  if (last === null || last.le(record.epoch)) {
    node.lastEpoch = record.epoch;
    node.lastStatus = epochStatusName(record.status);
    node.lastQuality = record.quality as i32;
  }
  const newest = pageOf(node.lastEpoch!);
  const page = loadPageBetween(node, pageOf(record.epoch), newest);
  writeRecord(page, record);
  page.save();
  replay(node, page, newest, policy.halfLifeEpochs);
  rate(node, policy);
  node.save();
}

/** Rates a node by its slashes and breaches as they are now, and saves it. */
export function audit(node: Node, timestamp: BigInt): void {
  node.auditBp = auditAfter(node.slashCount, node.breachedWords, node.isBarred);
  rate(node, trustPolicyAt(timestamp));
  node.save();
}

/** Computes the ratios of a node anew from a page on. Epochs of a page count with the half-life in force now. */
function replay(node: Node, first: UptimePage, newest: i32, halfLifeEpochs: i32): void {
  node.attestedRatio = first.attestedRatioBefore;
  node.behaviourRatio = first.behaviourRatioBefore;
  addSamples(node, first, halfLifeEpochs);
  for (let number = first.page + 1; number <= newest; number++) {
    const page = UptimePage.load(pageId(node, number));
    if (page == null) continue;
    page.attestedRatioBefore = node.attestedRatio;
    page.behaviourRatioBefore = node.behaviourRatio;
    page.save();
    addSamples(node, page, halfLifeEpochs);
  }
}

function addSamples(node: Node, page: UptimePage, halfLifeEpochs: i32): void {
  const statuses = page.statuses;
  const qualities = page.qualities;
  for (let i = 0; i < EPOCHS_PER_PAGE; i++) {
    if (statuses[i] != EPOCH_INACTIVE) addSample(node, statuses[i] as i32, qualities[i], halfLifeEpochs);
  }
}

function addSample(node: Node, status: i32, quality: u8, halfLifeEpochs: i32): void {
  const attested = status == EPOCH_ABSENT ? 0 : FULL_BP;
  const behaviour = status == EPOCH_ABSENT ? 0 : qualityBp(quality as i32);
  node.attestedRatio = decayedRatio(node.attestedRatio, attested, halfLifeEpochs);
  node.behaviourRatio = decayedRatio(node.behaviourRatio, behaviour, halfLifeEpochs);
}

function rate(node: Node, policy: TrustPolicy): void {
  node.trustScore = trustScore(ratioBp(node.attestedRatio), ratioBp(node.behaviourRatio), node.auditBp, policy.weights);
}

function count(node: Node, status: i32, change: i32): void {
  const by = BigInt.fromI32(change);
  if (status == EPOCH_ABSENT) node.absentCount = node.absentCount.plus(by);
  else if (status == EPOCH_DEGRADED) node.degradedCount = node.degradedCount.plus(by);
  else if (status == EPOCH_ATTESTED) node.attestedCount = node.attestedCount.plus(by);
}

/** A page that may lie before others; an absent one begins with what the next one begins with. */
function loadPageBetween(node: Node, number: i32, newest: i32): UptimePage {
  for (let later = number; later <= newest; later++) {
    const page = UptimePage.load(pageId(node, later));
    if (page == null) continue;
    return later == number ? page : loadPage(node, number, page.attestedRatioBefore, page.behaviourRatioBefore);
  }
  return loadPage(node, number, node.attestedRatio, node.behaviourRatio);
}

function loadPage(node: Node, number: i32, attestedRatio: i32, behaviourRatio: i32): UptimePage {
  const id = pageId(node, number);
  let page = UptimePage.load(id);
  if (page == null) {
    page = new UptimePage(id);
    page.node = node.id;
    page.page = number;
    page.statuses = zeroBytes(EPOCHS_PER_PAGE);
    page.qualities = zeroBytes(EPOCHS_PER_PAGE);
    page.attestedRatioBefore = attestedRatio;
    page.behaviourRatioBefore = behaviourRatio;
  }
  return page;
}

function writeRecord(page: UptimePage, record: EpochRecord): void {
  const offset = offsetOf(record.epoch);
  page.statuses = withByte(page.statuses, offset, record.status as u8);
  page.qualities = withByte(page.qualities, offset, record.quality);
}

function withByte(bytes: Bytes, offset: i32, value: u8): Bytes {
  const copy = bytes.slice(0);
  copy[offset] = value;
  return Bytes.fromUint8Array(copy);
}

function pageId(node: Node, page: i32): string {
  return node.id + "-" + page.toString();
}

function pageOf(epoch: BigInt): i32 {
  return epoch.div(BigInt.fromI32(EPOCHS_PER_PAGE)).toI32();
}

function offsetOf(epoch: BigInt): i32 {
  return epoch.mod(BigInt.fromI32(EPOCHS_PER_PAGE)).toI32();
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
