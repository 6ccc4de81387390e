import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/** How a script is run. */
export interface RunTreeOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Ends the script and every process that it started. */
  signal: AbortSignal;
  /** How far it gives way to other processes, 0 (default) to 19. */
  niceness?: number;
}

/** Bytes of output kept for the error. */
const KEPT_OUTPUT = 64_000;

/**
 * Runs a Node script in a process group of its own and waits for its end. A compiler may run processes that outlive it when
 * it alone is ended.
 *
 * @throws Error with what the script printed when it failed, or the signal's reason once all its processes are told to end.
 */
export async function runTree(args: readonly string[], options: RunTreeOptions): Promise<void> {
  const { cwd, env, signal, niceness } = options;
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  if (niceness && child.pid) giveWay(child.pid, niceness);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT)));
  }
  const end = (): void => endGroup(child.pid);
  signal.addEventListener("abort", end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new Error(output.trim() || `it ended with exit ${code}`);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Linux may divide time among sessions first, and a process group of its own is one: then the group is made nicer, too. */
function giveWay(pid: number, niceness: number): void {
  setPriority(pid, niceness);
  const group = `/proc/${pid}/autogroup`;
  if (existsSync(group)) writeFileSync(group, String(niceness));
}

/** Nothing that a compiler leaves half done is used: its stamp is written last. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
