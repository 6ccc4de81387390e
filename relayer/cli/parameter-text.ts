import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { parameterKind } from "@pqmesh/contracts/protocol/parameter-kind";
import { durationText, meshText, percentText, unitsText } from "./figures.ts";

/** A value of a governed number as people read it. */
export function parameterText(name: string, value: bigint): string {
  switch (parameterKind(parameterNotes[name]?.unit ?? "")) {
    case "mesh":
      return meshText(value);
    case "units":
      return unitsText(value);
    case "seconds":
      return durationText(value);
    case "basisPoints":
      return percentText(value);
    case "count":
      return String(value);
  }
}
