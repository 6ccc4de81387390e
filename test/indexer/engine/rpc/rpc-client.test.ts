import { expect } from "chai";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import {
  RpcClient,
  RpcResponseError,
  RpcUnavailableError,
  WrongChainError,
} from "../../../../indexer/engine/rpc/rpc-client.ts";

type Answer = (body: unknown) => { status?: number; headers?: Record<string, string>; body: unknown };

describe("RPC client", function () {
  this.timeout(20_000);
  const servers: Server[] = [];

  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function endpoint(answer: Answer): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { status = 200, headers = {}, body } = answer(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(status, headers).end(JSON.stringify(body));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key`;
  }

  const client = (...urls: string[]): RpcClient => new RpcClient(urls, { signal: new AbortController().signal });

  it("puts batched answers back in the order of the calls", async () => {
    const url = await endpoint((body) => ({
      body: (body as { id: number; params: unknown[] }[])
        .map(({ id, params }) => ({ id, result: params[0] }))
        .reverse(),
    }));
    const calls = [1, 2, 3].map((n) => ({ method: "x", params: [n] }));
    expect(await client(url).batch(calls)).to.deep.equal([1, 2, 3]);
  });

  it("goes on to the next endpoint when one fails", async () => {
    const broken = await endpoint(() => ({ status: 503, body: {} }));
    const good = await endpoint((body) => ({ body: { id: (body as { id: number }).id, result: "ok" } }));
    const rpc = client(broken, good);
    expect(await rpc.call("x", [])).to.equal("ok");
    expect(rpc.failures).to.equal(1);
  });

  it("waits out a rate limit", async () => {
    let count = 0;
    const url = await endpoint((body) =>
      ++count < 3 ? { status: 429, body: {} } : { body: { id: (body as { id: number }).id, result: count } },
    );
    expect(await client(url).call("x", [])).to.equal(3);
  });

  it("leaves an endpoint alone for as long as it asks", async () => {
    const asked: number[] = [];
    const url = await endpoint((body) => {
      asked.push(performance.now());
      if (asked.length < 2) return { status: 429, headers: { "retry-after": "1" }, body: {} };
      return { body: { id: (body as { id: number }).id, result: "ok" } };
    });
    expect(await client(url).call("x", [])).to.equal("ok");
    expect((asked[1] ?? 0) - (asked[0] ?? 0), "milliseconds between the requests").to.be.within(950, 10_000);
  });

  it("asks another endpoint while one wants to be left alone", async () => {
    let refused = 0;
    const until = new Date(Date.now() + 30_000).toUTCString();
    const limited = await endpoint(() => (refused++, { status: 503, headers: { "retry-after": until }, body: {} }));
    const good = await endpoint((body) => ({ body: { id: (body as { id: number }).id, result: "ok" } }));
    const rpc = client(limited, good);
    for (let i = 0; i < 5; i++) {
      expect(await rpc.call("x", [])).to.equal("ok");
      rpc.leave();
    }
    expect(refused).to.equal(1);
  });

  for (const message of ["rate limit exceeded", "Too Many Requests", "50/second request limit reached"]) {
    it(`asks again after "${message}"`, async () => {
      let count = 0;
      const url = await endpoint((body) => {
        const { id } = body as { id: number };
        return ++count < 2 ? { body: { id, error: { code: -32_005, message } } } : { body: { id, result: count } };
      });
      expect(await client(url).call("x", [])).to.equal(2);
    });
  }

  it("takes no answer from an endpoint on another chain", async () => {
    const on = (chainId: string): Answer => {
      return (body) => {
        const calls = (Array.isArray(body) ? body : [body]) as { id: number }[];
        return { body: calls.map(({ id }) => ({ id, result: chainId })) };
      };
    };
    const urls = [await endpoint(on("0x1")), await endpoint(on("0x5"))];
    const rpc = new RpcClient(urls, { signal: new AbortController().signal, chainId: 5 });
    expect(await rpc.call("x", [])).to.equal("0x5");
    rpc.leave();
    expect(await rpc.call("x", []), "after it left").to.equal("0x5");
    const wrong = new RpcClient(urls, { signal: new AbortController().signal, chainId: 7 });
    const error = await wrong.call("x", []).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(WrongChainError);
  });

  it("leaves an endpoint that stalls", async () => {
    const silent = createServer(() => undefined);
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const stalled = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const good = await endpoint((body) => ({ body: { id: (body as { id: number }).id, result: "ok" } }));
    const rpc = new RpcClient([stalled, good], { signal: new AbortController().signal, timeout: 100 });
    expect(await rpc.call("x", [])).to.equal("ok");
    expect(rpc.failures).to.equal(1);
    silent.closeAllConnections();
  });

  it("passes the endpoint's refusal on at once", async () => {
    let count = 0;
    const url = await endpoint(
      (body) => (
        count++,
        { body: { id: (body as { id: number }).id, error: { code: -32_602, message: "block range too large" } } }
      ),
    );
    const error = await client(url)
      .call("eth_getLogs", [])
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RpcResponseError);
    expect((error as Error).message).to.equal("eth_getLogs failed: block range too large");
    expect(count).to.equal(1);
  });

  it("gives up after five attempts without naming the path of a URL", async () => {
    const url = await endpoint(() => ({ status: 500, body: {} }));
    const error = await client(url)
      .call("x", [])
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RpcUnavailableError);
    expect((error as Error).message).to.match(/^no RPC endpoint answers: 127\.0\.0\.1:\d+ answered with status 500$/);
  });

  it("stops waiting when it is told to", async () => {
    const stop = new AbortController();
    const rpc = new RpcClient(["http://127.0.0.1:1"], { signal: stop.signal });
    const pending = rpc.call("x", []).catch((thrown: unknown) => thrown);
    stop.abort();
    expect(await pending).to.have.property("name", "AbortError");
  });
});
