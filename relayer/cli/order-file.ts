import { parseRootOrderRequest, parseSignedRootOrder } from "@pqmesh/contracts/protocol/root-order-file";
import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import type { RootOrderRequest, SignedRootOrder } from "@pqmesh/contracts/protocol/root-order";
import { hexToBytes } from "viem";
import { verifyRootSignature } from "../src/keystore/root-key.ts";
import { readTextFile } from "./arguments.ts";
import { refuted, usageError } from "./output.ts";
import { isoTime } from "./iso-time.ts";

/** Reads a request for the root key. @throws CliError naming the file and the first field that is wrong. */
export function readOrderRequest(file: string): RootOrderRequest {
  return parsed(file, parseRootOrderRequest);
}

/** Reads a signed order and checks its signature. @throws CliError naming the file and what is wrong. */
export function readSignedOrder(file: string): SignedRootOrder {
  const signed = parsed(file, parseSignedRootOrder);
  const { rootKey, digest, signature } = signed;
  if (verifyRootSignature(hexToBytes(rootKey), hexToBytes(digest), hexToBytes(signature))) return signed;
  throw refuted(`${file}: the root key did not sign this order`);
}

/** What an order means, for the person who signs or sends it. */
export function describeOrder({ order, chainId, registry, rootKey, nonce, digest }: RootOrderRequest): string[] {
  return [
    rootOrderSentence(order),
    `  chain    ${chainId}, registry ${registry}`,
    `  root key ${rootKey}`,
    `  nonce    ${nonce}`,
    `  valid    until ${isoTime(order.deadline)}`,
    `  digest   ${digest}`,
  ];
}

/** An order as `--json` shows it. */
export function orderSummary({ order, chainId, registry, rootKey, nonce, digest }: RootOrderRequest): object {
  const sentence = rootOrderSentence(order);
  return { sentence, ...order, chainId, registry, rootKey, nonce, deadlineIso: isoTime(order.deadline), digest };
}

function parsed<T>(file: string, parse: (text: string) => T): T {
  const text = readTextFile(file);
  try {
    return parse(text);
  } catch (cause) {
    throw usageError(`${file} is no such order: ${(cause as Error).message}`, cause);
  }
}
