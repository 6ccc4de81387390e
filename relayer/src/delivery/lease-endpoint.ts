import { createServer } from "node:https";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Hex } from "viem";
import type { CertificateKey } from "../pki/tls-key.ts";
import { createHttpService } from "../service/http-service.ts";
import { Problem } from "../service/problem.ts";
import { type Rate, RateLimiter } from "../service/rate-limiter.ts";
import { ConnectionGuard } from "../transport/connection-guard.ts";
import { HTTP_ALPN } from "../transport/tls-policy.ts";
import { newCounters, type TransportCounters } from "../transport/transport-counters.ts";
import { ACCEPT_LIMITS, type AcceptLimits, BACKSTOP_MS } from "../transport/transport-limits.ts";
import type { LeaseFiles } from "./lease-files.ts";
import { PinnedPeers } from "./pinned-peers.ts";

/** A lease that the endpoint serves. */
export interface ServedLease {
  leaseId: bigint;
  /** Hash of the key that the client's certificate has. */
  clientKeyHash: Hex;
  files: LeaseFiles;
}

/** Bounds of the endpoint, so that no client can take the agent's processor, memory or sockets. */
export interface EndpointLimits extends AcceptLimits {
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  requestTimeoutMs: number;
  /** Silence after which a connection ends. */
  idleTimeoutMs: number;
  /** Longest body of an echo. */
  maxEchoBytes: number;
  /** Requests of one lease. */
  requests: Rate;
}

const LIMITS: EndpointLimits = {
  ...ACCEPT_LIMITS,
  maxHandshakes: 64,
  maxHandshakesPerAddress: 16,
  reservedHandshakes: 16,
  maxConnections: 1_024,
  maxConnectionsPerPeer: 8,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  idleTimeoutMs: 20_000,
  maxEchoBytes: 65_536,
  requests: { perSecond: 50, burst: 100 },
};

const OCTETS = "application/octet-stream";

/** What {@link LeaseEndpoint} needs. */
export interface EndpointOptions {
  /** Key of its self-signed certificate, whose hash clients know. */
  key: CertificateKey;
  listen: { host: string; port: number };
  limits?: Partial<EndpointLimits>;
  log: Logger;
}

/** Where clients use what they leased: a file store and an echo for each lease, over TLS 1.3 with ML-DSA-65 on both sides. */
export class LeaseEndpoint {
  readonly counters: TransportCounters = newCounters();
  readonly #peers: PinnedPeers;
  readonly #app: FastifyInstance;
  readonly #limits: EndpointLimits;
  readonly #requests: RateLimiter;
  /** By lease id. */
  readonly #leases = new Map<string, ServedLease>();
  readonly #leaseOf = new WeakMap<object, string>();

  private constructor(peers: PinnedPeers, { limits, log }: EndpointOptions) {
    this.#peers = peers;
    this.#limits = { ...LIMITS, ...limits };
    this.#requests = new RateLimiter(this.#limits.requests);
    this.#app = createHttpService({
      log,
      bodyLimit: this.#limits.maxEchoBytes,
      places: "there are /lease, /echo and /files",
      serverFactory: (handler) => this.#listener(handler),
    });
    this.#addRoutes();
  }

  /** Starts to listen. @throws Error when the address cannot be had. */
  static async open(options: EndpointOptions): Promise<LeaseEndpoint> {
    const endpoint = new LeaseEndpoint(await PinnedPeers.of(options.key), options);
    await endpoint.#app.listen(options.listen);
    return endpoint;
  }

  /** Port that it listens on. */
  get port(): number {
    const address = this.#app.server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** Serves a lease from now on. */
  serve(lease: ServedLease): void {
    const name = String(lease.leaseId);
    this.#leases.set(name, lease);
    this.#peers.admit(lease.clientKeyHash, name);
  }

  /** Ends a lease: its connections are cut, whatever they are doing. */
  end(leaseId: bigint): void {
    const lease = this.#leases.get(String(leaseId));
    if (!lease) return;
    this.#leases.delete(String(leaseId));
    this.#peers.expel(lease.clientKeyHash);
  }

  async close(): Promise<void> {
    await this.#app.close();
  }

  #listener(handler: (request: IncomingMessage, response: never) => void): ReturnType<typeof createServer> {
    const limits = this.#limits;
    const server = createServer(
      {
        ...this.#peers.contextOptions(),
        ALPNProtocols: [HTTP_ALPN],
        requestCert: true,
        // Certificates are self-signed: the guard compares their keys with those of the leases.
        rejectUnauthorized: false,
        handshakeTimeout: limits.handshakeTimeoutMs + BACKSTOP_MS,
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.idleTimeoutMs,
        connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 1_000),
      },
      handler as never,
    );
    server.setTimeout(limits.idleTimeoutMs);
    const guard = new ConnectionGuard({
      server,
      credentials: this.#peers,
      nameOf: (name) => name,
      limits,
      counters: this.counters,
      overPeerLimit: "refuse",
      onAccepted: (socket, name) => this.#leaseOf.set(socket, name),
      evict: (socket) => socket.destroy(),
    });
    server.on("close", () => guard.stop());
    return server;
  }

  #addRoutes(): void {
    const app = this.#app;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    app.addHook("onRequest", (request, _reply, done) => {
      const waitSeconds = this.#requests.take(String(this.#lease(request).leaseId));
      if (waitSeconds === 0) return done();
      return done(new Problem(429, "too-many-requests", `try again in ${waitSeconds} s`, waitSeconds));
    });
    app.get("/lease", (request) => describe(this.#lease(request)));
    app.post("/echo", (request, reply) => this.#echo(request, reply));
    app.get("/files", (request) => ({ files: this.#lease(request).files.list() }));
    app.put("/files/:name", (request, reply) => this.#put(request, reply));
    // A HEAD would read the whole file as fast as the disk gives it, only to throw it away.
    app.get("/files/:name", { exposeHeadRoute: false }, (request, reply) => this.#get(request, reply));
    app.delete("/files/:name", async (request, reply) => {
      await this.#lease(request).files.remove(nameIn(request));
      return reply.code(204).send();
    });
  }

  async #echo(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const length = announcedLength(request);
    const { maxEchoBytes } = this.#limits;
    if (length > maxEchoBytes) throw new Problem(413, "body-too-large", `an echo has at most ${maxEchoBytes} bytes`);
    const parts: Buffer[] = [];
    for await (const part of bodyOf(request)) parts.push(part as Buffer);
    return reply.type(OCTETS).send(Buffer.concat(parts));
  }

  async #put(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { files } = this.#lease(request);
    const name = nameIn(request);
    const bytes = announcedLength(request);
    const sha256 = await files.put(name, bodyOf(request), bytes);
    return reply.code(201).send({ name, bytes, sha256 });
  }

  async #get(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { stream, bytes } = await this.#lease(request).files.read(nameIn(request));
    return reply.type(OCTETS).header("content-length", bytes).send(stream);
  }

  #lease(request: FastifyRequest): ServedLease {
    const name = this.#leaseOf.get(request.raw.socket);
    const lease = name === undefined ? undefined : this.#leases.get(name);
    if (!lease) throw new Problem(403, "lease-not-served", "the lease of this connection is not served any more");
    return lease;
  }
}

function describe({ leaseId, files }: ServedLease): object {
  const { quotaBytes, maxFileBytes, maxFiles } = files.limits;
  const used = { usedBytes: files.usedBytes, files: files.list().length };
  return { leaseId: String(leaseId), ...used, quotaBytes, maxFileBytes, maxFiles };
}

function nameIn(request: FastifyRequest): string {
  return (request.params as { name: string }).name;
}

/** A body without a length could grow without end. */
function announcedLength(request: FastifyRequest): number {
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  if (!Number.isSafeInteger(length))
    throw new Problem(411, "length-required", "the request must name its content-length");
  return length;
}

function bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  return (request.body ?? request.raw) as AsyncIterable<Uint8Array>;
}
