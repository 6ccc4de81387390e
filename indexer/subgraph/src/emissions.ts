import { Address, BigInt } from "@graphprotocol/graph-ts";
import {
  CurveSet,
  DistributorSet,
  EmissionsAccrued,
  EmissionsReleased,
  TokenBound,
} from "../generated/CaesarEmissions/CaesarEmissions";
import { EmissionAccrual, EmissionDistributor, EmissionRelease, Emissions } from "../generated/schema";
import { bindingOf } from "./bindings";
import { eventId } from "./entities";

const ZERO = BigInt.zero();
/** ICaesarEmissions.bucket, which no deployment can change. */
const BUCKET = BigInt.fromString("400000000000000000000000000");

/** The constructor emits it, so it comes before every other event. */
export function handleCurveSet(event: CurveSet): void {
  const emissions = new Emissions("caesar");
  emissions.start = event.params.start;
  emissions.yearCount = event.params.yearCount.toI32();
  emissions.decayBp = event.params.decayBp.toI32();
  emissions.bucket = BUCKET;
  emissions.emitted = ZERO;
  emissions.left = BUCKET;
  emissions.released = ZERO;
  emissions.clockBpSeconds = ZERO;
  emissions.save();
}

export function handleTokenBound(event: TokenBound): void {
  const binding = bindingOf(event);
  binding.token = event.params.token;
  binding.save();
}

export function handleDistributorSet(event: DistributorSet): void {
  const distributor = loadDistributor(event.params.newDistributor);
  distributor.namedAt = event.block.timestamp;
  distributor.save();
  const emissions = Emissions.load("caesar")!;
  emissions.distributor = distributor.id;
  emissions.save();
}

export function handleEmissionsAccrued(event: EmissionsAccrued): void {
  const distributor = loadDistributor(event.params.distributor);
  distributor.credit = distributor.credit.plus(event.params.amount);
  distributor.save();
  const emissions = Emissions.load("caesar")!;
  emissions.emitted = event.params.emittedAfter;
  emissions.left = BUCKET.minus(event.params.emittedAfter);
  emissions.accruedUntil = event.params.until;
  emissions.clockBpSeconds = emissions.clockBpSeconds.plus(event.params.workedSeconds.times(event.params.paceBp));
  emissions.paceBp = event.params.paceBp.toI32();
  emissions.save();

  const accrual = new EmissionAccrual(eventId(event));
  accrual.distributor = distributor.id;
  accrual.until = event.params.until;
  accrual.workedSeconds = event.params.workedSeconds;
  accrual.paceBp = event.params.paceBp.toI32();
  accrual.amount = event.params.amount;
  accrual.emittedAfter = event.params.emittedAfter;
  accrual.timestamp = event.block.timestamp;
  accrual.transaction = event.transaction.hash;
  accrual.save();
}

export function handleEmissionsReleased(event: EmissionsReleased): void {
  const distributor = loadDistributor(event.params.distributor);
  distributor.credit = event.params.creditAfter;
  distributor.released = distributor.released.plus(event.params.amount);
  distributor.save();
  const emissions = Emissions.load("caesar")!;
  emissions.released = emissions.released.plus(event.params.amount);
  emissions.save();

  const release = new EmissionRelease(eventId(event));
  release.distributor = distributor.id;
  release.receiver = event.params.receiver;
  release.amount = event.params.amount;
  release.timestamp = event.block.timestamp;
  release.transaction = event.transaction.hash;
  release.save();
}

function loadDistributor(address: Address): EmissionDistributor {
  const id = address.toHexString();
  let distributor = EmissionDistributor.load(id);
  if (distributor == null) {
    distributor = new EmissionDistributor(id);
    distributor.credit = ZERO;
    distributor.released = ZERO;
  }
  return distributor;
}
