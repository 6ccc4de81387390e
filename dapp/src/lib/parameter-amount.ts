import { votingUnitsWords } from "@pqmesh/contracts/protocol/exact-words";
import { parameterKind } from "@pqmesh/contracts/protocol/parameter-kind";
import { formatBp, formatDuration, formatMesh } from "./format.ts";

/** A governed number as people say it, without the words of its unit where the number says enough. */
export function formatParameter(value: bigint, unit: string): string {
  switch (parameterKind(unit)) {
    case "mesh":
      return `${formatMesh(value, 6)} MESH`;
    case "units":
      return votingUnitsWords(value);
    case "seconds":
      return formatDuration(Number(value));
    case "basisPoints":
      return formatBp(Number(value), 2);
    case "count":
      return value.toLocaleString("en-US");
  }
}

/** What a number of {@link formatParameter} counts; empty when the number says so itself. */
export function parameterUnit(unit: string): string {
  return unit.replace(/^(MESH wei|units \(9 decimals\)|seconds|basis points)\s*/, "");
}
