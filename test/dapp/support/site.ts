import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fastifyStatic from "@fastify/static";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import fastify from "fastify";
import { type Address, encodeFunctionData, parseEther } from "viem";
import { type TestChain, testAccount } from "../../helpers/anvil.ts";

const root = join(import.meta.dirname, "../../..");
const run = promisify(execFile);
let built: Promise<string> | undefined;

/** The built dApp, served as `npm start` serves it. */
export interface Site {
  url: string;
  /** What `/network.json` answers; anything, to try what is wrong with it. */
  network: unknown;
  stop(): Promise<void>;
}

/** Builds the dApp once per test run, into a folder of its own, so that a running network keeps the files it serves. */
function buildDapp(): Promise<string> {
  built ??= (async () => {
    const ready = process.env.PQMESH_DAPP_DIST;
    if (ready) return ready;
    const out = mkdtempSync(join(tmpdir(), "pqmesh-site-"));
    process.once("exit", () => rmSync(out, { recursive: true, force: true }));
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const args = [vite, "build", "--logLevel", "error", "--outDir", out, "--emptyOutDir"];
    await run(process.execPath, args, { cwd: join(root, "dapp") });
    return out;
  })();
  return built;
}

/** Serves the dApp with a network.json and a faucet that pays each address once, from account 0. */
export async function serveSite(network: NetworkConfig, chain: TestChain): Promise<Site> {
  const dist = await buildDapp();
  const server = fastify({ forceCloseConnections: true });
  await server.register(fastifyStatic, { root: dist });
  server.get("/network.json", () => site.network);
  const served = new Set<Address>();
  server.post<{ Body: { address: Address } }>("/faucet", async ({ body }, reply) => {
    if (served.has(body.address)) {
      const detail = "This address was served already. Ask again in 60 s.";
      return reply.code(429).type("application/problem+json").send({ title: "Too many requests", status: 429, detail });
    }
    served.add(body.address);
    const args = [body.address, parseEther("50000")] as const;
    const data = encodeFunctionData({ abi: meshTokenAbi, functionName: "transfer", args });
    await chain.send({ from: testAccount(0).address, to: network.contracts.MeshToken, data });
    return { transactions: [] };
  });
  server.setNotFoundHandler((request, reply) => {
    const isPage = (request.headers.accept ?? "").includes("text/html");
    return isPage ? reply.sendFile("index.html") : reply.code(404).send({});
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const site: Site = { url, network: { ...network, faucetUrl: `${url}/faucet` }, stop: () => server.close() };
  return site;
}
