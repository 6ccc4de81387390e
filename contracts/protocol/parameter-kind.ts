/** What a governed number is, which says how people read it. */
export type ParameterKind = "mesh" | "units" | "seconds" | "basisPoints" | "count";

/** Kind of a governed number by its unit (docs/PARAMETERS.md), for example "MESH wei per report". */
export function parameterKind(unit: string): ParameterKind {
  if (unit.startsWith("MESH wei")) return "mesh";
  if (unit.startsWith("units")) return "units";
  if (unit === "seconds") return "seconds";
  return unit.startsWith("basis points") ? "basisPoints" : "count";
}
