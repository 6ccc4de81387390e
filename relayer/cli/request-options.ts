import type { Command } from "commander";
import { naturalArgument } from "./arguments.ts";

const MAX_VALID_HOURS = 8_760;

/** Options of every command that writes a request to sign. */
export interface RequestOptions {
  out: string;
  validHours: string;
}

/** Adds `--out` and `--valid-hours`. */
export function withRequest(command: Command): Command {
  return command
    .requiredOption("--out <file>", "request to write; never overwritten")
    .option("--valid-hours <n>", `hours until the signature is void, at most ${MAX_VALID_HOURS}`, "168");
}

/** Time at which a signature becomes void, Unix seconds. @param now Time of the newest block. */
export function deadlineOf({ validHours }: RequestOptions, now: bigint): bigint {
  const hours = naturalArgument("--valid-hours", validHours, { least: 1, most: MAX_VALID_HOURS });
  return now + BigInt(hours) * 3_600n;
}
