import { z } from "zod";

/** Section `renewal` of a configuration: where the own certificate is renewed. */
export const renewalSchema = z.strictObject({
  /** Read APIs of relayers that issue for an authority, the first one preferred. */
  authorities: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .max(8),
});

/** A validated section `renewal`. */
export type RenewalConfig = z.infer<typeof renewalSchema>;
