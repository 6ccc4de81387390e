import { formatBp, formatDuration, formatMesh } from "./format.ts";

/** A governed number as people say it. */
export function formatParameter(value: bigint, unit: string): string {
  if (unit.startsWith("MESH wei")) return `${formatMesh(value, 6)} MESH${unit.slice("MESH wei".length)}`;
  if (unit === "seconds") return formatDuration(Number(value));
  if (unit.startsWith("basis points")) return `${formatBp(Number(value), 2)}${unit.slice("basis points".length)}`;
  return `${value.toLocaleString("en-US")} ${unit}`.trimEnd();
}
