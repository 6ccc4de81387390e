import { fastify, LogController } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { z } from "zod";

import type { GraphqlRequest, GraphqlService } from "../graphql/graphql-service.ts";
import type { IndexingStatus } from "../sync/indexing-event.ts";
import type { LiveUpdates } from "./live-updates.ts";
import type { Metrics } from "./metrics.ts";
import { sendProblem } from "./problem.ts";
import { addSignposts, sendMissingQuery } from "./signposts.ts";
import type { StreamPlaces } from "./stream-places.ts";

/** How often overdue requests are looked for at least, milliseconds. */
const CHECK_MS = 1_000;
/** Bytes of a request body. */
const MAX_BODY = 262_144;
/** Milliseconds of silence after which the indexing thread counts as stalled, by a mapping that never ends for one. */
const MAX_SILENCE = 180_000;
/** When a client for whose stream there was no place may come again. */
const RETRY_SECONDS = 10;

const requestSchema = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What one client, and all of them together, may hold. */
export interface ServerLimits {
  /** Milliseconds from connection to the end of a request's headers. */
  readonly headersTimeout: number;
  /** The same to the end of its body, so that slow senders hold no connection. */
  readonly requestTimeout: number;
  /** Connections at once. */
  readonly connections: number;
}

const LIMITS: ServerLimits = { headersTimeout: 10_000, requestTimeout: 15_000, connections: 4_096 };

/** What the server answers from. */
export interface ServerParts {
  readonly service: GraphqlService;
  readonly live: LiveUpdates;
  readonly metrics: Metrics;
  readonly status: () => IndexingStatus;
  /** Milliseconds since the indexing thread was heard of. */
  readonly silence: () => number;
  readonly logger: Logger;
  readonly version: string;
}

/** Builds the HTTP server; the caller makes it listen. */
export function createHttpServer(parts: ServerParts, limits: ServerLimits = LIMITS): FastifyInstance {
  const { headersTimeout, requestTimeout, connections } = limits;
  const server = fastify({
    bodyLimit: MAX_BODY,
    forceCloseConnections: true,
    requestTimeout,
    http: { headersTimeout, connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeout) },
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
  }) as unknown as FastifyInstance;
  server.server.maxConnections = connections;
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) parts.logger.error({ error: error.message }, "a request failed");
    return reply.code(status).send({ errors: [{ message: status >= 500 ? "internal error" : error.message }] });
  });
  addGraphqlRoutes(server, parts);
  addOperationRoutes(server, parts);
  addSignposts(server, parts.version);
  return server;
}

function addGraphqlRoutes(server: FastifyInstance, parts: ServerParts): void {
  server.options("/*", (_request, reply) =>
    reply
      .header("access-control-allow-methods", "GET, POST, OPTIONS")
      .header("access-control-allow-headers", "content-type, accept, x-graphql-event-stream-token")
      .header("access-control-max-age", "86400")
      .code(204)
      .send(),
  );
  server.post("/graphql", (request, reply) => answer(parts, request, { reply, body: request.body }));
  server.get("/graphql", (request, reply) => {
    const query = request.query as Record<string, string | undefined>;
    if (!query["query"]) return sendMissingQuery(reply);
    return answer(parts, request, { reply, body: { ...query, variables: parseVariables(query["variables"]) } });
  });
  server.get("/live", (request, reply) => {
    if (isRefused(parts.live.places, reply, request.ip)) return reply;
    parts.live.followBlocks(reply, request.ip);
    return reply;
  });
}

async function answer(
  parts: ServerParts,
  request: FastifyRequest,
  { reply, body }: { reply: FastifyReply; body: unknown },
): Promise<unknown> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `\`${issue.path.join(".") || "body"}\`: ${issue.message}`);
    return reply.code(400).send({ errors: [{ message: `the request is wrong at ${problems.join("; ")}` }] });
  }
  if (request.headers.accept?.includes("text/event-stream") === true) {
    return stream(parts, reply, { request: parsed.data, address: request.ip });
  }
  const done = parts.metrics.queryDuration.startTimer();
  const result = await parts.service.answer(parsed.data);
  done();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(result));
}

function stream(
  { live, service }: ServerParts,
  reply: FastifyReply,
  { request, address }: { request: GraphqlRequest; address: string },
): FastifyReply {
  if (isRefused(live.places, reply, address)) return reply;
  const found = service.inspect(request);
  if ("errors" in found) return reply.code(400).send({ errors: found.errors });
  if (found.operation === "subscription") live.followQuery(reply, request, address);
  else live.answerOnce(reply, request, address);
  return reply;
}

/** Answers a client for whose stream there is no place. */
function isRefused(places: StreamPlaces, reply: FastifyReply, address: string): boolean {
  if (places.isFullFor(address)) {
    const detail = `${places.perAddress} streams of this address are open, the limit of \`streamsPerAddress\`; end one of them`;
    void sendProblem(reply.header("retry-after", String(RETRY_SECONDS)), {
      ...{ type: "too-many-streams", status: 429, detail },
    });
    return true;
  }
  if (places.isFull) void reply.code(503).send({ errors: [{ message: "too many streams are open" }] });
  return places.isFull;
}

function addOperationRoutes(server: FastifyInstance, parts: ServerParts): void {
  const { status, metrics } = parts;
  server.get("/health", (_request, reply) => {
    const health = healthOf(parts);
    return reply.code(health.status === "ok" ? 200 : 503).send(health);
  });
  server.get("/ready", (_request, reply) => {
    const { state, block, chainHead } = status();
    const ready = state === "live";
    return reply
      .code(ready ? 200 : 503)
      .send({ ready, state, block: block?.number ?? null, chainHead: chainHead ?? null });
  });
  server.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

function healthOf({ status, silence, version }: ServerParts): { status: string } & Record<string, unknown> {
  const { state, block, chainHead, problem } = status();
  const answer = { version, state, block: block?.number ?? null, chainHead: chainHead ?? null };
  if (silence() > MAX_SILENCE) {
    const seconds = Math.floor(silence() / 1_000);
    return { status: "stalled", ...answer, problem: `the indexing thread has been silent for ${seconds} s` };
  }
  const described = problem === undefined ? answer : { ...answer, problem };
  const isWell = state !== "failed" && state !== "blocked" && state !== "disconnected";
  return { status: isWell ? "ok" : state, ...described };
}

function parseVariables(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
