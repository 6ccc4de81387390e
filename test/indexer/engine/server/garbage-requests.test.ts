import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { expect } from "chai";

import { startServerRig } from "./server-rig.ts";
import type { ServerRig } from "./server-rig.ts";

const REQUESTS = 10_000;
const AT_ONCE = 50;

describe("indexer server under garbage", () => {
  let rig: ServerRig;

  before(async () => {
    rig = await startServerRig();
  });

  after(() => rig.stop());

  it(`survives ${REQUESTS} garbage requests`, async () => {
    const kinds = [noise, badPath, badBody, wrongDocument, deepDocument, longHeader, badVariables, cutBody];
    const statuses = new Map<string, number>();
    let sent = 0;
    const worker = async (): Promise<void> => {
      while (sent < REQUESTS) {
        const make = kinds[sent++ % kinds.length]!;
        const status = await exchange(rig.port, make(sent));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const odd = [...statuses.keys()].filter((status) => !/^(4\d\d|errors|closed)$/.test(status));
    expect(odd, "answers").to.deep.equal([]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).to.equal(REQUESTS);
    expect(await (await fetch(`${rig.url}/health`)).json(), "still well").to.deep.include({ status: "ok" });
    const answer = await fetch(`${rig.url}/graphql?query=${encodeURIComponent('{ account(id: "0x0001") { id } }')}`);
    expect(await answer.json(), "still answering").to.deep.equal({ data: { account: { id: "0x0001" } } });
  }).timeout(120_000);
});

/** Sends bytes on a connection of their own; returns status, `errors` for 200 with GraphQL errors, or `closed`. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (/^HTTP\/1\.1 (?!200)\d{3}/.test(text) || text.includes('{"errors":')) socket.destroy();
    });
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "closed";
      resolve(status === "200" && text.includes('{"errors":') ? "errors" : status);
    });
    socket.end(bytes);
  });
}

function post(body: string, length = Buffer.byteLength(body)): Buffer {
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  return Buffer.from(head + body);
}

function noise(): Buffer {
  return Buffer.concat([randomBytes(200), Buffer.from("\r\n\r\n")]);
}

function badPath(i: number): Buffer {
  return Buffer.from(`GET /${randomBytes(8).toString("hex")}/%ff%00${i} HTTP/1.1\r\nhost: x\r\n\r\n`);
}

function badBody(): Buffer {
  return post(randomBytes(60).toString("base64"));
}

function wrongDocument(i: number): Buffer {
  return post(JSON.stringify({ query: `{ ${randomBytes(6).toString("hex")}(first: ${i}) { id } ` }));
}

function deepDocument(i: number): Buffer {
  const depth = 1 + (i % 400);
  return post(JSON.stringify({ query: `{ accounts ${"{ friends ".repeat(depth)}{ id }${"}".repeat(depth)} }` }));
}

function longHeader(): Buffer {
  return Buffer.from(`GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(20_000)}\r\n\r\n`);
}

function badVariables(i: number): Buffer {
  const query = "query Q($first: Int!) { accounts(first: $first) { id } }";
  return post(JSON.stringify({ query, variables: { first: i % 2 === 0 ? "many" : -i } }));
}

function cutBody(): Buffer {
  return post('{"query":', 200_000);
}
