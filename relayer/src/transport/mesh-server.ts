import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

import { memberName } from "../pki/peer-identity.ts";
import { ConnectionGuard, type EvictionReason } from "./connection-guard.ts";
import { type FrameLimits, withTransportFrames } from "./frame-codec.ts";
import type { MeshCredentials } from "./mesh-credentials.ts";
import { MeshSession, type SessionHandlers, warnOfFault } from "./mesh-session.ts";
import { negotiated } from "./negotiated.ts";
import { MESH_ALPN } from "./tls-policy.ts";
import { newCounters, type TransportCounters } from "./transport-counters.ts";
import {
  ACCEPT_LIMITS,
  type AcceptLimits,
  BACKSTOP_MS,
  SESSION_LIMITS,
  type SessionLimits,
  withDefaults,
} from "./transport-limits.ts";

/** What a listener for framed sessions needs. */
export interface MeshServerOptions {
  credentials: MeshCredentials;
  /** Frame types of the application's protocol, both directions, each with its longest payload. */
  frames: FrameLimits;
  /** Called with every new session of a verified peer; returns who handles its frames. */
  onSession(session: MeshSession): SessionHandlers;
  limits?: Partial<SessionLimits & AcceptLimits>;
  /** Receives errors thrown by handlers; default: a process warning. */
  onFault?: (error: unknown) => void;
}

/** A listener for framed sessions. */
export interface MeshServer {
  readonly counters: Readonly<TransportCounters>;
  readonly sessions: ReadonlySet<MeshSession>;
  /** Starts listening; port 0 takes a free one. Returns the port. @throws Error when the port cannot be had. */
  listen(port: number, host?: string): Promise<number>;
  /** Ends all sessions and stops listening. */
  close(): Promise<void>;
}

const EVICTION_TEXT: Readonly<Record<EvictionReason, string>> = {
  replaced: "a newer connection of the same peer took its place",
  revoked: "the peer's certificate is revoked or on hold",
  untrusted: "the peer's certificate is not known any more, or its authority not accepted",
  expired: "the peer's certificate has expired",
};

/** Makes a listener for framed sessions of nodes and relayers. */
export function createMeshServer(options: MeshServerOptions): MeshServer {
  const limits = withDefaults({ ...SESSION_LIMITS, ...ACCEPT_LIMITS }, options.limits);
  const frames = withTransportFrames(options.frames);
  const onFault = options.onFault ?? warnOfFault;
  const counters = newCounters();
  const sessions = new Map<TLSSocket, MeshSession>();
  const open = new Set<MeshSession>();
  const server = createServer({
    ...options.credentials.contextOptions(),
    ALPNProtocols: [MESH_ALPN],
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: limits.handshakeTimeoutMs + BACKSTOP_MS,
  });

  const onAccepted = (socket: TLSSocket): void => {
    const session = new MeshSession({ socket, negotiated: negotiated(socket), limits, frames, counters, onFault });
    sessions.set(socket, session);
    open.add(session);
    void session.ended.then(() => open.delete(session));
    socket.once("close", () => sessions.delete(socket));
    startSession(session, options.onSession, onFault);
  };

  const guard = new ConnectionGuard({
    server,
    credentials: options.credentials,
    limits,
    counters,
    nameOf: memberName,
    alpn: MESH_ALPN,
    overPeerLimit: "replace-oldest",
    onAccepted,
    evict: (socket, reason) => sessions.get(socket)?.close(reason, EVICTION_TEXT[reason]),
  });

  const close = async (): Promise<void> => {
    guard.stop();
    for (const session of open) session.close("stopping", "the relayer is stopping");
    const sockets = [...sessions.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all(sockets);
  };
  const listen = (port: number, host = "127.0.0.1"): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        server.on("error", onFault);
        resolve((server.address() as AddressInfo).port);
      });
    });
  return { counters, sessions: open, listen, close };
}

function startSession(
  session: MeshSession,
  onSession: MeshServerOptions["onSession"],
  onFault: (error: unknown) => void,
): void {
  try {
    session.start(onSession(session));
  } catch (error) {
    onFault(error);
    session.close("handler-failed", "internal error");
  }
}
