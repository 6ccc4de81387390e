import type { Hex } from "viem";
import {
  EMERGENCY_ACTIONS,
  type EmergencyOrder,
  emergencyOrderRequest,
  type EmergencyOrderRequest,
  hashEmergencyOrder,
  MAX_EMERGENCY_SERIALS,
  type SignedEmergencyOrder,
} from "./emergency-order.ts";
import { fieldsOf, hex, integer, isObject, lower, requireShape, type Shape, toText } from "./request-file.ts";
import { ROOT_SIGNATURE_BYTES } from "./root-order.ts";

const FORMAT = "pqmesh-emergency-order";
const VERSION = 1;

const REQUEST: Shape = {
  format: (value) => (value === FORMAT ? undefined : `must be "${FORMAT}"`),
  version: (value) => (value === VERSION ? undefined : `must be ${VERSION}`),
  chainId: integer(1, Number.MAX_SAFE_INTEGER),
  registry: hex(20),
  key: hex(32),
  order: (value) => (isObject(value) ? undefined : "must be an object"),
  digest: hex(32),
};

const SIGNED: Shape = { ...REQUEST, signature: hex(ROOT_SIGNATURE_BYTES) };

const ORDER: Shape = {
  action: (value) =>
    (EMERGENCY_ACTIONS as readonly unknown[]).includes(value) ? undefined : `must be ${EMERGENCY_ACTIONS.join(", ")}`,
  authorityId: integer(0, 0xffff_ffff),
  identityId: integer(0, 0xffff_ffff),
  serials: (value) =>
    isSerialList(value) ? undefined : `must be at most ${MAX_EMERGENCY_SERIALS} serial numbers as decimal text`,
  reason: integer(0, 10),
  successor: hex(20),
  successorKey: hex(32),
  successorHash: hex(32),
  nonce: integer(0, 0xffff_ffff),
  deadline: integer(1, Number.MAX_SAFE_INTEGER),
};

/** Text of a request file: what is carried to the machine that has the offline key. */
export function formatEmergencyRequest(request: EmergencyOrderRequest): string {
  return toText(requestFields(request));
}

/** Text of a signature file: the request with its signature, which is carried back. */
export function formatSignedEmergency(signed: SignedEmergencyOrder): string {
  return toText({ ...requestFields(signed), signature: signed.signature });
}

/**
 * Reads a request file: exactly the known fields, each of its form, and a digest that belongs to them.
 *
 * @throws Error naming the first field that is wrong.
 */
export function parseEmergencyRequest(text: string): EmergencyOrderRequest {
  return toRequest(fieldsOf(text, REQUEST));
}

/**
 * Reads a signature file in the same way. Whether the signature holds is for `isSignedByEmergencyKey`, whether the chain
 * still takes it (nonce, key, deadline) for the chain.
 *
 * @throws Error naming the first field that is wrong.
 */
export function parseSignedEmergency(text: string): SignedEmergencyOrder {
  const fields = fieldsOf(text, SIGNED);
  return { ...toRequest(fields), signature: fields.signature as Hex };
}

function requestFields({ chainId, registry, key, order, digest }: EmergencyOrderRequest): object {
  const { action, authorityId, identityId, serials, reason, nonce, deadline } = order;
  return {
    ...{ format: FORMAT, version: VERSION, chainId, registry: lower(registry), key: lower(key) },
    order: {
      ...{ action, authorityId, identityId, serials: serials.map(String), reason },
      ...{ successor: lower(order.successor), successorKey: lower(order.successorKey) },
      ...{ successorHash: lower(order.successorHash), nonce, deadline: Number(deadline) },
    },
    digest,
  };
}

function toRequest(fields: Record<string, unknown>): EmergencyOrderRequest {
  const { chainId, registry, key, digest } = fields as unknown as EmergencyOrderRequest;
  const raw = fields.order as Record<string, unknown>;
  requireShape(raw, ORDER, "order.");
  const serials = (raw.serials as string[]).map(BigInt);
  const order = { ...(raw as unknown as EmergencyOrder), serials, deadline: BigInt(raw.deadline as number) };
  const request = emergencyOrderRequest({ chainId, registry, key, order });
  if (hashEmergencyOrder(request, order) !== digest) throw new Error("digest does not belong to the other fields");
  return request;
}

function isSerialList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_EMERGENCY_SERIALS && value.every(isSerial);
}

function isSerial(value: unknown): boolean {
  return typeof value === "string" && /^[1-9][0-9]{0,48}$/.test(value) && BigInt(value) < 1n << 160n;
}
