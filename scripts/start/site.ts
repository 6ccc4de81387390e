import fastifyStatic from "@fastify/static";
import fastify, { type FastifyInstance } from "fastify";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { isAddress } from "viem";
import { z } from "zod";
import type { Faucet } from "./faucet.ts";

/** What the site serves. */
export interface SiteOptions {
  host: string;
  port: number;
  network: NetworkConfig;
  faucet: Faucet;
  /** Folder of the built dApp; undefined with `--no-dapp`. */
  dist: string | undefined;
  logFile: string;
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const faucetRequest = z.strictObject({ address: z.string().refine((text) => isAddress(text), "is not an address") });

/** Serves the dApp's files, `/network.json` and the devnet faucet. */
export async function startSite({ host, port, network, faucet, dist, logFile }: SiteOptions): Promise<FastifyInstance> {
  const site = fastify({
    logger: { level: "info", stream: createWriteStream(logFile, { flags: "a" }) },
    bodyLimit: 4096,
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
  });
  site.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    reply.header("access-control-allow-origin", "*").header("access-control-allow-headers", "content-type");
  });
  site.get("/network.json", async (_request, reply) => reply.header("cache-control", "no-store").send(network));
  site.get("/health", () => ({ status: "ok", version }));
  site.options("/faucet", async (_request, reply) => reply.code(204).send());
  site.get("/faucet", async (_request, reply) =>
    reply.code(405).header("allow", "POST").type("application/problem+json").send({
      type: "method-not-allowed",
      title: "Method not allowed",
      status: 405,
      detail: 'This is no page: POST {"address": "0x…"} here as JSON and the address gets gas, MESH and stablecoin.',
    }),
  );
  site.post("/faucet", async (request, reply) => {
    const parsed = faucetRequest.safeParse(request.body);
    if (!parsed.success) return reply.code(400).type("application/problem+json").send(badAddress());
    const outcome = await faucet.give(parsed.data.address);
    if ("retryAfterSeconds" in outcome) {
      const detail = `This address was served already, or too many wait. Ask again in ${outcome.retryAfterSeconds} s.`;
      reply.code(429).header("retry-after", outcome.retryAfterSeconds).type("application/problem+json");
      return { type: "faucet-limit", title: "Too many requests", status: 429, detail };
    }
    return outcome;
  });
  if (dist !== undefined && existsSync(dist)) {
    await site.register(fastifyStatic, { root: dist });
    site.setNotFoundHandler((request, reply) => {
      const isPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
      return isPage ? reply.sendFile("index.html") : reply.code(404).send({ title: "Not found", status: 404 });
    });
  }
  await site.listen({ host, port });
  return site;
}

function badAddress(): object {
  return { type: "bad-request", title: "Bad request", status: 400, detail: "address must be an Ethereum address" };
}
