import { statfs } from "node:fs/promises";
import os from "node:os";

/** What the host shows at a moment. */
export interface HostSample {
  /** Load over the last minute per core, basis points, capped at 65,535. */
  cpuLoadBp: number;
  /** Memory in use, basis points. */
  memoryUsedBp: number;
  /** Storage in use on the data directory's volume, basis points. */
  storageUsedBp: number;
  /** Size of that volume, bytes. */
  storageBytes: bigint;
  /** CPU milliseconds that the host spent since boot, idle time excluded. */
  cpuMillis: bigint;
}

/** Reads the host's real figures; `directory` names the volume that counts as storage. */
export async function sampleHost(directory: string): Promise<HostSample> {
  const volume = await statfs(directory, { bigint: true });
  const cores = os.cpus();
  const busyMillis = cores.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const usedBlocks = volume.blocks - volume.bfree;
  return {
    cpuLoadBp: Math.min(65_535, Math.round(((os.loadavg()[0] ?? 0) / Math.max(1, cores.length)) * 10_000)),
    memoryUsedBp: Math.round((1 - os.freemem() / os.totalmem()) * 10_000),
    storageUsedBp: volume.blocks === 0n ? 0 : Number((usedBlocks * 10_000n) / volume.blocks),
    storageBytes: volume.blocks * volume.bsize,
    cpuMillis: BigInt(Math.round(busyMillis)),
  };
}
