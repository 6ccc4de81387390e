/** Seconds by which the chain's answer may be older than the clock without anything being held. */
const LAG_SECONDS = 60;

/**
 * True when something has matured but a proposed slash holds it back; all in Unix seconds.
 *
 * @param withdrawableUntil Newest maturity that can be withdrawn: about the present while nothing is held.
 */
export function isHeldBack(maturesAt: number, withdrawableUntil: number, now: number): boolean {
  return maturesAt <= now && maturesAt > withdrawableUntil && now - withdrawableUntil > LAG_SECONDS;
}
