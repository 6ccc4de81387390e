import { type AddressInfo, connect, type Socket } from "node:net";
import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { createHttpService } from "../../../relayer/src/service/http-service.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";

const log = createLogger({ name: "test", level: "error" });

describe("createHttpService", () => {
  let app: FastifyInstance;
  let sockets: Socket[];

  beforeEach(async () => {
    app = createHttpService({ log, bodyLimit: 1_024, limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } });
    app.post("/echo", (request) => request.body);
    await app.listen({ host: "127.0.0.1", port: 0 });
    sockets = [];
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await app.close();
  });

  /** Sends the start of a request, then a piece of it every 20 ms; resolves with how long the server bore it. */
  function trickle(start: string, piece: string): Promise<number> {
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(start);
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
    expect(await trickle("POST /echo HTTP/1.1\r\nhost: x\r\n", "x-a: b\r\n")).to.be.within(250, 4_000);
  });

  it("cuts a client that trickles a request's body", async () => {
    const start = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n";
    expect(await trickle(start, "a")).to.be.within(500, 4_000);
  });

  it("cuts a client that sends nothing", async () => {
    expect(await trickle("", "")).to.be.within(250, 4_000);
  });
});
