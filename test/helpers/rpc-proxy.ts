import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** How a proxy treats requests. */
export type ProxyMode = "pass" | "refuse" | "hang" | "error-500";

/** An RPC endpoint between a program and a real one, which can fail and lie. */
export interface RpcProxy {
  readonly url: string;
  mode: ProxyMode;
  /** Answers that replace the real ones, by method. */
  readonly lies: Map<string, (params: unknown[], truth: unknown) => unknown>;
  /** Decides which requests get an error answer with the sentence returned, by method. */
  readonly refusals: Map<string, (params: unknown[]) => string | undefined>;
  /** Methods asked for since the start. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** Starts a proxy in front of an RPC URL. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const lies: RpcProxy["lies"] = new Map();
  const refusals: RpcProxy["refusals"] = new Map();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then((text) => {
      if (text === undefined) return proxy.mode === "hang" ? undefined : void request.socket.destroy();
      response.statusCode = proxy.mode === "error-500" ? 500 : 200;
      return void response.end(text);
    });
  });
  async function answer(request: IncomingMessage): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
    asked.push(method);
    if (proxy.mode === "refuse" || proxy.mode === "hang") return undefined;
    const message = refusals.get(method)?.(params);
    if (message) return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_000, message } });
    const headers = { "content-type": "application/json" };
    const real = await (await fetch(target, { method: "POST", body, headers })).text();
    const lie = lies.get(method);
    if (!lie) return real;
    const { result } = JSON.parse(real) as { result: unknown };
    return JSON.stringify({ jsonrpc: "2.0", id, result: lie(params, result) });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: "pass",
    lies,
    refusals,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
