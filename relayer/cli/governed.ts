import { stringToHex } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";

/** Value in force of a governed number. @param name Row of NetworkParameters (docs/PARAMETERS.md). */
export function governed(session: Session, name: string): Promise<bigint> {
  return session.client.readContract({
    ...contractOf(session, "NetworkParameters"),
    ...{ functionName: "get", args: [stringToHex(name, { size: 32 })] },
  });
}

/** Time of the newest block, Unix seconds: the clock that contracts go by. */
export async function chainTime({ client }: Session): Promise<bigint> {
  return (await client.getBlock()).timestamp;
}
