import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** Level from which a line of a log tells of something wrong. */
const WARN = 40;
/** Lines looked at, from the end of a log. */
const LINES = 20;
const MAX_LENGTH = 300;
/** The end of a printed stack says nothing that its first line does not. */
const STACK_LINE = /^\s|^Node\.js v|^$/;
/** How a sentence of a program that cannot go on begins, or what it says. */
const COMPLAINT = /^(agent|relayer|indexer): |error|warn|cannot|failed|ended with/i;

/** The warning or error that ends a log, on one line without a full stop; undefined when the log ends with ordinary lines. */
export function lastWords(file: string): string | undefined {
  const lines = stripVTControlCharacters(readFileSync(file, "utf8")).trimEnd().split("\n").slice(-LINES);
  for (const line of lines.reverse()) {
    if (STACK_LINE.test(line)) continue;
    const words = line.startsWith("{") ? ofEntry(line) : ofText(line);
    return words?.trim().replace(/\.$/, "").slice(0, MAX_LENGTH);
  }
  return undefined;
}

function ofText(line: string): string | undefined {
  return COMPLAINT.test(line) ? line : undefined;
}

function ofEntry(line: string): string | undefined {
  try {
    const { level, msg, reason, err } = JSON.parse(line) as {
      level?: number;
      msg?: string;
      reason?: string;
      err?: { message?: string };
    };
    if (level === undefined || level < WARN) return undefined;
    return [msg, reason, err?.message].filter(Boolean).join(": ");
  } catch {
    return undefined;
  }
}
