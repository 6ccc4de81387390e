import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  ArbitersBound,
  BondReleaseRequested,
  BondWithdrawn,
  CommitteeSet,
  EndpointSet,
  RelayerAdmitted,
  RelayerBonded,
  RelayerDismissed,
  RelayerPunished,
  RelayerResigned,
  RelayerUnseated,
  SlashFrozen,
  SlashPaid,
  SlashPardoned,
} from "../generated/RelayerCommittee/RelayerCommittee";
import { Committee, Offence, Punishment, Relayer, Slash } from "../generated/schema";
import { bindArbiters } from "./arbiters";
import { eventId, loadNetwork } from "./entities";

export function handleRelayerBonded(event: RelayerBonded): void {
  const id = event.params.relayer.toHexString();
  let relayer = Relayer.load(id);
  if (relayer == null) {
    relayer = new Relayer(id);
    relayer.address = event.params.relayer;
    relayer.mldsaKey = event.params.mldsaKey;
    relayer.isBarred = false;
    relayer.totalPunished = BigInt.zero();
    relayer.region = 0;
    relayer.fees = BigInt.zero();
    relayer.feesWithdrawn = BigInt.zero();
  }
  relayer.bond = event.params.bondAfter;
  relayer.endpoint = event.params.endpoint;
  relayer.save();

  const network = loadNetwork();
  network.totalBonded = network.totalBonded.plus(event.params.amount);
  network.save();
}

export function handleEndpointSet(event: EndpointSet): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.endpoint = event.params.endpoint;
  relayer.save();
}

export function handleCommitteeSet(event: CommitteeSet): void {
  const network = loadNetwork();
  const previous = Committee.load(network.committeeVersion.toString());
  if (previous != null) unseat(previous.members, event.params.members);
  network.committeeVersion = event.params.version.toI32();
  network.save();

  const members: Bytes[] = [];
  for (let seat = 0; seat < event.params.members.length; seat++) {
    const relayer = mustLoadRelayer(event.params.members[seat]);
    if (relayer.seatedSince === null) takeSeat(relayer, event);
    relayer.seat = seat;
    relayer.save();
    members.push(event.params.members[seat]);
  }
  const committee = new Committee(event.params.version.toString());
  committee.version = event.params.version.toI32();
  committee.fromEpoch = event.params.fromEpoch;
  committee.members = members;
  committee.save();
}

export function handleRelayerAdmitted(event: RelayerAdmitted): void {
  const network = loadNetwork();
  network.admittedCount += 1;
  network.save();
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.region = event.params.region;
  relayer.joinableAt = event.params.joinableAt;
  relayer.queueNumber = network.admittedCount;
  relayer.save();
}

export function handleRelayerDismissed(event: RelayerDismissed): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  leaveQueue(relayer);
  relayer.save();
}

/** The new committee without it follows by a later event of the same transaction. */
export function handleRelayerUnseated(event: RelayerUnseated): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.unseatedAt = event.block.timestamp;
  relayer.save();
}

export function handleRelayerResigned(event: RelayerResigned): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.vacatableAt = event.params.vacatableAt;
  relayer.save();
}

export function handleBondReleaseRequested(event: BondReleaseRequested): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.releaseAt = event.params.releaseAt;
  relayer.save();
}

export function handleBondWithdrawn(event: BondWithdrawn): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.bond = relayer.bond.minus(event.params.amount);
  relayer.releaseAt = null;
  relayer.vacatableAt = null;
  relayer.save();

  const network = loadNetwork();
  network.totalBonded = network.totalBonded.minus(event.params.amount);
  network.save();
}

export function handleRelayerPunished(event: RelayerPunished): void {
  const relayer = mustLoadRelayer(event.params.relayer);
  relayer.bond = event.params.bondAfter;
  relayer.frozenUntil = event.params.frozenUntil;
  relayer.isBarred = relayer.isBarred || event.params.isProven;
  relayer.totalPunished = relayer.totalPunished.plus(event.params.amount);
  relayer.save();

  const network = loadNetwork();
  network.totalBonded = network.totalBonded.minus(event.params.amount);
  network.save();

  const offence = loadOffence(event);
  const punishment = new Punishment(eventId(event));
  punishment.offence = offence.id;
  punishment.relayer = relayer.id;
  punishment.amount = event.params.amount;
  punishment.bondAfter = event.params.bondAfter;
  punishment.frozenUntil = event.params.frozenUntil;
  punishment.isProven = event.params.isProven;
  punishment.timestamp = event.block.timestamp;
  punishment.transaction = event.transaction.hash;
  punishment.save();
}

export function handleSlashFrozen(event: SlashFrozen): void {
  const offence = Offence.load(event.params.offence.toHexString())!;
  const slash = new Slash(event.params.slashId.toString());
  slash.number = event.params.slashId;
  slash.offence = offence.id;
  if (event.params.reporter != Address.zero()) slash.reporter = event.params.reporter;
  slash.amount = event.params.amount;
  slash.reward = event.params.reward;
  const members: Bytes[] = [];
  for (let i = 0; i < event.params.members.length; i++) members.push(event.params.members[i]);
  slash.members = members;
  slash.amounts = event.params.amounts;
  slash.state = "Frozen";
  slash.payableAt = event.params.payableAt;
  slash.timestamp = event.block.timestamp;
  slash.transaction = event.transaction.hash;
  slash.save();

  offence.slash = slash.id;
  offence.reporter = slash.reporter;
  offence.save();
  const network = loadNetwork();
  network.totalFrozen = network.totalFrozen.plus(event.params.amount);
  network.save();
}

export function handleSlashPaid(event: SlashPaid): void {
  const slash = settle(event.params.slashId, "Paid", event.block.timestamp);
  slash.paidToReporter = event.params.toReporter;
  slash.paidToTreasury = event.params.toTreasury;
  slash.save();
}

export function handleSlashPardoned(event: SlashPardoned): void {
  const slash = settle(event.params.slashId, "Pardoned", event.block.timestamp);
  slash.save();
  const members = slash.members;
  const amounts = slash.amounts;
  for (let i = 0; i < members.length; i++) {
    const relayer = Relayer.load(members[i].toHexString())!;
    relayer.bond = relayer.bond.plus(amounts[i]);
    relayer.totalPunished = relayer.totalPunished.minus(amounts[i]);
    relayer.save();
  }
  const network = loadNetwork();
  network.totalBonded = network.totalBonded.plus(event.params.amount);
  network.save();
}

export function handleCommitteeArbitersBound(event: ArbitersBound): void {
  bindArbiters(event.params.arbiters, event);
}

/** The offence that a punishment is for. The contract that ordered it says what it was by a later event. */
function loadOffence(event: RelayerPunished): Offence {
  const id = event.params.offence.toHexString();
  let offence = Offence.load(id);
  if (offence == null) {
    offence = new Offence(id);
    offence.kind = "ForgedReport";
    offence.isProven = event.params.isProven;
    offence.epoch = BigInt.zero();
    offence.timestamp = event.block.timestamp;
    offence.transaction = event.transaction.hash;
    offence.save();
  }
  return offence;
}

function settle(slashId: BigInt, state: string, timestamp: BigInt): Slash {
  const slash = Slash.load(slashId.toString())!;
  slash.state = state;
  slash.settledAt = timestamp;
  const network = loadNetwork();
  network.totalFrozen = network.totalFrozen.minus(slash.amount);
  network.save();
  return slash;
}

/** Takes the seats of members away; those that sit on in the next committee keep the time since which they do. */
function unseat(members: Bytes[], next: Address[]): void {
  for (let i = 0; i < members.length; i++) {
    const relayer = Relayer.load(members[i].toHexString())!;
    relayer.unset("seat");
    if (!isAmong(members[i], next)) relayer.seatedSince = null;
    relayer.save();
  }
}

function isAmong(member: Bytes, members: Address[]): boolean {
  for (let i = 0; i < members.length; i++) if (members[i].equals(member)) return true;
  return false;
}

/** Who sits is out of the queue. */
function takeSeat(relayer: Relayer, event: CommitteeSet): void {
  relayer.seatedSince = event.block.timestamp;
  leaveQueue(relayer);
}

function leaveQueue(relayer: Relayer): void {
  relayer.joinableAt = null;
  relayer.unset("queueNumber");
}

function mustLoadRelayer(address: Address): Relayer {
  return Relayer.load(address.toHexString())!;
}
