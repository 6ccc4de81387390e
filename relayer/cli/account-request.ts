import { type AccountOrder, hashAccountOrder } from "@pqmesh/contracts/protocol/account-order";
import { SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/attestation";
import type { CallFacts } from "@pqmesh/contracts/protocol/call-words";
import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { type Address, getAddress, type Hex } from "viem";
import { z } from "zod";
import { callRows } from "./batch-preview.ts";
import { refuted } from "./output.ts";
import { decimalText, hexOf, parseRequest } from "./request-file.ts";
import { isoTime } from "./iso-time.ts";

const callSchema = z.strictObject({
  target: hexOf(20),
  value: decimalText,
  calldata: z.string().regex(/^0x([0-9a-f]{2})*$/, "must be whole bytes in lower-case hex with 0x"),
});

/** Calls of an account on their way to the key that signs them, and back. */
const requestSchema = z.strictObject({
  format: z.literal("pqmesh-account-order"),
  version: z.literal(1),
  chainId: z.int().min(1),
  account: hexOf(20),
  keyId: hexOf(32),
  calls: z.array(callSchema).min(1).max(64),
  nonce: decimalText,
  deadline: z.int().min(1),
  digest: hexOf(32),
});
const signedSchema = requestSchema.extend({ signature: hexOf(SIGNATURE_BYTES) });

/** What the key of an account is asked to sign. */
export type AccountRequest = z.infer<typeof requestSchema>;
/** The same with the signature. */
export type SignedAccountOrder = z.infer<typeof signedSchema>;

/** Makes the request for calls of an account. */
export function accountRequest(
  { chainId, account, keyId }: { chainId: number; account: Address; keyId: Hex },
  { calls, nonce, deadline }: AccountOrder,
): AccountRequest {
  const shown = calls.map(({ target, value, data }) => ({
    target: target.toLowerCase(),
    value: `${value}`,
    calldata: data,
  }));
  const fields = {
    chainId,
    account: account.toLowerCase(),
    keyId,
    calls: shown,
    nonce: `${nonce}`,
    deadline: Number(deadline),
  };
  return { format: "pqmesh-account-order", version: 1, ...fields, digest: digestOf(fields) };
}

/** Reads a request and checks that its parts belong together. @throws CliError naming the first thing that is wrong. */
export function readAccountRequest(file: string): AccountRequest {
  return consistent(parseRequest(file, "order of an account", requestSchema), file);
}

/** Reads an order that was signed; the chain judges its signature. @throws CliError naming the first thing that is wrong. */
export function readSignedAccountOrder(file: string): SignedAccountOrder {
  return consistent(parseRequest(file, "signed order of an account", signedSchema), file);
}

/** The order as the account takes it. */
export function orderOf({
  calls,
  nonce,
  deadline,
}: Pick<AccountRequest, "calls" | "nonce" | "deadline">): AccountOrder {
  return {
    calls: calls.map(({ target, value, calldata }) => ({
      ...{ target: target as Address, value: BigInt(value), data: calldata as Hex },
    })),
    ...{ nonce: BigInt(nonce), deadline: BigInt(deadline) },
  };
}

/** What an order means, for the person who signs or sends it. @param facts Without contracts, addresses have no names. */
export function describeAccountOrder(request: AccountRequest, facts: CallFacts): string[] {
  const { chainId, nonce, deadline, digest } = request;
  const account = getAddress(request.account);
  const calls = decodeCalls(orderOf(request).calls, facts, `the account ${account}`);
  return [
    `Let account ${account} on chain ${chainId} make ${calls.length === 1 ? "one call" : `${calls.length} calls`}, all or none:`,
    ...calls.flatMap((call, i) => callRows(call, `${i + 1}.`)),
    `  nonce    ${nonce}`,
    `  valid    until ${isoTime(deadline)}`,
    `  digest   ${digest}`,
  ];
}

function digestOf(request: Omit<AccountRequest, "digest" | "format" | "version">): Hex {
  const { chainId, account } = request;
  return hashAccountOrder({ chainId, account: account as Address }, orderOf(request));
}

function consistent<T extends AccountRequest>(request: T, file: string): T {
  if (digestOf(request) !== request.digest) throw refuted(`${file}: digest does not belong to the other fields`);
  return request;
}
