import fastifyStatic from "@fastify/static";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { isAddress } from "viem";
import { z } from "zod";
import { type Faucet, FAUCET_LIMITS } from "./faucet.ts";
import { sendProblem } from "./problem.ts";

/** Bytes of a request's body. */
const MAX_BODY = 4_096;
/** What the faucet takes, for those who came with something else. */
const FAUCET_USAGE =
  'POST {"address": "0x…"} to /faucet as application/json, and the address gets gas, MESH and stablecoin';

/** Characters of a request that are repeated in an answer. */
const MAX_SHOWN = 100;

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

const faucetRequest = z.strictObject({
  address: z
    .string("is missing or no text, it must be an Ethereum address")
    .refine(
      (text) => isAddress(text),
      "must be an Ethereum address: 0x and 40 hex digits, a mixed case with its checksum",
    ),
});

/** Serves the dApp's files, `/network.json` and the devnet faucet. */
export async function startSite({ host, port, network, faucet, dist, logFile }: SiteOptions): Promise<FastifyInstance> {
  const site = fastify({
    logger: { level: "info", stream: createWriteStream(logFile, { flags: "a" }) },
    bodyLimit: MAX_BODY,
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
  });
  site.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    reply.header("access-control-allow-origin", "*").header("access-control-allow-headers", "content-type");
  });
  site.setErrorHandler((error: FastifyError, request, reply) => answerError(error, { request, reply }));
  site.get("/network.json", async (_request, reply) => reply.header("cache-control", "no-store").send(network));
  site.get("/health", () => ({ status: "ok", version }));
  addFaucet(site, faucet);
  const hasPages = dist !== undefined && existsSync(dist);
  if (hasPages) await site.register(fastifyStatic, { root: dist });
  site.setNotFoundHandler((request, reply) => {
    const isPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    return hasPages && isPage ? reply.sendFile("index.html") : answerUnknown(hasPages, { request, reply });
  });
  await site.listen({ host, port });
  return site;
}

function addFaucet(site: FastifyInstance, faucet: Faucet): void {
  site.options("/faucet", async (_request, reply) => reply.code(204).send());
  site.route({
    method: ["GET", "PUT", "PATCH", "DELETE"],
    url: "/faucet",
    // A body that cannot be read would be answered first.
    onRequest: async (request, reply) => {
      const detail = `${request.method} is not possible here: ${FAUCET_USAGE}`;
      return sendProblem(reply.header("allow", "POST"), { status: 405, type: "method-not-allowed", detail });
    },
    handler: () => undefined,
  });
  site.post("/faucet", async (request, reply) => {
    const parsed = faucetRequest.safeParse(request.body);
    if (!parsed.success) {
      const detail = `${whatIsWrong(parsed.error.issues[0])}; ${FAUCET_USAGE}`;
      return sendProblem(reply, { status: 400, type: "bad-request", detail });
    }
    const outcome = await faucet.give(parsed.data.address);
    if (!("retryAfterSeconds" in outcome)) return outcome;
    const { cooldownSeconds, waiting } = FAUCET_LIMITS;
    const limits = `An address is served once in ${cooldownSeconds} s, and ${waiting} wait at most`;
    const detail = `${limits}: ask again in ${outcome.retryAfterSeconds} s.`;
    return sendProblem(reply.header("retry-after", outcome.retryAfterSeconds), {
      ...{ status: 429, type: "too-many-requests", detail },
    });
  });
}

function whatIsWrong(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return `unknown field ${issue.keys.join(", ").slice(0, MAX_SHOWN)}`;
  return issue?.path[0] === "address" ? `address ${issue.message}` : "the body is no JSON object";
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** What fastify refuses by itself is the caller's to know; of anything else only that the log says more. */
function answerError(error: FastifyError, { request, reply }: Exchange): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status === 413) {
    const detail = `the body is too long, at most ${MAX_BODY} bytes are taken`;
    return sendProblem(reply, { status, type: "content-too-large", detail });
  }
  if (status >= 400 && status < 500) {
    const detail = `${error.message}; ${FAUCET_USAGE}`;
    return sendProblem(reply, { status, type: status === 415 ? "unsupported-media-type" : "bad-request", detail });
  }
  request.log.error(error);
  const isGrant = request.url.split("?")[0] === "/faucet";
  const what = isGrant ? "the grant was not sent: does the chain node run?" : "the answer could not be made.";
  const detail = `${what} The log of the site says why`;
  return sendProblem(reply, { status: 500, type: "internal-error", detail });
}

function answerUnknown(hasPages: boolean, { request, reply }: Exchange): FastifyReply {
  const pages = hasPages ? "the dApp at /" : "no dApp, as npm start was told";
  const known = `GET /network.json, GET /health, POST /faucet and ${pages}`;
  const path = request.url.slice(0, MAX_SHOWN);
  const detail = `${request.method} ${path} does not exist; there are ${known}`;
  return sendProblem(reply, { status: 404, type: "not-found", detail });
}
