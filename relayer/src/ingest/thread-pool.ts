import { randomFill } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { availableParallelism, getPriority, setPriority } from "node:os";
import { promisify } from "node:util";

/** How much nicer the threads that verify are than the rest: whoever stores, acknowledges and answers goes first. */
const EXTRA_NICENESS = 5;
const MOST_NICENESS = 19;
/** Name that libuv gives to the threads of its pool. */
const POOL_THREAD_NAME = "libuv-worker";

/**
 * Gives libuv's pool, on which signatures are verified, as many threads as there are cores; more would only take time
 * from the main thread. Call it before anything uses the pool; a size set in the environment stays.
 */
export function sizeThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, availableParallelism()));
}

/**
 * Lets the threads of libuv's pool give way to every other thread of the process, so that a backlog of signatures
 * delays neither commits nor answers. Works on Linux, where a priority belongs to a thread; elsewhere it does nothing.
 */
export async function lowerPoolPriority(): Promise<void> {
  if (process.platform !== "linux") return;
  await promisify(randomFill)(new Uint8Array(1));
  const threads = await readdir("/proc/self/task");
  await Promise.all(threads.map(lowerWhenOfPool));
}

async function lowerWhenOfPool(thread: string): Promise<void> {
  const name = await readFile(`/proc/self/task/${thread}/comm`, "utf8").catch(() => "");
  if (name.trim() !== POOL_THREAD_NAME) return;
  const id = Number(thread);
  setPriority(id, Math.min(MOST_NICENESS, getPriority(id) + EXTRA_NICENESS));
}
