import { z } from "zod";
import type { Route } from "./route.ts";

const problemShape = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
});

/** Describes routes as an OpenAPI 3.1 document, from the same schemas that check requests. */
export function describeApi(routes: readonly Route[], version: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "PQMesh relayer, read API",
      version,
      description:
        "What a relayer holds and hears. Readers treat it as untrusted and verify signatures and proofs against the " +
        "chain. Numbers of 64 bits and more are decimal text. Errors are problem details (RFC 9457).",
    },
    paths: Object.fromEntries(
      routes.map((route) => [route.path, { [route.body ? "post" : "get"]: describeRoute(route) }]),
    ),
  };
}

function describeRoute({ summary, params, query, body, answer, media }: Route): object {
  const ok = answer
    ? { "application/json": { schema: schemaOf(answer, "output") } }
    : { [media ?? "application/octet-stream"]: {} };
  return {
    summary,
    parameters: [...describeParameters(params, "path"), ...describeParameters(query, "query")],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses: {
      "200": { description: "The answer", content: ok },
      default: {
        description: "What went wrong",
        content: { "application/problem+json": { schema: schemaOf(problemShape, "output") } },
      },
    },
  };
}

function describeParameters(schema: z.ZodObject, place: "path" | "query"): object[] {
  return Object.entries(schema.shape as Record<string, z.core.$ZodType>).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path",
    schema: schemaOf(field, "input"),
  }));
}

function schemaOf(schema: z.core.$ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
