/** When epochs start, in Unix seconds; see IEpochClock. */
export interface EpochSchedule {
  genesis: number;
  lengthSeconds: number;
}

/** Epoch that a moment of chain time falls into. */
export function epochAt({ genesis, lengthSeconds }: EpochSchedule, seconds: number): number {
  return Math.max(0, Math.floor((seconds - genesis) / lengthSeconds));
}

/** Unix seconds at which an epoch starts. */
export function epochStart({ genesis, lengthSeconds }: EpochSchedule, epoch: number): number {
  return genesis + epoch * lengthSeconds;
}

/** Share of the running epoch that has passed, 0 to 1. */
export function epochProgress(schedule: EpochSchedule, seconds: number): number {
  const since = seconds - epochStart(schedule, epochAt(schedule, seconds));
  return Math.min(1, Math.max(0, since / schedule.lengthSeconds));
}
