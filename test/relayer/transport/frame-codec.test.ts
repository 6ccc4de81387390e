import { randomBytes, randomInt } from "node:crypto";
import { expect } from "chai";

import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  FrameError,
  withTransportFrames,
} from "../../../relayer/src/transport/frame-codec.ts";

const LIMITS = withTransportFrames({ 0x01: 16, 0x20: 4_000, 0x40: 1_000_000 });

function decodeAll(decoder: FrameDecoder, chunks: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      frames.push({ type: frame.type, payload: Buffer.from(frame.payload) });
    }
  }
  return frames;
}

function cut(bytes: Buffer, size: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = size();
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

function breach(...bytes: number[]): FrameError["reason"] | undefined {
  const decoder = new FrameDecoder(LIMITS);
  try {
    decodeAll(decoder, [Buffer.from(bytes)]);
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(FrameError);
    return (error as FrameError).reason;
  }
}

describe("encodeFrame", () => {
  it("writes length of type and payload, type, payload", () => {
    expect(encodeFrame(0x01, Buffer.from("abc"), LIMITS).toString("hex")).to.equal("0000000401616263");
    expect(encodeFrame(0x01, Buffer.alloc(0), LIMITS).toString("hex")).to.equal("0000000101");
  });

  it("refuses what the other end would refuse", () => {
    expect(() => encodeFrame(0x02, Buffer.alloc(0), LIMITS)).to.throw(RangeError, "frame type 0x2 is unknown");
    expect(() => encodeFrame(0x01, Buffer.alloc(17), LIMITS)).to.throw(
      RangeError,
      "17 bytes of payload, over its limit of 16",
    );
  });
}).timeout(10_000);

describe("withTransportFrames", () => {
  it("refuses types and lengths out of range and the transport's own", () => {
    for (const type of [0x30, 0xf0, 0xf1, 0x100, -1]) {
      expect(() => withTransportFrames({ [type]: 1 }), String(type)).to.throw(RangeError);
    }
    expect(() => withTransportFrames({ 1: 0x4000001 })).to.throw(RangeError, "over 64 MiB");
  });
}).timeout(10_000);

describe("FrameDecoder", () => {
  it("gives the same frames however the bytes are cut", () => {
    const sent = Array.from({ length: 60 }, () => ({ type: 0x20, payload: randomBytes(randomInt(4_001)) }));
    sent.push({ type: 0x40, payload: randomBytes(200_000) }, { type: 0x01, payload: Buffer.alloc(0) });
    const bytes = Buffer.concat(sent.map(({ type, payload }) => encodeFrame(type, payload, LIMITS)));
    const cuts = [() => bytes.length, () => 1, () => 2, () => 5, () => 16_384, () => randomInt(1, 9_000)];
    for (const size of cuts) {
      expect(decodeAll(new FrameDecoder(LIMITS), cut(bytes, size))).to.deep.equal(sent);
    }
  });

  it("knows whether it waits for the rest of a frame", () => {
    const decoder = new FrameDecoder(LIMITS);
    const frame = encodeFrame(0x01, Buffer.from("abcd"), LIMITS);
    decodeAll(decoder, [frame, frame.subarray(0, 3)]);
    expect(decoder.hasPartialFrame).to.equal(true);
    expect(decodeAll(decoder, [frame.subarray(3)])).to.have.lengthOf(1);
    expect(decoder.hasPartialFrame).to.equal(false);
  });

  it("accepts a payload at its limit and refuses one above it by the header alone", () => {
    expect(breach(0, 0, 0, 17, 0x01, ...new Array<number>(16).fill(0))).to.equal(undefined);
    expect(breach(0, 0, 0, 18, 0x01)).to.equal("frame-too-long");
    expect(breach(0xff, 0xff, 0xff, 0xff, 0x20)).to.equal("frame-too-long");
  });

  it("refuses unknown types and frames without type", () => {
    expect(breach(0, 0, 0, 1, 0x02)).to.equal("unknown-frame");
    expect(breach(0, 0, 0, 0, 0x01)).to.equal("bad-frame");
  });

  it("keeps about as much as arrived of a frame, however long it is announced", () => {
    const header = Buffer.from([0x00, 0x0f, 0x42, 0x41, 0x40]);
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 200 }, () => new FrameDecoder(LIMITS));
    for (const decoder of decoders) decodeAll(decoder, [header, ...Array.from({ length: 2_000 }, () => Buffer.of(1))]);
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(20_000_000);
    expect(decoders.every(({ hasPartialFrame }) => hasPartialFrame)).to.equal(true);
  });

  it("survives random bytes with a reason", () => {
    for (let round = 0; round < 2_000; round += 1) {
      const decoder = new FrameDecoder(LIMITS);
      try {
        decodeAll(decoder, [randomBytes(randomInt(1, 64))]);
      } catch (error) {
        expect(error).to.be.instanceOf(FrameError);
      }
    }
  });
}).timeout(10_000);
