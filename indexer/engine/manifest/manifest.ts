import { parse as parseYaml } from "yaml";
import { z } from "zod";

/** Versions of the mapping API whose memory layout and rules the engine implements. */
const API_VERSIONS = ["0.0.7", "0.0.8", "0.0.9"] as const;

const topicSchema = z
  .array(z.string())
  .or(z.string().transform((topic) => [topic]))
  .default([]);
const eventHandlerSchema = z.object({
  event: z.string(),
  handler: z.string(),
  topic0: z.string().optional(),
  topic1: topicSchema,
  topic2: topicSchema,
  topic3: topicSchema,
  receipt: z.boolean().default(false),
  calls: z.record(z.string(), z.unknown()).optional(),
});
const mappingSchema = z.object({
  kind: z.literal("ethereum/events"),
  apiVersion: z.enum(API_VERSIONS, `must be one of ${API_VERSIONS.join(", ")}`),
  language: z.literal("wasm/assemblyscript"),
  file: z.string(),
  entities: z.array(z.string()).default([]),
  abis: z.array(z.object({ name: z.string(), file: z.string() })),
  eventHandlers: z.array(eventHandlerSchema).default([]),
  blockHandlers: z.array(z.unknown()).default([]),
  callHandlers: z.array(z.unknown()).default([]),
});
const contextSchema = z.record(z.string(), z.object({ type: z.string(), data: z.unknown() })).default({});
const sourceSchema = z.object({
  abi: z.string(),
  address: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
    .transform((text) => text.toLowerCase())
    .optional(),
  startBlock: z.coerce.number().int().nonnegative().default(0),
  endBlock: z.coerce.number().int().nonnegative().optional(),
});
const kindSchema = z.enum(["ethereum", "ethereum/contract"], "must be `ethereum`");
const dataSourceSchema = z.object({
  kind: kindSchema,
  name: z.string(),
  network: z.string(),
  source: sourceSchema,
  context: contextSchema,
  mapping: mappingSchema,
});
const templateSchema = z.object({
  kind: kindSchema,
  name: z.string(),
  network: z.string(),
  source: z.object({ abi: z.string() }),
  mapping: mappingSchema,
});
const manifestSchema = z.object({
  specVersion: z.string(),
  features: z.array(z.string()).default([]),
  schema: z.object({ file: z.string() }),
  dataSources: z.array(dataSourceSchema).min(1, "needs at least one data source"),
  templates: z.array(templateSchema).default([]),
});

/** A built `subgraph.yaml`. */
export type Manifest = z.infer<typeof manifestSchema>;
/** One entry of `dataSources`. */
export type ManifestDataSource = Manifest["dataSources"][number];
/** One entry of `templates`. */
export type ManifestTemplate = Manifest["templates"][number];
/** The mapping part of a data source or template. */
type ManifestMapping = ManifestDataSource["mapping"];

const SUPPORTED_FEATURES = ["nonFatalErrors"];

/**
 * Parses a built manifest.
 * @throws Error naming the field that is missing, wrong or not supported by the engine.
 */
export function parseManifest(text: string): Manifest {
  const result = manifestSchema.safeParse(parseYaml(text));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `\`${issue.path.join(".")}\`: ${issue.message}`);
    throw new Error(`subgraph.yaml is wrong at ${problems.join("; ")}`);
  }
  const manifest = result.data;
  for (const feature of manifest.features) {
    if (!SUPPORTED_FEATURES.includes(feature))
      throw new Error(`subgraph.yaml: the feature \`${feature}\` is not supported`);
  }
  for (const source of [...manifest.dataSources, ...manifest.templates]) checkMapping(source.name, source.mapping);
  return manifest;
}

function checkMapping(name: string, mapping: ManifestMapping): void {
  if (mapping.blockHandlers.length > 0)
    throw new Error(`subgraph.yaml: \`${name}\` has blockHandlers, which are not supported`);
  if (mapping.callHandlers.length > 0)
    throw new Error(`subgraph.yaml: \`${name}\` has callHandlers, which are not supported`);
  for (const handler of mapping.eventHandlers) {
    if (handler.calls !== undefined) {
      throw new Error(`subgraph.yaml: \`${name}.${handler.handler}\` declares contract calls, which are not supported`);
    }
  }
}
