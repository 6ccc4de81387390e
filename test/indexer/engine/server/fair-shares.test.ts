import { expect } from "chai";
import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import { waitUntil } from "../../../helpers/wait-until.ts";
import { startServerRig } from "./server-rig.ts";
import type { ServerRig } from "./server-rig.ts";

const STREAMS_PER_ADDRESS = 4;
const QUERY_TIME = 400;
/** Milliseconds that an answer may take beyond its limit on a busy machine. */
const MARGIN = 2_000;
const SEQUENCES = 50_000;
const SCANS = 500;
/** More than the server works on at once. */
const BOMBS = 6;

/** Finds nothing, so that it costs none of the entities that a query may return, and reads every sequence. */
const scan = (i: number): string =>
  `a${i}: sequences(first: 1, where: { label_contains_nocase: "nothing ${i}" }) { id }`;
const scans = (length: number): string => Array.from({ length }, (_, i) => scan(i)).join(" ");
const SCAN_BOMB = `{ ${scans(SCANS)} }`;
/** The same in one field. */
const FILTER_BOMB = `{ sequences(where: { or: [${Array.from({ length: 900 }, (_, i) => `{ label_contains_nocase: "nothing ${i}" }`).join(" ")}] }) { id } }`;

describe("indexer server and greedy clients", function () {
  this.timeout(60_000);
  let rig: ServerRig;
  /** Ends no query, so that a busy machine does not tell what is answered. */
  let patient: ServerRig;
  const responses: IncomingMessage[] = [];

  before(async () => {
    rig = await startServerRig({ streamsPerAddress: STREAMS_PER_ADDRESS, queryTimeMs: QUERY_TIME });
    rig.addSequences(SEQUENCES);
    patient = await startServerRig({ queryTimeMs: 60_000 });
    patient.addSequences(SEQUENCES);
  });

  afterEach(() => responses.splice(0).forEach((response) => response.destroy()));
  after(() => Promise.all([rig.stop(), patient.stop()]));

  /** Opens a stream from a loopback address. */
  function open(localAddress: string, path = "/live"): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { accept: "text/event-stream" };
      get(rig.url + path, { localAddress, headers, agent: false }, (response) => {
        response.on("error", () => undefined);
        responses.push(response);
        resolve(response);
      }).on("error", reject);
    });
  }

  async function ask(query: string, url = rig.url): Promise<{ data?: unknown; errors?: { message: string }[] }> {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data?: unknown; errors?: { message: string }[] };
  }

  it("gives one address its streams and no more, and others theirs", async () => {
    const subscription = `/graphql?query=${encodeURIComponent("subscription { cards(first: 1) { id } }")}`;
    const first = await open("127.0.0.2");
    for (let i = 1; i < STREAMS_PER_ADDRESS; i++) {
      expect((await open("127.0.0.2", i % 2 === 0 ? "/live" : subscription)).statusCode).to.equal(200);
    }
    for (const path of ["/live", subscription]) {
      const refused = await open("127.0.0.2", path);
      expect(refused.statusCode).to.equal(429);
      expect(refused.headers["content-type"]).to.contain("application/problem+json");
      expect(Number(refused.headers["retry-after"])).to.be.greaterThan(0);
      expect(JSON.parse(await text(refused))).to.deep.equal({
        type: "too-many-streams",
        title: "Too many streams",
        status: 429,
        detail: `${STREAMS_PER_ADDRESS} streams of this address are open, the limit of \`streamsPerAddress\`; end one of them`,
      });
    }
    expect((await open("127.0.0.3")).statusCode, "another address").to.equal(200);
    first.destroy();
    await waitUntil("its place is free", async () => (await open("127.0.0.2")).statusCode === 200);
  });

  for (const [name, bomb] of Object.entries({ "scans that find nothing": SCAN_BOMB, "one long filter": FILTER_BOMB })) {
    it(`ends a query of ${name} at its limit`, async () => {
      const begun = performance.now();
      const { data, errors } = await ask(bomb);
      expect(performance.now() - begun, "milliseconds").to.be.within(QUERY_TIME, QUERY_TIME + MARGIN);
      expect(data ?? null).to.equal(null);
      expect(errors?.map(({ message }) => message)).to.deep.equal([
        `query takes longer than the limit of \`${QUERY_TIME}\` ms and was ended; ` +
          "ask for fewer fields at once, or filter by what an index finds",
      ]);
      expect(await ask('{ card(id: "card-1") { level } }'), "the next query").to.deep.equal({
        data: { card: { level: 9 } },
      });
    });
  }

  it("answers others while queries are at work", async () => {
    const state = { isEnded: false };
    const bombs = Array.from({ length: BOMBS }, () => ask(`{ ${scans(60)} }`, patient.url));
    void Promise.race(bombs).then(() => (state.isEnded = true));
    let answered = 0;
    while (!state.isEnded) {
      expect(await ask('{ card(id: "card-1") { level } }', patient.url)).to.deep.equal({
        data: { card: { level: 9 } },
      });
      answered += Number(!state.isEnded);
    }
    await Promise.all(bombs);
    expect(answered, "answers before any of the long ones").to.be.greaterThan(1);
  });

  it("answers all fields from the state in which a query began", async () => {
    const counts = Array.from(
      { length: 20 },
      (_, i) => `${scan(i)} b${i}: cards(first: 1, where: { id: "late" }) { id }`,
    );
    const answer = ask(`{ ${counts.join(" ")} }`, patient.url);
    await ask("{ cards(first: 1) { id } }", patient.url);
    patient.addCard("late", 1);
    const found = Object.values((await answer).data as Record<string, unknown[]>).map((list) => list.length);
    expect([...new Set(found)], "cards found by each field").to.have.length(1);
    expect(await ask('{ card(id: "late") { level } }', patient.url)).to.deep.equal({ data: { card: { level: 1 } } });
  });
});
