import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import type { Address, Hex } from "viem";
import { isAddress, isHex } from "viem";
import { z } from "zod";
import { LONGEST_HEARTBEAT_MS, SHORTEST_HEARTBEAT_MS } from "./heartbeat-rules.ts";

/** Version of the session protocol between agent and relayer. */
export const SESSION_VERSION = 1;

/** Frame types of a session between agent and relayer (docs/ARCHITECTURE.md). */
export const FRAME = {
  hello: 0x01,
  welcome: 0x02,
  heartbeat: 0x10,
  heartbeatAck: 0x11,
  attestation: 0x20,
  receipt: 0x21,
  refused: 0x22,
  stored: 0x23,
} as const;

/** Largest payload of each frame type that an agent sends. */
export const AGENT_FRAMES = {
  [FRAME.hello]: 1_024,
  [FRAME.heartbeat]: 18,
  [FRAME.attestation]: SIGNED_ATTESTATION_BYTES,
};

/** Largest payload of each frame type that a relayer sends. */
export const RELAYER_FRAMES = {
  [FRAME.welcome]: 16_384,
  [FRAME.heartbeatAck]: 12,
  [FRAME.receipt]: 8_192,
  [FRAME.refused]: 2_048,
  [FRAME.stored]: 1_024,
};

const hash = z.custom<Hex>((value) => isHex(value) && value.length === 66, "is not 32 bytes in hex");
const address = z.custom<Address>((value) => typeof value === "string" && isAddress(value), "is not an address");
/** Epochs and sequences as decimal text, at most 2^48 - 1: what databases and programs hold exactly. */
const natural = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,14})$/)
  .refine((text) => Number(text) < 2 ** 48, "is above 2^48 - 1");

/** First frame of an agent. Numbers of 64 bits travel as decimal text. */
export const helloSchema = z.strictObject({
  version: z.literal(SESSION_VERSION),
  nodeIndex: z.number().int().min(0).max(0xffff_ffff),
  agentVersion: z.string().max(64),
  measurement: hash,
  heartbeatMs: z.number().int().min(SHORTEST_HEARTBEAT_MS).max(LONGEST_HEARTBEAT_MS),
});

/** Answer of the relayer: who it is, and the newest attestation it holds of this node, as its full wire form. */
export const welcomeSchema = z.object({
  version: z.literal(SESSION_VERSION),
  relayer: address,
  chainId: z.number().int(),
  bridge: address,
  epoch: natural,
  head: z
    .object({ sequence: natural, digest: hash, epoch: natural, wire: z.string().regex(/^0x[0-9a-f]+$/) })
    .nullable(),
});

/** Proof that a relayer held an attestation: one signature over the root of a batch. */
export const receiptSchema = z.object({
  epoch: natural,
  nodeIndex: z.number().int(),
  sequence: natural,
  digest: hash,
  root: hash,
  index: z.number().int().min(0),
  size: z.number().int().min(1),
  path: z.array(hash).max(32),
  signature: z.custom<Hex>((value) => isHex(value) && value.length === 132, "is not a 65-byte signature"),
});

/** Why a relayer did not take an attestation. */
export const REFUSAL_CODES = [
  "wrong-length",
  "wrong-node",
  "unknown-node",
  "node-inactive",
  "wrong-epoch",
  "epoch-closed",
  "wrong-beacon",
  "unapproved-measurement",
  "replayed-sequence",
  "sequence-gap",
  "wrong-previous",
  "bad-signature",
  "forked-sequence",
  "overloaded",
  "storage-unavailable",
  "internal-error",
] as const;

/** Refusal of an attestation. */
export const refusalSchema = z.object({
  epoch: natural,
  sequence: natural,
  code: z.enum(REFUSAL_CODES),
  message: z.string().max(512),
  expectedSequence: natural.optional(),
});

/** The relayer holds an attestation durably, but its epoch was over: history, without a receipt. */
export const storedSchema = z.object({
  epoch: natural,
  nodeIndex: z.number().int(),
  sequence: natural,
  digest: hash,
});

export type Hello = z.infer<typeof helloSchema>;
export type Welcome = z.infer<typeof welcomeSchema>;
export type Receipt = z.infer<typeof receiptSchema>;
export type RefusalCode = (typeof REFUSAL_CODES)[number];
export type Refusal = z.infer<typeof refusalSchema>;
export type Stored = z.infer<typeof storedSchema>;

/** Figures that travel with every heartbeat. */
export interface Heartbeat {
  counter: number;
  /** Agent's monotonic clock, microseconds; the relayer echoes it so that the agent learns its round trip. */
  agentMicros: bigint;
  cpuLoadBp: number;
  memoryUsedBp: number;
  storageUsedBp: number;
}

/** Encodes a heartbeat: 18 bytes. */
export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  const bytes = new Uint8Array(18);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, heartbeat.counter);
  view.setBigUint64(4, heartbeat.agentMicros);
  view.setUint16(12, heartbeat.cpuLoadBp);
  view.setUint16(14, heartbeat.memoryUsedBp);
  view.setUint16(16, heartbeat.storageUsedBp);
  return bytes;
}

/** Decodes a heartbeat. @throws RangeError unless there are exactly 18 bytes. */
export function decodeHeartbeat(bytes: Uint8Array): Heartbeat {
  if (bytes.length !== 18) throw new RangeError(`heartbeat has ${bytes.length} bytes, expected 18`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    counter: view.getUint32(0),
    agentMicros: view.getBigUint64(4),
    cpuLoadBp: view.getUint16(12),
    memoryUsedBp: view.getUint16(14),
    storageUsedBp: view.getUint16(16),
  };
}

/** Encodes the answer to a heartbeat: 12 bytes. */
export function encodeHeartbeatAck({ counter, agentMicros }: Pick<Heartbeat, "counter" | "agentMicros">): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, counter);
  view.setBigUint64(4, agentMicros);
  return bytes;
}

/** Decodes the answer to a heartbeat. @throws RangeError unless there are exactly 12 bytes. */
export function decodeHeartbeatAck(bytes: Uint8Array): Pick<Heartbeat, "counter" | "agentMicros"> {
  if (bytes.length !== 12) throw new RangeError(`heartbeat answer has ${bytes.length} bytes, expected 12`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { counter: view.getUint32(0), agentMicros: view.getBigUint64(4) };
}

/** Encodes a JSON frame. */
export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** Decodes a JSON frame. @throws Error naming the field that is wrong. */
export function decodeJson<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  const parsed = schema.safeParse(
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`frame field ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}`);
}
