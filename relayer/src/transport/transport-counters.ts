/** Why a connection did not become a session. */
export type RefusalReason =
  | "handshake-failed"
  | "handshake-timeout"
  | "too-many-handshakes"
  | "too-many-connections"
  | "too-many-of-peer"
  | "untrusted"
  | "revoked"
  | "expired"
  | "wrong-protocol";

/** Why a session ended. */
export type SessionEndReason =
  | "closed"
  | "peer-closed"
  | "stopping"
  | "replaced"
  | "revoked"
  | "untrusted"
  | "expired"
  | "idle"
  | "frame-timeout"
  | "truncated-frame"
  | "bad-frame"
  | "frame-too-long"
  | "unknown-frame"
  | "write-stalled"
  | "handler-failed"
  | "connection-lost";

/** Running totals of a listener or of outgoing sessions; plain numbers, to be exported as metrics by the caller. */
export interface TransportCounters {
  /** TCP connections taken. */
  connections: number;
  /** Handshakes not finished now. */
  handshakes: number;
  /** Verified connections open now. */
  open: number;
  /** Verified connections ever. */
  accepted: number;
  refused: Partial<Record<RefusalReason, number>>;
  /** Failed handshakes (also counted in `refused`) by OpenSSL's verification error of the peer's certificate. */
  certificateErrors: Record<string, number>;
  ended: Partial<Record<SessionEndReason, number>>;
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Frames not queued because the peer reads too slowly. */
  framesRejected: number;
}

/** All totals at zero. */
export function newCounters(): TransportCounters {
  return {
    connections: 0,
    handshakes: 0,
    open: 0,
    accepted: 0,
    refused: {},
    certificateErrors: {},
    ended: {},
    framesIn: 0,
    framesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    framesRejected: 0,
  };
}

/** Adds one to a total by reason. */
export function count<K extends string>(totals: Partial<Record<K, number>>, reason: K): void {
  totals[reason] = (totals[reason] ?? 0) + 1;
}
