import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { type Address, isAddressEqual } from "viem";

import { memberName, type PeerIdentity } from "../pki/peer-identity.ts";
import { type FrameLimits, withTransportFrames } from "./frame-codec.ts";
import type { MeshCredentials } from "./mesh-credentials.ts";
import { MeshSession, type SessionHandlers, warnOfFault } from "./mesh-session.ts";
import { type Negotiated, negotiated, peerCertificate, requirePolicy } from "./negotiated.ts";
import { MESH_ALPN } from "./tls-policy.ts";
import { newCounters, type TransportCounters } from "./transport-counters.ts";
import { RECHECK_MS, SESSION_LIMITS, type SessionLimits, withDefaults } from "./transport-limits.ts";

/** Where to connect to and whom to expect there. */
export interface MeshTarget {
  host: string;
  port: number;
  /** Name that the server's certificate must carry; default: `host`. */
  servername?: string;
  /** When given, the server's certificate must name this relayer. */
  relayer?: Address;
}

/** What a connection out needs. */
export interface ConnectMeshOptions extends MeshTarget {
  credentials: MeshCredentials;
  /** Frame types of the application's protocol, both directions, each with its longest payload. */
  frames: FrameLimits;
  handlers: SessionHandlers;
  limits?: Partial<SessionLimits>;
  /** From the call to a session the server has confirmed; default 10,000. */
  connectTimeoutMs?: number;
  /** Totals to add to, shared by many connections. */
  counters?: TransportCounters;
  onFault?: (error: unknown) => void;
}

/** Thrown when no session could be made. */
export class MeshConnectError extends Error {
  override readonly name = "MeshConnectError";
  /**
   * `unreachable`: nobody listens. `handshake-failed`: TLS or the server's certificate failed.
   * `wrong-peer`: it is another server. `not-accepted`: the server refused this end. `timeout`: it took too long.
   */
  readonly reason: "unreachable" | "handshake-failed" | "wrong-peer" | "not-accepted" | "timeout";

  constructor(reason: MeshConnectError["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/**
 * Opens a framed session to a relayer and returns it once the relayer has confirmed it. Handlers may be called for
 * frames that came with the confirmation before the caller has the session; `onEnd` is called only for a session that
 * is returned.
 *
 * @throws MeshConnectError saying at which step it failed; nothing stays open then.
 */
export async function connectMesh(options: ConnectMeshOptions): Promise<MeshSession> {
  const limits = withDefaults(SESSION_LIMITS, options.limits);
  const frames = withTransportFrames(options.frames);
  const where = `${options.host}:${options.port}`;
  const socket = connectVerified(options, MESH_ALPN);
  const timeoutMs = options.connectTimeoutMs ?? 10_000;
  let timedOut = false;
  const timeout = setTimeout(() => {
    timedOut = true;
    socket.destroy();
  }, timeoutMs);
  try {
    const agreed = await verifiedServer(socket, options);
    const session = new MeshSession({
      socket,
      negotiated: agreed,
      limits,
      frames,
      counters: options.counters ?? newCounters(),
      onFault: options.onFault ?? warnOfFault,
    });
    await confirmed(session, options.handlers, where);
    return session;
  } catch (error) {
    socket.destroy();
    if (timedOut) throw new MeshConnectError("timeout", `no session with ${where} within ${timeoutMs} ms`, error);
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * Starts a TLS connection under the network's policy. The socket fails unless the server is a relayer with a fitting
 * name and an acceptable certificate; nothing that is written earlier leaves before that is known.
 */
export function connectVerified(options: MeshTarget & { credentials: MeshCredentials }, alpn: string): TLSSocket {
  const servername = options.servername ?? options.host;
  const socket = connect({
    host: options.host,
    port: options.port,
    ...(!isIP(servername) && { servername }),
    secureContext: options.credentials.clientContext(),
    ALPNProtocols: [alpn],
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) =>
      checkServerIdentity(servername, certificate) ?? serverRefusal(new X509Certificate(certificate.raw), options),
  });
  socket.prependOnceListener("secureConnect", () => {
    try {
      requirePolicy(negotiated(socket));
      endWhenRefused(socket, options);
    } catch (error) {
      socket.destroy(wrongPeer(options, error));
    }
  });
  return socket;
}

/** Ends a connection when the server's certificate is not acceptable any more. */
function endWhenRefused(socket: TLSSocket, options: MeshTarget & { credentials: MeshCredentials }): void {
  const recheck = setInterval(() => {
    const certificate = peerCertificate(socket);
    const refusal = certificate && options.credentials.refusal(certificate);
    if (refusal) socket.destroy(wrongPeer(options, new Error(`the relayer's certificate is ${refusal}`)));
  }, RECHECK_MS).unref();
  socket.once("close", () => clearInterval(recheck));
}

function serverRefusal(
  certificate: X509Certificate,
  options: MeshTarget & { credentials: MeshCredentials },
): MeshConnectError | undefined {
  try {
    requireRelayer(options.credentials.verifyPeer(certificate), options.relayer);
    return undefined;
  } catch (error) {
    return wrongPeer(options, error);
  }
}

function requireRelayer(identity: PeerIdentity, expected: Address | undefined): void {
  if (identity.kind === "relayer" && (!expected || isAddressEqual(identity.address, expected))) return;
  throw new Error(`server is ${memberName(identity)}, not ${expected ? `relayer ${expected}` : "a relayer"}`);
}

function wrongPeer({ host, port }: MeshTarget, cause: unknown): MeshConnectError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MeshConnectError("wrong-peer", `${host}:${port}: ${message}`, cause);
}

function verifiedServer(socket: TLSSocket, { host, port }: MeshTarget): Promise<Negotiated> {
  const where = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    socket.once("error", (error: Error) => reject(toConnectError(error, where)));
    socket.once("close", () => reject(new MeshConnectError("handshake-failed", `${where} closed the connection`)));
    socket.once("secureConnect", () => {
      if (!socket.destroyed) resolve(negotiated(socket));
    });
  });
}

async function confirmed(session: MeshSession, handlers: SessionHandlers, where: string): Promise<void> {
  session.start({
    onFrame: (frame) => handlers.onFrame(frame, session),
    onEnd: (end) => {
      if (session.isReady) handlers.onEnd?.(end, session);
    },
  });
  if (await session.ready) return;
  const { detail } = await session.ended;
  throw new MeshConnectError("not-accepted", `${where} did not accept this certificate or connection: ${detail}`);
}

function toConnectError(error: Error, where: string): MeshConnectError {
  if (error instanceof MeshConnectError) return error;
  const code = "code" in error ? String(error.code) : "";
  const isTcp = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN"].includes(code);
  return isTcp
    ? new MeshConnectError("unreachable", `${where} cannot be reached (${code})`, error)
    : new MeshConnectError("handshake-failed", `TLS handshake with ${where} failed: ${error.message.trim()}`, error);
}
