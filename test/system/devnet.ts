import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { StartStatus } from "../../scripts/start/status-file.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** A network started by the real command, on ports and in a directory of its own. */
export class StartedNetwork {
  readonly dir: string;
  readonly statusFile: string;
  output = "";
  #child: ChildProcess | undefined;
  #exited: Promise<number | null> = Promise.resolve(null);

  /** @param dir Directory of another network, to get in its way. */
  constructor(dir = mkdtempSync(path.join(os.tmpdir(), "pqmesh-system-"))) {
    this.dir = dir;
    this.statusFile = path.join(dir, "status.json");
  }

  /** Starts the network; `args` are options of `npm start`. */
  start(args: string[]): void {
    rmSync(this.statusFile, { force: true });
    const all = ["scripts/start.ts", "--data", path.join(this.dir, "data"), "--json-status", this.statusFile, ...args];
    const child = spawn(process.execPath, all, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    this.#exited = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  }

  /** Exit code of the command once it has ended. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  status(): StartStatus | undefined {
    return existsSync(this.statusFile) ? (JSON.parse(readFileSync(this.statusFile, "utf8")) as StartStatus) : undefined;
  }

  /** Waits until the network says that it is ready; fails with everything it printed. */
  async untilReady(timeoutMs: number): Promise<void> {
    const ended = this.#exited.then((code) => Promise.reject(new Error(`npm start ended with exit ${code}`)));
    const ready = eventually("ready", () => (this.status()?.state === "ready" ? true : undefined), timeoutMs);
    await Promise.race([ready, ended]).catch((cause: unknown) => {
      throw new Error(`the network did not start. It printed:\n${this.output}`, { cause });
    });
  }

  network(): NetworkConfig {
    return parseNetworkConfig(JSON.parse(readFileSync(path.join(this.dir, "data/network.json"), "utf8")));
  }

  /** Process id of a part. */
  pid(role: string): number {
    const pid = this.status()?.pids[role];
    if (pid === undefined) throw new Error(`${role} does not run`);
    return pid;
  }

  /** Starts a part again with the configuration it had. */
  revive(role: "agent" | "relayer", number: number): ChildProcess {
    const config = path.join(this.dir, `data/${role}s/${number}/${role}.json`);
    return spawn(process.execPath, ["relayer/cli/pqmesh.ts", role, "run", "--config", config], {
      cwd: ROOT,
      stdio: "ignore",
    });
  }

  /** Process id of the command itself. */
  get commandPid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("npm start does not run");
    return pid;
  }

  /** Sends what Ctrl-C sends and waits for the end. */
  async interrupt(): Promise<number | null> {
    this.#child?.kill("SIGINT");
    return this.#exited;
  }

  /** Ends everything and removes the directory. */
  async dispose(): Promise<void> {
    await this.interrupt();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Polls until `probe` answers something other than undefined; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause: last });
}

/** True while a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Free ports next to each other for every part of a network. */
export function portArguments(base: number): string[] {
  const ports = { "chain-port": base, "indexer-port": base + 1, "dapp-port": base + 2, "service-port": base + 10 };
  return Object.entries(ports).flatMap(([name, port]) => [`--${name}`, String(port)]);
}
