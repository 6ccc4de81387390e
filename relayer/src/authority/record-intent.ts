import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Address, Hex } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainPlace } from "../chain/dispute-records.ts";
import type { CertificateRecords } from "../pki/certificate-records.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";
import type { SignedCertificate } from "./certificate-store.ts";

const KIND = "record-certificates";
/** Seconds in which a batch should be mined; what is not recorded then goes into another one. */
export const PATIENCE_SECONDS = 180n;

const NOBODY: Address = "0x0000000000000000000000000000000000000000";

/** Records that also know where a certificate was recorded. */
export interface PlacedRecords extends CertificateRecords {
  /** Block and transaction that recorded a certificate. */
  recordedAt(serial: bigint): ChainPlace | undefined;
}

/** Where a signed certificate was recorded; a record of another one under its number does not count. */
export function placeOf(
  records: PlacedRecords,
  { serial, x509Hash }: Pick<SignedCertificate, "serial" | "x509Hash">,
): ChainPlace | undefined {
  return records.certificate(serial)?.x509Hash === x509Hash ? records.recordedAt(serial) : undefined;
}

/** Certificates that go onto the chain with one call: all of them replace another one, or none does. */
export interface RecordBatch {
  registry: Address;
  authorityId: number;
  certificates: readonly SignedCertificate[];
  /** Unix seconds at which what they replace is revoked (superseded), undefined when they replace nothing. */
  overlapUntil: bigint | undefined;
}

/** Data of the call that records a batch: `issueMany` or `rotateMany`. */
export function recordCall({ authorityId, certificates, overlapUntil }: RecordBatch): Hex {
  const abi = certificateRegistryAbi;
  const issuances = certificates.map(toIssuance);
  if (overlapUntil === undefined)
    return encodeFunctionData({ abi, functionName: "issueMany", args: [authorityId, issuances] });
  const replaced = certificates.map(({ replaces }) => replaces).filter((serial) => serial !== undefined);
  const args = [authorityId, replaced, issuances, Number(overlapUntil)] as const;
  return encodeFunctionData({ abi, functionName: "rotateMany", args });
}

/** The intent to record a batch. @param now Unix seconds. */
export function recordIntent(batch: RecordBatch, now: bigint): Intent {
  const serials = batch.certificates.map(({ serial }) => serial.toString(36));
  const key = `${now + PATIENCE_SECONDS}:${serials.join(",")}`;
  return { kind: KIND, key, to: batch.registry, data: recordCall(batch) };
}

/** Name and key of an intent that records certificates. */
export function recordIntentId(key: string): Pick<Intent, "kind" | "key"> {
  return { kind: KIND, key };
}

/** Judges such intents: achieved once each certificate of the batch is recorded. */
export function recordKind(records: PlacedRecords): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [until = "0", serials = ""] = key.split(":");
      const places = serials.split(",").map((serial) => records.recordedAt(fromBase36(serial)));
      const last = places.reduce((latest, place) => (isLater(place, latest) ? place : latest));
      if (last && !places.includes(undefined)) return { state: "achieved", ...last };
      if (records.head().timestamp <= BigInt(until)) return { state: "wanted" };
      return { state: "over", reason: `not every certificate was recorded in ${PATIENCE_SECONDS} s` };
    },
  };
}

function toIssuance({ serial, kind, subject, notBefore, notAfter, x509Hash }: SignedCertificate) {
  return { serial, kind: certificateKindNumber(kind), subject, account: NOBODY, notBefore, notAfter, x509Hash };
}

function fromBase36(text: string): bigint {
  return [...text].reduce((value, digit) => value * 36n + BigInt(parseInt(digit, 36)), 0n);
}

function isLater(place: ChainPlace | undefined, than: ChainPlace | undefined): boolean {
  return place !== undefined && (than === undefined || place.blockNumber > than.blockNumber);
}
