import { expect } from "chai";
import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";

import { startServerRig } from "./server-rig.ts";
import type { ServerRig } from "./server-rig.ts";

const STREAMS = 1_000;
/** Below what one address may have. */
const STREAMS_PER_ADDRESS = 50;
const SUBSCRIPTIONS = 50;
/** Milliseconds in which a query that is refused must be refused. */
const SOON = 2_000;
/** MiB that all of it together may leave behind. */
const MEMORY = 150;

const LIMIT = /exceeds the limit|Document contains more/;

/** Documents that are cheap to write and would be dear to answer. */
const BOMBS: Record<string, string> = {
  depth: `{ accounts ${"{ friends ".repeat(200)}{ id }${"}".repeat(200)} }`,
  aliases: `{ ${Array.from({ length: 500 }, (_, i) => `a${i}: accounts(first: 1000) { id }`).join(" ")} }`,
  fragments: `{ accounts { ...F0 } } ${Array.from({ length: 40 }, (_, i) => `fragment F${i} on Account { friends { ...F${i + 1} ...F${i + 1} } }`).join(" ")} fragment F40 on Account { id }`,
  tokens: `{ accounts { ${"id ".repeat(20_000)} } }`,
  first: "{ accounts(first: 1000) { friends(first: 1000) { friends(first: 1000) { id } } } }",
  "negative lists": `{ ... @skip(if: true) { accounts(first: -2147483648) { friends(first: 100) { id } } } more: accounts(first: 1000) { friends(first: 1000) { friends(first: 1000) { id } } } }`,
  values: `{ accounts(first: 1000) { friends { ${Array.from({ length: 3_000 }, (_, i) => `a${i}: id`).join(" ")} } } }`,
  introspection: `{ ${Array.from({ length: 500 }, (_, i) => `a${i}: __schema { types { inputFields { name } } }`).join(" ")} }`,
};

describe("indexer server and hostile queries", function () {
  this.timeout(60_000);
  let rig: ServerRig;

  before(async () => {
    rig = await startServerRig();
  });

  after(() => rig.stop());

  async function ask(query: string): Promise<{ status: number; text: string }> {
    const body = JSON.stringify({ query });
    const response = await fetch(`${rig.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  for (const [name, query] of Object.entries(BOMBS)) {
    it(`refuses a bomb of ${name} at once`, async () => {
      const begun = performance.now();
      const { text } = await ask(query);
      expect(performance.now() - begun, "milliseconds").to.be.lessThan(SOON);
      const { errors, data } = JSON.parse(text) as { errors: { message: string }[]; data?: unknown };
      expect(errors[0]?.message).to.match(LIMIT);
      expect(data ?? null).to.equal(null);
    });
  }

  for (const power of ["1e6145", "1e999999999", "-9e-999999999999"]) {
    it(`is not held up by the number ${power}`, async () => {
      const begun = performance.now();
      const { status } = await ask(`{ accounts(where: { average_gt: "${power}" }) { id } }`);
      expect(performance.now() - begun, "milliseconds").to.be.lessThan(SOON);
      expect(status).to.equal(200);
    });
  }

  it(`is not held up by a block that touches ${SUBSCRIPTIONS} subscriptions`, async () => {
    const stop = new AbortController();
    const follow = (i: number): Promise<Response> =>
      fetch(`${rig.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ query: `subscription { a${i}: cards { id level } }` }),
        signal: stop.signal,
      });
    const streams = await Promise.all(Array.from({ length: SUBSCRIPTIONS }, (_, i) => follow(i)));
    const before = rig.answered();
    rig.addCard("subscribed", 7);
    rig.addCard("subscribed again", 8);
    expect(rig.answered() - before, "answered in one turn").to.be.lessThan(2);
    for (const stream of streams) {
      const reader = stream.body?.getReader();
      let text = "";
      while (!text.includes("subscribed again")) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    }
    expect(rig.answered() - before, "answers to two blocks at once").to.be.lessThan(SUBSCRIPTIONS + 2);
    stop.abort();
  });

  it("refuses a body of 1 MB", async () => {
    const { status, text } = await ask(`{ accounts { id } } #${"x".repeat(1_000_000)}`);
    expect(status).to.equal(413);
    expect(text).to.contain("too large");
  });

  it(`serves ${STREAMS} streams, refuses more, and keeps its memory`, async () => {
    const before = process.memoryUsage().rss;
    const open = (from: number): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const localAddress = `127.0.1.${1 + from}`;
        const headers = { accept: "text/event-stream" };
        get(`${rig.url}/live`, { localAddress, headers, agent: false }, resolve).on("error", reject);
      });
    const streams: IncomingMessage[] = [];
    for (let from = 0; streams.length < STREAMS; from++) {
      const opened = Array.from({ length: STREAMS_PER_ADDRESS }, () => open(from));
      streams.push(...(await Promise.all(opened)));
    }
    expect(streams.every(({ statusCode }) => statusCode === 200)).to.equal(true);
    const surplus = await open(STREAMS / STREAMS_PER_ADDRESS);
    expect([surplus.statusCode, await textOf(surplus)]).to.deep.equal([
      503,
      '{"errors":[{"message":"too many streams are open"}]}',
    ]);
    for (let i = 0; i < 20; i++) rig.addCard(`stream-${i}`, i);
    let text = "";
    for await (const chunk of streams.at(-1)!) {
      text += String(chunk);
      if (text.includes("event: block")) break;
    }
    expect(text).to.contain("event: block");
    expect((await ask("{ accounts(first: 1) { id } }")).status, "an answer meanwhile").to.equal(200);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    streams.forEach((stream) => stream.on("error", () => undefined).destroy());
    expect(grown, "MiB").to.be.lessThan(MEMORY);
  });
});
