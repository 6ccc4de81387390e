/** Frame types that the transport itself uses; applications choose others. */
export const TRANSPORT_FRAME = { bye: 0x30, ping: 0xf0, pong: 0xf1 } as const;

/** Bytes before a payload: 4 of length (of what follows them) and 1 of type. */
export const FRAME_HEADER_BYTES = 5;

/** Longest payload in bytes of each frame type of a protocol, both directions; a type that is not listed is refused. */
export type FrameLimits = Readonly<Record<number, number>>;

/** One received frame. The payload may be a view into a larger receive buffer: copy it to keep it for long. */
export interface Frame {
  type: number;
  payload: Buffer;
}

/** Thrown when received bytes cannot be a frame of the protocol. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly reason: "bad-frame" | "frame-too-long" | "unknown-frame";

  constructor(reason: FrameError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

const TRANSPORT_LIMITS: FrameLimits = {
  [TRANSPORT_FRAME.bye]: 512,
  [TRANSPORT_FRAME.ping]: 8,
  [TRANSPORT_FRAME.pong]: 8,
};

const FIRST_PARTIAL_BYTES = 1_024;

/**
 * Adds the transport's own frame types to those of an application.
 *
 * @throws RangeError when the application claims one of them, or a type or length is out of range.
 */
export function withTransportFrames(limits: FrameLimits): FrameLimits {
  for (const [type, bytes] of Object.entries(limits)) {
    if (type in TRANSPORT_LIMITS) throw new RangeError(`frame type ${type} belongs to the transport`);
    if (!(Number(type) >= 0 && Number(type) <= 0xff)) throw new RangeError(`frame type ${type} is not one byte`);
    if (!(bytes >= 0 && bytes <= 0x4000000)) throw new RangeError(`limit of frame type ${type} is over 64 MiB`);
  }
  return { ...limits, ...TRANSPORT_LIMITS };
}

/** Encodes one frame. @throws RangeError when the type is not listed or the payload is over its limit. */
export function encodeFrame(type: number, payload: Uint8Array, limits: FrameLimits): Buffer {
  const breach = lengthBreach(type, payload.length, limits);
  if (breach) throw new RangeError(breach.message);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length + 1, 0);
  frame[4] = type;
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Cuts a byte stream into frames. Memory stays below twice the received bytes of one frame plus what `push` was given
 * and `next` has not consumed, whatever length a peer announces.
 */
export class FrameDecoder {
  readonly #limits: FrameLimits;
  /** Received and untouched. */
  #chunks: Buffer[] = [];
  #partial = Buffer.alloc(0);
  #partialBytes = 0;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Takes received bytes; call `next` until it gives nothing. */
  push(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** True when the last bytes received are an incomplete frame. */
  get hasPartialFrame(): boolean {
    return this.#partialBytes > 0;
  }

  /** Returns the next complete frame. @throws FrameError as soon as a header breaks a rule. */
  next(): Frame | undefined {
    for (let chunk = this.#chunks.shift(); chunk; chunk = this.#chunks.shift()) {
      const frame = this.#partialBytes > 0 ? this.#completePartial(chunk) : this.#takeWhole(chunk);
      if (frame) return frame;
    }
    return undefined;
  }

  #takeWhole(chunk: Buffer): Frame | undefined {
    const total = chunk.length >= FRAME_HEADER_BYTES ? this.#frameBytes(chunk) : Infinity;
    if (chunk.length < total) {
      this.#keepPartial(chunk);
      return undefined;
    }
    this.#putBack(chunk, total);
    return toFrame(chunk.subarray(0, total));
  }

  #completePartial(chunk: Buffer): Frame | undefined {
    let used = 0;
    if (this.#partialBytes < FRAME_HEADER_BYTES) used = this.#fill(chunk, 0, FRAME_HEADER_BYTES);
    if (this.#partialBytes < FRAME_HEADER_BYTES) return undefined;
    const total = this.#frameBytes(this.#partial);
    used = this.#fill(chunk, used, total);
    if (this.#partialBytes < total) return undefined;
    const frame = toFrame(this.#partial.subarray(0, total));
    this.#partial = Buffer.alloc(0);
    this.#partialBytes = 0;
    this.#putBack(chunk, used);
    return frame;
  }

  /** Moves bytes of `chunk` from `from` on into the partial frame until that has `target`; returns the new position. */
  #fill(chunk: Buffer, from: number, target: number): number {
    const end = Math.min(chunk.length, from + target - this.#partialBytes);
    this.#keepPartial(chunk.subarray(from, end));
    return end;
  }

  #keepPartial(bytes: Buffer): void {
    const needed = this.#partialBytes + bytes.length;
    if (needed > this.#partial.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#partial.length * 2, FIRST_PARTIAL_BYTES));
      this.#partial.copy(grown, 0, 0, this.#partialBytes);
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#partialBytes);
    this.#partialBytes = needed;
  }

  #putBack(chunk: Buffer, used: number): void {
    if (used < chunk.length) this.#chunks.unshift(chunk.subarray(used));
  }

  #frameBytes(header: Buffer): number {
    const length = header.readUInt32BE(0);
    if (length === 0) throw new FrameError("bad-frame", "frame has no type");
    const breach = lengthBreach(header.readUInt8(4), length - 1, this.#limits);
    if (breach) throw breach;
    return 4 + length;
  }
}

function toFrame(bytes: Buffer): Frame {
  return { type: bytes.readUInt8(4), payload: bytes.subarray(FRAME_HEADER_BYTES) };
}

function lengthBreach(type: number, payloadBytes: number, limits: FrameLimits): FrameError | undefined {
  const limit = limits[type];
  const name = `frame type 0x${type.toString(16)}`;
  if (limit === undefined) return new FrameError("unknown-frame", `${name} is unknown`);
  if (payloadBytes <= limit) return undefined;
  return new FrameError("frame-too-long", `${name} has ${payloadBytes} bytes of payload, over its limit of ${limit}`);
}
