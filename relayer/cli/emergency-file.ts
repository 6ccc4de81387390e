import {
  type EmergencyOrderRequest,
  emergencySentence,
  isSignedByEmergencyKey,
  type SignedEmergencyOrder,
} from "@pqmesh/contracts/protocol/emergency-order";
import { parseEmergencyRequest, parseSignedEmergency } from "@pqmesh/contracts/protocol/emergency-order-file";
import { readTextFile } from "./arguments.ts";
import { reasonText, serialText } from "./certificate-argument.ts";
import { isoTime } from "./iso-time.ts";
import { refuted, usageError } from "./output.ts";

/** Reads a request for an offline key. @throws CliError naming the file and the first field that is wrong. */
export function readEmergencyRequest(file: string): EmergencyOrderRequest {
  return parsed(file, parseEmergencyRequest);
}

/** Reads a signed emergency order and checks its signature. @throws CliError naming the file and what is wrong. */
export function readSignedEmergency(file: string): SignedEmergencyOrder {
  const signed = parsed(file, parseSignedEmergency);
  if (isSignedByEmergencyKey(signed)) return signed;
  throw refuted(`${file}: the key that it names did not sign this order`);
}

/** What an emergency order means, for the person who signs or sends it. */
export function describeEmergency({ order, chainId, registry, key, digest }: EmergencyOrderRequest): string[] {
  return [
    emergencySentence(order),
    ...order.serials.map((serial) => `  serial   ${serialText(serial)}`),
    ...(order.action === "AdmitAuthority" ? [] : [`  reason   ${reasonText(order.reason)}`]),
    `  chain    ${chainId}, registry ${registry}`,
    `  key      ${key}`,
    `  nonce    ${order.nonce}`,
    `  valid    until ${isoTime(order.deadline)}`,
    `  digest   ${digest}`,
  ];
}

/** An emergency order as `--json` shows it. */
export function emergencySummary({ order, chainId, registry, key, digest }: EmergencyOrderRequest): object {
  const serials = order.serials.map(serialText);
  const sentence = emergencySentence(order);
  return { sentence, ...order, serials, chainId, registry, key, deadlineIso: isoTime(order.deadline), digest };
}

function parsed<T>(file: string, parse: (text: string) => T): T {
  const text = readTextFile(file);
  try {
    return parse(text);
  } catch (cause) {
    throw usageError(`${file} is no such order: ${(cause as Error).message}`, cause);
  }
}
