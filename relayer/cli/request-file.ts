import { maxUint256 } from "viem";
import { z } from "zod";
import { usageError } from "./output.ts";
import { readObject } from "./rotation-request.ts";

/** Bytes in lower-case hex. */
export const hexOf = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in lower-case hex with 0x`);

/** A number of the chain as decimal text. */
export const decimalText = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, { error: "must be a whole number as decimal text", abort: true })
  .refine((text) => BigInt(text) <= maxUint256, "must be below 2^256");

/** Reads a request. @param what What it should be. @throws CliError naming file and field. */
export function parseRequest<T>(file: string, what: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(readObject(file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw usageError(`${file} is no ${what}: ${issue?.path.join(".") || "content"}: ${issue?.message}`);
}
