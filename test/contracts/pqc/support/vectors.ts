import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const VECTOR_FOLDER = join(import.meta.dirname, "../../../../../shared/vectors");

/**
 * Reads an official vector file as JSON.
 *
 * @param name file name in `../shared/vectors`
 * @returns the parsed file, or undefined outside CI when the folder is absent; the run then says so
 * @throws in CI when the file is missing
 */
export function readVectors<T>(name: string): T | undefined {
  const file = join(VECTOR_FOLDER, name);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  if (process.env.CI) throw new Error(`vector file ${file} is missing, and in CI every vector must run`);
  console.warn(`NOTICE: ${file} is missing; its official cases do NOT run, only the differential cases do`);
  return undefined;
}
