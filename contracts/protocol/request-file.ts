import type { Hex } from "viem";

/** Longest file that is read; a signed order has less than 30,000 characters. */
const MAX_CHARACTERS = 65_536;

/** Says what is wrong with the value of a field; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** Every field of an object and its form. */
export type Shape = Readonly<Record<string, Check>>;

/**
 * Reads a file: one JSON object with exactly the fields of a shape.
 *
 * @throws Error naming the first field that is wrong.
 */
export function fieldsOf(text: string, shape: Shape): Record<string, unknown> {
  if (text.length > MAX_CHARACTERS)
    throw new Error(`the file has ${text.length} characters, at most ${MAX_CHARACTERS} are read`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new Error("the file is not JSON: it is cut short or another file", { cause });
  }
  if (!isObject(content)) throw new Error("the file must hold one JSON object");
  requireShape(content, shape, "");
  return content;
}

/** @throws Error naming the first field that is missing, of another form or unknown. */
export function requireShape(value: Record<string, unknown>, shape: Shape, path: string): void {
  for (const [field, check] of Object.entries(shape)) {
    const wrong = Object.hasOwn(value, field) ? check(value[field]) : "is missing";
    if (wrong !== undefined) throw new Error(`${path}${field} ${wrong}`);
  }
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(shape, field));
  if (unknown !== undefined) throw new Error(`${path}${unknown.slice(0, 40)} is no field of such a file`);
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number within bounds. */
export function integer(min: number, max: number): Check {
  return (value) => {
    const fits = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
    return fits ? undefined : `must be a whole number from ${min} to ${max}`;
  };
}

/** Bytes in lower-case hex. */
export function hex(bytes: number): Check {
  const form = new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`);
  return (value) => {
    const fits = typeof value === "string" && form.test(value);
    return fits ? undefined : `must be ${bytes} bytes in lower-case hex with 0x`;
  };
}

/** The same bytes in lower-case hex. */
export function lower<T extends Hex>(value: T): T {
  return value.toLowerCase() as T;
}

/** Text of a file with these fields. */
export function toText(fields: object): string {
  return `${JSON.stringify(fields, null, 2)}\n`;
}
