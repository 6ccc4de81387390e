import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createPublicClient, http, type PublicClient } from "viem";
import { CliError } from "./output.ts";

/** A chain node on this machine that begins where another one is, and keeps what it does to itself. */
export interface ForkedNode {
  client: PublicClient;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
/** A fork asks the other node for each account and slot that it meets. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Starts anvil as a fork of a chain. @throws CliError when it is not installed or does not start. */
export async function startForkedNode({ rpcUrl, chainId }: { rpcUrl: string; chainId: number }): Promise<ForkedNode> {
  const args = ["--fork-url", rpcUrl, "--chain-id", `${chainId}`, "--hardfork", "osaka", "--port", "0"];
  const child = spawn(anvilBinary(), args, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<undefined>((resolve) => child.once("exit", () => resolve(undefined)));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /Listening on (\S+)/.exec(line)?.[1];
      if (address) resolve(`http://${address}`);
    });
  });
  const tooLate = AbortSignal.timeout(START_TIMEOUT_MS);
  const late = new Promise<undefined>((resolve) => tooLate.addEventListener("abort", () => resolve(undefined)));
  const url = await Promise.race([listening, exited, late]);
  if (url !== undefined) {
    return {
      client: createPublicClient({ transport: http(url, { timeout: ANSWER_TIMEOUT_MS, retryCount: 0 }) }),
      stop,
    };
  }
  await stop();
  throw new CliError("the chain node has no eth_simulateV1, and a fork of it (anvil) did not start");
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
