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

/** The first leases that one sweep takes, and the gas that it needs: at least one lease, however costly. */
export function nextBatch(leases: readonly SweepableLease[]): { batch: SweepableLease[]; gas: bigint } {
  const batch: SweepableLease[] = [];
  let gas = 0n;
  for (const lease of leases) {
    if (batch.length === MAX_LEASES) break;
    if (batch.length > 0 && gas + lease.tried.gas > MAX_SWEEP_GAS) break;
    batch.push(lease);
    gas += lease.tried.gas;
  }
  return { batch, gas: sweepGas(gas) };
}

/** Least gas to send with a sweep, so that none of its leases fails for want of it: a call inside gets 63 of 64 parts (EIP-150). */
function sweepGas(gasOfLeases: bigint): bigint {
  return OVERHEAD_GAS + (gasOfLeases * 11n) / 10n;
}
