import type { EntitySchema } from "../schema/entity-schema.ts";
import { parseSchema } from "../schema/parse-schema.ts";
import { BuildReader } from "./build-reader.ts";
import { parseManifest } from "./manifest.ts";

/**
 * Loads the schema of a subgraph build alone, for those who only read what another thread indexes.
 * @throws Error in one sentence that names the file or field at fault.
 */
export function loadSubgraphSchema(folder: string): EntitySchema {
  const reader = new BuildReader(folder);
  return parseSchema(reader.text(parseManifest(reader.text("subgraph.yaml")).schema.file));
}
