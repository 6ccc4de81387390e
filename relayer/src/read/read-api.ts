import type { FastifyInstance } from "fastify";
import { createHttpService, serveVitals, type Vitals } from "../service/http-service.ts";
import type { Logger } from "../service/logger.ts";
import { attestationRoutes } from "./attestation-routes.ts";
import { EventStream } from "./event-stream.ts";
import type { LiveFeed } from "./live-feed.ts";
import { nodeRoutes } from "./node-routes.ts";
import { describeApi } from "./openapi.ts";
import { type ReadSources, toJson } from "./read-sources.ts";
import { reportRoutes } from "./report-routes.ts";
import { serveRoute } from "./route.ts";

/** What the read API is made from. */
export interface ReadApiOptions extends ReadSources, Omit<Vitals, "version"> {
  feed: LiveFeed;
  log: Logger;
}

/** Makes the read API: GET only, open to every origin, no authentication. */
export function createReadApi(options: ReadApiOptions): FastifyInstance {
  const { version, health, metrics, feed, log } = options;
  const app = createHttpService({ log, bodyLimit: 1_024 });
  const events = new EventStream(feed);
  const routes = [...nodeRoutes(options), ...attestationRoutes(options), ...reportRoutes(options), events.route];
  app.setReplySerializer(toJson);
  app.addHook("onRequest", (_request, reply, done) => {
    void reply.header("access-control-allow-origin", "*");
    done();
  });
  app.options("/*", (_request, reply) =>
    reply.code(204).header("access-control-allow-methods", "GET").header("access-control-max-age", "86400").send(),
  );
  app.addHook("preClose", (done) => {
    events.close();
    done();
  });
  for (const route of routes) serveRoute(app, route);
  const description = describeApi(routes, version);
  app.get("/openapi.json", () => description);
  serveVitals(app, { version, health, metrics });
  return app;
}
