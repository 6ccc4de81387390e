import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { createPublicClient, http, type PublicClient } from "viem";
import { CliError } from "./output.ts";

/** A chain node on this machine that begins where another one is, and keeps what it does to itself. */
export interface ForkedNode {
  client: PublicClient;
  stop(): Promise<void>;
}

const JSON_HEADERS = { "content-type": "application/json" };
const START_TIMEOUT_MS = 30_000;
/** A fork asks the other node for each account and slot that it meets. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Starts anvil as a fork of a chain. @throws CliError when it is not installed or does not start. */
export async function startForkedNode({ rpcUrl, chainId }: { rpcUrl: string; chainId: number }): Promise<ForkedNode> {
  const binary = anvilBinary();
  const relay = await startRelay(rpcUrl);
  const args = ["--fork-url", relay.url, "--chain-id", `${chainId}`, "--hardfork", "osaka", "--port", "0"];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<undefined>((resolve) => child.once("exit", () => resolve(undefined)));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.off("exit", kill);
    kill();
    await exited;
    relay.stop();
  };
  const url = await Promise.race([listeningUrl(child.stdout), exited, afterTimeout()]);
  if (url !== undefined) {
    return {
      client: createPublicClient({ transport: http(url, { timeout: ANSWER_TIMEOUT_MS, retryCount: 0 }) }),
      stop,
    };
  }
  await stop();
  throw new CliError("the chain node has no eth_simulateV1, and a fork of it (anvil) did not start");
}

/** Passes requests on to the chain node: its URL may hold an access key, which a command line would show to everybody. */
async function startRelay(rpcUrl: string): Promise<{ url: string; stop(): void }> {
  const server = createServer((request, response) => {
    void passOn(request, rpcUrl).then(
      ({ status, body }) => response.writeHead(status, JSON_HEADERS).end(body),
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function passOn(request: IncomingMessage, rpcUrl: string): Promise<{ status: number; body: string }> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const answer = await fetch(rpcUrl, { method: "POST", headers: JSON_HEADERS, body: await text(request), signal });
  return { status: answer.status, body: await answer.text() };
}

function listeningUrl(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on("line", (line) => {
      const address = /Listening on (\S+)/.exec(line)?.[1];
      if (address) resolve(`http://${address}`);
    });
  });
}

function afterTimeout(): Promise<undefined> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
}

function anvilBinary(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const packageName = `@foundry-rs/anvil-${process.platform}-${arch}`;
  const missing = `the chain node has no eth_simulateV1, and ${packageName} is not installed to run the calls on a fork`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    const binary = join(dirname(manifest), "bin/anvil");
    if (existsSync(binary)) return binary;
  } catch (cause) {
    throw new CliError(missing, undefined, { cause });
  }
  throw new CliError(missing);
}
