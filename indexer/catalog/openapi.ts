import { problemShape } from "@pqmesh/contracts/protocol/catalog-api";
import { z } from "zod";

import type { Route } from "./routes.ts";

/** Describes routes as an OpenAPI 3.1 document, from the same schemas that check requests. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = describeRoute(route);
  return {
    openapi: "3.1.0",
    info: {
      title: "PQMesh catalog",
      version,
      description:
        "Listings and leases as the index has them, and transactions for wallets to sign. The catalog holds no key. " +
        "Numbers of 64 bits and more are decimal text. Errors are problem details (RFC 9457).",
    },
    paths,
  };
}

function describeRoute({ method, path, summary, params, query, body, answer }: Route): object {
  return {
    ...{ operationId: operationIdOf(method, path), summary },
    parameters: [...describeParameters(params, "path"), ...describeParameters(query, "query")],
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses: {
      "200": { description: "The answer", content: { "application/json": { schema: schemaOf(answer, "output") } } },
      default: {
        description: "What went wrong",
        content: { "application/problem+json": { schema: schemaOf(problemShape, "output") } },
      },
    },
  };
}

/** A name for generated clients: the method and the words of the path, without its version. */
function operationIdOf(method: string, path: string): string {
  const words = path.match(/[a-z]{2,}/g) ?? [];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function describeParameters(schema: z.ZodObject, place: "path" | "query"): object[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path",
    ...(field.description !== undefined && { description: field.description }),
    schema: schemaOf(field, "input"),
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
