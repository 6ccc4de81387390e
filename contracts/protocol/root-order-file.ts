import type { Hex } from "viem";
import {
  hashRootOrder,
  ROOT_OPERATIONS,
  ROOT_SIGNATURE_BYTES,
  type RootOrder,
  rootOrderRequest,
  type RootOrderRequest,
  type SignedRootOrder,
} from "./root-order.ts";
import { fieldsOf, hex, integer, isObject, lower, requireShape, type Shape, toText } from "./request-file.ts";

const FORMAT = "pqmesh-root-order";
const VERSION = 1;

const REQUEST: Shape = {
  format: (value) => (value === FORMAT ? undefined : `must be "${FORMAT}"`),
  version: (value) => (value === VERSION ? undefined : `must be ${VERSION}`),
  chainId: integer(1, Number.MAX_SAFE_INTEGER),
  registry: hex(20),
  rootKey: hex(32),
  nonce: integer(0, 0xffff_ffff),
  order: (value) => (isObject(value) ? undefined : "must be an object"),
  digest: hex(32),
};

const SIGNED: Shape = { ...REQUEST, signature: hex(ROOT_SIGNATURE_BYTES) };

const ORDER: Shape = {
  operation: (value) => {
    return (ROOT_OPERATIONS as readonly unknown[]).includes(value)
      ? undefined
      : `must be ${ROOT_OPERATIONS.join(", ")}`;
  },
  identityId: integer(1, 0xffff_ffff),
  nodeIndex: integer(0, 0xffff_ffff),
  recipient: hex(20),
  amount: (value) => (isUint256(value) ? undefined : "must be a uint256 as decimal text"),
  newRootKey: hex(32),
  deadline: integer(1, Number.MAX_SAFE_INTEGER),
};

/** Text of a request file: what is carried to the machine that has the root key. */
export function formatRootOrderRequest(request: RootOrderRequest): string {
  return toText(requestFields(request));
}

/** Text of a signature file: the request with its signature, which is carried back. */
export function formatSignedRootOrder(signed: SignedRootOrder): string {
  return toText({ ...requestFields(signed), signature: signed.signature });
}

/**
 * Reads a request file: exactly the known fields, each of its form, empty where the operation uses none, and a digest
 * that belongs to them.
 *
 * @throws Error naming the first field that is wrong.
 */
export function parseRootOrderRequest(text: string): RootOrderRequest {
  return toRequest(fieldsOf(text, REQUEST));
}

/**
 * Reads a signature file in the same way. Whether the signature holds is for `isSignedByRootKey`, whether the chain still
 * takes it (nonce, root key, deadline) for the chain.
 *
 * @throws Error naming the first field that is wrong.
 */
export function parseSignedRootOrder(text: string): SignedRootOrder {
  const fields = fieldsOf(text, SIGNED);
  return { ...toRequest(fields), signature: fields.signature as Hex };
}

function requestFields({ chainId, registry, rootKey, nonce, order, digest }: RootOrderRequest): object {
  const { operation, identityId, nodeIndex, recipient, amount, newRootKey, deadline } = order;
  return {
    ...{ format: FORMAT, version: VERSION, chainId, registry: lower(registry), rootKey: lower(rootKey), nonce },
    order: {
      ...{ operation, identityId, nodeIndex, recipient: lower(recipient), amount: String(amount) },
      ...{ newRootKey: lower(newRootKey), deadline: Number(deadline) },
    },
    digest,
  };
}

function toRequest(fields: Record<string, unknown>): RootOrderRequest {
  const { chainId, registry, rootKey, nonce, digest } = fields as unknown as RootOrderRequest;
  const raw = fields.order as Record<string, unknown>;
  requireShape(raw, ORDER, "order.");
  const order = { ...raw, amount: BigInt(raw.amount as string), deadline: BigInt(raw.deadline as number) } as RootOrder;
  const request = rootOrderRequest({ chainId, registry, rootKey, nonce, order });
  if (hashRootOrder(request, order, nonce) !== digest) throw new Error("digest does not belong to the other fields");
  return request;
}

function isUint256(value: unknown): boolean {
  return typeof value === "string" && /^(0|[1-9][0-9]{0,77})$/.test(value) && BigInt(value) < 1n << 256n;
}
