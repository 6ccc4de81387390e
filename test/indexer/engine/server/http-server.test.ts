import { expect } from "chai";
import { pino } from "pino";

import { startIndexerService } from "../../../../indexer/engine/server/indexer-service.ts";
import type { IndexerService } from "../../../../indexer/engine/server/indexer-service.ts";
import { waitUntil } from "../../../helpers/wait-until.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { testConfig } from "../../fixture/test-indexer.ts";

/** One server-sent event. */
interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

describe("indexer server", function () {
  this.timeout(180_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let service: IndexerService;
  let url = "";
  const streams = new Set<AbortController>();

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    service = await startIndexerService(testConfig(fixture, ledger), pino({ level: "silent" }));
    url = `http://127.0.0.1:${service.port}`;
    await waitUntil("it is ready", async () => (await fetch(`${url}/ready`)).ok, 30_000);
  });

  afterEach(() => {
    for (const stream of streams) stream.abort();
    streams.clear();
  });

  after(async () => {
    await service.stop();
    await ledger.chain.stop();
  });

  async function ask(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Opens an event stream; the events it brought so far are in the list. */
  async function open(path: string, init: RequestInit = {}): Promise<ServerEvent[]> {
    const stop = new AbortController();
    streams.add(stop);
    const response = await fetch(url + path, { ...init, signal: stop.signal });
    expect(response.headers.get("content-type")).to.contain("text/event-stream");
    const events: ServerEvent[] = [];
    void readEvents(response, events).catch(() => undefined);
    return events;
  }

  it("answers GraphQL by POST and GET", async () => {
    const wanted = { data: { _meta: { hasIndexingErrors: false } } };
    const query = "query Q($id: ID!) { _meta { hasIndexingErrors } card(id: $id) @skip(if: true) { id } }";
    expect(await (await ask({ query, variables: { id: "x" }, operationName: "Q" })).json()).to.deep.equal(wanted);
    const get = new URLSearchParams({ query, variables: JSON.stringify({ id: "x" }) });
    expect(await (await fetch(`${url}/graphql?${get.toString()}`)).json()).to.deep.equal(wanted);
  });

  it("says what is wrong with a request", async () => {
    const cases: readonly (readonly [body: unknown, status: number, message: string])[] = [
      [{}, 400, "the request is wrong at `query`"],
      [{ query: "{ x }", variables: [] }, 400, "the request is wrong at `variables`"],
      [{ query: "{ x }" }, 200, 'Cannot query field "x"'],
      [{ query: `{ accounts(where: {name: "${"x".repeat(300_000)}"}) { id } }` }, 413, "Request body is too large"],
    ];
    for (const [body, status, message] of cases) {
      const response = await ask(body);
      const { errors } = (await response.json()) as { errors: { message: string }[] };
      expect(errors[0]?.message).to.contain(message);
      expect(response.status).to.equal(status);
    }
    const broken = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(broken.status).to.equal(400);
  });

  it("says where GraphQL is to whom asks nothing", async () => {
    const read = async (path: string, init?: RequestInit) => {
      const response = await fetch(url + path, init);
      const body = (await response.json()) as Record<string, unknown> & { detail: string };
      expect(body.detail, path).to.contain('GraphQL is at /graphql: POST {"query": ').and.not.contain("\n");
      return { type: response.headers.get("content-type"), status: response.status, body };
    };
    const home = await read("/");
    expect(home.status).to.equal(200);
    expect(home.body["links"]).to.deep.include({ graphql: "/graphql", live: "/live", health: "/health" });
    for (const path of ["/graphql", "/graphql?query=", "/graphql?variables={}"]) {
      const { status, type, body } = await read(path);
      expect([status, type], path).to.deep.equal([400, "application/problem+json; charset=utf-8"]);
      expect(body).to.include({ type: "missing-query", status: 400 });
      expect(body["errors"], "for GraphQL clients").to.deep.equal([{ message: body.detail }]);
    }
    for (const [path, method] of [
      ["/nothing", "GET"],
      ["/graphql", "PUT"],
    ] as const) {
      const { status, type, body } = await read(path, { method });
      expect([status, type], path).to.deep.equal([404, "application/problem+json; charset=utf-8"]);
      expect(body).to.include({ type: "not-found", title: "Not found", status: 404 });
      expect(body.detail).to.match(new RegExp(`^${method} ${path} does not exist; `));
    }
  });

  it("tells its health, readiness and metrics", async () => {
    const { number } = await ledger.chain.head();
    expect(await (await fetch(`${url}/health`)).json()).to.deep.equal({
      status: "ok",
      version: "0.1.0",
      state: "live",
      block: number,
      chainHead: number,
    });
    expect(await (await fetch(`${url}/ready`)).json()).to.deep.equal({
      ready: true,
      state: "live",
      block: number,
      chainHead: number,
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics)
      .to.contain(`pqmesh_indexer_block_number ${number}`)
      .and.to.contain("pqmesh_indexer_live 1")
      .and.to.contain("pqmesh_indexer_query_duration_seconds_count");
  });

  it("lets a dApp of any origin ask", async () => {
    const preflight = await fetch(`${url}/graphql`, {
      method: "OPTIONS",
      headers: { origin: "http://dapp.example", "access-control-request-method": "POST" },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-methods")).to.contain("POST");
    const response = await ask({ query: "{ _meta { deployment } }" }, { origin: "http://dapp.example" });
    expect(response.headers.get("access-control-allow-origin")).to.equal("*");
  });

  it("streams every block within a second", async () => {
    const events = await open("/live");
    const begun = performance.now();
    await ledger.call("move", accountAddress(0x2001), 1n, 5n, "", 0);
    await waitUntil("the block is announced", () => events.length > 0);
    expect(performance.now() - begun, "milliseconds from transaction to event").to.be.lessThan(1_000);
    const head = await ledger.chain.head();
    expect(events).to.deep.equal([
      {
        event: "block",
        data: JSON.stringify({
          block: { number: head.number, hash: head.hash, timestamp: head.timestamp },
          entities: ["Account", "Deposit"],
          unwound: 0,
        }),
      },
    ]);
    await ledger.chain.reorg(1);
    await waitUntil("the reorg is announced", () =>
      events.some(({ data }) => (JSON.parse(data) as { unwound: number }).unwound === 1),
    );
  });

  it("streams the answers of a subscription", async () => {
    const query = `subscription { accounts(where: { name_contains: "2002" }) { count } }`;
    const events = await open("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ query }),
    });
    await waitUntil("the first answer", () => events.length === 1);
    await ledger.call("ask", 1n, "state");
    await ledger.call("move", accountAddress(0x2002), 1n, 5n, "", 0);
    await waitUntil("the changed answer", () => events.length === 2);
    await ledger.call("move", accountAddress(0x2002), 1n, 5n, "", 0);
    await waitUntil("the next answer", () => events.length === 3);
    expect(events).to.deep.equal(
      [[], [{ count: 1 }], [{ count: 2 }]].map((accounts) => ({
        event: "next",
        data: JSON.stringify({ data: { accounts } }),
      })),
    );
  });

  it("streams one answer to a plain query", async () => {
    const events = await open(`/graphql?query=${encodeURIComponent("{ cards { id } }")}`, {
      headers: { accept: "text/event-stream" },
    });
    await waitUntil("it is complete", () => events.length === 2);
    expect(events).to.deep.equal([
      { event: "next", data: '{"data":{"cards":[]}}' },
      { event: "complete", data: "" },
    ]);
  });

  it("refuses to stream a wrong document", async () => {
    const response = await ask({ query: "subscription { nope }" }, { accept: "text/event-stream" });
    expect(response.status).to.equal(400);
  });

  it("reports a failing mapping as failed health", async () => {
    await ledger.call("fail", 1n, "abort");
    await waitUntil("it fails", async () => (await fetch(`${url}/health`)).status === 503);
    const health = (await (await fetch(`${url}/health`)).json()) as { status: string; problem: string };
    expect(health.status).to.equal("failed");
    expect(health.problem).to.match(
      /^handler handleFailing failed at block \d+: Mapping aborted at .* with message: told to fail/,
    );
    expect((await fetch(`${url}/ready`)).status).to.equal(503);
    expect(await (await ask({ query: "{ _meta { hasIndexingErrors } }" })).json()).to.deep.equal({
      data: { _meta: { hasIndexingErrors: true } },
    });
  });
});

async function readEvents(response: Response, events: ServerEvent[]): Promise<void> {
  if (response.body === null) return;
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const match = /^event: (.*)\ndata: (.*)$/.exec(part);
      if (match !== null) events.push({ event: match[1] ?? "", data: match[2] ?? "" });
    }
  }
}
