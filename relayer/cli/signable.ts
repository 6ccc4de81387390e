import type { CallFacts } from "@pqmesh/contracts/protocol/call-words";
import { formatSignedEmergency } from "@pqmesh/contracts/protocol/emergency-order-file";
import { formatSignedRootOrder } from "@pqmesh/contracts/protocol/root-order-file";
import { type Hex, keccak256 } from "viem";
import type { Keystore } from "../src/keystore/keystore-format.ts";
import { describeAccountOrder, readAccountRequest } from "./account-request.ts";
import { describeBallot, readBallotRequest } from "./ballot-request.ts";
import { describeEmergency, emergencySummary, readEmergencyRequest } from "./emergency-file.ts";
import { describeOrder, orderSummary, readOrderRequest } from "./order-file.ts";
import { refuted, usageError } from "./output.ts";
import { describeStatusOrder, formatStatusOrder, readStatusOrderRequest } from "./status-order-file.ts";
import { describeRotation, readObject, readRotationRequest, rotationSummary } from "./rotation-request.ts";

/** A keystore's key as far as it is known without the password. */
export type SigningKey = Pick<Keystore, "kind" | "purpose"> & { file: string; publicKey: Hex };

/** A request that a key signs, on a machine that needs no network. */
export interface Signable {
  /** What is signed: 32 bytes. */
  digest: Hex;
  /** Unix seconds after which the signature is void. */
  deadline: bigint;
  /** What it means, in plain words. */
  rows: string[];
  summary: object;
  /** Command that sends it. */
  submit: string;
  /** @throws CliError when this key's signature would be worth nothing. */
  requireSigner(key: SigningKey): void;
  /** Text of the signed file. */
  withSignature(signature: Hex, key: SigningKey): string;
}

/**
 * Reads a request of any kind.
 *
 * @param facts Names the contracts that an account calls.
 * @throws CliError naming the file and the first thing that is wrong.
 */
export function readSignable(file: string, facts: CallFacts): Signable {
  const { format } = readObject(file);
  if (format === "pqmesh-root-order") return signableOrder(file);
  if (format === "pqmesh-emergency-order") return signableEmergency(file);
  if (format === "pqmesh-status-order") return signableStatusOrder(file);
  if (format === "pqmesh-account-order") return signableAccountOrder(file, facts);
  return format === "pqmesh-ballot" ? signableBallot(file) : signableRotation(file);
}

function signableAccountOrder(file: string, facts: CallFacts): Signable {
  const request = readAccountRequest(file);
  return {
    ...{ digest: request.digest as Hex, deadline: BigInt(request.deadline), submit: "pq-account submit" },
    ...{ rows: describeAccountOrder(request, facts), summary: request },
    requireSigner: (key) => requireAccountKey(key, request.keyId),
    withSignature: (signature) => `${JSON.stringify({ ...request, signature }, null, 2)}\n`,
  };
}

function signableBallot(file: string): Signable {
  const request = readBallotRequest(file);
  return {
    ...{ digest: request.digest as Hex, deadline: BigInt(request.deadline), submit: "proposal submit-vote" },
    ...{ rows: describeBallot(request), summary: request },
    requireSigner: (key) => requireAccountKey(key, request.keyId),
    withSignature: (signature) => `${JSON.stringify({ ...request, signature }, null, 2)}\n`,
  };
}

function requireAccountKey({ file, kind, purpose, publicKey }: SigningKey, keyId: string | null): void {
  if (purpose !== "account") throw usageError(`${file} holds a ${kind} key for ${purpose}, not the key of an account`);
  if (keccak256(publicKey) !== keyId) throw refuted(`${file} is not the key of this account: that is ${keyId}`);
}

function signableOrder(file: string): Signable {
  const request = readOrderRequest(file);
  return {
    ...{ digest: request.digest, deadline: request.order.deadline, submit: "root-order submit" },
    ...{ rows: describeOrder(request), summary: orderSummary(request) },
    requireSigner: (key) => requireRootKey(key, { rootKey: request.rootKey, identityId: request.order.identityId }),
    withSignature: (signature) => formatSignedRootOrder({ ...request, signature }),
  };
}

function signableEmergency(file: string): Signable {
  const request = readEmergencyRequest(file);
  return {
    ...{ digest: request.digest, deadline: request.order.deadline, submit: "cert emergency submit" },
    ...{ rows: describeEmergency(request), summary: emergencySummary(request) },
    requireSigner({ file: keystore, kind, purpose, publicKey }) {
      if (purpose !== "root") throw usageError(`${keystore} holds a ${kind} key for ${purpose}, not a root key`);
      if (publicKey !== request.key) throw refuted(`${keystore} is not the key of this order: that is ${request.key}`);
    },
    withSignature: (signature) => formatSignedEmergency({ ...request, signature }),
  };
}

function signableStatusOrder(file: string): Signable {
  const request = readStatusOrderRequest(file);
  return {
    ...{ digest: request.digest as Hex, deadline: BigInt(request.order.deadline), submit: "cert order submit" },
    ...{ rows: describeStatusOrder(request), summary: request },
    requireSigner({ file: keystore, kind, purpose, publicKey }) {
      if (purpose !== "account")
        throw usageError(`${keystore} holds a ${kind} key for ${purpose}, not an account's or a delegate's`);
      if (!request.signer.endsWith(publicKey.slice(2)))
        throw refuted(`${keystore} is not the key of the delegate that this order names`);
    },
    withSignature: (signature) => formatStatusOrder({ ...request, signature }),
  };
}

function signableRotation(file: string): Signable {
  const request = readRotationRequest(file);
  return {
    ...{ digest: request.digest as Hex, deadline: BigInt(request.deadline), submit: "key rotate submit" },
    ...{ rows: describeRotation(request), summary: rotationSummary(request) },
    requireSigner(key) {
      if (key.purpose !== "attestation") return requireRootKey(key, request);
      if (keccak256(key.publicKey) === request.currentKeyHash) return;
      throw refuted(`${key.file} is not the key in force for node ${request.nodeIndex}: ${request.currentKeyHash}`);
    },
    withSignature(signature, { purpose, publicKey }) {
      const attestationKey = purpose === "attestation" ? publicKey : undefined;
      return `${JSON.stringify({ ...request, attestationKey, signature }, null, 2)}\n`;
    },
  };
}

function requireRootKey(
  { file, kind, purpose, publicKey }: SigningKey,
  { rootKey, identityId }: { rootKey: string; identityId: number },
): void {
  if (purpose !== "root") throw usageError(`${file} holds a ${kind} key for ${purpose}, not a root key`);
  if (publicKey === rootKey) return;
  throw refuted(`${file} is not the root key of identity ${identityId}: that is ${rootKey}`);
}
