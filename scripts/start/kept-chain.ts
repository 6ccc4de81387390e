// Runs anvil with a state that outlives it: node scripts/start/kept-chain.ts ANVIL STATE_FILE RPC_URL [arguments of anvil].
// The state is saved every few seconds and at the end, each time as a whole, so that a killed process leaves the last one.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** Seconds between two savings at least. */
const SAVE_MS = 5_000;
/** A saving may take this part of the time: the state of a long chain is large. */
const SAVE_SHARE = 1 / 20;
/** A last saving that takes longer is given up; the one before it stays. */
const LAST_SAVE_MS = 4_000;

const [anvil, stateFile, rpcUrl, ...args] = process.argv.slice(2);
if (!anvil || !stateFile || !rpcUrl) throw new Error("usage: kept-chain.ts ANVIL STATE_FILE RPC_URL [arguments]");

const load = existsSync(stateFile)
  ? ["--load-state", stateFile, "--timestamp", String(genesisTimeOf(readFileSync(stateFile, "utf8")))]
  : [];
const child = spawn(anvil, [...args, ...load], { stdio: ["ignore", "inherit", "inherit"] });
const stopping = new AbortController();
process.once("exit", () => child.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stopping.abort());
child.once("error", (error) => fail(`anvil cannot be started: ${error.message}`));
child.once("exit", (code, signal) => fail(`anvil ended with ${signal ?? `exit ${code}`}`));
await saveUntilStopped(rpcUrl, stateFile);
await endQuietly(child);

/** Timestamp of block 0: anvil makes a block 0 of its own before it loads a state, and that must be the same one. */
function genesisTimeOf(state: string): number {
  const { blocks } = JSON.parse(state) as { blocks: { header: { number: string; timestamp: string } }[] };
  const first = blocks.find(({ header }) => Number(header.number) === 0);
  if (!first) throw new Error("the saved state of the chain has no block 0");
  return Number(first.header.timestamp);
}

async function saveUntilStopped(url: string, file: string): Promise<void> {
  let pauseMs = SAVE_MS;
  while (!stopping.signal.aborted) {
    await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    const began = performance.now();
    const limit = stopping.signal.aborted ? AbortSignal.timeout(LAST_SAVE_MS) : undefined;
    await saveState(url, file, limit).catch((error: Error) => console.error(`state not saved: ${error.message}`));
    pauseMs = Math.max(SAVE_MS, (performance.now() - began) / SAVE_SHARE);
  }
}

async function saveState(url: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_dumpState", params: [] });
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body, ...(signal && { signal }) });
  const { result, error } = (await response.json()) as { result?: string; error?: { message: string } };
  if (!result) throw new Error(error?.message ?? "anvil gave no state");
  const state = await promisify(gunzip)(Buffer.from(result.slice(2), "hex"));
  const part = `${file}.part`;
  const descriptor = openSync(part, "w");
  try {
    for (let at = 0; at < state.length;) at += writeSync(descriptor, state, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, file);
}

async function endQuietly(running: ChildProcess): Promise<void> {
  running.removeAllListeners("exit");
  const gone = new Promise((resolve) => running.once("exit", resolve));
  running.kill("SIGKILL");
  await gone;
  process.exit(0);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
