import type { Session } from "./chain-session.ts";
import { chainTime, governed } from "./governed.ts";
import { isoTime } from "./iso-time.ts";

/** Time that follows the newest block by a governed delay, as text. @param parameter Row of NetworkParameters, seconds. */
export async function timeAfter(session: Session, parameter: string): Promise<string> {
  const [now, delay] = await Promise.all([chainTime(session), governed(session, parameter)]);
  return isoTime(now + delay);
}
