import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { FeesFunded, FeesWithdrawn, ReportPaid, SilentMemberRemoved } from "../generated/CommitteeFees/CommitteeFees";
import { Committee, FeeFunding, FeeWithdrawal, Relayer, Report, ReportFee, SilentRemoval } from "../generated/schema";
import { eventId, loadNetwork, reportId } from "./entities";

export function handleFeesFunded(event: FeesFunded): void {
  const network = loadNetwork();
  network.feeReserve = event.params.reserveAfter;
  network.save();
  const funding = new FeeFunding(eventId(event));
  funding.from = event.params.from;
  funding.amount = event.params.amount;
  funding.reserveAfter = event.params.reserveAfter;
  funding.timestamp = event.block.timestamp;
  funding.transaction = event.transaction.hash;
  funding.save();
}

/** Who signed is in the report, who sits on which seat in its committee. */
export function handleReportPaid(event: ReportPaid): void {
  const report = Report.load(reportId(event.params.epoch, event.params.shard.toI32()))!;
  const members = Committee.load(report.committeeVersion.toString())!.members;
  for (let seat = 0; seat < members.length; seat++) {
    if (!hasBit(report.signers, seat)) continue;
    const isLeader = members[seat].equals(event.params.leader);
    const part = isLeader ? event.params.toEachSigner.plus(event.params.toLeader) : event.params.toEachSigner;
    credit(members[seat], part);
  }
  const paid = event.params.toLeader.plus(event.params.toEachSigner.times(event.params.signers));
  const network = loadNetwork();
  network.feeReserve = network.feeReserve.minus(paid);
  network.save();

  const fee = new ReportFee(report.id);
  fee.report = report.id;
  if (event.params.leader != Address.zero()) fee.leader = event.params.leader;
  fee.toLeader = event.params.toLeader;
  fee.toEachSigner = event.params.toEachSigner;
  fee.amount = paid;
  fee.timestamp = event.block.timestamp;
  fee.transaction = event.transaction.hash;
  fee.save();
}

export function handleFeesWithdrawn(event: FeesWithdrawn): void {
  const relayer = Relayer.load(event.params.member.toHexString())!;
  relayer.fees = relayer.fees.minus(event.params.amount);
  relayer.feesWithdrawn = relayer.feesWithdrawn.plus(event.params.amount);
  relayer.save();
  const withdrawal = new FeeWithdrawal(eventId(event));
  withdrawal.relayer = relayer.id;
  withdrawal.amount = event.params.amount;
  withdrawal.timestamp = event.block.timestamp;
  withdrawal.transaction = event.transaction.hash;
  withdrawal.save();
}

export function handleSilentMemberRemoved(event: SilentMemberRemoved): void {
  const removal = new SilentRemoval(eventId(event));
  removal.relayer = event.params.member.toHexString();
  removal.shard = event.params.shard.toI32();
  removal.reports = event.params.reports.toI32();
  removal.lastEpoch = event.params.lastEpoch;
  removal.timestamp = event.block.timestamp;
  removal.transaction = event.transaction.hash;
  removal.save();
}

function hasBit(bits: BigInt, seat: i32): boolean {
  return bits
    .rightShift(seat as u8)
    .bitAnd(BigInt.fromI32(1))
    .notEqual(BigInt.zero());
}

function credit(member: Bytes, amount: BigInt): void {
  const relayer = Relayer.load(member.toHexString())!;
  relayer.fees = relayer.fees.plus(amount);
  relayer.save();
}
