import { connect, type Socket } from "node:net";
import { expect } from "chai";

import { startServerRig } from "./server-rig.ts";
import type { ServerRig } from "./server-rig.ts";

const CONNECTIONS = 20;

describe("indexer server and slow clients", () => {
  let rig: ServerRig;
  const sockets: Socket[] = [];

  before(async () => {
    rig = await startServerRig({ limits: { headersTimeout: 300, requestTimeout: 600, connections: CONNECTIONS } });
  });

  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
  after(() => rig.stop());

  function open(start: string): Socket {
    const socket = connect(rig.port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(start);
    return socket;
  }

  /** Sends the start of a request, then a piece of it every 20 ms; resolves with how long the server bore it. */
  function trickle(start: string, piece: string): Promise<number> {
    const socket = open(start);
    const begun = performance.now();
    const drip = setInterval(() => socket.writable && socket.write(piece), 20);
    return new Promise((resolve) => {
      socket.once("close", () => {
        clearInterval(drip);
        resolve(performance.now() - begun);
      });
    });
  }

  it("cuts a client that trickles a request's headers", async () => {
    expect(await trickle("POST /graphql HTTP/1.1\r\nhost: x\r\n", "x-a: b\r\n")).to.be.within(250, 10_000);
  });

  it("cuts a client that trickles a request's body", async () => {
    const head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n";
    expect(await trickle(head, " ")).to.be.within(500, 10_000);
  });

  it("cuts clients that send nothing, and answers others again", async () => {
    const idle = Array.from({ length: 2 * CONNECTIONS }, () => trickle("", ""));
    for (const time of await Promise.all(idle)) expect(time).to.be.lessThan(10_000);
    expect((await fetch(`${rig.url}/health`)).status).to.equal(200);
  });
});
