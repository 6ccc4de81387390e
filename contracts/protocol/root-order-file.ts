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

const FORMAT = "pqmesh-root-order";
const VERSION = 1;

/** Longest file that is read; a signed order has less than 20,000 characters. */
const MAX_CHARACTERS = 65_536;

type Check = (value: unknown) => string | undefined;
type Shape = Readonly<Record<string, Check>>;

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

function fieldsOf(text: string, shape: Shape): Record<string, unknown> {
  if (text.length > MAX_CHARACTERS)
    throw new Error(`the file has ${text.length} characters, at most ${MAX_CHARACTERS} are read`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new Error("the file is not JSON: it is cut short or another file", { cause });
  }
  if (!isObject(content)) throw new Error("the file must hold one JSON object");
  requireShape(content, shape, "");
  return content;
}

function requireShape(value: Record<string, unknown>, shape: Shape, path: string): void {
  for (const [field, check] of Object.entries(shape)) {
    const wrong = Object.hasOwn(value, field) ? check(value[field]) : "is missing";
    if (wrong !== undefined) throw new Error(`${path}${field} ${wrong}`);
  }
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(shape, field));
  if (unknown !== undefined) throw new Error(`${path}${unknown.slice(0, 40)} is no field of such a file`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function integer(min: number, max: number): Check {
  return (value) => {
    const fits = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
    return fits ? undefined : `must be a whole number from ${min} to ${max}`;
  };
}

function hex(bytes: number): Check {
  const form = new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`);
  return (value) => {
    const fits = typeof value === "string" && form.test(value);
    return fits ? undefined : `must be ${bytes} bytes in lower-case hex with 0x`;
  };
}

function isUint256(value: unknown): boolean {
  return typeof value === "string" && /^(0|[1-9][0-9]{0,77})$/.test(value) && BigInt(value) < 1n << 256n;
}

function lower<T extends Hex>(value: T): T {
  return value.toLowerCase() as T;
}

function toText(fields: object): string {
  return `${JSON.stringify(fields, null, 2)}\n`;
}
