import { availableParallelism } from "node:os";

/**
 * Gives libuv's pool, on which signatures are verified, as many threads as there are cores; more would only take time
 * from the main thread. Call it before anything uses the pool; a size set in the environment stays.
 */
export function sizeThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, availableParallelism()));
}
