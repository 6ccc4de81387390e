import { type EpochSchedule, epochAt, epochStart } from "./epoch-schedule.ts";
import { formatCount, formatDuration } from "./format.ts";
import type { LeaseSummary } from "./lease-list.ts";
import type { LeaseView } from "./lease-view.ts";

/** How far a lease is paid for. */
export interface Runway {
  /** "pending": not accepted. "running". "grace": not paid for, but a top-up continues it. "over": waits to be closed. */
  phase: "pending" | "running" | "grace" | "over" | "closed";
  /** Unix seconds at which the phase ends by itself; missing when it is closed. */
  until?: number;
  /** Share of the paid time that is left, 0 to 1. */
  left: number;
  /** True when the runway ends with the lease: no top-up is needed. */
  isWhole: boolean;
}

/** How far a lease is paid for at a moment; chain time in Unix seconds. */
export function runwayOf(
  lease: Pick<LeaseView, "status" | "start" | "runway">,
  schedule: EpochSchedule,
  now: number,
): Runway {
  const { status, start, runway } = lease;
  const at = (epoch: number): number => epochStart(schedule, epoch);
  if (status === "Pending") {
    const until = at(start + 1);
    return now < until
      ? { phase: "pending", until, left: 1, isWhole: false }
      : { phase: "over", left: 0, isWhole: false };
  }
  if (status !== "Active" || !runway) return { phase: "closed", left: 0, isWhole: false };
  const { fundedUntil, graceUntil, end } = runway;
  const isWhole = fundedUntil >= end;
  const epoch = epochAt(schedule, now);
  if (epoch < fundedUntil) {
    const span = at(fundedUntil) - at(start);
    const left = span > 0 ? Math.min(1, Math.max(0, (at(fundedUntil) - now) / span)) : 0;
    return { phase: "running", until: at(fundedUntil), left, isWhole };
  }
  if (!isWhole && epoch < graceUntil) return { phase: "grace", until: at(graceUntil), left: 0, isWhole };
  return { phase: "over", left: 0, isWhole };
}

/** How far a lease is paid for, in a few words. */
export function runwayWords(lease: LeaseSummary, schedule: EpochSchedule, now: number | undefined): string {
  if (now === undefined) return "…";
  const { phase, until = now, isWhole } = runwayOf(lease, schedule, now);
  const time = formatDuration(until - now);
  if (phase === "pending") return `${time} to accept`;
  if (phase === "running") return isWhole ? `${time}, to its end` : `${time} paid`;
  if (phase === "grace") return `out of funds, ${time} of grace`;
  if (phase === "over") return "over, to be closed";
  return lease.settledUntil > 0 ? `settled to epoch ${formatCount(lease.settledUntil)}` : "never began";
}
