import { REGION_COUNTRIES, REGION_NAMES } from "./region-names.ts";
import { wordsOf } from "./words.ts";

/** Parts of the world that jurisdictions are grouped by: continents, as the United Nations count them (M49). */
export const REGIONS = wordsOf(REGION_NAMES);

/** Name of a part of the world. */
export type Region = (typeof REGIONS)[number];

const REGION_BY_COUNTRY: ReadonlyMap<string, Region> = new Map(
  REGION_COUNTRIES.split(",").flatMap((codes, i) => codes.split(" ").map((code) => [code, REGIONS[i]!] as const)),
);

/** The region of a country by its ISO 3166-1 alpha-2 code; undefined for codes of no country and of Antarctica. */
export function regionOf(country: string): Region | undefined {
  return REGION_BY_COUNTRY.get(country);
}
