import { ASSET_KIND_NAMES } from "./market-names.ts";
import { wordsOf } from "./words.ts";

/** Resources of a node; the position is the number of `INodeListings.AssetKind`. */
export const ASSET_KINDS = wordsOf(ASSET_KIND_NAMES);

/** Name of a resource. */
export type AssetKind = (typeof ASSET_KINDS)[number];
