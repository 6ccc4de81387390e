import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import type { SecureContextOptions, Server, TLSSocket } from "node:tls";

import { HandshakeSlots, remoteGroup } from "./handshake-slots.ts";
import { type PeerRefusal, PeerRefusedError } from "./mesh-credentials.ts";
import { peerCertificate, requirePolicy, tlsAgreement } from "./negotiated.ts";
import { count, type RefusalReason, type TransportCounters } from "./transport-counters.ts";
import { type AcceptLimits, RECHECK_MS } from "./transport-limits.ts";

/** Why a connection that was accepted is no longer acceptable. */
export type EvictionReason = "replaced" | PeerRefusal;

/** Decides who may connect to a listener, by certificates alone. */
export interface PeerPolicy<Peer> {
  /** TLS options of the listener. */
  contextOptions(): SecureContextOptions;
  /** Calls `listener` whenever whom it accepts, or its own certificate, changed; returns how to stop that. */
  onReplace(listener: () => void): () => void;
  /** @throws PeerRefusedError saying what is wrong with a certificate. */
  verifyPeer(certificate: X509Certificate): Peer;
  /** Why a certificate that was accepted is not acceptable any more. */
  refusal(certificate: X509Certificate): PeerRefusal | undefined;
}

/** What the guard of a listener needs. */
export interface GuardOptions<Peer> {
  server: Server;
  credentials: PeerPolicy<Peer>;
  /** One text per peer, equal for all its connections. */
  nameOf(peer: Peer): string;
  limits: AcceptLimits;
  counters: TransportCounters;
  /** Application protocol that the peer must have chosen; `undefined` when the listener speaks only one. */
  alpn?: string;
  /** What to do with a peer that already has the most connections it may have. */
  overPeerLimit: "refuse" | "replace-oldest";
  /** Called with every connection whose peer is verified and within the limits. */
  onAccepted(socket: TLSSocket, peer: Peer): void;
  /** Ends an accepted connection. */
  evict(socket: TLSSocket, reason: EvictionReason): void;
}

interface PendingHandshake {
  raw: Socket;
  group: string;
  timeout: NodeJS.Timeout;
  refusal: RefusalReason | undefined;
}

interface Accepted {
  member: string;
  certificate: X509Certificate;
}

/**
 * Stands between a TLS listener and its application: caps and times handshakes, verifies who connected against the
 * policy, keeps connections of one peer within a limit, and ends those whose certificate expires or is revoked.
 */
export class ConnectionGuard<Peer> {
  readonly #options: GuardOptions<Peer>;
  readonly #handshakes = new Map<string, PendingHandshake>();
  readonly #slots: HandshakeSlots<PendingHandshake>;
  /** In the order of acceptance. */
  readonly #accepted = new Map<TLSSocket, Accepted>();
  readonly #recheck: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(options: GuardOptions<Peer>) {
    this.#options = options;
    this.#slots = new HandshakeSlots(options.limits);
    const { server, credentials } = options;
    server.on("connection", (raw: Socket) => this.#onConnection(raw));
    server.prependListener("secureConnection", (socket: TLSSocket) => this.#onSecure(socket));
    server.on("tlsClientError", (_error, socket) => this.#onTlsError(socket));
    this.#unsubscribe = credentials.onReplace(() => {
      server.setSecureContext(credentials.contextOptions());
      this.#evictRefused();
    });
    this.#recheck = setInterval(() => this.#evictRefused(), RECHECK_MS).unref();
  }

  /** Stops watching and cuts every handshake that is not finished. */
  stop(): void {
    clearInterval(this.#recheck);
    this.#unsubscribe();
    for (const { raw } of this.#handshakes.values()) raw.destroy();
  }

  #onConnection(raw: Socket): void {
    const { limits, counters } = this.#options;
    const key = `${raw.remoteAddress} ${raw.remotePort}`;
    const timeout = setTimeout(() => cut(handshake, "handshake-timeout"), limits.handshakeTimeoutMs).unref();
    const handshake: PendingHandshake = { raw, group: remoteGroup(raw), timeout, refusal: undefined };
    raw.on("error", () => raw.destroy());
    raw.once("close", () => this.#onRawClose(key));
    this.#handshakes.set(key, handshake);
    counters.connections += 1;
    counters.handshakes += 1;
    const displaced = this.#slots.take(handshake);
    if (displaced) cut(displaced, "too-many-handshakes");
    if (this.#accepted.size >= limits.maxConnections) cut(handshake, "too-many-connections");
  }

  #onRawClose(key: string): void {
    const handshake = this.#settle(key);
    if (handshake) count(this.#options.counters.refused, handshake.refusal ?? "handshake-failed");
  }

  #settle(key: string): PendingHandshake | undefined {
    const handshake = this.#handshakes.get(key);
    if (!handshake) return undefined;
    clearTimeout(handshake.timeout);
    this.#handshakes.delete(key);
    this.#slots.release(handshake);
    this.#options.counters.handshakes -= 1;
    return handshake;
  }

  #onTlsError(socket: TLSSocket): void {
    const code: unknown = socket.authorizationError;
    if (typeof code === "string") count(this.#options.counters.certificateErrors, code);
    socket.destroy();
  }

  #onSecure(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    const handshake = this.#settle(`${socket.remoteAddress} ${socket.remotePort}`);
    if (!handshake) {
      socket.destroy();
      return;
    }
    try {
      this.#accept(socket);
      this.#slots.noteVerified(handshake);
    } catch (error) {
      count(this.#options.counters.refused, error instanceof PeerRefusedError ? error.reason : "untrusted");
      socket.destroy();
    }
  }

  #accept(socket: TLSSocket): void {
    const { credentials, nameOf, alpn, counters, onAccepted } = this.#options;
    const certificate = peerCertificate(socket);
    if (!certificate) throw new Error("the peer has no certificate");
    requirePolicy(tlsAgreement(socket, certificate));
    const peer = credentials.verifyPeer(certificate);
    const member = nameOf(peer);
    const refusal = this.#overLimit(member) ?? (alpn && socket.alpnProtocol !== alpn && "wrong-protocol");
    if (refusal) {
      count(counters.refused, refusal);
      socket.destroy();
      return;
    }
    this.#accepted.set(socket, { member, certificate });
    counters.accepted += 1;
    counters.open += 1;
    socket.once("close", () => this.#forget(socket));
    onAccepted(socket, peer);
  }

  #overLimit(member: string): RefusalReason | undefined {
    const { limits, overPeerLimit, evict } = this.#options;
    const ofPeer = [...this.#accepted].filter(([, accepted]) => accepted.member === member);
    if (this.#accepted.size >= limits.maxConnections) return "too-many-connections";
    const oldest = ofPeer[0]?.[0];
    if (!oldest || ofPeer.length < limits.maxConnectionsPerPeer) return undefined;
    if (overPeerLimit === "refuse") return "too-many-of-peer";
    this.#forget(oldest);
    evict(oldest, "replaced");
    return undefined;
  }

  #forget(socket: TLSSocket): void {
    if (this.#accepted.delete(socket)) this.#options.counters.open -= 1;
  }

  #evictRefused(): void {
    for (const [socket, { certificate }] of this.#accepted) {
      const reason = this.#options.credentials.refusal(certificate);
      if (reason) this.#options.evict(socket, reason);
    }
  }
}

/** Ends a handshake. Its slot is free at once, so that nothing else is cut for the same newcomer. */
function cut(handshake: PendingHandshake, reason: RefusalReason): void {
  handshake.refusal ??= reason;
  handshake.raw.destroy();
}
