import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { ENTRY_AREAS } from "@pqmesh/contracts/protocol/entry-area";
import { type Address, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { type EntryAreaName, EntryArea } from "./entry-area.ts";
import { capitalised, formatRelative, formatTime, shorten } from "./format.ts";

/** The pause of an area. */
export interface EntryPause {
  area: EntryAreaName;
  /** Unix seconds at which it ends; in the past while the area is open. */
  until: number;
  isByGuardian: boolean;
}

/** What is paused, and who can pause at once. */
export interface EntryPauses {
  pauses: EntryPause[];
  /** Named by the DAO; absent when there is none. */
  guardian?: { account: Address; until: number };
}

/** Reads the newest pause of every area, and the emergency guardian. */
export async function readEntryPauses({ client, config }: ChainAccess): Promise<EntryPauses> {
  const table = { address: config.contracts.NetworkParameters, abi: networkParametersAbi } as const;
  const areas = Object.keys(EntryArea) as EntryAreaName[];
  const [[account, until], ...states] = await Promise.all([
    client.readContract({ ...table, functionName: "emergencyGuardian" }),
    ...areas.map((area) => client.readContract({ ...table, functionName: "entryState", args: [EntryArea[area]] })),
  ]);
  return {
    pauses: areas.map((area, i) => {
      const { pausedUntil, isByGuardian } = states[i]!;
      return { area, until: Number(pausedUntil), isByGuardian };
    }),
    ...(account !== zeroAddress && { guardian: { account, until: Number(until) } }),
  };
}

/** Says that an area is paused at `now` (Unix seconds), until when and by whom; undefined while it is open. */
export function pauseSentence({ pauses, guardian }: EntryPauses, area: EntryAreaName, now: number): string | undefined {
  const pause = pauses.find((one) => one.area === area);
  if (!pause || pause.until <= now) return undefined;
  const entries = ENTRY_AREAS[EntryArea[area]];
  const by = pause.isByGuardian
    ? `the emergency guardian${guardian ? ` ${shorten(guardian.account)}` : ""}`
    : "the DAO";
  return `${capitalised(entries)} are paused until ${formatTime(pause.until)} (${formatRelative(pause.until, now)}) by ${by}. What is there already goes on, and can leave as ever.`;
}
