import { z } from "zod";

import type { AbiEvent, EventDecoder } from "../abi/event-decoder.ts";
import { createEventDecoder } from "../abi/event-decoder.ts";
import type { EntitySchema } from "../schema/entity-schema.ts";
import { parseSchema } from "../schema/parse-schema.ts";
import { BuildReader } from "./build-reader.ts";
import type { Manifest, ManifestDataSource, ManifestTemplate } from "./manifest.ts";
import { parseManifest } from "./manifest.ts";

/** An event handler with its decoder. */
export interface BuiltHandler {
  /** Name of the function that the WASM module exports. */
  readonly handler: string;
  readonly decoder: EventDecoder;
  /** topic0 the log must have. */
  readonly topic0: string;
  /** Accepted values of topic1 to topic3; an empty list accepts any. */
  readonly topics: readonly (readonly string[])[];
  readonly receipt: boolean;
}

/** What a data source runs: shared by all instances of a template. */
export interface BuiltMapping {
  /** Path of the WASM file inside the build, which identifies the module. */
  readonly wasmFile: string;
  readonly apiVersion: string;
  readonly entities: readonly string[];
  readonly handlers: readonly BuiltHandler[];
}

/** A data source of the manifest. */
interface BuiltDataSource {
  readonly name: string;
  readonly network: string;
  readonly address: string | undefined;
  readonly startBlock: number;
  readonly endBlock: number | undefined;
  readonly context: ManifestDataSource["context"];
  readonly mapping: BuiltMapping;
}

/** A template that mappings instantiate. */
interface BuiltTemplate {
  readonly name: string;
  readonly network: string;
  readonly mapping: BuiltMapping;
}

/** A subgraph as `graph build` wrote it, ready to run. */
export interface SubgraphBuild {
  /** SHA-256 over manifest, schema, ABIs, WASM and overrides; entities depend on nothing else. */
  readonly deployment: string;
  readonly schema: EntitySchema;
  readonly dataSources: readonly BuiltDataSource[];
  readonly templates: readonly BuiltTemplate[];
  /** Code of each mapping file by its path in the build. */
  readonly wasm: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly nonFatalErrors: boolean;
}

/** Address and start block that replace those of the manifest. */
export type SourceOverrides = Readonly<
  Record<string, { readonly address?: string | undefined; readonly startBlock?: number | undefined }>
>;

const abiSchema = z.array(z.looseObject({ type: z.string() }));

/**
 * Loads a build folder.
 * @throws Error in one sentence that names the file or field at fault.
 */
export function loadSubgraphBuild(folder: string, overrides: SourceOverrides): SubgraphBuild {
  const reader = new BuildReader(folder);
  const manifest = parseManifest(reader.text("subgraph.yaml"));
  const schema = parseSchema(reader.text(manifest.schema.file));
  for (const name of Object.keys(overrides)) {
    if (!manifest.dataSources.some((source) => source.name === name)) {
      throw new Error(`the config overrides \`${name}\`, but subgraph.yaml has no data source of that name`);
    }
  }
  const dataSources = manifest.dataSources.map((source) => buildDataSource(source, overrides[source.name], reader));
  const templates = manifest.templates.map((template) => ({
    name: template.name,
    network: template.network,
    mapping: buildMapping(template, reader),
  }));
  checkEntities(manifest, schema);
  return {
    deployment: reader.digest(JSON.stringify(overrides, Object.keys(overrides).sort().concat("address", "startBlock"))),
    schema,
    dataSources,
    templates,
    wasm: reader.wasm,
    nonFatalErrors: manifest.features.includes("nonFatalErrors"),
  };
}

function buildDataSource(
  source: ManifestDataSource,
  override: SourceOverrides[string] | undefined,
  reader: BuildReader,
): BuiltDataSource {
  return {
    name: source.name,
    network: source.network,
    address: override?.address ?? source.source.address,
    startBlock: override?.startBlock ?? source.source.startBlock,
    endBlock: source.source.endBlock,
    context: source.context,
    mapping: buildMapping(source, reader),
  };
}

function buildMapping(
  { name, source, mapping }: ManifestDataSource | ManifestTemplate,
  reader: BuildReader,
): BuiltMapping {
  const abi = mapping.abis.find((entry) => entry.name === source.abi);
  if (abi === undefined)
    throw new Error(`subgraph.yaml: \`${name}.source.abi\` names \`${source.abi}\`, which \`mapping.abis\` lacks`);
  const events = parseAbi(abi.file, reader.text(abi.file));
  for (const entry of mapping.abis) reader.text(entry.file);
  reader.module(mapping.file);
  const handlers = mapping.eventHandlers.map((entry) => {
    const decoder = decoderFor(name, entry.event, events);
    const topics = [entry.topic1, entry.topic2, entry.topic3].map((values) =>
      values.map((value) => value.toLowerCase()),
    );
    return {
      handler: entry.handler,
      decoder,
      topic0: entry.topic0?.toLowerCase() ?? decoder.topic0,
      topics,
      receipt: entry.receipt,
    };
  });
  return { wasmFile: mapping.file, apiVersion: mapping.apiVersion, entities: mapping.entities, handlers };
}

function decoderFor(name: string, signature: string, events: readonly AbiEvent[]): EventDecoder {
  try {
    return createEventDecoder(signature, events);
  } catch (error) {
    throw new Error(`subgraph.yaml: data source \`${name}\`: ${(error as Error).message} in its ABI`, { cause: error });
  }
}

function parseAbi(file: string, text: string): AbiEvent[] {
  const result = abiSchema.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`${file} of the subgraph build is not an ABI`);
  return result.data.filter((entry) => entry.type === "event") as unknown as AbiEvent[];
}

function checkEntities(manifest: Manifest, schema: EntitySchema): void {
  for (const { name, mapping } of [...manifest.dataSources, ...manifest.templates]) {
    for (const entity of mapping.entities) {
      if (!schema.entities.has(entity))
        throw new Error(`subgraph.yaml: \`${name}\` lists the entity \`${entity}\`, which the schema lacks`);
    }
  }
}
