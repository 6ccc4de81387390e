// npm run bench:footprint: starts the default network with the real command and measures it from outside.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BUILD_OUTPUTS } from "../start/builds.ts";
import type { StartStatus } from "../start/status-file.ts";
import { type BenchResult, runBench } from "./harness.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BYTES_PER_MB = 2 ** 20;
const READY_TIMEOUT_MS = 240_000;
const SETTLE_MS = 15_000;

/** Clock ticks per second of /proc/PID/stat. */
function ticksPerSecond(): number {
  return Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
}

function rssBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** A process and everything below it. */
function processTree(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) }];
      } catch {
        return [];
      }
    });
  const below = (id: number): number[] =>
    parents.filter(({ parent }) => parent === id).flatMap((child) => [child.pid, ...below(child.pid)]);
  return [pid, ...below(pid)];
}

/** Starts the network as `npm start` does, with nothing compiled before. */
function startNetwork(args: string[]): ChildProcess {
  for (const folder of [...BUILD_OUTPUTS, "cache"]) rmSync(path.join(ROOT, folder), { recursive: true, force: true });
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const [, ...own] = scripts.start.split(" ");
  return spawn(process.execPath, [...own, ...args], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
}

async function waitForReady(child: ChildProcess, file: string): Promise<StartStatus> {
  const end = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < end && child.exitCode === null) {
    await delay(200);
    const status = readStatus(file);
    if (status?.state === "ready" && (await showsLiveData(status.urls))) return status;
  }
  throw new Error("the network did not become ready");
}

/** True when the dApp is served, the indexer knows nodes, and a relayer hears one of them. */
async function showsLiveData(urls: StartStatus["urls"]): Promise<boolean> {
  try {
    const query = JSON.stringify({ query: "{ nodes(first: 1) { id } }" });
    const headers = { "content-type": "application/json" };
    const [page, indexed, heard] = await Promise.all([
      fetch(urls["dapp"]).then(({ ok }) => ok),
      fetch(`${urls["indexer"]}/graphql`, { method: "POST", headers, body: query }).then((answer) => answer.json()),
      fetch(`${urls["relayer-0"]}/v1/nodes`).then((answer) => answer.json()),
    ]);
    const { nodes } = (indexed as { data: { nodes: unknown[] } }).data;
    const live = (heard as { nodes: { state: string }[] }).nodes.filter(({ state }) => state === "live");
    return page && nodes.length > 0 && live.length > 0;
  } catch {
    return false;
  }
}

function readStatus(file: string): StartStatus | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as StartStatus;
  } catch {
    return undefined;
  }
}

/** CPU share of relayers, in percent of one core, over some seconds. */
async function relayerCpu(pids: number[], seconds: number): Promise<number> {
  const before = pids.map(cpuTicks);
  await delay(seconds * 1_000);
  const used = pids.map((pid, i) => cpuTicks(pid) - before[i]);
  return (Math.max(...used) / ticksPerSecond() / seconds) * 100;
}

async function measure(seconds: number, nodes: string): Promise<BenchResult> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "pqmesh-footprint-"));
  const statusFile = path.join(dir, "status.json");
  const began = performance.now();
  const child = startNetwork(["--nodes", nodes, "--data", path.join(dir, "data"), "--json-status", statusFile]);
  try {
    const { pids } = await waitForReady(child, statusFile);
    const secondsToFirstData = round((performance.now() - began) / 1_000);
    await delay(SETTLE_MS);
    const all = processTree(child.pid!)
      .map(rssBytes)
      .reduce((a, b) => a + b, 0);
    const relayers = Object.entries(pids).flatMap(([role, pid]) => (role.startsWith("relayer") ? [pid] : []));
    const busyCpu = await relayerCpu(relayers, seconds);
    for (const [role, pid] of Object.entries(pids)) if (role.startsWith("agent")) process.kill(pid, "SIGTERM");
    await delay(SETTLE_MS);
    const idleCpu = await relayerCpu(relayers, seconds);
    const idleRss = Math.max(...relayers.map(rssBytes)) / BYTES_PER_MB;
    return result({ nodes, idleRss, idleCpu, busyCpu, startSeconds: secondsToFirstData, startGb: all / 2 ** 30 });
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGINT")) await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Figures {
  nodes: string;
  idleRss: number;
  idleCpu: number;
  busyCpu: number;
  startSeconds: number;
  startGb: number;
}

function result({ nodes, idleRss, idleCpu, busyCpu, startSeconds, startGb }: Figures): BenchResult {
  return {
    rows: [
      {
        label: "relayer, no agent connected: memory",
        value: idleRss,
        unit: "MB RSS",
        limit: "<= 280",
        ok: idleRss <= 280,
      },
      { label: "relayer, no agent connected: CPU", value: idleCpu, unit: "% of a core", limit: "< 2", ok: idleCpu < 2 },
      { label: `relayer, ${nodes} agents: CPU`, value: busyCpu, unit: "% of a core" },
      { label: "start to first live data", value: startSeconds, unit: "s", limit: "<= 60", ok: startSeconds <= 60 },
      {
        label: `whole network with ${nodes} nodes: memory`,
        value: startGb,
        unit: "GiB RSS",
        limit: "<= 3",
        ok: startGb <= 3,
      },
    ],
    metrics: {
      relayer_idle_rss_mb: round(idleRss),
      relayer_idle_cpu_percent: round(idleCpu),
      start_seconds_to_first_data: startSeconds,
      start_rss_gb: round(startGb),
    },
    notes: [
      "The start is that of a newcomer: packages are installed, nothing is compiled yet.",
      "Relayer figures are those of the largest of the four; memory of the network is the sum of RSS, shared pages counted each time.",
    ],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await runBench({
  name: "footprint",
  title: "Memory, CPU and start time of the network that npm start brings up",
  options: {
    seconds: { type: "string", default: "30", description: "seconds of each CPU measurement" },
    nodes: { type: "string", default: "12", description: "nodes of the network" },
  },
  run: ({ seconds, nodes }) => measure(Number(seconds), nodes ?? "12"),
});
