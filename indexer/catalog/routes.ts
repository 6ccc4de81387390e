import {
  leasePageShape,
  leaseQueryShape,
  listingPageShape,
  listingQueryShape,
  oneLeaseShape,
  oneListingShape,
  PRIVACY_TABLE,
  privacyShape,
} from "@pqmesh/contracts/protocol/catalog-api";
import { fieldFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

import type { Catalog } from "./catalog.ts";
import { CatalogProblem } from "./catalog-problem.ts";
import type { LeaseReader } from "./lease-reader.ts";

/** One route: what it takes, what it answers, and how it is described. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Path with `{name}` for parameters, as in OpenAPI. */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
}

const none = z.strictObject({});
const listingId = z.strictObject({ id: z.string().regex(/^[1-9][0-9]{0,9}$/, "must be the number of a listing") });
const leaseId = z.strictObject({ id: z.string().regex(/^[1-9][0-9]{0,19}$/, "must be the number of a lease") });

/** The routes that read. */
export function readRoutes(catalog: Catalog, leases: LeaseReader): Route[] {
  const get = (route: Omit<Route, "method" | "params" | "query"> & Partial<Route>): Route => ({
    ...{ method: "GET", params: none, query: none },
    ...route,
  });
  return [
    get({
      path: "/v1/listings",
      summary: "Search listings; one page, with the number of all that the filters let through",
      query: listingQueryShape,
      answer: listingPageShape,
      handle: (request, reply) => {
        const query = checkQuery(listingQueryShape, request.query);
        return answerAtBlock(catalog, { request, reply }, () => {
          const { total, listings, next } = catalog.search(query);
          return `"total":${total},"listings":[${listings.join(",")}],"next":${JSON.stringify(next ?? null)}`;
        });
      },
    }),
    get({
      path: "/v1/listings/{id}",
      summary: "One listing with its newest terms",
      params: listingId,
      answer: oneListingShape,
      handle: (request, reply) => {
        const { id } = check(listingId, request.params);
        return answerAtBlock(catalog, { request, reply }, () => {
          const listing = catalog.listing(Number(id));
          if (listing !== undefined) return `"listing":${listing}`;
          throw new CatalogProblem("id", `there is no listing ${id}`, { status: 404, type: "not-found" });
        });
      },
    }),
    get({
      path: "/v1/leases",
      summary: "Leases, newest first, by client, provider, listing or status",
      query: leaseQueryShape,
      answer: leasePageShape,
      handle: async (request, reply) => {
        const page = await leases.page(checkQuery(leaseQueryShape, request.query));
        return reply.header("cache-control", "no-cache").send(page);
      },
    }),
    get({
      path: "/v1/leases/{id}",
      summary: "One lease, to the smallest unit",
      params: leaseId,
      answer: oneLeaseShape,
      handle: async (request, reply) => {
        const answer = await leases.one(check(leaseId, request.params).id);
        return reply.header("cache-control", "no-cache").send(answer);
      },
    }),
    get({
      path: "/v1/privacy",
      summary: "The table of who may lease at which level of privacy",
      answer: privacyShape,
      handle: (_request, reply) => reply.header("cache-control", "public, max-age=3600").send(PRIVACY_TABLE),
    }),
  ];
}

/**
 * Checks a part of a request.
 * @throws CatalogProblem that names the first field that is wrong, and its limit.
 */
export function check<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const { data, error } = shape.safeParse(value);
  if (!error) return data;
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") throw new CatalogProblem(issue.keys[0], `there is no \`${issue.keys[0]}\``);
  const path = issue.path.map(String);
  // Items of a list in a query have positions, which the client did not write.
  const field = path.filter((part) => !/^\d+$/.test(part)).join(".");
  const flaw = fieldFlaw({ ...issue, path: [field === "" ? "the request" : field] });
  throw new CatalogProblem(field === "" ? undefined : field, flaw);
}

/** Checks a query, in which a parameter that is written twice is a list. @throws CatalogProblem as {@link check}. */
function checkQuery<Shape extends z.ZodType>(shape: Shape, query: unknown): z.output<Shape> {
  const [twice] = Object.entries(query as object).find(([, value]) => Array.isArray(value)) ?? [];
  if (twice !== undefined) throw new CatalogProblem(twice, `${twice} must be given once`);
  return check(shape, query);
}

/** Answers from the catalog's state, which its ETag names: the same block, the same answer. */
function answerAtBlock(
  catalog: Catalog,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  write: () => string,
): FastifyReply {
  const { block } = catalog;
  if (block === undefined) {
    void reply.header("retry-after", "2");
    throw new CatalogProblem(undefined, "the catalog is being read from the index", { status: 503, type: "not-ready" });
  }
  const { number, hash, timestamp } = block;
  const etag = `"${number}-${hash.slice(2, 18)}"`;
  void reply.header("etag", etag).header("cache-control", "no-cache");
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const head = JSON.stringify({ number, hash, timestamp });
  return reply.type("application/json; charset=utf-8").send(`{"block":${head},${write()}}`);
}
