import { randomBytes } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import { ReadRig } from "./read-rig.ts";

const REQUESTS = 10_000;
const AT_ONCE = 50;

describe("read API under garbage", () => {
  let rig: ReadRig;
  let port: number;

  before(async () => {
    rig = await ReadRig.open({ rate: { perSecond: REQUESTS, burst: REQUESTS } });
    await rig.attest([1]);
    await rig.app.listen({ host: "127.0.0.1", port: 0 });
    port = (rig.app.server.address() as AddressInfo).port;
  });

  after(() => rig.close());

  it(`survives ${REQUESTS} garbage requests`, async () => {
    const kinds = [randomBytesRequest, badPath, badMethod, longHeader, longBody, badQuery];
    let sent = 0;
    const statuses = new Map<string, number>();
    const worker = async (): Promise<void> => {
      while (sent < REQUESTS) {
        const make = kinds[sent++ % kinds.length]!;
        const status = await exchange(port, make(sent));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(
      [...statuses.keys()].filter((status) => !/^(4\d\d|closed)$/.test(status)),
      "answers",
    ).to.deep.equal([]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).to.equal(REQUESTS);
    expect(await rig.get("/health"), "still well").to.deep.include({ status: "ok" });
    expect(await rig.get("/v1/nodes/1"), "still serving").to.deep.include({ nodeIndex: 1 });
  }).timeout(60_000);
});

/** Sends bytes on a connection of their own; returns the status of the answer, or `closed`. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.length > 12) socket.destroy();
    });
    socket.on("close", () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "closed"));
    socket.end(bytes);
  });
}

function randomBytesRequest(): Buffer {
  return Buffer.concat([randomBytes(200), Buffer.from("\r\n\r\n")]);
}

function badPath(i: number): Buffer {
  return Buffer.from(`GET /v1/attestations/${randomBytes(8).toString("hex")}/%ff%00${i} HTTP/1.1\r\nhost: x\r\n\r\n`);
}

function badMethod(i: number): Buffer {
  const body = randomBytes(40).toString("base64");
  const head = `POST /v1/nodes/${i} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  return Buffer.from(`${head}content-length: ${body.length}\r\n\r\n${body}`);
}

function longHeader(): Buffer {
  return Buffer.from(`GET /v1/status HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(20_000)}\r\n\r\n`);
}

function longBody(): Buffer {
  const body = "b".repeat(4_000);
  return Buffer.from(`PUT /v1/status HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}

function badQuery(i: number): Buffer {
  return Buffer.from(`GET /v1/nodes?limit=${"9".repeat(i % 300)}x&from[]=1 HTTP/1.1\r\nhost: x\r\n\r\n`);
}
