import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { connect } from "node:tls";
import { expect } from "chai";

import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import { clientHelloBytes } from "./client-hello-bytes.ts";
import { liveMemory } from "./live-memory.ts";
import { DATA, MeshPair, rawFrame } from "./mesh-pair.ts";
import { closed, rawOptions, tryConnect } from "./raw-client.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

function plainSocket(port: number): Socket {
  const socket = connectTcp(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  return socket;
}

function silentSocket(port: number, localAddress: string): Socket {
  const socket = connectTcp({ port, host: "127.0.0.1", localAddress });
  return socket.on("error", () => socket.destroy());
}

describe("a mesh server", () => {
  let pair: MeshPair | undefined;
  const sockets: Socket[] = [];

  async function start(options: Parameters<typeof MeshPair.start>[0] = {}): Promise<MeshPair> {
    pair = await MeshPair.start(options);
    return pair;
  }

  function plain(port: number): Socket {
    const socket = plainSocket(port);
    sockets.push(socket);
    return socket;
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await pair?.server.close();
    pair = undefined;
  });

  it("cuts a connection that never begins its handshake", async () => {
    const mesh = await start({ limits: { handshakeTimeoutMs: 150 } });
    await closed(plain(mesh.port));
    await waitUntil("counter", () => mesh.server.counters.refused["handshake-timeout"] === 1);
    expect(mesh.server.counters.handshakes).to.equal(0);
  });

  it("cuts a handshake that trickles in, however steadily", async () => {
    const mesh = await start({ limits: { handshakeTimeoutMs: 300 } });
    const hello = await clientHelloBytes(mesh.node);
    const socket = plain(mesh.port);
    let at = 0;
    const drip = setInterval(() => socket.writable && socket.write(hello.subarray(at, (at += 1))), 5);
    const started = performance.now();
    await closed(socket);
    clearInterval(drip);
    expect(at).to.be.lessThan(hello.length);
    expect(performance.now() - started).to.be.within(290, 5_000);
    await waitUntil("counter", () => mesh.server.counters.refused["handshake-timeout"] === 1);
  });

  it("bounds unfinished handshakes, of one address and of all", async () => {
    for (const limits of [{ maxHandshakesPerAddress: 3 }, { maxHandshakes: 3 }]) {
      const mesh = await start({ limits });
      const waiting = [plain(mesh.port), plain(mesh.port), plain(mesh.port)];
      await waitUntil("three handshakes", () => mesh.server.counters.handshakes === 3);
      plain(mesh.port);
      await closed(waiting[0]!);
      expect(mesh.server.counters.refused).to.deep.equal({ "too-many-handshakes": 1 });
      expect(mesh.server.counters.handshakes, "handshakes").to.equal(3);
      for (const socket of sockets.splice(0)) socket.destroy();
      await waitUntil("no handshakes", () => mesh.server.counters.handshakes === 0);
      expect(await tryConnect(rawOptions(mesh.port, mesh.node))).to.equal("accepted");
      await mesh.server.close();
    }
  });

  it("lets a peer in while connections from two addresses that send nothing take all slots", async () => {
    const mesh = await start({ limits: { maxHandshakes: 48 } });
    const { counters } = mesh.server;
    for (const localAddress of ["127.0.0.2", "127.0.0.3"]) {
      for (let i = 0; i < 48; i++) sockets.push(silentSocket(mesh.port, localAddress));
    }
    await waitUntil("all connections", () => counters.connections === 96);
    expect(counters.handshakes, "slots taken").to.be.at.most(48);
    expect(await tryConnect(rawOptions(mesh.port, mesh.node))).to.equal("accepted");
  });

  it("bounds sessions", async () => {
    const mesh = await start({ limits: { maxConnections: 2, maxConnectionsPerPeer: 10 } });
    const sessions = [await mesh.connect(), await mesh.connect()];
    const third = await mesh.connect().catch((error: Error) => error.message);
    expect(third).to.match(/did not accept|closed the connection|failed/);
    expect(mesh.server.counters).to.include({ open: 2, accepted: 2 });
    sessions[0]?.close();
    await waitUntil("one session", () => mesh.server.counters.open === 1);
    expect((await mesh.connect()).isOpen).to.equal(true);
  });

  it("replaces the oldest session of a peer that has the most it may have", async () => {
    const mesh = await start({ limits: { maxConnectionsPerPeer: 2 } });
    const details: string[] = [];
    const sessions = [];
    for (let i = 0; i < 3; i += 1)
      sessions.push(await mesh.connect({ onEnd: ({ detail }) => details.push(`${i}: ${detail}`) }));
    await waitUntil("an end", () => details.length === 1);
    expect(details).to.deep.equal(["0: peer ended the session: a newer connection of the same peer took its place"]);
    expect(sessions.map(({ isOpen }) => isOpen)).to.deep.equal([false, true, true]);
    await mesh.connect({}, { credentials: new MeshCredentials(await mesh.network.node(8)) });
    expect(mesh.server.counters.open, "another peer is not counted").to.equal(3);
  });

  it("does not resume TLS sessions", async () => {
    const mesh = await start();
    const options = rawOptions(mesh.port, mesh.node);
    const first = connect(options);
    const [session] = (await once(first, "session")) as [Buffer];
    first.destroy();
    const second = connect({ ...options, session });
    await once(second, "data");
    expect(second.isSessionReused()).to.equal(false);
    second.destroy();
  });

  it("ends its sessions with a reason when it stops, and starts again on the same port", async () => {
    const mesh = await start();
    const ended = Promise.withResolvers<string>();
    await mesh.connect({ onEnd: ({ detail }) => ended.resolve(detail) });
    await mesh.server.close();
    expect(await ended.promise).to.equal("peer ended the session: the relayer is stopping");
    expect(mesh.server.counters).to.include({ open: 0, handshakes: 0 });
    const next = createMeshServer({
      credentials: mesh.credentials,
      frames: {},
      onSession: () => ({ onFrame: () => undefined }),
    });
    expect(await next.listen(mesh.port)).to.equal(mesh.port);
    expect((await mesh.connect()).isOpen).to.equal(true);
    await next.close();
  });

  it("says when its port is taken", async () => {
    const mesh = await start();
    const other = createMeshServer({
      credentials: mesh.credentials,
      frames: {},
      onSession: () => ({ onFrame: () => undefined }),
    });
    expect(await other.listen(mesh.port).catch(String)).to.include("EADDRINUSE");
    await other.close();
  });

  it("survives 10,000 garbage connections without keeping anything of them", async () => {
    const mesh = await start();
    const garbage = await garbageKinds(mesh);
    const round = async (connections: number): Promise<void> => {
      for (let done = 0; done < connections; done += 200) {
        await Promise.all(Array.from({ length: 200 }, (_, i) => throwGarbage(mesh.port, garbage[i % garbage.length])));
      }
    };
    await round(1_000);
    const before = liveMemory();
    await round(9_000);
    await waitUntil("no handshakes", () => mesh.server.counters.handshakes === 0);
    const { refused, connections, accepted } = mesh.server.counters;
    expect({ connections, accepted }).to.deep.equal({ connections: 10_000, accepted: 0 });
    expect(Object.values(refused).reduce((sum, n) => sum + n, 0)).to.equal(10_000);
    expect(liveMemory() - before).to.be.lessThan(8_000_000);
    expect(await tryConnect(rawOptions(mesh.port, mesh.node))).to.equal("accepted");
  });

  it("survives garbage from peers with good certificates", async () => {
    const mesh = await start({ limits: { maxConnectionsPerPeer: 50, frameTimeoutMs: 300 } });
    const garbage = [
      Buffer.concat([rawFrame(DATA), Buffer.from("ffffffff20", "hex"), randomBytes(20_000)]),
      Buffer.concat([rawFrame(0x77), randomBytes(60)]),
      Buffer.from("0000000000", "hex"),
      rawFrame(DATA, randomBytes(50)).subarray(0, 30),
    ];
    for (let round = 0; round < 100; round += 1) {
      const socket = await mesh.raw();
      socket.write(garbage[round % garbage.length] ?? "");
      if (round % 3 === 0) socket.end();
      else if (round % 3 === 1) socket.destroy();
    }
    await waitUntil("all ended", () => mesh.server.counters.open === 0);
    expect(mesh.server.sessions.size).to.equal(0);
    expect(mesh.ends).to.have.lengthOf(100);
    const { ended } = mesh.server.counters;
    expect(ended).to.include.all.keys(
      "frame-too-long",
      "unknown-frame",
      "bad-frame",
      "truncated-frame",
      "frame-timeout",
    );
    expect((await mesh.connect()).isOpen).to.equal(true);
  });
}).timeout(60_000);

/** Things that are no handshake, and handshakes that go wrong at some point. */
async function garbageKinds(mesh: MeshPair): Promise<(Buffer | undefined)[]> {
  const hello = await clientHelloBytes(mesh.node);
  const flipped = Buffer.from(hello.map((byte, i) => (i === 60 ? byte ^ 0xff : byte)));
  return [
    undefined,
    randomBytes(500),
    Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    Buffer.concat([Buffer.from("1603010200", "hex"), randomBytes(512)]),
    hello.subarray(0, 700),
    flipped,
    Buffer.concat([hello, randomBytes(200)]),
    Buffer.from("150303000202280a", "hex"),
  ];
}

async function throwGarbage(port: number, bytes: Buffer | undefined): Promise<void> {
  const socket = plainSocket(port);
  if (bytes) socket.end(bytes);
  else socket.once("connect", () => socket.resetAndDestroy());
  await closed(socket);
}
