import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { stringToHex } from "viem";
import { type Session, withErrors } from "./chain-session.ts";

/** Time that follows the newest block by a governed delay, as text. @param parameter Row of NetworkParameters, seconds. */
export async function timeAfter({ network, client }: Session, parameter: string): Promise<string> {
  const [{ timestamp }, delay] = await Promise.all([
    client.getBlock(),
    client.readContract({
      address: network.contracts.NetworkParameters,
      abi: withErrors(networkParametersAbi),
      functionName: "get",
      args: [stringToHex(parameter, { size: 32 })],
    }),
  ]);
  return isoTime(timestamp + delay);
}

/** Unix seconds as text. */
export function isoTime(seconds: bigint | number): string {
  return new Date(Number(seconds) * 1_000).toISOString();
}
