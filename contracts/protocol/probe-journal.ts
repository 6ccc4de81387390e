import { z } from "zod";

const probeShape = z.strictObject({
  leaseId: z.string().regex(/^[1-9][0-9]*$/),
  /** When the probe began, by the client's clock. */
  at: z.iso.datetime(),
  /** Epoch then, by the chain's clock. */
  epoch: z.int().min(0),
  isServed: z.boolean(),
  /** From the request to the whole answer; of a probe that failed, until that was known. */
  milliseconds: z.number().min(0),
  /** True when the probe had to connect first. */
  isConnecting: z.boolean(),
  error: z.string().optional(),
});

/** What one probe of a lease's endpoint saw; a journal has one in each line, as JSON. */
export type Probe = z.infer<typeof probeShape>;

/** What the probes of one epoch saw. */
export interface ProbedEpoch {
  epoch: number;
  /** Probes that were served, and all of them. */
  served: number;
  probes: number;
  /** Median of the probes that were served and had a connection, else of those that were served. */
  medianMilliseconds: number | null;
}

/**
 * Reads what a journal has of a lease, oldest first; a last line that was cut is left out.
 *
 * @throws Error naming the line that is none of a journal.
 */
export function parseProbes(journal: string, leaseId: bigint): Probe[] {
  const lines = journal.split("\n").slice(0, -1);
  return lines.map(probeIn).filter((probe) => probe.leaseId === String(leaseId));
}

/** Puts probes together by epoch, lowest epoch first. */
export function probedEpochs(probes: readonly Probe[]): ProbedEpoch[] {
  const byEpoch = [...Map.groupBy(probes, ({ epoch }) => epoch)];
  return byEpoch.sort(([a], [b]) => a - b).map(([epoch, ofEpoch]) => ({ epoch, ...seenIn(ofEpoch) }));
}

function probeIn(line: string, i: number): Probe {
  const { data } = probeShape.safeParse(parsed(line));
  if (!data) throw new Error(`no probe in line ${i + 1}`);
  return data;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function seenIn(probes: readonly Probe[]): Omit<ProbedEpoch, "epoch"> {
  const served = probes.filter(({ isServed }) => isServed);
  const warm = served.filter(({ isConnecting }) => !isConnecting);
  const times = (warm.length > 0 ? warm : served).map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  return { served: served.length, probes: probes.length, medianMilliseconds: median ?? null };
}
