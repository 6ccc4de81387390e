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
 */
export async function runService(options: ServiceOptions, start: () => Promise<RunningService>): Promise<void> {
  process.once("uncaughtException", (error) => {
    process.stderr.write(`${error.stack}\n`);
    die(options, error);
  });
  const signal = nextSignal();
  let service: RunningService;
  try {
    service = await start();
  } catch (error) {
    die(options, error);
    return;
  }
  const failure = await Promise.race([signal, service.failed]);
  for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => process.exit(EXIT_CODES.failure));
  setTimeout(
    () => die(options, new Error(`did not stop within ${STOP_TIMEOUT_MS / 1_000} s`)),
    STOP_TIMEOUT_MS,
  ).unref();
  try {
    await service.stop();
  } catch (error) {
    die(options, failure ?? error);
    return;
  }
  if (failure) die(options, failure);
  else process.exit(EXIT_CODES.ok);
}

/** One sentence for an error and what caused it. */
export function sentenceOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error && parts.length < 4; at = at.cause) {
    parts.push(at.message.split("\n")[0] ?? "");
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
