import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import { type IndexedLogEntry, LOG_ACTIONS } from "@pqmesh/contracts/protocol/log-entry";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import type { Hex } from "viem";
import { z } from "zod";
import { readTextFile } from "./arguments.ts";
import { serialText } from "./certificate-argument.ts";
import { usageError } from "./output.ts";

/** A whole number up to a number of bits, as decimal text. */
const wide = (bits: bigint) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, "must be a whole number in decimal digits")
    .transform(BigInt)
    .refine((value) => value < 1n << bits, `must be less than 2^${bits}`);

const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "must be 32 bytes in lower-case hex with 0x")
  .transform((text) => text as Hex);
const serial = z
  .string()
  .regex(/^([0-9a-f]{2}){1,20}$/, "must be 1 to 20 bytes in lower-case hex")
  .transform((text) => BigInt(`0x${text}`));

/** A proof of a log: hashes. */
export const proofShape = z.array(hash).max(128);

/** Size and root of a log. */
export const headShape = z.strictObject({ size: natural, root: hash });

const entryFields = {
  index: natural,
  action: z.enum(LOG_ACTIONS),
  time: wide(64n),
  authorityId: natural.max(0xffff_ffff),
  serial: serial.nullable(),
  kind: z.enum(CERTIFICATE_KINDS).nullable(),
  subject: wide(256n),
  notBefore: wide(40n),
  notAfter: wide(40n),
  x509Hash: hash,
  reason: natural.max(255),
  effectiveAt: wide(40n),
};

/** An entry with its index; `serial` as certificates print it. */
export const entryShape = z.strictObject(entryFields);

/** An entry with its inclusion proof. */
export const provenEntryShape = z.strictObject({ ...entryFields, proof: proofShape });

type ParsedEntry = z.infer<typeof entryShape>;

/** An entry that was read from a file. */
export function entryFromFile(parsed: ParsedEntry): IndexedLogEntry {
  const { action, time, authorityId, subject, notBefore, notAfter, x509Hash, reason, effectiveAt } = parsed;
  const names = { serial: parsed.serial ?? 0n, kind: parsed.kind ?? undefined };
  const rest = { action, time, authorityId, subject, notBefore, notAfter, x509Hash, reason, effectiveAt };
  return { index: parsed.index, entry: { ...rest, ...names } };
}

/** An entry as it is written to a file. */
export function entryToFile({ index, entry }: IndexedLogEntry): z.input<typeof entryShape> {
  const { action, authorityId, x509Hash, reason } = entry;
  return {
    ...{ index, action, time: String(entry.time), authorityId },
    serial: entry.serial === 0n ? null : serialText(entry.serial),
    ...{ kind: entry.kind ?? null, subject: String(entry.subject) },
    ...{ notBefore: String(entry.notBefore), notAfter: String(entry.notAfter), x509Hash, reason },
    effectiveAt: String(entry.effectiveAt),
  };
}

/**
 * Reads a JSON file of a form.
 *
 * @throws CliError naming file and field.
 */
export function readShapedFile<S extends z.ZodType>(file: string, shape: S): z.infer<S> {
  let content: unknown;
  try {
    content = JSON.parse(readTextFile(file));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw usageError(`${file} is not JSON: it is cut short or another file`, cause);
    throw cause;
  }
  return shapeOf(file, content, shape);
}

/** Checks the form of what a file held. @throws CliError naming file and field. */
export function shapeOf<S extends z.ZodType>(file: string, content: unknown, shape: S): z.infer<S> {
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw usageError(`${file}: ${path.join(".") || "the file"}: ${message}`);
}

/** A head in one line. */
export function headText({ size, root }: LogHead): string {
  return `${size} ${size === 1 ? "entry" : "entries"}, root ${root}`;
}
