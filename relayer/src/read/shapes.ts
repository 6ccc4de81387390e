import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { z } from "zod";

const bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
/** Numbers of 64 bits and more travel as decimal text. */
const bigNumber = z.string().regex(/^(0|[1-9][0-9]*)$/);
const natural = z.number().int().min(0);
const basisPoints = z.number().int().min(0).max(65_535);

/** An epoch in a path or query. */
export const epochParameter = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,14})$/, "expected an epoch in decimal digits")
  .transform(BigInt);

/** A node index or shard in a path or query. */
export const indexParameter = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,9})$/, "expected a number in decimal digits")
  .transform(Number)
  .refine((value) => value <= 0xffff_ffff, "expected at most 4294967295");

/** How many items a page has at most. */
export function limitParameter(fallback: number, most: number) {
  return z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/, "expected a number from 1 on in decimal digits")
    .transform(Number)
    .refine((value) => value <= most, `expected at most ${most}`)
    .default(fallback);
}

/** What the relayer sees of a node now. */
const liveNodeShape = z.strictObject({
  nodeIndex: natural,
  state: z.enum(["live", "silent", "unknown"]),
  lastSeenMs: natural.nullable(),
  heartbeatRatioBp: natural.max(10_000),
  latencyMicros: natural,
  cpuLoadBp: basisPoints,
  memoryUsedBp: basisPoints,
  storageUsedBp: basisPoints,
});

/** Answer of `/v1/status`. */
export const statusShape = z.strictObject({
  version: z.string(),
  relayer: address,
  /** Certificate authority that it issues for; null when it issues for none and has no `/v1/authority`. */
  authorityId: natural.nullable(),
  chainId: natural,
  bridge: address,
  epoch: z.strictObject({ current: bigNumber, genesis: bigNumber, lengthSeconds: z.number() }),
  chain: z.strictObject({ block: bigNumber, timestamp: bigNumber, timeMs: natural }),
  nodes: z.strictObject({ registered: natural, live: natural, silent: natural }),
});

/** Answer of `/v1/nodes`. */
export const nodesShape = z.strictObject({ nodes: z.array(liveNodeShape), next: natural.nullable() });

/** Answer of `/v1/nodes/{nodeIndex}`. */
export const nodeShape = z.strictObject({
  nodeIndex: natural,
  identityId: natural,
  intervals: z.array(z.strictObject({ from: bigNumber, until: bigNumber.nullable() })),
  keys: z.array(z.strictObject({ fromEpoch: bigNumber, keyHash: bytes32 })),
  head: z.strictObject({ sequence: bigNumber, epoch: bigNumber, digest: bytes32 }).nullable(),
  live: liveNodeShape,
});

/** Answer of `/v1/nodes/{nodeIndex}/attestations`. */
export const nodeAttestationsShape = z.strictObject({
  attestations: z.array(
    z.strictObject({
      epoch: bigNumber,
      nodeIndex: natural,
      sequence: bigNumber,
      digest: bytes32,
      isLeaf: z.boolean(),
      receivedMs: natural,
    }),
  ),
  nextBefore: bigNumber.nullable(),
});

const statementShape = z.strictObject({
  nodeIndex: natural,
  epoch: bigNumber,
  sequence: bigNumber,
  beacon: bytes32,
  measurement: bytes32,
  previous: bytes32,
  shares: bigNumber,
  cpuLoadBp: basisPoints,
  memoryUsedBp: basisPoints,
  storageUsedBp: basisPoints,
  heartbeats: natural,
  latencyMicros: natural,
  space: bigNumber,
  stake: bigNumber,
  work: bigNumber,
  time: bigNumber,
});

const reportStatementShape = z.strictObject({
  epoch: bigNumber,
  shard: natural,
  round: natural,
  committeeVersion: natural,
  beaconBlock: bigNumber,
  beacon: bytes32,
  root: bytes32,
  absent: hex,
  degraded: hex,
  quality: hex,
});

/** Answer of `/v1/attestations/{epoch}/{nodeIndex}`; the last four fields are null until they are known. */
export const attestationShape = z.strictObject({
  attestation: statementShape,
  digest: bytes32,
  signature: hex,
  publicKey: hex.nullable(),
  leafIndex: natural.max(511),
  proof: z.array(bytes32).length(9).nullable(),
  report: reportStatementShape.nullable(),
  root: bytes32.nullable(),
  signers: bigNumber.nullable(),
});

const acceptedShape = z.strictObject({
  digest: bytes32,
  signers: bigNumber,
  submitter: address,
  blockNumber: bigNumber,
  transactionHash: bytes32,
});

/** Answer of `/v1/reports`. */
export const reportsShape = z.strictObject({
  reports: z.array(z.strictObject({ report: reportStatementShape, accepted: acceptedShape })),
});

/** Answer of `/v1/reports/{epoch}/{shard}`; without signatures when this relayer has none of them. */
export const reportShape = z.strictObject({
  report: reportStatementShape,
  accepted: acceptedShape,
  signatures: z.array(z.strictObject({ seat: natural, address, ecdsa: hex, mldsa: hex })),
});

/** Answer of `/v1/reports/{epoch}/{shard}/leaves`: wire forms of signed attestations. */
export const leavesShape = z.strictObject({
  leaves: z
    .array(z.strictObject({ nodeIndex: natural, wire: hex.length(2 + 2 * SIGNED_ATTESTATION_BYTES) }))
    .max(SHARD_SIZE),
});
