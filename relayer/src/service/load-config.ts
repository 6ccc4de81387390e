import { readFileSync } from "node:fs";
import path from "node:path";
import { fieldFlaw, fileFlaw, jsonFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import type { z } from "zod";

/** Thrown when a configuration or a key file is missing or wrong; the message alone names the file, the field and the reason. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads and validates the one JSON file a service is configured by.
 *
 * @throws ConfigError naming the file and every field that is wrong or unknown.
 */
export function loadConfig<T>(file: string, schema: z.ZodType<T>): T {
  const { data, error } = schema.safeParse(readJson(file));
  if (!error) return data;
  throw new ConfigError(`config ${file}: ${error.issues.map(fieldFlaw).join("; ")}`);
}

/** Path of a file named in a configuration: relative ones are relative to the configuration file. */
export function besideConfig(configFile: string, named: string): string {
  return path.resolve(path.dirname(configFile), named);
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`config ${file} cannot be read: ${fileFlaw(cause)}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`config ${file} ${jsonFlaw(cause)}`, { cause });
  }
}
