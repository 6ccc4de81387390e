import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { Problem } from "../service/problem.ts";
import { addressGroup } from "../transport/address-book.ts";

/** One route, a POST when it has a body, else a GET: what it takes, what it answers, and how it is described. */
export interface Route {
  /** Path with `{name}` for parameters, as in OpenAPI. */
  path: string;
  summary: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodObject | undefined;
  /** Shape of the answer; undefined: the handler writes the reply itself. */
  answer: z.ZodType | undefined;
  /** Media type of an answer that is not `application/json`. */
  media: string | undefined;
  handle(request: RouteRequest, reply: FastifyReply): unknown;
}

/** A request whose parameters were checked. */
export interface RouteRequest {
  params: unknown;
  query: unknown;
  body: unknown;
  /** Who asks: an IPv4 address or a /64 network. */
  asker: string;
}

interface TypedRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  path: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  answer?: z.ZodType;
  media?: string;
  handle(
    request: { params: z.infer<P>; query: z.infer<Q>; body: z.infer<B>; asker: string },
    reply: FastifyReply,
  ): unknown;
}

/** Describes a route whose handler gets its checked and typed parameters. */
export function defineRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject>(
  route: TypedRoute<P, Q, B>,
): Route {
  const { path, summary, answer, media, handle } = route;
  return {
    path,
    summary,
    answer,
    media,
    params: route.params ?? z.strictObject({}),
    query: route.query ?? z.strictObject({}),
    body: route.body,
    handle,
  };
}

/** Longest body of a POST: two post-quantum signatures and a key, as text. */
const BODY_LIMIT_BYTES = 32_768;

/** Serves a route. Bad parameters are answered with problem details that name them. */
export function serveRoute(app: FastifyInstance, route: Route): void {
  const path = route.path.replace(/\{(\w+)\}/g, ":$1");
  const handle = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const params = check(route.params, request.params);
    const query = check(route.query, request.query);
    const body = route.body && check(route.body, request.body);
    return route.handle({ params, query, body, asker: addressGroup(request.ip) }, reply);
  };
  if (route.body) app.post(path, { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => handle(request, reply));
  else app.get(path, async (request, reply) => handle(request, reply));
}

function check(schema: z.ZodObject, value: unknown): unknown {
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    throw new Problem(400, "bad-request", `unknown parameters: ${issue.keys.join(", ")}`);
  }
  const where = issue?.path.length ? issue.path.join(".") : "body";
  throw new Problem(400, "bad-request", `${where}: ${issue?.message}`);
}
