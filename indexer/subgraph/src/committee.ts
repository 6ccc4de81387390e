import { Address, Bytes } from "@graphprotocol/graph-ts";
import {
  BondReleaseRequested,
  BondWithdrawn,
  CommitteeSet,
  EndpointSet,
  RelayerBonded,
  RelayerResigned,
} from "../generated/RelayerCommittee/RelayerCommittee";
import { Committee, Relayer } from "../generated/schema";
import { loadNetwork } from "./entities";

export function handleRelayerBonded(event: RelayerBonded): void {
  const id = event.params.relayer.toHexString();
  let relayer = Relayer.load(id);
  if (relayer == null) {
    relayer = new Relayer(id);
    relayer.address = event.params.relayer;
    relayer.mldsaKey = event.params.mldsaKey;
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
  if (previous != null) unseat(previous.members);
  network.committeeVersion = event.params.version.toI32();
  network.save();

  const members: Bytes[] = [];
  for (let seat = 0; seat < event.params.members.length; seat++) {
    const relayer = mustLoadRelayer(event.params.members[seat]);
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
  relayer.save();

  const network = loadNetwork();
  network.totalBonded = network.totalBonded.minus(event.params.amount);
  network.save();
}

function unseat(members: Bytes[]): void {
  for (let i = 0; i < members.length; i++) {
    const relayer = Relayer.load(members[i].toHexString())!;
    relayer.unset("seat");
    relayer.save();
  }
}

function mustLoadRelayer(address: Address): Relayer {
  return Relayer.load(address.toHexString())!;
}
