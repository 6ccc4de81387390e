import { Address, BigInt } from "@graphprotocol/graph-ts";
import {
  ChallengeAnswered,
  ChallengeClosed,
  ChallengeMade,
  ChallengeOpened,
  Credited,
  EvidenceClaimed,
  LeafInvalid,
  Withdrawn,
} from "../generated/AttestationDisputes/AttestationDisputes";
import {
  BondAccount,
  BondPayment,
  Challenge,
  ChallengeAnswer,
  InvalidLeaf,
  Node,
  Offence,
  Report,
} from "../generated/schema";
import { loadNetwork, mustLoadNode, reportId, SHARD_SIZE } from "./entities";
import { recordClaim } from "./evidence";

/** IAttestationDisputes.ChallengeState.Dismissed. */
const DISMISSED: i32 = 5;
/** Payments that the end of a challenge makes at most: the tip and the rest of its bond. */
const MAX_PAYMENTS: i32 = 2;

export function handleChallengeMade(event: ChallengeMade): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const challenge = new Challenge(event.params.id.toString());
  challenge.number = event.params.id;
  challenge.node = node.id;
  challenge.epoch = event.params.epoch;
  challenge.report = reportId(event.params.epoch, node.shard);
  challenge.challenger = event.params.challenger;
  challenge.bond = event.params.bond;
  challenge.signers = event.params.signers;
  challenge.state = "Queued";
  challenge.madeAt = event.block.timestamp;
  challenge.transaction = event.transaction.hash;
  challenge.save();

  const network = loadNetwork();
  network.challengeCount += 1;
  network.queuedChallengeCount += 1;
  network.save();
}

export function handleChallengeOpened(event: ChallengeOpened): void {
  const challenge = mustLoadChallenge(event.params.id);
  leaveState(challenge);
  challenge.state = "Open";
  challenge.openedAt = event.block.timestamp;
  challenge.respondBy = event.params.until;
  challenge.save();

  const network = loadNetwork();
  network.openChallengeCount += 1;
  network.save();
}

export function handleChallengeAnswered(event: ChallengeAnswered): void {
  const challenge = mustLoadChallenge(event.params.id);
  leaveState(challenge);
  challenge.state = "Answered";
  challenge.answeredAt = event.block.timestamp;
  challenge.provableUntil = event.params.until;
  challenge.responder = event.params.responder;
  challenge.answer = challenge.id;
  challenge.save();
  saveAnswer(event);
}

export function handleChallengeClosed(event: ChallengeClosed): void {
  const challenge = mustLoadChallenge(event.params.id);
  leaveState(challenge);
  const report = Report.load(challenge.report)!;
  challenge.closedAt = event.block.timestamp;
  if (event.params.state == DISMISSED) {
    challenge.state = "Dismissed";
    challenge.outcome = "AnswerStood";
  } else {
    challenge.state = "Upheld";
    const proof = leafId(report, challenge.node);
    const isProven = InvalidLeaf.load(proof) != null;
    challenge.outcome = isProven ? "ProvenInvalid" : "Expired";
    if (isProven) challenge.invalidLeaf = proof;
    nameOffence(report);
  }
  if (!event.params.slashId.isZero()) challenge.slash = event.params.slashId.toString();
  challenge.save();
  assignPayments(challenge, event);
}

export function handleLeafInvalid(event: LeafInvalid): void {
  const nodeIndex = event.params.nodeIndex;
  const report = Report.load(reportId(event.params.epoch, nodeIndex.toI32() / SHARD_SIZE))!;
  const leaf = new InvalidLeaf(leafId(report, nodeIndex.toString()));
  leaf.report = report.id;
  leaf.nodeIndex = nodeIndex;
  if (Node.load(nodeIndex.toString()) != null) leaf.node = nodeIndex.toString();
  leaf.epoch = event.params.epoch;
  leaf.flaw = flawName(event.params.flaw);
  leaf.prover = event.params.prover;
  if (!event.params.slashId.isZero()) leaf.slash = event.params.slashId.toString();
  leaf.timestamp = event.block.timestamp;
  leaf.transaction = event.transaction.hash;
  leaf.save();
  nameOffence(report);
}

export function handleCredited(event: Credited): void {
  const account = loadAccount(event.params.account);
  account.credited = account.credited.plus(event.params.amount);
  account.balance = account.balance.plus(event.params.amount);
  account.save();

  const payment = new BondPayment(paymentId(event.transaction.hash.toHexString(), event.logIndex));
  payment.account = event.params.account;
  payment.amount = event.params.amount;
  payment.timestamp = event.block.timestamp;
  payment.transaction = event.transaction.hash;
  payment.save();
}

export function handleDisputesWithdrawn(event: Withdrawn): void {
  const account = loadAccount(event.params.account);
  account.withdrawn = account.withdrawn.plus(event.params.amount);
  account.balance = account.balance.minus(event.params.amount);
  account.save();
}

export function handleDisputesEvidenceClaimed(event: EvidenceClaimed): void {
  recordClaim(event.params.claim, event.params.claimant, event);
}

/** Takes a challenge out of the count of its state. */
function leaveState(challenge: Challenge): void {
  const network = loadNetwork();
  if (challenge.state == "Open") network.openChallengeCount -= 1;
  else if (challenge.state == "Queued") network.queuedChallengeCount -= 1;
  network.save();
}

/** The contract credits a bond immediately before it says that the challenge ended. */
function assignPayments(challenge: Challenge, event: ChallengeClosed): void {
  const transaction = event.transaction.hash.toHexString();
  for (let back = 1; back <= MAX_PAYMENTS; back++) {
    const payment = BondPayment.load(paymentId(transaction, event.logIndex.minus(BigInt.fromI32(back))));
    if (payment == null || payment.challenge !== null) return;
    payment.challenge = challenge.id;
    payment.save();
  }
}

/** Says of the offence of a report's signers, if they were punished, what it was about. */
function nameOffence(report: Report): void {
  const offence = Offence.load(report.digest.toHexString());
  if (offence == null) return;
  offence.epoch = report.epoch;
  offence.report = report.id;
  offence.save();
}

function saveAnswer(event: ChallengeAnswered): void {
  const attestation = event.params.attestation;
  const answer = new ChallengeAnswer(event.params.id.toString());
  answer.keyHash = event.params.keyHash;
  answer.nodeIndex = attestation.nodeIndex;
  answer.epoch = attestation.epoch;
  answer.sequence = attestation.sequence;
  answer.beacon = attestation.beacon;
  answer.measurement = attestation.measurement;
  answer.previous = attestation.previous;
  answer.shares = attestation.shares;
  answer.cpuLoadBp = attestation.cpuLoadBp;
  answer.memoryUsedBp = attestation.memoryUsedBp;
  answer.storageUsedBp = attestation.storageUsedBp;
  answer.heartbeats = attestation.heartbeats;
  answer.latencyMicros = attestation.latencyMicros;
  answer.space = attestation.space;
  answer.stake = attestation.stake;
  answer.work = attestation.work;
  answer.time = attestation.time;
  answer.signature = event.params.signature;
  answer.transaction = event.transaction.hash;
  answer.save();
}

function loadAccount(address: Address): BondAccount {
  const id = address.toHexString();
  let account = BondAccount.load(id);
  if (account == null) {
    account = new BondAccount(id);
    account.credited = BigInt.zero();
    account.withdrawn = BigInt.zero();
    account.balance = BigInt.zero();
  }
  return account;
}

function mustLoadChallenge(id: BigInt): Challenge {
  return Challenge.load(id.toString())!;
}

function leafId(report: Report, node: string): string {
  return report.digest.toHexString() + "-" + node;
}

function paymentId(transaction: string, logIndex: BigInt): string {
  return transaction + "-" + logIndex.toString();
}

/** Name of IAttestationDisputes.Flaw by number. */
function flawName(flaw: i32): string {
  const chain = ["Beacon", "Sequence", "Measurement", "Signature"];
  return ["Position", "Node", "Epoch", "Domain", "Inactive", "Absent"].concat(chain)[flaw];
}
