/** Bounds of one framed session, the same on both ends. */
export interface SessionLimits {
  /** A session on which no complete frame arrived for this long ends. */
  idleTimeoutMs: number;
  /** After this much silence from the peer a ping asks for an answer. */
  pingIntervalMs: number;
  /** A frame that has begun must be complete within this time. */
  frameTimeoutMs: number;
  /** Queued bytes of which none left within this time end the session. */
  writeTimeoutMs: number;
  /** Most bytes waiting to be sent; a frame that does not fit is not queued. */
  maxQueuedBytes: number;
  /** How long an ending session may take to send what is queued. */
  closeTimeoutMs: number;
}

/** Bounds of everything that listens. */
export interface AcceptLimits {
  /** From TCP connection to verified peer, however busily the peer sends. */
  handshakeTimeoutMs: number;
  /** Connections whose handshake is not finished. */
  maxHandshakes: number;
  /** The same, for each IPv4 address and each /64 network of IPv6; an address that is known may have the reserved ones. */
  maxHandshakesPerAddress: number;
  /** Those of `maxHandshakes` that are only for addresses from which a peer was verified lately. */
  reservedHandshakes: number;
  /** Connections whose peer is verified. */
  maxConnections: number;
  /** The same, for each node or relayer. */
  maxConnectionsPerPeer: number;
}

/** Default bounds of a session. */
export const SESSION_LIMITS: SessionLimits = {
  idleTimeoutMs: 45_000,
  pingIntervalMs: 15_000,
  frameTimeoutMs: 10_000,
  writeTimeoutMs: 10_000,
  maxQueuedBytes: 4_194_304,
  closeTimeoutMs: 1_000,
};

/** Default bounds of a listener: about 130 handshakes a second fit on one core. */
export const ACCEPT_LIMITS: AcceptLimits = {
  handshakeTimeoutMs: 15_000,
  maxHandshakes: 1_024,
  maxHandshakesPerAddress: 32,
  reservedHandshakes: 256,
  maxConnections: 4_096,
  maxConnectionsPerPeer: 4,
};

/** How often it is looked whether an open connection's peer is still acceptable. */
export const RECHECK_MS = 1_000;

/** Node's own handshake timer runs this much longer than the guard's, which no byte of the peer starts again. */
export const BACKSTOP_MS = 1_000;

/**
 * Fills in defaults.
 *
 * @throws RangeError naming a bound that is not a positive whole number.
 */
export function withDefaults<T extends object>(defaults: T, given: Partial<T> = {}): T {
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries(defined)) {
    if (!Number.isSafeInteger(value) || Number(value) <= 0) {
      throw new RangeError(`transport limit ${name} is ${String(value)}, not a positive whole number`);
    }
  }
  return { ...defaults, ...defined };
}
