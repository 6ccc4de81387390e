import { type DestinationStream, type Logger, pino } from "pino";
import type { Health } from "./health.ts";

export type { Logger };

/** Names under which secrets could end up in a log line. */
const SECRET_NAMES = [
  "password",
  "passphrase",
  "secret",
  "secretKey",
  "privateKey",
  "seed",
  "mnemonic",
  "authorization",
];

const REDACTED = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Levels a service can log at. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** How a service logs. */
export interface LoggerOptions {
  /** Name of the service, in every line. */
  name: string;
  level: (typeof LOG_LEVELS)[number];
  /** Default: standard output. */
  destination?: DestinationStream;
}

/** Makes a logger that writes JSON lines with ISO times and never shows what is named like a secret. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: "[redacted]" },
    serializers: { err: pino.stdSerializers.errWithCause, error: pino.stdSerializers.errWithCause },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Logs every change of a service's health. */
export function logHealth(health: Health, log: Logger): void {
  health.onChange(({ part, sentence }) => {
    if (sentence === undefined) log.info({ part }, `${part} works again`);
    else log.error({ part }, `${part}: ${sentence}`);
  });
}
