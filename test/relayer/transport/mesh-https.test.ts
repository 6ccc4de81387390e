import { once } from "node:events";
import { randomBytes } from "node:crypto";
import type { Server } from "node:https";
import { connect as connectTcp, type AddressInfo } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";

import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { MeshHttpsAgent, meshRequest } from "../../../relayer/src/transport/mesh-https-client.ts";
import {
  createMeshHttpsServer,
  type HttpsLimits,
  requestPeer,
} from "../../../relayer/src/transport/mesh-https-server.ts";
import { newCounters, type TransportCounters } from "../../../relayer/src/transport/transport-counters.ts";
import { closed, rawOptions, tryConnect } from "./raw-client.ts";
import { type TestMember, TestAuthority } from "./test-authority.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const PEER = "0x00000000000000000000000000000000000000b2";

describe("HTTPS between relayers", () => {
  let network: TestAuthority;
  let peer: TestMember;
  let serverMember: TestMember;
  let app: FastifyInstance<Server>;
  let credentials: MeshCredentials;
  let counters: TransportCounters;
  let agent: MeshHttpsAgent;
  let url: string;
  let port: number;

  async function start(limits: Partial<HttpsLimits> = {}): Promise<void> {
    network = await TestAuthority.create();
    serverMember = await network.relayer();
    peer = await network.relayer(PEER);
    credentials = new MeshCredentials(serverMember);
    counters = newCounters();
    app = fastify({
      serverFactory: (handler) => createMeshHttpsServer({ credentials, limits, counters }, handler),
      bodyLimit: 100_000,
    });
    app.get("/who", (request) => requestPeer(request.raw));
    app.get("/never", () => new Promise(() => undefined));
    app.post("/echo", (request) => request.body);
    await app.listen({ port: 0, host: "127.0.0.1" });
    ({ port } = app.server.address() as AddressInfo);
    url = `https://127.0.0.1:${port}`;
    agent = new MeshHttpsAgent({ credentials: new MeshCredentials(peer) });
  }

  afterEach(async () => {
    agent.destroy();
    await app.close();
  });

  function httpOptions(member: TestMember): ReturnType<typeof rawOptions> {
    return { ...rawOptions(port, member), ALPNProtocols: ["http/1.1"] };
  }

  it("lets a relayer in while connections that send nothing take all slots", async () => {
    await start({ maxHandshakes: 16 });
    const sockets = Array.from({ length: 32 }, () =>
      connectTcp({ port, host: "127.0.0.1", localAddress: "127.0.0.2" }),
    );
    for (const socket of sockets) socket.on("error", () => socket.destroy());
    await waitUntil("all connections", () => counters.connections === 32);
    expect(counters.handshakes, "slots taken").to.be.at.most(16);
    expect((await meshRequest({ agent, url: `${url}/who`, timeoutMs: 5_000, maxBytes: 1_000 })).status).to.equal(200);
    for (const socket of sockets) socket.destroy();
  });

  it("tells the server who asks", async () => {
    await start();
    const { status, body } = await meshRequest({ agent, url: `${url}/who` });
    expect(status).to.equal(200);
    expect(JSON.parse(body.toString())).to.include({ kind: "relayer", serialNumber: peer.serialNumber });
  });

  it("keeps one connection for requests in turn, and carries bodies", async () => {
    await start();
    const value = { text: randomBytes(20_000).toString("hex") };
    for (let i = 0; i < 5; i += 1) {
      const headers = { "content-type": "application/json" };
      const answer = await meshRequest({ agent, url: `${url}/echo`, headers, body: JSON.stringify(value) });
      expect(JSON.parse(answer.body.toString())).to.deep.equal(value);
    }
    expect(counters.accepted).to.equal(1);
  });

  it("opens no more connections at once than it may", async () => {
    await start();
    const few = new MeshHttpsAgent({ credentials: new MeshCredentials(peer), maxSockets: 3 });
    const requests = Array.from({ length: 30 }, () => meshRequest({ agent: few, url: `${url}/who` }));
    expect((await Promise.all(requests)).map(({ status }) => status)).to.deep.equal(new Array(30).fill(200));
    expect(counters.accepted).to.equal(3);
    few.destroy();
  });

  it("sends nothing to a server that it refuses", async () => {
    await start();
    let seen = 0;
    app.server.on("secureConnection", (socket: TLSSocket) => socket.on("data", () => (seen += 1)));
    const expecting = new MeshHttpsAgent({ credentials: new MeshCredentials(peer), relayer: PEER });
    const attempts = Array.from({ length: 5 }, () =>
      meshRequest({ agent: expecting, url: `${url}/echo`, body: "secret" }),
    );
    for (const attempt of await Promise.allSettled(attempts)) expect(attempt.status).to.equal("rejected");
    await waitUntil("all gone", () => counters.open === 0);
    expect(seen).to.equal(0);
    expecting.destroy();
  });

  it("refuses what the policy refuses, on both ends", async () => {
    await start();
    const options = httpOptions(peer);
    const get = { agent, url: `${url}/who` };
    expect((await meshRequest(get)).status).to.equal(200);
    for (const changes of [
      { ecdhCurve: "X25519" },
      { key: undefined, cert: undefined },
      { ALPNProtocols: ["pqmesh/1"] },
    ]) {
      expect(await tryConnect({ ...options, ...changes })).to.match(/^refused/);
    }
    const stranger = await (await TestAuthority.create("other")).relayer();
    const strange = new MeshHttpsAgent({ credentials: new MeshCredentials(stranger) });
    expect(await meshRequest({ agent: strange, url: get.url }).catch(String)).to.match(/GET .* failed: .*unable to/);
    strange.destroy();
    const expecting = new MeshHttpsAgent({ credentials: new MeshCredentials(peer), relayer: PEER });
    expect(await meshRequest({ agent: expecting, url: get.url }).catch(String)).to.match(
      /server is relayer .*b1, not/i,
    );
    expecting.destroy();
    expect(counters.accepted).to.equal(1);
  });

  it("cuts a revoked relayer at once and refuses it afterwards", async () => {
    await start();
    await meshRequest({ agent, url: `${url}/who` });
    credentials.replace({ crl: [await network.crlOf([peer.serialNumber])] });
    await waitUntil("connection cut", () => counters.open === 0);
    expect(await meshRequest({ agent, url: `${url}/who`, timeoutMs: 2_000 }).catch(String)).to.match(/failed: /);
    expect(counters.accepted).to.equal(1);
  });

  it("drops a kept connection to a server that the client's list revokes", async () => {
    await start();
    const own = new MeshCredentials(peer);
    const strict = new MeshHttpsAgent({ credentials: own });
    await meshRequest({ agent: strict, url: `${url}/who` });
    own.replace({ crl: [await network.crlOf([serverMember.serialNumber])] });
    expect(await meshRequest({ agent: strict, url: `${url}/who` }).catch(String)).to.include("certificate revoked");
    strict.destroy();
  });

  it("bounds time, answer and connections", async () => {
    await start({ maxConnectionsPerPeer: 1 });
    const big = JSON.stringify({ text: "x".repeat(50_000) });
    const post = { agent, url: `${url}/echo`, headers: { "content-type": "application/json" }, body: big };
    expect(await meshRequest({ ...post, maxBytes: 10_000 }).catch(String)).to.include("over its limit of 10000 bytes");
    await waitUntil("first connection gone", () => counters.open === 0);
    expect((await meshRequest(post)).status).to.equal(200);
    const second = new MeshHttpsAgent({ credentials: new MeshCredentials(peer) });
    expect(await meshRequest({ ...post, agent: second, timeoutMs: 2_000 }).catch(String)).to.include("failed: ");
    expect(counters.refused["too-many-of-peer"]).to.equal(1);
    second.destroy();
    const late = await meshRequest({ agent, url: `${url}/never`, timeoutMs: 200 }).catch(String);
    expect(late).to.include("no complete answer within 200 ms");
  });

  it("cuts a client that trickles a request's headers", async () => {
    await start({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const socket = connect(httpOptions(peer));
    await once(socket, "secureConnect");
    socket.on("error", () => socket.destroy());
    const request = Buffer.from(`GET /who HTTP/1.1\r\nHost: x\r\nX-Long: ${"y".repeat(2_000)}`);
    let at = 0;
    const drip = setInterval(() => socket.writable && socket.write(request.subarray(at, (at += 1))), 10);
    await closed(socket);
    clearInterval(drip);
    expect(at).to.be.lessThan(request.length);
  });

  it("answers 2,000 garbage requests of a certified peer and lives on", async () => {
    await start();
    const paths = ["/none", "/who?%zz", "/echo", "/%00", `/${"a".repeat(4_000)}`];
    const bodies = [undefined, "0", randomBytes(300), "null", ...(new Array(20).fill("[]") as string[]), "{"];
    const send = (i: number): Promise<number> =>
      meshRequest({
        agent,
        url: `${url}${paths[i % paths.length]}`,
        headers: { "content-type": i % 2 ? "application/json" : "text/x-strange" },
        body: bodies[i % bodies.length],
      }).then(
        ({ status }) => status,
        () => 0,
      );
    const statuses = new Set<number>();
    for (let done = 0; done < 2_000; done += 100) {
      const batch = await Promise.all(Array.from({ length: 100 }, (_, i) => send(done + i)));
      for (const status of batch) statuses.add(status);
    }
    expect([...statuses].filter((status) => status >= 500)).to.deep.equal([]);
    expect((await meshRequest({ agent, url: `${url}/who` })).status).to.equal(200);
  });

  it("gives no identity for requests of other servers", async () => {
    await start();
    expect(() => requestPeer({ socket: {} as never })).to.throw("whose peer is not verified");
  });
}).timeout(30_000);
