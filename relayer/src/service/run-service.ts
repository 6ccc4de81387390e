import { RpcTransportError } from "../chain/json-rpc.ts";
import { WrongNetworkError } from "../chain/rpc-pool.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { ConfigError } from "./load-config.ts";

/** A service that is up. */
export interface RunningService {
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Settles with the reason if the service can no longer do its work and must end. */
  failed: Promise<Error>;
}

/** How long a graceful stop may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 5_000;

/** How a service is run. */
export interface ServiceOptions {
  name: string;
  /** A failure is one JSON object on standard output, as of every command with `--json`. */
  isJson?: boolean;
}

/**
 * Runs a service until SIGINT or SIGTERM, then stops it and ends the process. A failure ends it with one sentence on
 * standard error: exit code 2 for a wrong configuration or another chain, 4 when no chain node answers, 1 for anything
 * else. A second signal ends it at once.
 *
 * @param start Gets a signal that ends its waiting; whatever it throws after that is no failure.
 */
export async function runService(
  options: ServiceOptions,
  start: (stopping: AbortSignal) => Promise<RunningService>,
): Promise<void> {
  process.once("uncaughtException", (error) => {
    process.stderr.write(`${error.stack}\n`);
    die(options, error);
  });
  const stopping = new AbortController();
  const signal = nextSignal().then(() => {
    stopping.abort();
    limitStop(options);
  });
  let service: RunningService;
  try {
    service = await start(stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(EXIT_CODES.ok);
    die(options, error);
    return;
  }
  const failure = await Promise.race([signal, service.failed]);
  if (failure) limitStop(options);
  try {
    await service.stop();
  } catch (error) {
    die(options, failure ?? error);
    return;
  }
  if (failure) die(options, failure);
  else process.exit(EXIT_CODES.ok);
}

/** Ends the process when it does not end by itself in time, or is told so again. */
function limitStop(options: ServiceOptions): void {
  for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => process.exit(EXIT_CODES.failure));
  const late = new Error(`did not stop within ${STOP_TIMEOUT_MS / 1_000} s`);
  setTimeout(() => die(options, late), STOP_TIMEOUT_MS).unref();
}

/** One sentence for an error and what caused it, without what was said already. */
export function sentenceOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error && parts.length < 4; at = at.cause) {
    const part = at.message.split("\n")[0] ?? "";
    if (!parts.some((said) => said.includes(part))) parts.push(part);
    if (at instanceof ConfigError) break;
  }
  return parts.length > 0 ? parts.join(": ") : String(error);
}

function nextSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => resolve(undefined));
  });
}

function die({ name, isJson }: ServiceOptions, error: unknown): void {
  const sentence = sentenceOf(error);
  const exitCode = exitCodeOf(error);
  if (isJson) process.stdout.write(`${JSON.stringify({ error: sentence, exitCode })}\n`);
  else process.stderr.write(`${name}: ${sentence}\n`);
  process.exit(exitCode);
}

/** Exit code for an error and what caused it. */
export function exitCodeOf(error: unknown): number {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ConfigError || at instanceof WrongNetworkError) return EXIT_CODES.usage;
    if (at instanceof RpcTransportError) return EXIT_CODES.unreachable;
  }
  return EXIT_CODES.failure;
}
