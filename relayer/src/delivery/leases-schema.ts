import { isEndpoint } from "@pqmesh/contracts/protocol/endpoint";
import { z } from "zod";

const MIB = 1_048_576;
const PORT_MAX = 65_535;

/** How an agent serves leases. */
export const leasesSchema = z.strictObject({
  /** Address of the endpoint that clients connect to. */
  listen: z.strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(PORT_MAX) }),
  /** `host:port` that clients are told, where it is another one; an IPv6 address in brackets. */
  endpoint: z.string().refine(isEndpoint, "must be host:port").optional(),
  /** Bytes that a client may store for each unit of its lease; default 64 MiB. */
  bytesPerUnit: z
    .number()
    .int()
    .min(MIB)
    .max(2 ** 40)
    .default(64 * MIB),
  /** Bytes of all leases together; a lease that does not fit is declined. Default 1 GiB. */
  maxBytes: z
    .number()
    .int()
    .min(MIB)
    .max(2 ** 50)
    .default(1_024 * MIB),
  /** Files of one lease. */
  maxFiles: z.number().int().min(1).max(100_000).default(1_000),
  /** Seconds for which the files of a lease stay after its end; default one day. */
  keepFilesSeconds: z.number().int().min(0).max(31_536_000).default(86_400),
  /** Times that a credential is delivered again for one lease, when its client named another key or the endpoint moved. */
  redeliveries: z.number().int().min(0).max(100).default(4),
  /** Whether metered leases are accepted, which pay only by the client's vouchers. */
  acceptMetered: z.boolean().default(false),
});

/** A validated `leases` part of an agent's configuration. */
export type LeasesConfig = z.infer<typeof leasesSchema>;
