import type { Report } from "@pqmesh/contracts/protocol/report";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { Hex } from "viem";
import { z } from "zod";
import type { HeldLeaf } from "../store/attestation-store.ts";

/** Hexadecimal bytes of an exact or largest length. */
function hex({ bytes, atMost }: { bytes?: number; atMost?: number }): z.ZodType<Hex> {
  const longest = 2 + 2 * (bytes ?? atMost ?? 0);
  const text = z.string().regex(/^0x([0-9a-f]{2})*$/, "must be lower-case hexadecimal bytes");
  return (bytes === undefined ? text.max(longest) : text.length(longest)) as unknown as z.ZodType<Hex>;
}

const uint32 = z.number().int().min(0).max(0xffff_ffff);
/** 64-bit numbers travel as decimal text; epochs and blocks stay far below the database's largest integer. */
const uint64 = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/, "must be a decimal number")
  .transform(BigInt);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const reportSchema = z.strictObject({
  epoch: uint64,
  shard: uint32,
  round: uint32,
  committeeVersion: uint32,
  beaconBlock: uint64,
  beacon: hex({ bytes: 32 }),
  root: hex({ bytes: 32 }),
  absent: hex({ atMost: 2 * SHARD_SIZE }),
  degraded: hex({ atMost: 2 * SHARD_SIZE }),
  quality: hex({ atMost: SHARD_SIZE }),
});

/** One leaf for each node at most. */
const leavesSchema = z
  .array(z.strictObject({ nodeIndex: uint32, digest: hex({ bytes: 32 }) }))
  .max(SHARD_SIZE)
  .refine(isEachNodeOnce, "names a node twice");

/** Query of the calls about one epoch of one shard. */
export const epochQuerySchema = z.strictObject({
  epoch: uint64,
  shard: z.coerce.number().pipe(uint32),
});

/** Body of `POST /committee/leaves/fetch`. */
export const fetchSchema = z.strictObject({
  epoch: uint64,
  shard: uint32,
  nodeIndices: z.array(uint32).min(1).max(SHARD_SIZE),
});

/** Answer of `POST /committee/propose`. */
export const signaturesSchema = z.object({
  ecdsaSignature: hex({ bytes: 65 }),
  mldsaSignature: hex({ bytes: 3_309 }),
});

/** Body of `POST /committee/propose`. */
export const proposalSchema = z.strictObject({
  report: reportSchema,
  leaves: leavesSchema,
  round: uint32,
  signatures: signaturesSchema,
});

/** Answer of `GET /committee/leaves`. */
export const leafListSchema = z.object({ leaves: leavesSchema });

/** Answer of `GET /committee/heartbeats`. */
export const heartbeatListSchema = z.object({
  nodes: z
    .array(
      z.object({
        nodeIndex: uint32,
        received: count,
        expected: count,
        jitterMicros: count,
        intervalMicros: count,
        latencyMicros: count,
        lastSeenMs: count,
      }),
    )
    .max(SHARD_SIZE)
    .refine(isEachNodeOnce, "names a node twice"),
});

/** Answer of `GET /committee/report`. */
export const signedReportSchema = z.object({
  report: reportSchema,
  leaves: leavesSchema,
  signatures: z
    .array(z.object({ seat: uint32, ecdsaSignature: hex({ bytes: 65 }), mldsaSignature: hex({ bytes: 3_309 }) }))
    .max(256),
});

/** A leader's proposal to sign a report. */
export interface Proposal {
  report: Report;
  /** What the report's root commits to, by node index. */
  leaves: HeldLeaf[];
}

/** Both signatures of one member over the digest of a report. */
export interface MemberSignatures {
  /** 65 bytes: r ‖ s ‖ v, low s. */
  ecdsaSignature: Hex;
  /** ML-DSA-65, 3,309 bytes. */
  mldsaSignature: Hex;
}

/** A proposal with its leader's own signatures: who proposes two reports in one round gives the evidence away. */
export interface SignedProposal extends Proposal {
  signatures: MemberSignatures;
}

/** A report with what its root commits to and the signatures known of it. */
export interface SignedReport extends Proposal {
  signatures: (MemberSignatures & { seat: number })[];
}

function isEachNodeOnce(rows: readonly { nodeIndex: number }[]): boolean {
  return new Set(rows.map(({ nodeIndex }) => nodeIndex)).size === rows.length;
}

/** Replaces the 64-bit numbers of a report by decimal text. */
export function reportToJson(report: Report): object {
  return { ...report, epoch: report.epoch.toString(), beaconBlock: report.beaconBlock.toString() };
}

/** Reads a report that {@link reportToJson} wrote. @throws ZodError naming the field that is wrong. */
export function reportFromJson(value: unknown): Report {
  return reportSchema.parse(value);
}
