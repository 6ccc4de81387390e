import type { TLSSocket } from "node:tls";

import type { PeerIdentity } from "../pki/peer-identity.ts";
import { encodeFrame, type Frame, FrameDecoder, FrameError, type FrameLimits, TRANSPORT_FRAME } from "./frame-codec.ts";
import type { Negotiated } from "./negotiated.ts";
import { count, type SessionEndReason, type TransportCounters } from "./transport-counters.ts";
import type { SessionLimits } from "./transport-limits.ts";

/** How and by whom a session ended. */
export interface SessionEnd {
  reason: SessionEndReason;
  by: "local" | "remote";
  /** A sentence for logs; what the peer wrote is cut to printable characters. */
  detail: string;
}

/** What an application does with a session. */
export interface SessionHandlers {
  /** Called for every frame in order; an error it throws ends the session. */
  onFrame(frame: Frame, session: MeshSession): void;
  /** Called once, when the session is over. */
  onEnd?(end: SessionEnd, session: MeshSession): void;
}

/** What a session is made from. */
export interface SessionParts {
  socket: TLSSocket;
  negotiated: Negotiated;
  limits: SessionLimits;
  frames: FrameLimits;
  counters: TransportCounters;
  /** Receives errors that handlers throw. */
  onFault: (error: unknown) => void;
}

interface WaitingFrame {
  type: number;
  payload: Uint8Array;
  resolve: () => void;
  reject: (error: Error) => void;
}

const EMPTY = new Uint8Array(0);

/** Reasons that are nobody's fault: what is queued is still sent. All others cut the connection at once. */
const ORDERLY: ReadonlySet<SessionEndReason> = new Set([
  "closed",
  "stopping",
  "replaced",
  "expired",
  "revoked",
  "untrusted",
]);

/** A long-lived session of binary frames with a verified peer. */
export class MeshSession {
  readonly negotiated: Negotiated;
  /** Settles, never rejects, when the session is over. */
  readonly ended: Promise<SessionEnd>;
  /** True once the peer has sent its first frame, false when the session ended before. */
  readonly ready: Promise<boolean>;
  readonly #parts: SessionParts;
  readonly #decoder: FrameDecoder;
  readonly #resolveEnded: (end: SessionEnd) => void;
  readonly #resolveReady: (ready: boolean) => void;
  #isReady = false;
  readonly #waiting: WaitingFrame[] = [];
  #handlers: SessionHandlers | undefined;
  #end: SessionEnd | undefined;
  #paused = false;
  #corked = false;
  #watch: NodeJS.Timeout | undefined;
  #lastFrameAt = performance.now();
  #lastPingAt = performance.now();
  #partialSince: number | undefined;
  #writtenBytes = 0;
  #flushedBytes = 0;
  #flushedAt = performance.now();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.negotiated = parts.negotiated;
    this.#decoder = new FrameDecoder(parts.frames);
    const ended = Promise.withResolvers<SessionEnd>();
    const ready = Promise.withResolvers<boolean>();
    this.ended = ended.promise;
    this.ready = ready.promise;
    this.#resolveEnded = ended.resolve;
    this.#resolveReady = ready.resolve;
    const { socket } = parts;
    socket.setNoDelay(true);
    socket.on("error", (error: Error) =>
      this.#finish({ reason: "connection-lost", by: "remote", detail: error.message }),
    );
    socket.on("close", () => this.#onSocketEnd());
  }

  /** The verified peer. */
  get peer(): PeerIdentity {
    return this.negotiated.peerIdentity;
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** True once the peer has sent a frame. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Bytes that wait to be sent. */
  get queuedBytes(): number {
    return this.#parts.socket.writableLength;
  }

  /**
   * Starts reading; frames that arrived earlier are delivered now. The first frame of each end is a ping: by it a
   * client learns that its certificate was accepted, which TLS 1.3 alone does not tell.
   */
  start(handlers: SessionHandlers): void {
    if (this.#handlers) throw new Error("session was started already");
    this.#handlers = handlers;
    const { socket, limits } = this.#parts;
    const interval = Math.min(limits.pingIntervalMs, limits.frameTimeoutMs, limits.writeTimeoutMs, 4_000) / 4;
    this.#watch = setInterval(() => this.#checkTimes(), interval).unref();
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("end", () => this.#onSocketEnd());
    this.#write(TRANSPORT_FRAME.ping, EMPTY);
  }

  /**
   * Queues a frame.
   *
   * @returns False when it was not queued because the session is over or its queue is full.
   * @throws RangeError when the type is not listed or the payload is over its limit.
   */
  trySend(type: number, payload: Uint8Array = EMPTY): boolean {
    return this.#waiting.length === 0 && this.#write(type, payload);
  }

  /**
   * Queues a frame as soon as there is room; frames keep the order of the calls.
   *
   * @throws Error when the session ends before the frame is queued.
   */
  send(type: number, payload: Uint8Array = EMPTY): Promise<void> {
    if (this.trySend(type, payload)) return Promise.resolve();
    if (!this.isOpen) return Promise.reject(this.#notSent());
    return new Promise((resolve, reject) => this.#waiting.push({ type, payload, resolve, reject }));
  }

  /** Stops delivering frames; the peer is slowed down by TCP. */
  pause(): void {
    this.#paused = true;
    this.#parts.socket.pause();
  }

  /** Delivers frames again, first those that arrived before the pause took effect. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#lastFrameAt = performance.now();
    this.#partialSince = undefined;
    this.#deliver();
    if (!this.#paused && this.isOpen) this.#parts.socket.resume();
  }

  /** Ends the session, telling the peer why. */
  close(reason: SessionEndReason = "closed", detail: string = reason): void {
    this.#finish({ reason, by: "local", detail });
  }

  #write(type: number, payload: Uint8Array): boolean {
    const { socket, limits, frames, counters } = this.#parts;
    if (!this.isOpen || !socket.writable) return false;
    const frame = encodeFrame(type, payload, frames);
    if (socket.writableLength + frame.length > limits.maxQueuedBytes && socket.writableLength > 0) {
      counters.framesRejected += 1;
      return false;
    }
    this.#corkForThisTurn();
    socket.write(frame, this.#onFlushed);
    this.#writtenBytes += frame.length;
    counters.framesOut += 1;
    counters.bytesOut += frame.length;
    return true;
  }

  /** Frames written in one turn of the event loop leave together, in as few TLS records as they fit in. */
  #corkForThisTurn(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#parts.socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#parts.socket.uncork();
    });
  }

  #onData(chunk: Buffer): void {
    this.#parts.counters.bytesIn += chunk.length;
    this.#decoder.push(chunk);
    this.#deliver();
  }

  #deliver(): void {
    try {
      while (!this.#paused && this.isOpen) {
        const frame = this.#decoder.next();
        if (!frame) break;
        this.#lastFrameAt = performance.now();
        this.#partialSince = undefined;
        this.#parts.counters.framesIn += 1;
        this.#isReady = true;
        this.#resolveReady(true);
        this.#dispatch(frame);
      }
    } catch (error) {
      this.#onDeliverError(error);
    }
    if (this.#decoder.hasPartialFrame) this.#partialSince ??= performance.now();
  }

  #dispatch(frame: Frame): void {
    if (frame.type === TRANSPORT_FRAME.ping) this.#pong(frame.payload);
    else if (frame.type === TRANSPORT_FRAME.bye) this.#onBye(frame.payload);
    else if (frame.type !== TRANSPORT_FRAME.pong) this.#handlers?.onFrame(frame, this);
  }

  #pong(payload: Uint8Array): void {
    if (this.#write(TRANSPORT_FRAME.pong, payload)) return;
    this.close("write-stalled", "peer sends pings but does not read");
  }

  #onBye(payload: Buffer): void {
    const text = payload.toString("utf8").replace(/[^\x20-\x7e]/g, "?");
    const reason = /^\{"reason":"([^"\\]*)"\}$/.exec(text)?.[1] ?? text;
    this.#finish({ reason: "peer-closed", by: "remote", detail: `peer ended the session: ${reason}` });
  }

  #onDeliverError(error: unknown): void {
    if (error instanceof FrameError) {
      this.close(error.reason, error.message);
      return;
    }
    this.#parts.onFault(error);
    this.close("handler-failed", "internal error");
  }

  #onSocketEnd(): void {
    if (this.#decoder.hasPartialFrame) {
      this.#finish({ reason: "truncated-frame", by: "remote", detail: "connection ended inside a frame" });
    } else {
      this.#finish({ reason: "peer-closed", by: "remote", detail: "peer ended the connection" });
    }
  }

  /** Some bytes have left: frames that wait for room may follow. */
  readonly #onFlushed = (): void => {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (!this.#write(next.type, next.payload)) return;
      this.#waiting.shift();
      next.resolve();
    }
  };

  #notSent(): Error {
    return new Error(`frame was not sent: session ended (${this.#end?.reason})`);
  }

  #checkTimes(): void {
    const now = performance.now();
    const { socket, limits } = this.#parts;
    const flushed = this.#writtenBytes - socket.writableLength;
    if (flushed !== this.#flushedBytes || socket.writableLength === 0) this.#flushedAt = now;
    this.#flushedBytes = flushed;
    if (now - this.#flushedAt > limits.writeTimeoutMs) {
      this.close("write-stalled", `peer read nothing for ${limits.writeTimeoutMs} ms`);
    } else if (!this.#paused) this.#checkSilence(now);
  }

  #checkSilence(now: number): void {
    const { limits } = this.#parts;
    if (this.#partialSince !== undefined && now - this.#partialSince > limits.frameTimeoutMs) {
      this.close("frame-timeout", `a frame took longer than ${limits.frameTimeoutMs} ms`);
    } else if (now - this.#lastFrameAt > limits.idleTimeoutMs) {
      this.close("idle", `no frame for ${limits.idleTimeoutMs} ms`);
    } else if (now - Math.max(this.#lastFrameAt, this.#lastPingAt) > limits.pingIntervalMs) {
      this.#lastPingAt = now;
      this.#write(TRANSPORT_FRAME.ping, EMPTY);
    }
  }

  #finish(end: SessionEnd): void {
    if (this.#end) return;
    const { socket, counters, frames } = this.#parts;
    this.#end = end;
    clearInterval(this.#watch);
    count(counters.ended, end.reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#notSent());
    if (end.by === "local" && socket.writable) {
      const bye = JSON.stringify({ reason: end.detail.slice(0, 200) });
      socket.write(encodeFrame(TRANSPORT_FRAME.bye, Buffer.from(bye), frames));
    }
    this.#disconnect(end);
    this.#resolveReady(false);
    this.#resolveEnded(end);
    this.#notify(end);
  }

  #disconnect(end: SessionEnd): void {
    const { socket, limits } = this.#parts;
    if (end.reason === "write-stalled" || end.reason === "connection-lost") {
      socket.destroy();
      return;
    }
    const timeout = setTimeout(() => socket.destroy(), ORDERLY.has(end.reason) ? limits.closeTimeoutMs : 100).unref();
    socket.once("close", () => clearTimeout(timeout));
    socket.destroySoon();
  }

  #notify(end: SessionEnd): void {
    try {
      this.#handlers?.onEnd?.(end, this);
    } catch (error) {
      this.#parts.onFault(error);
    }
  }
}

/** Makes an error that no handler took visible without ending the process. */
export function warnOfFault(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error), { code: "PQMESH_TRANSPORT" });
}
