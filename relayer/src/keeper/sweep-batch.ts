import type { DueLease } from "./due-leases.ts";
import type { TriedSweep } from "./lease-reader.ts";

/** Leases in one sweep at most. */
const MAX_LEASES = 20;
/** Gas of one sweep at most: half of what a transaction may use (EIP-7825). */
const MAX_SWEEP_GAS = 8_000_000n;

/** Gas of a sweep beside that of its leases, with room for what others change before it is mined. */
const OVERHEAD_GAS = 100_000n;

/** A lease whose sweep was tried with success. */
export interface SweepableLease extends DueLease {
  tried: TriedSweep;
}

/** What one sweep takes. */
export interface SweepBatch {
  batch: SweepableLease[];
  /** Least gas to send. */
  gas: bigint;
  /** Epochs of each lease to settle at most. */
  maxEpochs: bigint;
}

/** The first leases that one sweep takes, all with pages of one length: at least one lease, however costly. */
export function nextBatch(leases: readonly SweepableLease[]): SweepBatch {
  const batch: SweepableLease[] = [];
  const maxEpochs = leases[0]?.tried.maxEpochs ?? 0n;
  let gas = 0n;
  for (const lease of leases) {
    if (batch.length === MAX_LEASES || lease.tried.maxEpochs !== maxEpochs) break;
    if (batch.length > 0 && gas + lease.tried.gas > MAX_SWEEP_GAS) break;
    batch.push(lease);
    gas += lease.tried.gas;
  }
  return { batch, gas: sweepGas(gas), maxEpochs };
}

/** Least gas to send with a sweep, so that none of its leases fails for want of it: a call inside gets 63 of 64 parts (EIP-150). */
function sweepGas(gasOfLeases: bigint): bigint {
  return OVERHEAD_GAS + (gasOfLeases * 11n) / 10n;
}
