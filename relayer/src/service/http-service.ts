import { fastify, type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { Registry } from "prom-client";
import type { Health } from "./health.ts";
import type { Logger } from "./logger.ts";
import { Problem, PROBLEM_MEDIA_TYPE, toProblemDetails } from "./problem.ts";

/** What every HTTP interface of a service has. */
export interface HttpServiceOptions {
  log: Logger;
  /** Largest request body, bytes. */
  bodyLimit: number;
  /** Makes the listener, for TLS; default: plain HTTP. */
  serverFactory?: FastifyServerOptions["serverFactory"];
  /** Clause that tells who asks for a place that does not exist what there is. */
  places?: string;
  /** Bounds of plain HTTP; a listener of `serverFactory` has its own. */
  limits?: Partial<HttpLimits>;
}

/** Bounds of a plain HTTP listener. */
export interface HttpLimits {
  /** From connection, or the end of the request before, to the end of a request's headers. */
  headersTimeoutMs: number;
  /** The same to the end of its body. */
  requestTimeoutMs: number;
  /** Connections at once. */
  maxConnections: number;
}

const HTTP_LIMITS: HttpLimits = { headersTimeoutMs: 10_000, requestTimeoutMs: 15_000, maxConnections: 4_096 };
/** Silence in both directions that ends a connection. */
const CONNECTION_TIMEOUT_MS = 30_000;
/** Longest part of a path: the DID of a voter. */
const MAX_PARAMETER_LENGTH = 200;
/** How often overdue requests are looked for at least. */
const CHECK_MS = 1_000;

/** Makes an HTTP interface whose errors are problem details and whose slow or oversized requests are cut off. */
export function createHttpService({
  log,
  bodyLimit,
  serverFactory,
  limits,
  places,
}: HttpServiceOptions): FastifyInstance {
  const { headersTimeoutMs, requestTimeoutMs, maxConnections } = { ...HTTP_LIMITS, ...limits };
  const connectionsCheckingInterval = Math.min(CHECK_MS, headersTimeoutMs);
  const app = fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    ...(serverFactory
      ? { serverFactory }
      : { http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval } }),
  });
  if (!serverFactory) app.server.maxConnections = maxConnections;
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblemDetails(error);
    if (problem.status >= 500 && !(error instanceof Problem))
      log.error({ err: error, method: request.method, url: request.url }, "request failed");
    if (error instanceof Problem && error.retryAfterSeconds !== undefined) {
      void reply.header("retry-after", String(error.retryAfterSeconds));
    }
    return reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).send(problem);
  });
  app.setNotFoundHandler((request) => {
    const hint = places === undefined ? "" : `; ${places}`;
    throw new Problem(404, "not-found", `${request.method} ${request.url} does not exist${hint}`);
  });
  return app;
}

/** What `/health` and `/metrics` show. */
export interface Vitals {
  version: string;
  health: Health;
  metrics: Registry;
}

/** Adds `/health` (503 while a part does not work; `notices` are of parts that work) and `/metrics` (Prometheus text). */
export function serveVitals(app: FastifyInstance, { version, health, metrics }: Vitals): void {
  app.get("/health", (_request, reply) => {
    const { reasons, notices } = health;
    const known = notices.length > 0 && { notices };
    if (reasons.length === 0) return reply.send({ status: "ok", version, ...known });
    return reply.code(503).send({ status: "degraded", version, reasons, ...known });
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
