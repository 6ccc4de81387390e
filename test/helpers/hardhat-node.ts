import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connectChain, type TestChain } from "./anvil.ts";
import { endWithThisProcess } from "./end-with-this-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Starts a Hardhat node with Osaka rules on a free port; every transaction gets a block at once. */
export async function startHardhatNode(): Promise<TestChain> {
  const cli = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
  const config = join(ROOT, "scripts/start/chain.config.ts");
  const child = spawn(process.execPath, [cli, "--config", config, "node", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  endWithThisProcess(child);
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      const match = /server at (http:\S+?)\/?$/.exec(line);
      if (match?.[1]) resolve(match[1]);
    });
  });
  const url = await Promise.race([listening, exited]);
  if (!url) throw new Error("the Hardhat node ended before it listened");
  return {
    ...connectChain(url),
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
