import { writeFileSync } from "node:fs";
import { usageError } from "./output.ts";

/** Writes a file that must not exist yet. @throws CliError naming it. */
export function writeNewFile(file: string, content: string | Uint8Array, mode = 0o644): void {
  try {
    writeFileSync(file, content, { flag: "wx", mode });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "exists already and is not overwritten" : `cannot be written (${code})`;
    throw usageError(`${file} ${reason}`, cause);
  }
}
