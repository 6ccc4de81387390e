import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { IndexerConfig } from "../../../indexer/engine/config/indexer-config.ts";
import { temporaryFolder } from "../../../test/indexer/fixture/temporary-folder.ts";
import { freePort } from "../../../test/indexer/graph-node/postgres-server.ts";
import { waitUntil } from "../../../test/helpers/wait-until.ts";

/** The indexer as users start it: a process of its own, asked over HTTP. */
export interface IndexerProcess {
  readonly url: string;
  /** Waits until a path is answered with success. */
  answers(path: string, timeout: number): Promise<void>;
  /** Answer of a query; throws when it has errors. */
  query<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Waits until it is ready: at the head of the chain. */
  ready(timeout: number): Promise<void>;
  /** Largest resident memory so far, in MiB. */
  peakMemory(): number;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, "../../../indexer/engine/main.ts");
const BYTES_PER_MIB = 1_024;

/** Starts `node indexer/engine/main.ts` on a free port. */
export async function startIndexerProcess(config: Omit<IndexerConfig, "listen">): Promise<IndexerProcess> {
  const port = await freePort();
  const file = join(temporaryFolder(), "indexer.json");
  writeFileSync(file, JSON.stringify({ ...config, listen: { host: "127.0.0.1", port } }));
  const child = spawn(process.execPath, [MAIN, "--config", file], { stdio: ["ignore", "ignore", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  const isOk = (path: string): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error("the indexer ended before it was ready");
    return fetch(url + path).then(
      (response) => response.ok,
      () => false,
    );
  };
  return {
    url,
    answers: (path, timeout) => waitUntil(`${path} is answered`, () => isOk(path), timeout),
    async query<T>(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
      if (errors !== undefined) throw new Error(`${query}: ${errors.map((error) => error.message).join("; ")}`);
      return data;
    },
    async ready(timeout) {
      await waitUntil("the indexer is ready", () => isOk("/ready"), timeout);
    },
    peakMemory() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / BYTES_PER_MIB;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
      process.off("exit", kill);
    },
  };
}
