import type { Session } from "./chain-session.ts";
import { durationText } from "./figures.ts";
import { chainTime } from "./governed.ts";
import { isoTime } from "./iso-time.ts";

/** Where the chain's clock stands, in epochs. */
export interface EpochClock {
  /** Running epoch. */
  epoch: bigint;
  /** Time of the newest block, Unix seconds. */
  now: bigint;
  /** Start of epoch 0, Unix seconds. */
  genesis: bigint;
  /** Seconds of an epoch. */
  length: bigint;
}

/** An epoch for `--json`: its number and when it begins. */
export interface EpochFigure {
  epoch: bigint;
  startIso: string;
}

/** Reads the chain's clock. */
export async function epochClock(session: Session): Promise<EpochClock> {
  const { genesis, lengthSeconds } = session.network.epoch;
  const now = await chainTime(session);
  const length = BigInt(lengthSeconds);
  const elapsed = now - BigInt(genesis);
  return { now, genesis: BigInt(genesis), length, epoch: elapsed < 0n ? 0n : elapsed / length };
}

/** An epoch and when it begins, as people read it. */
export function epochText(clock: EpochClock, epoch: bigint | number): string {
  const start = startOf(clock, BigInt(epoch));
  const away = start > clock.now ? `in ${durationText(start - clock.now)}` : `${durationText(clock.now - start)} ago`;
  return `epoch ${epoch} (${isoTime(start)}, ${away})`;
}

/** An epoch for `--json`. */
export function epochFigure(clock: EpochClock, epoch: bigint | number): EpochFigure {
  return { epoch: BigInt(epoch), startIso: isoTime(startOf(clock, BigInt(epoch))) };
}

/** A number of epochs with the time that they last. */
export function epochsText({ length }: EpochClock, epochs: bigint | number): string {
  const count = BigInt(epochs);
  return `${count} ${count === 1n ? "epoch" : "epochs"} (${durationText(count * length)})`;
}

function startOf({ genesis, length }: EpochClock, epoch: bigint): bigint {
  return genesis + epoch * length;
}
