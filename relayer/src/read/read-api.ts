import type { FastifyInstance } from "fastify";
import { createHttpService, type HttpLimits, serveVitals, type Vitals } from "../service/http-service.ts";
import type { Logger } from "../service/logger.ts";
import { Problem } from "../service/problem.ts";
import { type Rate, RateLimiter } from "../service/rate-limiter.ts";
import { addressGroup } from "../transport/address-book.ts";
import { attestationRoutes } from "./attestation-routes.ts";
import { certificateRoutes, type CertificateSources } from "./certificate-routes.ts";
import { EventStream } from "./event-stream.ts";
import type { LiveFeed } from "./live-feed.ts";
import { nodeRoutes } from "./node-routes.ts";
import { describeApi } from "./openapi.ts";
import { type ReadSources, toJson } from "./read-sources.ts";
import { reportRoutes } from "./report-routes.ts";
import { type Route, serveRoute } from "./route.ts";

/** What the read API is made from. */
export interface ReadApiOptions extends ReadSources, Omit<Vitals, "version"> {
  feed: LiveFeed;
  /** Where certificates are recorded; absent: nothing is served about them. */
  certificates?: CertificateSources;
  log: Logger;
  /** Requests that one address may make; an IPv6 address shares with its /64 network. */
  rate?: Rate;
  limits?: Partial<HttpLimits>;
  /** Routes of other parts of the relayer. */
  further?: readonly Route[];
}

/** Several tabs of the dApp, each polling every page. */
const RATE: Rate = { perSecond: 50, burst: 200 };
const PLACES = "GET /openapi.json describes what there is, GET /v1/status is where to begin";
/** Where a crowd may ask from one address: whoever watches the service. */
const UNLIMITED = "/health";

/** Makes the read API: open to every origin, no authentication, GET only but for further routes that take a body. */
export function createReadApi(options: ReadApiOptions): FastifyInstance {
  const { version, health, metrics, feed, certificates, log, rate = RATE, limits = {}, further = [] } = options;
  const app = createHttpService({ log, bodyLimit: 1_024, limits, places: PLACES });
  const requests = new RateLimiter(rate);
  const events = new EventStream(feed);
  const routes = [
    ...nodeRoutes(options),
    ...attestationRoutes(options),
    ...reportRoutes(options),
    ...(certificates ? certificateRoutes(certificates) : []),
    ...further,
    events.route,
  ];
  app.setReplySerializer(toJson);
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("access-control-allow-origin", "*");
    const waitSeconds = request.url === UNLIMITED ? 0 : requests.take(addressGroup(request.ip));
    if (waitSeconds === 0) return done();
    const asked = `one address may ask ${rate.perSecond} times a second`;
    done(new Problem(429, "too-many-requests", `${asked}, try again in ${waitSeconds} s`, waitSeconds));
  });
  app.options("/*", (_request, reply) =>
    reply
      .code(204)
      .header("access-control-allow-methods", routes.some(({ body }) => body) ? "GET, POST" : "GET")
      .header("access-control-allow-headers", "content-type")
      .header("access-control-max-age", "86400")
      .send(),
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
