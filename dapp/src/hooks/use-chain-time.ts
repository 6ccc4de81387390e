import { useEffect, useState } from "react";
import { epochAt, epochProgress, epochStart } from "../lib/epoch-schedule.ts";
import { useNetwork } from "./use-network.ts";

/** Chain time and what follows from it. */
export interface ChainTime {
  /** Unix seconds with fraction; undefined before the first block. */
  seconds?: number;
  epoch?: number;
  /** Share of the running epoch that has passed. */
  progress: number;
  /** Seconds until the next epoch. */
  remaining?: number;
  stalled: boolean;
}

/** Chain time, fresh every `everyMs` milliseconds. */
export function useChainTime(everyMs = 1_000): ChainTime {
  const { clock, config } = useNetwork();
  const [, tick] = useState(0);
  useEffect(() => {
    const again = (): void => tick((count) => count + 1);
    const timer = setInterval(again, everyMs);
    const unsubscribe = clock.subscribe(again);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [clock, everyMs]);
  const seconds = clock.seconds();
  if (seconds === undefined) return { progress: 0, stalled: false };
  const epoch = epochAt(config.epoch, seconds);
  return {
    seconds,
    epoch,
    progress: epochProgress(config.epoch, seconds),
    remaining: Math.max(0, epochStart(config.epoch, epoch + 1) - seconds),
    stalled: clock.isStalled(),
  };
}
