import type { FastifyInstance, FastifyReply } from "fastify";

import { sendProblem } from "./problem.ts";

/** Characters of a request that are repeated in an answer. */
const MAX_SHOWN = 100;
const PLACES = { graphql: "/graphql", live: "/live", health: "/health", ready: "/ready", metrics: "/metrics" };
const HOW_TO_ASK =
  'GraphQL is at /graphql: POST {"query": "{ _meta { block { number } } }"} as application/json, or GET /graphql?query=…';

/** Tells who comes without a question, or to a place that does not exist, where GraphQL is to be had. */
export function addSignposts(server: FastifyInstance, version: string): void {
  server.get("/", () => ({ service: "PQMesh indexer", version, detail: HOW_TO_ASK, links: PLACES }));
  server.setNotFoundHandler((request, reply) => {
    const detail = `${request.method} ${request.url.slice(0, MAX_SHOWN)} does not exist; ${HOW_TO_ASK}`;
    return sendProblem(reply, { type: "not-found", status: 404, detail });
  });
}

/** Answers `GET /graphql` without a query, as problem details that GraphQL clients can read, too. */
export function sendMissingQuery(reply: FastifyReply): FastifyReply {
  const detail = `\`query\` is missing; ${HOW_TO_ASK}`;
  return sendProblem(reply, { type: "missing-query", status: 400, detail, errors: [{ message: detail }] });
}
