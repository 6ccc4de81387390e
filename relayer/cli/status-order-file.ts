import { PUBLIC_KEY_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { type StatusOrder, statusOrderTypedData } from "@pqmesh/contracts/protocol/status-order";
import { type Address, concatHex, getAddress, type Hex, hashTypedData, keccak256, size } from "viem";
import { z } from "zod";
import { countText, MOST_AT_ONCE, reasonText, serialText } from "./certificate-argument.ts";
import { isoTime } from "./iso-time.ts";
import { refuted } from "./output.ts";
import { decimalText, hexOf, parseRequest } from "./request-file.ts";

const FORMAT = "pqmesh-status-order";
const ADDRESS_BYTES = 20;
/** Longest signature that a file holds: that of a contract wallet with many owners. */
const MAX_SIGNATURE_DIGITS = 32_768;
const ACTIONS = ["Revoke", "Hold", "Release"] as const satisfies readonly StatusOrder["action"][];

/** An order of a delegate on its way to the key that signs it, and back. */
const requestSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  chainId: z.int().min(1),
  registry: hexOf(ADDRESS_BYTES),
  /** The delegate as the registry knows it: a wallet's address, or that of a verifier with the key after it (ERC-7913). */
  signer: z.union([hexOf(ADDRESS_BYTES), hexOf(ADDRESS_BYTES + PUBLIC_KEY_BYTES)]),
  order: z.strictObject({
    action: z.enum(ACTIONS),
    authorityId: z.int().min(1).max(0xffff_ffff),
    serials: z
      .array(decimalText.refine((text) => text !== "0" && BigInt(text) < 1n << 160n, "must be a serial number"))
      .min(1)
      .max(MOST_AT_ONCE),
    reason: z.int().min(0).max(10),
    nonce: decimalText,
    deadline: z.int().min(1),
  }),
  digest: hexOf(32),
});
const signature = z.string().regex(/^0x([0-9a-f]{2})+$/, "must be bytes in lower-case hex with 0x");
const signedSchema = requestSchema.extend({ signature: signature.max(MAX_SIGNATURE_DIGITS) });

/** What a delegate is asked to sign. */
export type StatusOrderRequest = z.infer<typeof requestSchema>;
/** The same with the signature. */
export type SignedStatusOrder = z.infer<typeof signedSchema>;

/** Whose order it is, and for which registry. */
interface Place {
  chainId: number;
  registry: Address;
  signer: Hex;
}

/** The delegate that an ML-DSA-65 key is: its verifier and the key (ERC-7913). */
export function keySigner(verifier: Address, publicKey: Hex): Hex {
  return concatHex([verifier, publicKey]);
}

/** Makes the request for an order. */
export function statusOrderRequest({ chainId, registry, signer }: Place, order: StatusOrder): StatusOrderRequest {
  const { action, authorityId, serials, reason, nonce, deadline } = order;
  const request = {
    ...({
      format: FORMAT,
      version: 1,
      chainId,
      registry: registry.toLowerCase(),
      signer: signer.toLowerCase(),
    } as const),
    order: {
      ...{ action, authorityId, serials: serials.map(String), reason, nonce: `${nonce}`, deadline: Number(deadline) },
    },
  };
  return { ...request, digest: digestOf(request) };
}

/** Reads a request and checks that its parts belong together. @throws CliError naming the first thing that is wrong. */
export function readStatusOrderRequest(file: string): StatusOrderRequest {
  return consistent(parseRequest(file, "order of a delegate", requestSchema), file);
}

/** Reads an order that was signed; the chain judges its signature. @throws CliError naming the first thing that is wrong. */
export function readSignedStatusOrder(file: string): SignedStatusOrder {
  return consistent(parseRequest(file, "signed order of a delegate", signedSchema), file);
}

/** Text of a request, or of a signed order. */
export function formatStatusOrder(request: StatusOrderRequest | SignedStatusOrder): string {
  return `${JSON.stringify(request, null, 2)}\n`;
}

/** The order of a request as the registry takes it. */
export function statusOrderOf({ order }: Pick<StatusOrderRequest, "order">): StatusOrder {
  const { serials, nonce, deadline, ...rest } = order;
  return { ...rest, serials: serials.map(BigInt), nonce: BigInt(nonce), deadline: BigInt(deadline) };
}

/** What a delegate's wallet signs. */
export function statusOrderData(request: Omit<StatusOrderRequest, "digest">) {
  const { chainId, registry } = request;
  return statusOrderTypedData({ chainId, registry: registry as Address }, statusOrderOf(request));
}

/** What an order does, in one sentence. */
export function statusOrderSentence({ order }: Pick<StatusOrderRequest, "order">): string {
  const { action, serials, reason, authorityId } = order;
  const what = `${countText(serials.length)} below authority ${authorityId}`;
  if (action === "Revoke") return `Revoke ${what} for ever (${reasonText(reason)}).`;
  return action === "Hold" ? `Put ${what} on hold.` : `Release ${what} from a hold.`;
}

/** What an order means, for the person who signs or sends it. */
export function describeStatusOrder(request: StatusOrderRequest): string[] {
  const { order, chainId, registry, signer, digest } = request;
  return [
    statusOrderSentence(request),
    ...order.serials.map((serial) => `  serial   ${serialText(BigInt(serial))}`),
    `  chain    ${chainId}, registry ${getAddress(registry)}`,
    `  delegate ${signerText(signer as Hex)}`,
    `  nonce    ${order.nonce}`,
    `  valid    until ${isoTime(order.deadline)}`,
    `  digest   ${digest}`,
  ];
}

/** A delegate in a few words. */
export function signerText(signer: Hex): string {
  if (size(signer) === ADDRESS_BYTES) return getAddress(signer);
  return `the ML-DSA-65 key ${keccak256(`0x${signer.slice(2 + 2 * ADDRESS_BYTES)}`)} (keccak256)`;
}

function digestOf(request: Omit<StatusOrderRequest, "digest">): Hex {
  return hashTypedData(statusOrderData(request));
}

function consistent<T extends StatusOrderRequest>(request: T, file: string): T {
  if (digestOf(request) !== request.digest) throw refuted(`${file}: digest does not belong to the other fields`);
  return request;
}
