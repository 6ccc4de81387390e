import { randomBytes } from "node:crypto";
import { expect } from "chai";

import { newCounters } from "../../../relayer/src/transport/transport-counters.ts";
import { DATA, MeshPair, rawFrame } from "./mesh-pair.ts";
import { closed } from "./raw-client.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

describe("MeshSession", () => {
  let pair: MeshPair | undefined;

  async function start(options: Parameters<typeof MeshPair.start>[0] = {}): Promise<MeshPair> {
    pair = await MeshPair.start(options);
    return pair;
  }

  afterEach(async () => {
    await pair?.server.close();
    pair = undefined;
  });

  it("carries frames of every length both ways, in order", async () => {
    const { connect } = bound(
      await start({ onSession: (session) => ({ onFrame: ({ payload }) => void session.send(DATA, payload) }) }),
    );
    const sent = [0, 1, 5, 16_379, 16_384, 65_536].map((length) => randomBytes(length));
    const back: Buffer[] = [];
    const session = await connect({ onFrame: ({ payload }) => back.push(Buffer.from(payload)) });
    for (const payload of sent) await session.send(DATA, payload);
    await waitUntil("all frames back", () => back.length === sent.length);
    expect(back).to.deep.equal(sent);
    session.close();
  });

  it("moves 3,491-byte frames at over 2,500 a second", async () => {
    let received = 0;
    const { connect } = bound(await start({ onSession: () => ({ onFrame: () => (received += 1) }) }));
    const session = await connect();
    const payload = randomBytes(3_491);
    const started = performance.now();
    for (let i = 0; i < 10_000; i += 1) await session.send(DATA, payload);
    await waitUntil("10,000 frames", () => received === 10_000, 10_000);
    expect(10_000 / ((performance.now() - started) / 1_000)).to.be.greaterThan(2_500);
    session.close();
  });

  it("tells the peer why it ends", async () => {
    const mesh = await start();
    const ended = Promise.withResolvers<string>();
    await mesh.connect({ onEnd: ({ by, detail }) => ended.resolve(`${by}: ${detail}`) });
    mesh.sessions[0]?.close("closed", "maintenance at noon");
    expect(await ended.promise).to.equal("remote: peer ended the session: maintenance at noon");
    expect(mesh.ends).to.deep.equal([{ reason: "closed", by: "local", detail: "maintenance at noon" }]);
  });

  it("does not let a peer write into logs", async () => {
    const mesh = await start();
    const socket = await mesh.raw();
    socket.write(rawFrame(0x30, Buffer.from('{"reason":"a\n\u001b[31mb"}')));
    await waitUntil("end", () => mesh.ends.length === 1);
    expect(mesh.ends[0]).to.deep.equal({
      reason: "peer-closed",
      by: "remote",
      detail: "peer ended the session: a??[31mb",
    });
  });

  const breaches: [string, Buffer, string][] = [
    ["an over-long frame", Buffer.from("0001000220", "hex"), "frame-too-long"],
    ["an announced 4 GiB frame", Buffer.from("ffffffff20", "hex"), "frame-too-long"],
    ["an unknown frame", rawFrame(0x77), "unknown-frame"],
    ["a frame without type", Buffer.from("0000000000", "hex"), "bad-frame"],
    ["an over-long ping", rawFrame(0xf0, Buffer.alloc(9)), "frame-too-long"],
  ];
  for (const [name, bytes, reason] of breaches) {
    it(`ends on ${name}`, async () => {
      const mesh = await start();
      const socket = await mesh.raw();
      socket.write(bytes);
      await closed(socket);
      expect(mesh.ends.map((end) => [end.reason, end.by])).to.deep.equal([[reason, "local"]]);
      expect(mesh.server.counters.ended).to.deep.equal({ [reason]: 1 });
    });
  }

  it("knows a truncated frame from an orderly end", async () => {
    const mesh = await start();
    (await mesh.raw()).end(rawFrame(DATA, Buffer.alloc(100)).subarray(0, 50));
    (await mesh.raw()).end(rawFrame(DATA, Buffer.alloc(100)));
    await waitUntil("both ends", () => mesh.ends.length === 2);
    expect(mesh.ends.map(({ reason }) => reason)).to.have.members(["truncated-frame", "peer-closed"]);
  });

  it("cuts a peer that trickles a frame, however steadily", async () => {
    const mesh = await start({ limits: { frameTimeoutMs: 250, idleTimeoutMs: 60_000, pingIntervalMs: 20_000 } });
    const socket = await mesh.raw();
    const bytes = rawFrame(DATA, Buffer.alloc(10_000));
    let at = 0;
    const drip = setInterval(() => socket.write(bytes.subarray(at, (at += 1))), 10);
    const started = performance.now();
    await closed(socket);
    clearInterval(drip);
    expect(mesh.ends[0]?.reason).to.equal("frame-timeout");
    expect(performance.now() - started).to.be.within(250, 5_000);
  });

  it("cuts a peer that never answers pings, and keeps a quiet one that does", async () => {
    const limits = { idleTimeoutMs: 400, pingIntervalMs: 100, frameTimeoutMs: 10_000 };
    const mesh = await start({ limits });
    const quiet = await mesh.connect({}, { limits });
    const dead = await mesh.raw();
    await closed(dead);
    expect(mesh.ends.map(({ reason }) => reason)).to.deep.equal(["idle"]);
    const framesIn = mesh.server.counters.framesIn;
    await waitUntil("more pongs", () => mesh.server.counters.framesIn > framesIn + 3);
    expect(quiet.isOpen).to.equal(true);
    quiet.close();
  });

  it("bounds the queue to a peer that does not read, then cuts it", async () => {
    const limits = { maxQueuedBytes: 500_000, writeTimeoutMs: 400 };
    const mesh = await start({ limits });
    const socket = await mesh.raw();
    socket.pause();
    const session = mesh.sessions[0];
    const payload = randomBytes(60_000);
    let most = 0;
    const flood = setInterval(() => {
      while (session?.trySend(DATA, payload)) most = Math.max(most, session.queuedBytes);
    }, 5);
    await waitUntil("end", () => mesh.ends.length === 1);
    clearInterval(flood);
    expect(mesh.ends[0]?.reason).to.equal("write-stalled");
    expect(most).to.be.within(60_000, 500_000);
    expect(mesh.server.counters.framesRejected).to.be.greaterThan(0);
    expect(session?.trySend(DATA, payload)).to.equal(false);
    socket.destroy();
  });

  it("cuts a peer that floods it with pings and does not read", async () => {
    const mesh = await start({ limits: { maxQueuedBytes: 20_000 } });
    const socket = await mesh.raw();
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 5_000 }, () => rawFrame(0xf0, Buffer.alloc(8))));
    const flood = setInterval(() => socket.writableLength < 1_000_000 && socket.write(pings), 1);
    await waitUntil("end", () => mesh.ends.length === 1, 8_000);
    clearInterval(flood);
    expect(mesh.ends[0]?.reason).to.equal("write-stalled");
    socket.destroy();
  });

  it("lets send wait for room and keep its order", async () => {
    const order: number[] = [];
    const { connect } = bound(
      await start({ onSession: () => ({ onFrame: ({ payload }) => order.push(payload.readUInt32BE()) }) }),
    );
    const counters = newCounters();
    const session = await connect({}, { limits: { maxQueuedBytes: 100_000 }, counters });
    const payloads = Array.from({ length: 200 }, (_, i) => {
      const payload = Buffer.alloc(20_000);
      payload.writeUInt32BE(i);
      return payload;
    });
    await Promise.all(payloads.map((payload) => session.send(DATA, payload)));
    await waitUntil("all frames", () => order.length === 200);
    expect(order).to.deep.equal(payloads.map((_, i) => i));
    expect(counters.framesRejected).to.be.greaterThan(0);
    session.close();
  });

  it("fails what still waits when it ends", async () => {
    const mesh = await start();
    const session = await mesh.connect({}, { limits: { maxQueuedBytes: 1_000 } });
    await waitUntil("an empty queue", () => session.queuedBytes === 0);
    const waiting = Array.from({ length: 3 }, () => session.send(DATA, Buffer.alloc(60_000)));
    const results = Promise.allSettled(waiting);
    session.close();
    expect((await results).map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "rejected"]);
    expect(await session.send(DATA).catch(String)).to.include("frame was not sent: session ended (closed)");
  });

  it("delivers nothing while paused and everything afterwards", async () => {
    const got: number[] = [];
    const mesh = await start({
      limits: { idleTimeoutMs: 300, frameTimeoutMs: 300, pingIntervalMs: 100 },
      onSession: (session) => ({
        onFrame: ({ payload }) => {
          got.push(payload.readUInt8());
          if (got.length === 3) session.pause();
        },
      }),
    });
    const session = await mesh.connect();
    for (let i = 0; i < 50; i += 1) await session.send(DATA, Buffer.alloc(3_000, i));
    await waitUntil("three frames", () => got.length === 3);
    const started = performance.now();
    await waitUntil("longer than every timeout", () => performance.now() - started > 600);
    expect(got).to.have.lengthOf(3);
    mesh.sessions[0]?.resume();
    await waitUntil("all frames", () => got.length === 50);
    expect(got).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    expect(session.isOpen).to.equal(true);
    session.close();
  });

  it("ends, and reports the fault, when a handler throws", async () => {
    const faults: unknown[] = [];
    const mesh = await start({
      onFault: (error) => faults.push(error),
      onSession: () => ({
        onFrame: () => {
          throw new Error("bug in the handler");
        },
      }),
    });
    const ended = Promise.withResolvers<string>();
    const session = await mesh.connect({ onEnd: ({ detail }) => ended.resolve(detail) });
    session.trySend(DATA);
    expect(await ended.promise).to.equal("peer ended the session: internal error");
    expect(faults.map(String)).to.deep.equal(["Error: bug in the handler"]);
    expect(mesh.ends.map(({ reason }) => reason)).to.deep.equal(["handler-failed"]);
  });
}).timeout(20_000);

function bound(pair: MeshPair): { connect: MeshPair["connect"] } {
  return { connect: pair.connect.bind(pair) };
}
