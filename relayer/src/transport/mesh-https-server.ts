import { createServer, type Server } from "node:https";
import type { IncomingMessage, RequestListener } from "node:http";
import type { TLSSocket } from "node:tls";

import { memberName, type PeerIdentity } from "../pki/peer-identity.ts";
import { ConnectionGuard } from "./connection-guard.ts";
import type { MeshCredentials } from "./mesh-credentials.ts";
import { HTTP_ALPN } from "./tls-policy.ts";
import { newCounters, type TransportCounters } from "./transport-counters.ts";
import { ACCEPT_LIMITS, type AcceptLimits, BACKSTOP_MS, withDefaults } from "./transport-limits.ts";

/** Bounds of an HTTPS listener. */
export interface HttpsLimits extends AcceptLimits {
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  requestTimeoutMs: number;
  /** An idle connection is closed after this long. */
  keepAliveTimeoutMs: number;
}

/** Default bounds of an HTTPS listener. */
const HTTPS_LIMITS: HttpsLimits = {
  ...ACCEPT_LIMITS,
  maxConnectionsPerPeer: 32,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 20_000,
};

/** What an HTTPS listener needs. */
export interface MeshHttpsOptions {
  credentials: MeshCredentials;
  limits?: Partial<HttpsLimits>;
  /** Totals to add to. */
  counters?: TransportCounters;
}

const identities = new WeakMap<object, PeerIdentity>();

/**
 * Makes an HTTPS server under the same TLS policy as framed sessions. With fastify:
 * `fastify({ serverFactory: (handler) => createMeshHttpsServer({ credentials }, handler) })`.
 */
export function createMeshHttpsServer(options: MeshHttpsOptions, handler: RequestListener): Server {
  const limits = withDefaults(HTTPS_LIMITS, options.limits);
  const server = createServer(
    {
      ...options.credentials.contextOptions(),
      ALPNProtocols: [HTTP_ALPN],
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: limits.handshakeTimeoutMs + BACKSTOP_MS,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    },
    handler,
  );
  const guard = new ConnectionGuard({
    server,
    credentials: options.credentials,
    limits,
    counters: options.counters ?? newCounters(),
    nameOf: memberName,
    overPeerLimit: "refuse",
    onAccepted: (socket: TLSSocket, peer) => identities.set(socket, peer),
    evict: (socket) => socket.destroy(),
  });
  server.on("close", () => guard.stop());
  return server;
}

/**
 * Returns the verified peer that sent a request to a server made by `createMeshHttpsServer`.
 *
 * @throws Error for a request of any other server.
 */
export function requestPeer(request: Pick<IncomingMessage, "socket">): PeerIdentity {
  const identity = identities.get(request.socket);
  if (!identity) throw new Error("request came over a connection whose peer is not verified");
  return identity;
}
