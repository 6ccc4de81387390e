import type { Hex } from "viem";
import type { Attestation } from "./attestation.ts";
import type { Report } from "./report.ts";
import type { AttestationClaim } from "./verify-attestation.ts";

/** A relayer's answer about a reported attestation, with the digest and the key it names. */
export interface ServedClaim extends AttestationClaim {
  digest?: Hex;
  publicKey?: Hex;
}

/** Siblings of a leaf in a report's tree. */
const PROOF_LENGTH = 9;
const HEX = /^0x([0-9a-f]{2})*$/i;

/**
 * Reads a claim out of the answer of `/v1/attestations/{epoch}/{nodeIndex}`; numbers may be numbers or decimal text. Only
 * its form is checked: what it says is for `verifyAttestation` to judge.
 *
 * @throws Error with a sentence that names what is missing or malformed.
 */
export function parseAttestationClaim(value: unknown): ServedClaim {
  const raw = (value ?? {}) as Record<string, unknown>;
  for (const field of ["attestation", "signature", "proof", "report", "signers"]) {
    if (raw[field] !== undefined && raw[field] !== null) continue;
    const isUnreported = field === "report" || field === "proof";
    throw new Error(
      isUnreported
        ? "The committee has not reported this epoch yet, so there is nothing to check it against."
        : `The relayer's answer has no ${field}.`,
    );
  }
  const top = new Fields(raw, "");
  return {
    attestation: toAttestation(new Fields(raw.attestation as Record<string, unknown>, "attestation.")),
    signature: top.hex("signature"),
    proof: top.hexList("proof", PROOF_LENGTH),
    report: toReport(new Fields(raw.report as Record<string, unknown>, "report.")),
    signers: top.big("signers"),
    ...(typeof raw.digest === "string" && { digest: top.hex("digest") }),
    ...(typeof raw.publicKey === "string" && { publicKey: top.hex("publicKey") }),
  };
}

function toAttestation(raw: Fields): Attestation {
  return {
    nodeIndex: raw.number("nodeIndex"),
    epoch: raw.big("epoch"),
    sequence: raw.big("sequence"),
    beacon: raw.hex("beacon"),
    measurement: raw.hex("measurement"),
    previous: raw.hex("previous"),
    shares: raw.big("shares"),
    cpuLoadBp: raw.number("cpuLoadBp"),
    memoryUsedBp: raw.number("memoryUsedBp"),
    storageUsedBp: raw.number("storageUsedBp"),
    heartbeats: raw.number("heartbeats"),
    latencyMicros: raw.number("latencyMicros"),
    space: raw.big("space"),
    stake: raw.big("stake"),
    work: raw.big("work"),
    time: raw.big("time"),
  };
}

function toReport(raw: Fields): Report {
  return {
    epoch: raw.big("epoch"),
    shard: raw.number("shard"),
    round: raw.number("round"),
    committeeVersion: raw.number("committeeVersion"),
    beaconBlock: raw.big("beaconBlock"),
    beacon: raw.hex("beacon"),
    root: raw.hex("root"),
    absent: raw.hex("absent"),
    degraded: raw.hex("degraded"),
    quality: raw.hex("quality"),
  };
}

/** Reads the fields of an object that nobody vouches for. */
class Fields {
  readonly #raw: Record<string, unknown>;
  readonly #path: string;

  constructor(raw: Record<string, unknown>, path: string) {
    this.#raw = raw;
    this.#path = path;
  }

  number(field: string): number {
    const value = Number(this.big(field));
    return Number.isSafeInteger(value) ? value : this.#fail(field, "malformed: it is too large");
  }

  big(field: string): bigint {
    const value = this.#raw[field];
    const isNatural = typeof value === "bigint" || Number.isSafeInteger(value) || isDecimal(value);
    return isNatural ? BigInt(value as string) : this.#fail(field, "malformed: it is no natural number");
  }

  hex(field: string): Hex {
    const value = this.#raw[field];
    return isHex(value) ? value : this.#fail(field, "malformed: it is not hex with 0x");
  }

  hexList(field: string, length: number): Hex[] {
    const value = this.#raw[field];
    if (!Array.isArray(value) || !value.every(isHex))
      return this.#fail(field, "malformed: it is no list of hex with 0x");
    return value.length <= length ? value : this.#fail(field, `malformed: it has more than ${length} items`);
  }

  #fail(field: string, why: string): never {
    throw new Error(`The relayer's answer cannot be read: ${this.#path}${field} is ${why}.`);
  }
}

function isDecimal(value: unknown): value is string {
  return typeof value === "string" && /^(0|[1-9][0-9]{0,77})$/.test(value);
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && HEX.test(value);
}
