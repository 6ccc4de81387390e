import { z } from "zod";

/** An amount in a configuration: wei in decimal digits. @param fallback What it is when it is left out. */
export function weiSchema(fallback: string): z.ZodPipe<z.ZodDefault<z.ZodString>, z.ZodTransform<bigint, string>> {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,26})$/, "expected wei in decimal digits")
    .default(fallback)
    .transform(BigInt);
}
