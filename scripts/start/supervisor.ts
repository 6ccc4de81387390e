import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { lastWords } from "./last-words.ts";

/** A process to run. */
export interface ProcessSpec {
  /** Name shown to people and used for the log file, for example `relayer-1`. */
  role: string;
  /** Program for Node and its arguments. */
  args: string[];
  cwd: string;
  /** True when the network cannot go on without it. */
  vital: boolean;
  /** Command that brings it back, shown when it stops on its own. */
  restartHint?: string;
}

/** Loaded before a part's own program: ends it when this process is gone. */
const END_WITH_STARTER = path.join(import.meta.dirname, "end-with-starter.ts");

/**
 * Starts the parts of the network, notices when one stops, and ends all of them, newest first. Touches no other process.
 * A part holds one end of a pipe whose other end is here, so that it also ends when this process is killed.
 */
export class Supervisor {
  readonly #logDir: string;
  readonly #environment: Record<string, string>;
  readonly #running = new Map<string, { child: ChildProcess; spec: ProcessSpec }>();
  readonly #onExit: (spec: ProcessSpec, sentence: string) => void;
  #stopping = false;

  /**
   * @param logDir Existing directory for one log file per role.
   * @param environment Variables that every process gets beside those of this one.
   * @param onExit Called when a part stops without being asked to; `sentence` says what happened and where to look.
   */
  constructor(
    logDir: string,
    environment: Record<string, string>,
    onExit: (spec: ProcessSpec, sentence: string) => void,
  ) {
    this.#logDir = logDir;
    this.#environment = environment;
    this.#onExit = onExit;
  }

  /** Starts a process in a session of its own, so that Ctrl-C in the terminal reaches only the supervisor. */
  start(spec: ProcessSpec): ChildProcess {
    if (this.#stopping) throw new Error(`${spec.role} is not started: the network is stopping`);
    const log = openSync(this.logFile(spec.role), "a");
    const child = spawn(process.execPath, ["--import", END_WITH_STARTER, ...spec.args], {
      cwd: spec.cwd,
      env: { ...process.env, ...this.#environment },
      stdio: ["ignore", log, log, "pipe"],
      detached: true,
    });
    closeSync(log);
    this.#running.set(spec.role, { child, spec });
    child.once("error", (error) => this.#ended(spec, `cannot be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      this.#ended(spec, signal ? `was ended by ${signal}` : `stopped with exit ${code}`),
    );
    return child;
  }

  /** Process ids by role of what runs now. */
  pids(): Record<string, number> {
    const entries = [...this.#running].flatMap(([role, { child }]) =>
      child.pid === undefined ? [] : [[role, child.pid]],
    );
    return Object.fromEntries(entries) as Record<string, number>;
  }

  /** Path of a role's log file. */
  logFile(role: string): string {
    return path.join(this.#logDir, `${role}.log`);
  }

  /** Ends every process, newest first: SIGTERM, and SIGKILL for those still there after `graceMs`. */
  async stopAll(graceMs = 6_000): Promise<void> {
    this.#stopping = true;
    const waves = groupByWave([...this.#running.values()].reverse());
    for (const wave of waves) await Promise.all(wave.map(({ child }) => stopChild(child, graceMs)));
  }

  #ended(spec: ProcessSpec, what: string): void {
    if (!this.#running.delete(spec.role) || this.#stopping) return;
    const words = lastWords(this.logFile(spec.role));
    const said = words ? ` Its last words: ${words}.` : "";
    this.#onExit(spec, `${spec.role} ${what}.${said} Log: ${this.logFile(spec.role)}`);
  }
}

/** Parts of one kind (agents, relayers) end together. */
function groupByWave(entries: { child: ChildProcess; spec: ProcessSpec }[]): { child: ChildProcess }[][] {
  const waves = new Map<string, { child: ChildProcess }[]>();
  for (const entry of entries) {
    const kind = entry.spec.role.replace(/-\d+$/, "");
    waves.set(kind, [...(waves.get(kind) ?? []), entry]);
  }
  return [...waves.values()];
}

async function stopChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await gone;
  clearTimeout(timer);
}
