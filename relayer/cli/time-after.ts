import type { Session } from "./chain-session.ts";
import { chainTime, governed } from "./governed.ts";

/** Time that follows the newest block by a governed delay, as text. @param parameter Row of NetworkParameters, seconds. */
export async function timeAfter(session: Session, parameter: string): Promise<string> {
  const [now, delay] = await Promise.all([chainTime(session), governed(session, parameter)]);
  return isoTime(now + delay);
}

/** Unix seconds as text; beyond the last year that dates can name, the number itself. */
export function isoTime(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString();
}
