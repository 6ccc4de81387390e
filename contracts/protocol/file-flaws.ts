/** What a validator found wrong with one field of a file: the part of zod's issues that sentences are made from. */
export interface FieldIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Kind of what is too small or too big: number, string, array … */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly expected?: string;
  readonly format?: string;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
}

/** What the file system's reasons mean to the owner of a file. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is no directory",
  EROFS: "its file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be over the limit of file sizes",
};

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

/** Why a file cannot be read or written, as the end of a sentence. */
export function fileFlaw(error: unknown): string {
  const { code = "unknown reason" } = error as { code?: string };
  return REASONS[code] ?? code;
}

/** What is wrong with a text that `JSON.parse` refuses, as the end of a sentence; nothing of the text is repeated. */
export function jsonFlaw(error: unknown): string {
  const place = /line (\d+) column (\d+)/.exec((error as Error).message);
  return place ? `is not JSON at line ${place[1]}, column ${place[2]}` : "is not whole JSON";
}

/** One clause for a field that is wrong: its path, and what it must be. */
export function fieldFlaw(issue: FieldIssue): string {
  const parts = issue.path.map((part, i) =>
    typeof part === "number" ? `[${part}]` : i > 0 ? `.${String(part)}` : String(part),
  );
  return `${parts.join("") || "the whole file"} ${demandOf(issue)}`;
}

function demandOf({ code, message, ...issue }: FieldIssue): string {
  if (/received undefined$/.test(message)) return "is missing";
  if (code === "unrecognized_keys") return `has unknown keys: ${issue.keys?.join(", ")}`;
  if (code === "invalid_type") return `must be ${KINDS[issue.expected ?? ""] ?? `of type ${issue.expected}`}`;
  if (code === "too_small") return boundOf("least", issue.origin, issue.minimum);
  if (code === "too_big") return boundOf("most", issue.origin, issue.maximum);
  if (code === "invalid_value") return `must be ${listOf(issue.values ?? [])}`;
  if (!message.startsWith("Invalid")) return message;
  return issue.format === "url"
    ? "must be a URL, for example http://127.0.0.1:8545"
    : "has not the form that it must have";
}

function boundOf(which: "least" | "most", origin = "number", limit: number | bigint = 0): string {
  const units = UNITS[origin];
  if (!units) return `must be at ${which} ${limit}`;
  if (which === "least" && limit === 1) return "must not be empty";
  return `must have at ${which} ${limit} ${units[Number(limit) === 1 ? 0 : 1]}`;
}

function listOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length > 1 ? `one of ${texts.join(", ")}` : (texts[0] ?? "another value");
}
