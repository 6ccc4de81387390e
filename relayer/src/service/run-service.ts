import { ConfigError } from "./load-config.ts";

/** A service that is up. */
export interface RunningService {
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Settles with the reason if the service can no longer do its work and must end. */
  failed: Promise<Error>;
}

/** Exit codes of services. */
const EXIT = { ok: 0, failure: 1, config: 2 } as const;

/** How long a graceful stop may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 5_000;

/**
 * Runs a service until SIGINT or SIGTERM, then stops it and ends the process. A failure ends it with one sentence on
 * standard error: exit code 2 for a wrong configuration, 1 for anything else. A second signal ends it at once.
 */
export async function runService(name: string, start: () => Promise<RunningService>): Promise<void> {
  process.once("uncaughtException", (error) => {
    process.stderr.write(`${error.stack}\n`);
    die(name, error);
  });
  const signal = nextSignal();
  let service: RunningService;
  try {
    service = await start();
  } catch (error) {
    die(name, error);
    return;
  }
  const failure = await Promise.race([signal, service.failed]);
  for (const sign of ["SIGINT", "SIGTERM"]) process.once(sign, () => process.exit(EXIT.failure));
  setTimeout(() => die(name, new Error(`did not stop within ${STOP_TIMEOUT_MS / 1_000} s`)), STOP_TIMEOUT_MS).unref();
  try {
    await service.stop();
  } catch (error) {
    die(name, failure ?? error);
    return;
  }
  if (failure) die(name, failure);
  else process.exit(EXIT.ok);
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

function die(name: string, error: unknown): void {
  process.stderr.write(`${name}: ${sentenceOf(error)}\n`);
  process.exit(error instanceof ConfigError ? EXIT.config : EXIT.failure);
}
