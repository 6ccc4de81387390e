import { fieldFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import type { FastifyError, FastifyInstance } from "fastify";
import { z } from "zod";

import { sourceOf } from "../engine/server/address-source.ts";
import type { Extension, ExtensionHost } from "../engine/server/extension.ts";
import { sendProblem } from "../engine/server/problem.ts";
import { Catalog } from "./catalog.ts";
import { CatalogProblem } from "./catalog-problem.ts";
import { LeaseReader } from "./lease-reader.ts";
import { describeApi } from "./openapi.ts";
import { RequestRate } from "./request-rate.ts";
import { readRoutes, type Route } from "./routes.ts";
import { transactionRoutes } from "./transactions/routes.ts";

/** Several tabs of the dApp, each polling every page. */
const RATE = { perSecond: 50, burst: 200 };
/** A person who signs each; building one asks the chain several questions. */
const TRANSACTION_RATE = { perSecond: 5, burst: 20 };

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as `0x${string}`);

const rate = z.strictObject({ perSecond: z.int().min(1), burst: z.int().min(1) });

const settingsSchema = z.strictObject({
  /** Contracts that transactions are for. */
  contracts: z.strictObject({
    NodeListings: address,
    LeaseEscrow: address,
    LeaseDisputes: address,
    LeaseVouchers: address,
  }),
  /** Reads that one address may ask for; an IPv6 address shares with its /64 network. */
  rate: rate.default(RATE),
  /** Transactions that one address may have built, counted apart from reads. */
  transactionRate: rate.default(TRANSACTION_RATE),
});

/** Settings of the catalog in `indexer.json`. */
export type CatalogSettings = z.output<typeof settingsSchema>;

/** Serves the catalog beside the index that it is read from. */
export async function createExtension(host: ExtensionHost, settings: unknown): Promise<Extension> {
  const { data, error } = settingsSchema.safeParse(settings);
  if (error) throw new Error(`settings: ${error.issues.map(fieldFlaw).join("; ")}`);
  const catalog = new Catalog(host.config.database);
  const refresh = (): void => {
    catalog.refresh().catch((cause: unknown) => {
      host.logger.error({ error: (cause as Error).message }, "the catalog could not read the index");
    });
  };
  const routes = [...readRoutes(catalog, new LeaseReader(host.graphql)), ...transactionRoutes(host, data)];
  await host.server.register((scope, _options, done) => {
    serveRoutes(scope, { host, routes, settings: data });
    done();
  });
  refresh();
  return { committed: refresh, stop: () => catalog.close() };
}

interface Served {
  readonly host: ExtensionHost;
  readonly routes: readonly Route[];
  readonly settings: CatalogSettings;
}

function serveRoutes(scope: FastifyInstance, { host, routes, settings }: Served): void {
  const limits = {
    reads: { asks: "ask", rate: settings.rate, taken: new RequestRate(settings.rate) },
    transactions: {
      ...{ asks: "have transactions built", rate: settings.transactionRate },
      taken: new RequestRate(settings.transactionRate),
    },
  };
  scope.addHook("onRequest", (request, reply, done) => {
    void reply.header("access-control-expose-headers", "etag, retry-after");
    const { asks, rate: allowed, taken } = limits[request.method === "POST" ? "transactions" : "reads"];
    const wait = taken.take(sourceOf(request.ip));
    if (wait === 0) return done();
    void reply.header("retry-after", String(wait));
    const detail = `one address may ${asks} ${allowed.perSecond} times a second, try again in ${wait} s`;
    done(new CatalogProblem(undefined, detail, { status: 429, type: "too-many-requests" }));
  });
  scope.setErrorHandler((error: FastifyError | CatalogProblem, _request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.type === "internal-error") {
      host.logger.error({ error: error.message }, "a request to the catalog failed");
    }
    return sendProblem(reply, problem);
  });
  for (const { method, path, handle } of routes) {
    scope.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ":$1"),
      handler: (request, reply) => handle(request, reply),
    });
  }
  const description = describeApi(routes, host.version);
  scope.get("/v1/openapi.json", (_request, reply) =>
    reply.header("cache-control", "public, max-age=3600").send(description),
  );
}

function problemOf(error: FastifyError | CatalogProblem): Parameters<typeof sendProblem>[1] {
  if (error instanceof CatalogProblem) {
    const { type, status, message, field, contractError } = error;
    return {
      ...{ type, status, detail: message },
      ...(field !== undefined && { field }),
      ...(contractError !== undefined && { error: contractError }),
    };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return { type: "bad-request", status, detail: error.message };
  return { type: "internal-error", status, detail: "the catalog failed; its log says why" };
}
