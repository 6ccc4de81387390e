import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { hexToString } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** A governed number with its coming value. */
export interface ParameterRow {
  /** In force at the newest block. */
  value: bigint;
  /** Set when another value comes into force later. */
  change?: { value: bigint; at: number };
  /** Bounds that hold for ever. */
  min: bigint;
  max: bigint;
  /** Seconds between a change and its effect. */
  notice: number;
}

/** Governed numbers by name. */
export type NetworkParameterTable = ReadonlyMap<string, ParameterRow>;

/** Reads the whole table from the chain; `now` is chain time in Unix seconds. */
export async function readParameters({ client, config }: ChainAccess, now: number): Promise<NetworkParameterTable> {
  const rows = await client.readContract({
    address: config.contracts.NetworkParameters,
    abi: networkParametersAbi,
    functionName: "all",
  });
  return new Map(
    rows.map(({ id, value, pending, effectiveAt, min, max, notice }) => {
      const at = Number(effectiveAt);
      const isComing = at > now && pending !== value;
      const change = isComing && { change: { value: pending, at } };
      const row = { value: at > now ? value : pending, ...change, min, max, notice: Number(notice) };
      return [hexToString(id, { size: 32 }), row];
    }),
  );
}

/** Value in force of a parameter. @throws Error when the deployment has no such parameter. */
export function parameterValue(table: NetworkParameterTable, name: string): bigint {
  const row = table.get(name);
  if (!row) throw new Error(`NetworkParameters has no row "${name}"`);
  return row.value;
}
