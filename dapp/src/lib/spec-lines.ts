import type { AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { describeSpecs, parseSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import { SPEC_LABELS } from "./spec-fields.ts";

/** A property of a unit. */
export interface SpecLine {
  name: string;
  value: string;
}

/** What one unit of a listing is, line by line; specs that break their schema say nothing. */
export function specLines(kind: AssetKind, text: string): SpecLine[] {
  const parsed = parseSpecs(kind, text);
  if (!("specs" in parsed)) return [];
  return Object.entries(parsed.specs).map(([key, value]) => ({ name: SPEC_LABELS[key] ?? key, value: wordOf(value) }));
}

/** What one unit of a listing is, in one line. */
export function specSummary(kind: AssetKind, text: string): string {
  const parsed = parseSpecs(kind, text);
  return "specs" in parsed ? describeSpecs(kind, parsed.specs) : "no valid specs";
}

function wordOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value);
}
