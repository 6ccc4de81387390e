import { z } from "zod";
import { subjectSchema } from "./refused-subjects.ts";

const days = z.number().int().min(1).max(398);

/** Section `authority` of a relayer's configuration: the certificate authority that it issues for. */
export const authoritySchema = z
  .strictObject({
    /** Number of the authority on chain; its account there is the relayer's. */
    authorityId: z.number().int().min(1).max(0xffff_ffff),
    /** PEM file of the authority's certificate. */
    cert: z.string().min(1),
    /** Keystore of the authority's key; with it the key is in this process. */
    keystore: z.string().min(1).optional(),
    /** Socket of the process that has the key instead (`pqmesh authority signer`). */
    signerSocket: z.string().min(1).optional(),
    /** Where readers find its revocation lists; certificates then name theirs (CRL distribution point). */
    revocationLists: z
      .strictObject({
        /** URL of this relayer's read API, as others reach it. */
        url: z.url({ protocol: /^https?$/ }),
        /** Lists that its certificates are spread over; those that name shards of another number find no list. */
        shards: z.number().int().min(1).max(256).default(1),
      })
      .optional(),
    /** Days that certificates live. */
    lifeDays: z
      .strictObject({ operator: days.default(90), node: days.default(47), relayer: days.default(47) })
      .prefault({}),
    /** Hours for which a replaced certificate stays good beside the new one. */
    overlapHours: z.number().int().min(1).max(720).default(168),
    /** Who gets no certificate here: `operator:3` (nor its nodes), `node:7`, `relayer:0x…`. */
    refused: z.array(subjectSchema).max(10_000).default([]),
  })
  .refine(({ keystore, signerSocket }) => (keystore === undefined) !== (signerSocket === undefined), {
    path: ["keystore"],
    message: "exactly one of keystore and signerSocket must be given",
  });

/** A validated section `authority`. */
export type AuthorityConfig = z.infer<typeof authoritySchema>;
