import { expect } from "chai";
import { pino } from "pino";
import { RpcResponseError, RpcTransportError } from "../../../relayer/src/chain/json-rpc.ts";
import { createRpcPool, type RpcPool, WrongNetworkError } from "../../../relayer/src/chain/rpc-pool.ts";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { type RpcProxy, startRpcProxy } from "../../helpers/rpc-proxy.ts";

describe("createRpcPool", () => {
  let chain: TestChain;
  let first: RpcProxy;
  let second: RpcProxy;
  let pool: RpcPool;

  before(async () => {
    chain = await startAnvil();
  });
  after(() => chain.stop());

  beforeEach(async () => {
    first = await startRpcProxy(chain.url);
    second = await startRpcProxy(chain.url);
    pool = createRpcPool({
      urls: [first.url, second.url],
      timeoutMs: 300,
      log: pino({ level: "silent" }),
      async check(request) {
        const chainId = await request("eth_chainId", []);
        if (chainId !== "0x7a69") throw new WrongNetworkError(`chain is ${String(chainId)}`);
      },
    });
  });
  afterEach(async () => {
    pool.close();
    await first.stop();
    await second.stop();
  });

  it("uses the first endpoint while it works", async () => {
    await pool.request("eth_blockNumber", []);
    await pool.request("eth_blockNumber", []);
    expect(second.asked, "requests to the second endpoint").to.be.empty;
  });

  for (const mode of ["refuse", "hang", "error-500"] as const) {
    it(`asks the next endpoint within one request when the first one answers with ${mode}`, async () => {
      await pool.request("eth_blockNumber", []);
      first.mode = mode;
      expect(await pool.request("eth_chainId", [])).to.equal("0x7a69");
      expect(pool.status().map(({ state }) => state)).to.deep.equal(["down", "ready"]);
    });
  }

  it("stays with the endpoint that works", async () => {
    first.mode = "refuse";
    await pool.request("eth_blockNumber", []);
    const asked = first.asked.length;
    await pool.request("eth_blockNumber", []);
    expect(first.asked.length, "requests to the dead endpoint").to.equal(asked);
  });

  it("hands on an error answer without asking another endpoint", async () => {
    const error = await pool.request("eth_getBlockByNumber", ["nonsense", false]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RpcResponseError);
    expect(second.asked, "requests to the second endpoint").to.be.empty;
  });

  it("asks another endpoint when one limits the rate", async () => {
    first.refusals.set("eth_blockNumber", () => "daily request limit reached");
    expect(await pool.request("eth_blockNumber", [])).to.equal("0x0");
    expect(second.asked).to.include("eth_blockNumber");
  });

  it("never uses an endpoint of another chain", async () => {
    first.lies.set("eth_chainId", () => "0x1");
    expect(await pool.request("eth_chainId", [])).to.equal("0x7a69");
    expect(first.asked, "requests to the wrong endpoint").to.deep.equal(["eth_chainId"]);
    expect(pool.status()[0]).to.deep.include({ state: "refused", reason: "chain is 0x1" });
  });

  it("checks an endpoint again after it was down", async () => {
    await pool.request("eth_blockNumber", []);
    first.mode = "refuse";
    second.mode = "refuse";
    await pool.request("eth_blockNumber", []).catch(() => undefined);
    first.mode = "pass";
    first.lies.set("eth_chainId", () => "0x2");
    const error = await retryUntil(
      () => pool.status()[0]?.state === "refused",
      () => pool.request("eth_blockNumber", []),
    );
    expect(error, "what the last request said").to.be.instanceOf(RpcTransportError);
  });

  it("says that every endpoint serves another network", async () => {
    for (const proxy of [first, second]) proxy.lies.set("eth_chainId", () => "0x1");
    const error = await pool.request("eth_blockNumber", []).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(WrongNetworkError);
  });

  it("says that no endpoint can be reached", async () => {
    first.mode = "refuse";
    second.mode = "refuse";
    const error = await pool.request("eth_blockNumber", []).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RpcTransportError);
  });

  it("leaves an endpoint that it is told to abandon", async () => {
    await pool.request("eth_blockNumber", []);
    expect(pool.abandon("its head does not move"), "another endpoint exists").to.equal(true);
    await pool.request("eth_blockNumber", []);
    expect(second.asked).to.include("eth_blockNumber");
  });
});

async function retryUntil(done: () => boolean, act: () => Promise<unknown>): Promise<unknown> {
  let error: unknown;
  const deadline = performance.now() + 5_000;
  while (!done() && performance.now() < deadline) {
    error = await act().catch((reason: unknown) => reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return error;
}
